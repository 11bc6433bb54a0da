package delivery_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/device"
	"faellesskab/internal/event"
	"faellesskab/internal/notify"
	"faellesskab/internal/push/fcmsim"
)

// inTurn are the tokens of a crowd in the order in which its people get their pushes.
func inTurn(x ct.Crowd) []string {
	order := make([]int, x.People)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return strings.Compare(x.PersonID(a), x.PersonID(b))
	})
	tokens := make([]string, x.People)
	for at, i := range order {
		tokens[at] = x.Phone(i)
	}
	return tokens
}

// newest is the report on the latest cause.
func newest(w *ct.World) notify.Report {
	w.T.Helper()
	jobs := w.Jobs(event.NoticePublished)
	return ct.Must(w.Notifier.Report(w.T.Context(), jobs[len(jobs)-1].Key))(w.T)
}

// One resident with many made-up tokens does not stop the news for others, and has no
// devices left afterwards.
func TestMadeUpTokensStopNobody(t *testing.T) {
	t.Parallel()
	for _, n := range []int{41, 500} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			const honest = 60
			w := ct.New(t)
			g, _ := w.Crowd(honest)
			hostile := ct.Crowd{Name: "hostile", People: 1, PhonesEach: n}
			hostile.Join(t.Context(), t, w.Community, g.ID)
			for i := range n {
				w.Phones.Script(hostile.Phone(i), fcmsim.InvalidDevice())
			}
			w.PublishedEvent("anna", g.ID, nil)
			w.Drain()
			if r := newest(w); r.State != "DONE" || r.Sent != honest || w.Phones.Devices() != honest {
				t.Errorf("%d of %d have their push: %+v", w.Phones.Devices(), honest, r)
			}
			if n := w.Phones.Requests() - honest; n > 10 {
				t.Errorf("Firebase was asked for the hostile one %d times", n)
			}
			if n := w.Count("devices"); n != honest {
				t.Errorf("%d devices are left", n)
			}
		})
	}
}

// If more than a fifth of a small job's people are refused, no device is removed and
// nothing stops. But a device that is refused again and again, for news that others get,
// rests, and is tried once a day.
func TestWhoIsRefusedAgainAndAgainRests(t *testing.T) {
	t.Parallel()
	const bad, all = 4, 12
	w := ct.New(t)
	g, x := w.Crowd(all)
	for i := range bad {
		w.Phones.Script(x.Phone(i), fcmsim.InvalidDevice())
	}
	publish := func() int {
		before := w.Phones.Requests()
		w.PublishedEvent("anna", g.ID, nil)
		w.Drain()
		return w.Phones.Requests() - before
	}
	for round := range 3 {
		asked := publish()
		r := newest(w)
		if r.State != "DONE" || r.Sent != all-bad || r.Failed != bad || r.Gone != 0 || asked != all {
			t.Errorf("round %d: asked %d times: %+v", round, asked, r)
		}
	}
	if n := w.Count("devices"); n != all {
		t.Errorf("%d devices are left of %d", n, all)
	}
	if asked := publish(); asked != all-bad {
		t.Errorf("while they rest Firebase was asked %d times, want %d", asked, all-bad)
	}
	w.Clock.Advance(25 * time.Hour)
	w.Phones.Script(x.Phone(0))
	if asked := publish(); asked != all {
		t.Errorf("a day later Firebase was asked %d times, want %d", asked, all)
	}
	if asked := publish(); asked != all-bad+1 {
		t.Errorf("then %d times, want one more that has come back", asked)
	}
}

// A message that went through on another platform does not prove a device bad.
func TestOnlyTheSameMessageSaysThatADeviceIsBad(t *testing.T) {
	t.Parallel()
	w, g := crowd(t, 12)
	ct.Must(w.Devices.Register(w.As("p0"), device.RegisterInput{Kind: device.KindToken, Value: "iphone", Platform: device.PlatformIOS}))(t)
	w.Phones.Script("iphone", fcmsim.InvalidDevice())
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	if r := newest(w); r.State != "DONE" || r.Sent != 12 || r.Failed != 1 || w.Count("devices") != 13 {
		t.Errorf("%d devices are left: %+v", w.Count("devices"), r)
	}
}

// One chunk full of people who are refused says nothing about the message. When several
// chunks agree, the job stops. In either case every device is kept.
func TestAJobStopsOnlyWhenChunksAgree(t *testing.T) {
	t.Parallel()
	const people, bad, page = 52, 5, 20
	for name, row := range map[string]struct {
		chunks []int // the chunks whose people are refused
		answer fcmsim.Answer
		want   notify.StopReason
	}{
		"one of three":            {[]int{0}, fcmsim.InvalidDevice(), ""},
		"two of three":            {[]int{0, 1}, fcmsim.InvalidDevice(), notify.StopTooManyBadDevices},
		"one unreadable of three": {[]int{1}, fcmsim.InvalidPayload(), ""},
		"two unreadable of three": {[]int{0, 1}, fcmsim.InvalidPayload(), notify.StopBadMessage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			w.Notifier.PageBy(page)
			g, x := w.Crowd(people)
			tokens := inTurn(x)
			for _, c := range row.chunks {
				for i := range bad {
					w.Phones.Script(tokens[page*c+3*i], row.answer)
				}
			}
			w.PublishedEvent("anna", g.ID, nil)
			w.Drain()
			r := newest(w)
			if r.StoppedBecause != row.want {
				t.Errorf("stopped because of %q, want %q: %+v", r.StoppedBecause, row.want, r)
			}
			if want := people - bad*len(row.chunks); row.want == "" && (r.State != "DONE" || r.Sent != want || w.Phones.Devices() != want) {
				t.Errorf("%d have their push, want %d: %+v", w.Phones.Devices(), want, r)
			}
			if n := w.Count("devices"); n != people {
				t.Errorf("%d devices are left of %d", n, people)
			}
		})
	}
}

// The same people are refused in each large job. In the end a job goes through to all
// others.
func TestChunksAgreeLessAndLess(t *testing.T) {
	t.Parallel()
	const people, bad = 40, 10
	w := ct.New(t)
	w.Notifier.PageBy(20)
	g, x := w.Crowd(people)
	tokens := inTurn(x)
	for i := range bad {
		w.Phones.Script(tokens[i*4], fcmsim.InvalidDevice())
	}
	for round := range 3 {
		w.PublishedEvent("anna", g.ID, nil)
		w.Drain()
		if r := newest(w); r.StoppedBecause != notify.StopTooManyBadDevices {
			t.Errorf("round %d: %+v", round, r)
		}
	}
	for name, wait := range map[string]time.Duration{"at once": 0, "when they are asked again": 25 * time.Hour} {
		w.Clock.Advance(wait)
		w.PublishedEvent("anna", g.ID, nil)
		w.Drain()
		if r := newest(w); r.State != "DONE" || r.Sent != people-bad {
			t.Errorf("then, %s: %+v", name, r)
		}
	}
}

// A message that Firebase cannot read for one person does not stop the others' pushes.
func TestOneUnreadableMessageStopsNobody(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, x := w.Crowd(30)
	w.Phones.Script(inTurn(x)[0], fcmsim.InvalidPayload())
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	if r := newest(w); r.State != "DONE" || r.Sent != 29 || r.Failed != 1 || w.Count("devices") != 30 {
		t.Errorf("%d devices are left: %+v", w.Count("devices"), r)
	}
}
