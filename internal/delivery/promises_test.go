package delivery_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
)

// Each of these promises was broken by a system that people complained about.

func TestPromiseTheTextNamesTheRightGroup(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	names := map[string]string{} // titles by event
	w.Phone("bo", "bo")
	for _, name := range []string{"Haven", "Kajakken", "Koret"} {
		g := w.Group("anna", func(in *group.CreateInput) { in.Name = name })
		w.Join(g.ID, "bo")
		e := w.PublishedEvent("anna", g.ID, nil)
		w.MustAttend("bo", e.ID, 0)
		names[e.ID] = name
	}
	work(w)
	for eventID := range names {
		ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: eventID}))(t)
	}
	work(w)
	said := map[string]int{}
	for _, p := range w.Phones.Pushes() {
		want := names[p.Data["subjectId"]]
		said[want]++
		for _, name := range names {
			if strings.Contains(p.Title+p.Body, name) != (name == want) {
				t.Errorf("news of %s reads %q, %q", want, p.Title, p.Body)
			}
		}
	}
	for _, name := range names {
		if said[name] != 2 {
			t.Errorf("%d pushes about %s, want that it is there and that it is cancelled", said[name], name)
		}
	}
}

// Each notice in the inbox was either pushed by itself or is a line of one summary.
func TestPromiseEachNewsIsPushedOnceOrSummedUpOnce(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo")
	const days, aDay = 3, 5
	for day := range days {
		for range aDay {
			later(w, g)
			work(w)
			w.Clock.Advance(10 * time.Minute)
		}
		until(t, w, []string{"2026-05-01T18:00", "2026-05-02T18:00", "2026-05-03T18:00"}[day])
		work(w)
		work(w)
		w.Clock.Advance(16 * time.Hour)
	}
	told := map[string]int{}
	for _, p := range w.Phones.Pushes() {
		told[p.Data["noticeId"]]++
	}
	news := 0
	for _, n := range w.Notices("bo") {
		for _, item := range n.Items {
			told[item]++
		}
		if n.Kind != notify.KindSummary {
			news++
		}
	}
	if news != days*aDay {
		t.Errorf("%d notices of %d events", news, days*aDay)
	}
	for _, n := range w.Notices("bo") {
		if told[n.ID] != 1 {
			t.Errorf("%s, %s by %s, was told %d times", n.Kind, n.Channel, n.Rule, told[n.ID])
		}
	}
}

// No news that was under way reaches a removed member: no push that is held for the
// night, no line that waits for the summary, no change that is being merged, and no
// reminder. They are told once that their place has ended.
func TestPromiseARemovedMemberHearsNothingMore(t *testing.T) {
	t.Parallel()
	w, g := club(t, "bo", "cara")
	soon := publishAt(w, g, copenhagen("2026-05-03T12:00"))
	for _, name := range []string{"bo", "cara"} {
		w.MustAttend(name, soon.ID, 0)
	}
	closed := group.VisibilityMembers
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, Visibility: optional.Of(closed)}))(t)
	w.RunPending()
	for range 4 {
		later(w, g) // the last notices wait for the summary
	}
	work(w)
	title := "Et andet navn"
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: soon.ID, Title: optional.Of(title)}))(t)
	work(w) // a change is held for two minutes
	w.Phones.Reset()
	ct.Must(w.Groups.Remove(w.As("anna"), group.RemoveInput{GroupID: g.ID, PersonID: ct.PersonID("bo")}))(t)
	later(w, g)
	for _, hour := range []string{"2026-05-01T18:00", "2026-05-02T09:00", "2026-05-02T18:00", "2026-05-03T10:00", "2026-05-03T18:00"} {
		until(t, w, hour)
		work(w)
		work(w)
	}
	var told []string
	for _, p := range w.Phones.Pushes() {
		if p.Device == "bo" {
			told = append(told, p.Data["kind"])
		}
	}
	if !slices.Equal(told, []string{string(booking.NoticeBookingEnded)}) {
		t.Errorf("the removed member was told %v: %+v", told, w.Phones.Pushes())
	}
	if n := w.Phones.Count("cara"); n < 3 {
		t.Errorf("the other member was pushed %d times: nothing is tested", n)
	}
}

