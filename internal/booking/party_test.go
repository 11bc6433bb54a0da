package booking_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
)

// capacity sets the seats of anna's event.
func capacity(t *testing.T, w *ct.World, eventID string, n int) {
	t.Helper()
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: eventID, Capacity: optional.Of(n)}))(t)
}

// A party that can never fit is told so at once, and keeps nobody from a seat.
func TestAPartyLargerThanTheEventIsRefused(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(2))
	_, err := w.Attend("bo", e, 5)
	ct.WantKey(t, err, "booking.party")
	for _, name := range []string{"cara", "dan"} {
		if s := w.MustAttend(name, e, 0); s != booking.Confirmed {
			t.Errorf("%s is %s beside free seats", name, s)
		}
	}
	if _, err := w.Attend("eva", e, 2); err == nil {
		t.Error("three people stand in line for two seats")
	}
	// A party of exactly the capacity may wait.
	if s := w.MustAttend("finn", e, 1); s != booking.Waitlisted {
		t.Errorf("a party that fits is %s", s)
	}
	w.CheckSeats(e)
}

// Lowering the capacity below a party in line takes it out of line.
func TestWhoCanNeverFitIsTakenOutOfLine(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(4))
	w.Person("cara")
	w.MustAttend("bo", e, 3)
	w.MustAttend("cara", e, 2)
	w.Clock.Advance(1e9)
	w.MustAttend("dan", e, 0)
	capacity(t, w, e, 2)
	want(t, w, e, map[string]booking.State{"bo": booking.Confirmed, "cara": booking.Cancelled, "dan": booking.Waitlisted})
	wantEnded(t, w, "cara", e, booking.EndedNeverFits)
	w.Drain()
	if n := w.Notices("cara"); len(n) != 1 || n[0].Kind != booking.NoticeBookingEnded || n[0].Channel != notify.Push {
		t.Errorf("cara is told %+v", n)
	}
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"dan": booking.Confirmed})
	w.CheckSeats(e)
}

func bookingOf(w *ct.World, name, eventID string) booking.Booking {
	for _, p := range w.BookingsAt(ct.DateOf(eventID)) {
		if p.PersonID == ct.PersonID(name) {
			return p
		}
	}
	return booking.Booking{}
}

// wantEnded checks that a person's place is cancelled for that reason; empty: without a
// reason.
func wantEnded(t *testing.T, w *ct.World, name, eventID string, because booking.EndedBecause) {
	t.Helper()
	p := bookingOf(w, name, eventID)
	if p.EndedBecause == nil && because == "" {
		return
	}
	if p.State != booking.Cancelled || p.EndedBecause == nil || *p.EndedBecause != because {
		t.Errorf("%s is %s because %v, want %s", name, p.State, p.EndedBecause, because)
	}
}

// This sets a limit where there was none, and then one that is lower than an offer needs.
func TestALimitThatComesLaterTakesNoSeatAway(t *testing.T) {
	t.Parallel()
	w, e := evening(t, nil)
	w.MustAttend("bo", e, 4)
	capacity(t, w, e, 3)
	want(t, w, e, map[string]booking.State{"bo": booking.Confirmed})
	if s := w.MustAttend("cara", e, 2); s != booking.Waitlisted {
		t.Errorf("cara is %s", s)
	}
	capacity(t, w, e, 0)
	wantEnded(t, w, "cara", e, booking.EndedNeverFits)
	w.WantRefused("cara", e, booking.RefusedFull)
	// When the capacity is raised she may come again, and her place has no reason of its
	// end any more.
	capacity(t, w, e, 8)
	if s := w.MustAttend("cara", e, 2); s != booking.Confirmed {
		t.Errorf("cara is %s", s)
	}
	wantEnded(t, w, "cara", e, "")
	w.CheckSeats(e)
}

// The capacity is lowered between the moment when it was read for a person and the moment
// when they are in line. The later of the two calls sees the other.
func TestJoiningTheLineMeetsALowerCapacity(t *testing.T) {
	t.Parallel()
	for _, before := range []struct{ command, collection string }{
		{"aggregate", "bookings"}, {"insert", "bookings"}, {"update", "occurrences"},
	} {
		w, e, m := momentous(t, ct.Seats(4))
		w.MustAttend("bo", e, 2)
		seen := false
		m.Before(before.command, before.collection, func() {
			seen = true
			capacity(t, w, e, 2)
		})
		if s := w.MustAttend("cara", e, 2); !seen || s != booking.Waitlisted {
			t.Errorf("before %s: seen %v, cara is %s", before.command, seen, s)
		}
		wantEnded(t, w, "cara", e, booking.EndedNeverFits)
		w.CheckSeats(e)
	}
}

