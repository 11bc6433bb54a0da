package delivery_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
)

// News that goes to the summary is in exactly one summary.

func summariesOf(w *ct.World, name string) []inbox.Notice {
	w.T.Helper()
	return slices.DeleteFunc(w.Notices(name), func(n inbox.Notice) bool { return n.Kind != notify.KindSummary || n.Hidden })
}

// Two workers sum up for two instants at once. Each notice that is due is in one of the
// two summaries.
func TestTwoSummariesNeverHoldTheSame(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	g := w.Group("anna")
	none := 0
	for _, name := range []string{"bo", "cara"} {
		w.Join(g.ID, name)
		w.Phone(name, name)
		put(w, name, func(s *notify.Settings) { s.Pushes = &none })
	}
	later(w, g)
	work(w)
	until(t, w, "2026-05-01T18:01")
	other := w.Again()
	at := copenhagen("2026-05-01T18:01").Format(time.RFC3339)
	m.Before("insert", "notices", func() { // the first worker has found the notices due at 18:00
		other.Enqueue(notify.Cause{Key: "summary:" + at, Kind: notify.KindSummary, Subject: g.ID, Data: map[string]string{},
			Audiences: []notify.AudienceOf{{Kind: notify.AudienceSummary, IDs: []string{at}}}})
		other.Drain()
	})
	work(w)
	work(w)
	for _, name := range []string{"bo", "cara"} {
		if list := summariesOf(w, name); len(list) != 1 {
			t.Errorf("%s has %d summaries of one piece of news", name, len(list))
		}
	}
	wantPushed(t, w, "bo", "cara")
}

// A worker falls asleep before it stores that news goes to the summary after all, since it has another
// reason. Another worker does so, and the summary has taken the news when the first one wakes up.
func TestALateWorkerTakesNothingOutOfASummary(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	asked := notify.Reason{Kind: notify.ReasonAsked}
	put(w, "bo", func(s *notify.Settings) {
		s.Stopped = map[string]notify.StoppedReason{asked.Key(): {Reason: asked, At: ct.Noon}}
		s.Kinds = map[notify.Kind]notify.Channel{group.NoticeJoinAnswered: notify.Summary}
	})
	answered := func(n string) notify.Cause {
		return notify.Cause{Key: notify.Key(g.ID, "twice", n), Kind: group.NoticeJoinAnswered, Subject: g.ID, Actor: ct.PersonID("anna"),
			Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{ct.PersonID("bo")}}, {Kind: group.AudienceMembers, IDs: []string{g.ID}}},
			Data:      map[string]string{"Group": "Haven"}}
	}
	w.Enqueue(answered("1"))
	m := &ct.Moment{}
	late, seen := w.Again(m.Option()), false
	m.Before("update", "notices", func() {
		seen = true
		w.Clock.Advance(31 * time.Second)
		work(w)
		until(t, w, "2026-05-01T18:00")
		work(w)
		work(w)
	})
	_ = late.Notifier.Drain(t.Context())
	until(t, w, "2026-05-02T12:00")
	w.Enqueue(answered("2"))
	work(w)
	until(t, w, "2026-05-02T18:00")
	work(w)
	work(w)
	var held []string
	for _, summary := range summariesOf(w, "bo") {
		held = append(held, summary.Items...)
	}
	slices.Sort(held)
	if once := slices.Compact(slices.Clone(held)); !seen || len(once) != 2 || len(held) != 2 {
		t.Errorf("bo's summaries hold %v; the moment came: %t", held, seen)
	}
}

// No worker ran for half a day. The notices that waited for the summary come with the
// next one.
func TestWhatASummaryMissedComesWithTheNext(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	none := 0
	put(w, "bo", func(s *notify.Settings) { s.Pushes = &none })
	later(w, g)
	work(w)
	until(t, w, "2026-05-02T07:00")
	work(w)
	work(w)
	wantPushed(t, w)
	until(t, w, "2026-05-02T18:00")
	work(w)
	work(w)
	wantPushed(t, w, "bo")
	if list := summariesOf(w, "bo"); len(list) != 1 || len(list[0].Items) != 1 {
		t.Errorf("bo's summaries: %+v", list)
	}
}

// A person who has given up their place gets no line about it.
func TestASummaryLeavesOutWhatConcernsAPlaceGivenUp(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	e := later(w, g)
	for _, name := range []string{"bo", "cara"} {
		put(w, name, func(s *notify.Settings) {
			s.Kinds = map[notify.Kind]notify.Channel{event.NoticeMoved: notify.Summary, event.NoticePublished: notify.Inbox}
		})
		w.MustAttend(name, e.ID, 0)
	}
	work(w)
	w.Phones.Reset()
	moveTo(w, e, copenhagen("2026-05-06T18:00"))
	work(w)
	w.Clock.Advance(5 * time.Minute)
	work(w)
	if err := w.Leave("bo", e.ID); err != nil {
		t.Fatal(err)
	}
	until(t, w, "2026-05-01T18:00")
	work(w)
	work(w)
	wantPushed(t, w, "cara")
}

// moveTo moves an event of anna's that lasts two hours.
func moveTo(w *ct.World, e *event.Event, to time.Time) {
	w.T.Helper()
	starts, ends := clock.LocalOf(to, clock.Copenhagen), clock.LocalOf(to.Add(2*time.Hour), clock.Copenhagen)
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, StartsAt: optional.Of(starts), EndsAt: optional.Of(ends)}))(w.T)
}

// A summary tells the facts as they are when it is made.
func TestASummaryTellsWhatIsCurrent(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	none := 0
	put(w, "bo", func(s *notify.Settings) { s.Pushes = &none })
	e := later(w, g)
	work(w)
	title := "Grillaften"
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Title: optional.Of(title)}))(t)
	until(t, w, "2026-05-01T18:00")
	work(w)
	work(w)
	wantPushed(t, w, "bo")
	if body := w.Phones.Pushes()[0].Body; body != "Haven: Grillaften" {
		t.Errorf("the summary reads %q", body)
	}
}

// A summary sums up in the order in which the news came, also news of the same moment: the one time as the
// other.
func TestASummaryIsInTheOrderOfTheNews(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	none := 0
	put(w, "bo", func(s *notify.Settings) { s.Pushes = &none })
	var want []string
	add := func(e *event.Event) {
		work(w)
		for _, n := range w.Notices("bo") {
			if n.SubjectID == e.ID {
				want = append(want, n.ID)
			}
		}
	}
	var same []*event.Event
	for range 4 {
		same = append(same, later(w, g)) // all of one moment, since the clock stands still
	}
	for _, e := range same {
		add(e)
	}
	slices.Sort(want)
	for range 3 {
		w.Clock.Advance(time.Minute)
		add(later(w, g))
	}
	// A worker that was slow wrote the oldest last.
	last := len(want) - 1
	w.Set(t.Context(), "notices", want[last], map[string]any{"createdAt": ct.Noon.Add(-time.Minute)})
	want = append(want[last:], want[:last]...)
	until(t, w, "2026-05-01T18:00")
	work(w)
	work(w)
	list := summariesOf(w, "bo")
	if len(list) != 1 || !slices.Equal(list[0].Items, want) {
		t.Errorf("the summary holds %v\nwant %v", list, want)
	}
}