// A person who gives up their seat before the news of it goes out is not told that they
// have it.
func TestPromiseWhoLeftMeanwhileIsNotToldOfTheirSeat(t *testing.T) {
	t.Parallel()
	for name, leaves := range map[string]bool{"stays": false, "leaves": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna")
			w.Phone("bo", "bo")
			e := w.PublishedEvent("anna", g.ID, ct.Seats(1))
			w.MustAttend("dan", e.ID, 0)
			w.MustAttend("bo", e.ID, 0)
			work(w)
			w.Phones.Reset()
			if err := w.Leave("dan", e.ID); err != nil {
				t.Fatal(err)
			}
			w.RunPending()
			ct.Must(w.Notifier.Expand(t.Context()))(t)
			if len(w.Jobs(booking.NoticeSeatGranted)) != 1 {
				t.Fatal("bo got no seat: nothing is tested")
			}
			want := []string{"bo"}
			if leaves {
				want = nil
				if err := w.Leave("bo", e.ID); err != nil {
					t.Fatal(err)
				}
			}
			work(w)
			wantPushed(t, w, want...)
		})
	}
}

// When a group closes in the night, people outside it do not get the pushes that were
// held for the morning. They hear only that their place has ended.
func TestPromiseAGroupThatClosesTellsNobodyOutside(t *testing.T) {
	t.Parallel()
	for name, visibility := range map[string]group.Visibility{"stays open": group.VisibilityPublic, "for members": group.VisibilityMembers, "hidden": group.VisibilityHidden} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, g := club(t, "bo")
			w.Phone("visitor", "visitor")
			e := publishAt(w, g, copenhagen("2026-05-05T18:00"))
			w.MustAttend("visitor", e.ID, 0)
			w.MustAttend("bo", e.ID, 0)
			work(w)
			until(t, w, "2026-05-01T23:00")
			w.Phones.Reset()
			moveTo(w, e, copenhagen("2026-05-06T18:00"))
			work(w)
			w.Clock.Advance(5 * time.Minute)
			work(w) // decided, and held until the morning
			if visibility != group.VisibilityPublic {
				ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, Visibility: optional.Of(visibility)}))(t)
			}
			w.RunPending()
			until(t, w, "2026-05-02T08:30")
			work(w)
			wantPushed(t, w, "bo", "visitor")
			want := map[string]notify.Kind{"bo": event.NoticeMoved, "visitor": booking.NoticeBookingEnded}
			if visibility == group.VisibilityPublic {
				want["visitor"] = event.NoticeMoved
			}
			for _, p := range w.Phones.Pushes() {
				if got := notify.Kind(p.Data["kind"]); got != want[p.Device] {
					t.Errorf("%s is told %s, want %s", p.Device, got, want[p.Device])
				}
			}
		})
	}
}

// A seat that becomes free when the event has begun, or is cancelled, is given to nobody.
func TestPromiseNobodyGetsASeatWhenItIsOver(t *testing.T) {
	t.Parallel()
	for name, over := range map[string]func(w *ct.World, e *event.Event){
		"begun": func(w *ct.World, _ *event.Event) { w.Clock.Advance(25 * time.Hour) },
		"cancelled": func(w *ct.World, e *event.Event) {
			ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(w.T)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g := w.Group("anna")
			w.Phone("bo", "bo")
			e := w.PublishedEvent("anna", g.ID, ct.Seats(1))
			w.MustAttend("dan", e.ID, 0)
			w.MustAttend("bo", e.ID, 0)
			over(w, e)
			w.RunPending()
			date := ct.DateOf(e.ID)
			w.Set(t.Context(), "occurrences", date, map[string]any{"seatsTaken": 0, "seatsLeft": 1}) // dan's, who could not leave now
			if err := w.Events.Booking.Promote(t.Context(), date); err != nil {
				t.Fatal(err)
			}
			w.RunPending()
			work(w)
			if jobs := w.Jobs(booking.NoticeSeatGranted); len(jobs) != 0 || w.StateOf("bo", e.ID) != booking.Cancelled {
				t.Errorf("bo is %s: %+v", w.StateOf("bo", e.ID), jobs)
			}
		})
	}
}
