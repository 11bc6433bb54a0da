package booking_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
	"faellesskab/internal/testkit"
)

// An offer is made while the event is being moved, so that the move finds no offer yet.
func TestOfferMeetsMove(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	e := partyIn(w, 1, "bo", "cara")
	start := ct.Noon.Add(5 * time.Hour)
	from, to := clock.LocalOf(start, clock.Copenhagen), clock.LocalOf(start.Add(time.Hour), clock.Copenhagen)
	seen := false
	m.Before("findAndModify", "occurrences", func() { // bo's seat is released
		m.Before("findAndModify", "occurrences", func() { // it is taken for cara
			m.Before("update", "bookings", func() { // her place becomes an offer
				seen = true
				ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e, StartsAt: optional.Of(from), EndsAt: optional.Of(to)}))(t)
			})
		})
	})
	leave(t, w, "bo", e)
	if got := deadlineOf(w, "cara", e); !seen || got.After(start) {
		t.Errorf("cara may answer until %v, after the start at %v", got, start)
	}
	w.CheckSeats(e)
}

// The answer and the deadline come at the same moment, and only one of them counts.
func TestAnswerMeetsDeadline(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	e := partyIn(w, 1, "bo", "cara", "dan")
	leave(t, w, "bo", e)
	deadline := deadlineOf(w, "cara", e)
	w.Clock.Advance(deadline.Sub(w.Clock.Now()) - time.Millisecond)
	m.Before("update", "bookings", func() {
		w.Clock.Advance(time.Millisecond)
		w.Fire()
	})
	ct.WantKey(t, w.Accept("cara", e), "booking.no_offer")
	want(t, w, e, map[string]booking.State{"cara": booking.Cancelled, "dan": booking.Offered})
	w.CheckSeats(e)

	w.Clock.Advance(deadlineOf(w, "dan", e).Sub(w.Clock.Now()) - time.Millisecond)
	m.Before("findAndModify", "timers", func() {
		if err := w.Accept("dan", e); err != nil {
			t.Error(err)
		}
		w.Clock.Advance(time.Millisecond)
	})
	w.Fire()
	w.Fire()
	want(t, w, e, map[string]booking.State{"dan": booking.Confirmed})
	w.CheckSeats(e)
}

// A process that comes late with an old offer does not make another one.
func TestLateOfferIsNoNewOne(t *testing.T) {
	t.Parallel()
	again := &ct.Repeater{}
	w := ct.New(t, again.Option())
	e := partyIn(w, 1, "bo", "cara")
	leave(t, w, "bo", e)
	w.MustAttend("dan", e, 0)
	late := again.Take()
	if err := w.Decline("cara", e); err != nil {
		t.Fatal(err)
	}
	if s := w.MustAttend("cara", e, 0); s != booking.Waitlisted {
		t.Fatalf("again in line: %s", s)
	}
	for _, b := range late {
		_ = w.Outbox.Follow(t.Context(), b.Doc, b.Batch)
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Waitlisted, "dan": booking.Offered})
	w.CheckSeats(e)
}

// A process that dies at any point of taking an offer back leaves the rest to the next
// process, which asks the same person.
func TestExpirySurvivesACrashAnywhere(t *testing.T) {
	t.Parallel()
	for n := 0; ; n++ {
		w, e := party(t, 1, "bo", "cara", "dan")
		leave(t, w, "bo", e)
		w.Clock.Advance(deadlineOf(w, "cara", e).Sub(w.Clock.Now()))
		crasher := testkit.NewCrasher()
		dying := w.Again(testkit.WithCrasher(crasher))
		crasher.After(n)
		_, err := dying.Timers.Fire(t.Context())
		if !crasher.Crashed() {
			if err != nil || n < 5 {
				t.Errorf("%d writes and no crash: %v", n, err)
			}
			return
		}
		w.Clock.Advance(time.Minute) // the lease has ended
		w.Fire()
		w.RunPending()
		want(t, w, e, map[string]booking.State{"cara": booking.Cancelled, "dan": booking.Offered})
		if b := w.CheckSeats(e); b.SeatsTaken != 1 {
			t.Errorf("after write %d: %d seats taken", n, b.SeatsTaken)
		}
		if jobs := w.Jobs(booking.NoticeSeatOffered); len(jobs) != 2 {
			t.Errorf("after write %d: %d pieces of news", n, len(jobs))
		}
		if timers := ct.All[ct.Ref](w, "timers", map[string]any{"kind": "booking.offer"}); len(timers) != 1 {
			t.Errorf("after write %d: timers %v", n, timers)
		}
	}
}