// A process that read an old capacity and comes late does not set it again.
func TestALateCapacityChangesNothing(t *testing.T) {
	t.Parallel()
	w, e, m := momentous(t, ct.Seats(4))
	m.Before("update", "occurrences", func() { // the process has read 2, and has not set it yet
		capacity(t, w, e, 4)
	})
	capacity(t, w, e, 2)
	if b := w.CheckSeats(e); *b.Capacity != 4 {
		t.Errorf("the capacity is %d", *b.Capacity)
	}
}

// long is an event three days away with three seats. Bo holds two and the third is free;
// cara waits for two, and behind her dan for one.
func long(t *testing.T) (*ct.World, string) {
	t.Helper()
	w, e := party(t, 3)
	w.MustAttend("bo", e, 1)
	w.MustAttend("cara", e, 1)
	w.Clock.Advance(time.Second)
	w.MustAttend("dan", e, 0)
	want(t, w, e, map[string]booking.State{"cara": booking.Waitlisted, "dan": booking.Waitlisted})
	if left := w.Bookable(ct.DateOf(e)).SeatsLeft(); *left != 0 {
		t.Errorf("people read that %d seats are left, and cannot have them", *left)
	}
	return w, e
}

// A seat waits half a day for the larger party; then smaller ones may pass it.
func TestASeatWaitsForALargerPartyAndNotForEver(t *testing.T) {
	t.Parallel()
	w, e := long(t)
	w.Clock.Advance(12*time.Hour - 2*time.Second)
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Waitlisted, "dan": booking.Waitlisted})
	w.Clock.Advance(2 * time.Second)
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Waitlisted, "dan": booking.Offered})
	// The next free seat waits twice as long, and goes to cara if another one is free by
	// then.
	w.MustAttend("eva", e, 0)
	if err := w.Decline("dan", e); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(13 * time.Hour)
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Waitlisted, "eva": booking.Waitlisted})
	leave(t, w, "bo", e)
	want(t, w, e, map[string]booking.State{"cara": booking.Offered, "eva": booking.Offered})
	w.CheckSeats(e)
}

// A quarter of the time left is not always a whole number of milliseconds, as instants in
// the database are. A timer that fires at that instant still finds that the wait is over.
func TestThoseBehindPassAtTheVeryInstant(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := w.PublishedAt("anna", w.Group("anna").ID, ct.Noon.Add(24*time.Hour), ct.Seats(3)).ID
	w.MustAttend("bo", e, 1)
	w.Clock.Advance(time.Millisecond)
	w.MustAttend("cara", e, 2)
	w.Clock.Advance(time.Second)
	w.MustAttend("dan", e, 0)
	at := booking.KeptUntil(*w.Bookable(ct.DateOf(e)).Kept.Since, ct.Noon.Add(24*time.Hour), 0)
	w.Clock.Advance(at.Sub(w.Clock.Now()) - time.Millisecond)
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Waitlisted, "dan": booking.Waitlisted})
	w.Clock.Advance(time.Millisecond)
	w.Fire()
	w.Clock.Advance(time.Second)
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Waitlisted, "dan": booking.Confirmed})
	w.CheckSeats(e)
}

// Two processes look at the line at once. One sees too few seats for the head of the line
// and is about to let somebody pass, when the other one frees enough seats, and dies.
func TestNobodyPassesWhoFitsByNow(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	e := partyIn(w, 3)
	w.MustAttend("bo", e, 1)
	w.MustAttend("cara", e, 2)
	w.Clock.Advance(time.Second)
	w.MustAttend("dan", e, 0)
	w.Clock.Advance(12 * time.Hour)
	m.Before("findAndModify", "timers", func() { // the timer is claimed
		m.Before("findAndModify", "occurrences", func() { // the seat is taken for dan
			w.Set(t.Context(), "bookings", bookingOf(w, "bo", e).ID, map[string]any{"state": booking.Cancelled})
			w.Set(t.Context(), "occurrences", ct.DateOf(e), map[string]any{"seatsTaken": 0, "seatsLeft": 3})
		})
	})
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Offered, "dan": booking.Waitlisted})
	w.CheckSeats(e)
}
