package booking_test

import (
	"fmt"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
	"faellesskab/internal/testkit"
)

const bookings = "bookings"

// asleep is another process of a world, with a moment at which it sleeps while others go on.
func asleep(w *ct.World) (*ct.World, *ct.Moment) {
	m := &ct.Moment{}
	return w.Again(m.Option()), m
}

// move moves an event to a start that is so much later.
func move(w *ct.World, eventID string, later time.Duration) {
	w.T.Helper()
	start := w.Bookable(ct.DateOf(eventID)).StartsAt.Add(later)
	from, to := clock.LocalOf(start, clock.Copenhagen), clock.LocalOf(start.Add(time.Hour), clock.Copenhagen)
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: eventID, StartsAt: optional.Of(from), EndsAt: optional.Of(to)}))(w.T)
}

// wantStarts checks that all bookings have the start of what is booked.
func wantStarts(w *ct.World, eventID string) {
	w.T.Helper()
	b := w.Bookable(ct.DateOf(eventID))
	for _, p := range w.BookingsAt(b.ID) {
		if !p.StartsAt.Equal(b.StartsAt) {
			w.T.Errorf("the booking of %s is for %v, and the start is %v", p.PersonID, p.StartsAt, b.StartsAt)
		}
	}
}

// A process takes a seat for bo and falls asleep. Another one finishes that; bo leaves, comes
// again and leaves, and cara has his seat when the first process wakes up.
func TestALateClaimGetsNoSeat(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(1))
	late, m := asleep(w)
	seen := false
	m.Before("insert", bookings, func() {
		seen = true
		w.RunPending()
		leave(t, w, "bo", e)
		w.Clock.Advance(time.Second)
		w.MustAttend("bo", e, 0)
		leave(t, w, "bo", e)
		w.MustAttend("cara", e, 0)
	})
	_, _ = late.Attend("bo", e, 0)
	want(t, w, e, map[string]booking.State{"bo": booking.Cancelled, "cara": booking.Confirmed})
	if w.CheckSeats(e); !seen {
		t.Error("the moment did not come")
	}
}

// A process takes a seat for cara, who is about to leave the line, and falls asleep. Another one
// gives the seat to dan, and she is in line again when the first one wakes up.
func TestALatePromotionGetsNoSeat(t *testing.T) {
	t.Parallel()
	w, e := party(t, 1, "bo", "cara", "dan")
	leaving, goodbye := asleep(w)
	late, m := asleep(w)
	about, taken, left := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	goodbye.Before("update", bookings, func() {
		close(about)
		<-taken
	})
	go func() { left <- leaving.Leave("cara", e) }()
	<-about
	m.Before("update", bookings, func() { // bo leaves
		m.Before("update", bookings, func() { // cara is offered his seat
			close(taken)
			if err := <-left; err != nil {
				t.Error(err)
			}
			w.RunPending()
			w.MustAttend("cara", e, 0)
		})
	})
	leave(t, late, "bo", e)
	want(t, w, e, map[string]booking.State{"cara": booking.Waitlisted, "dan": booking.Offered})
	w.CheckSeats(e)
}

// Bo signs up by two phones. By one of them he is about to join the line, when a seat becomes
// free and the other takes it; but the process dies before his booking says so. Nobody is told
// of a seat that is taken back.
func TestNobodyIsToldOfASeatTheyMayLose(t *testing.T) {
	t.Parallel()
	w, e := party(t, 1, "cara")
	w.Person("bo")
	second, m := asleep(w)
	crasher := testkit.NewCrasher()
	first := w.Again(testkit.WithCrasher(crasher))
	told := booking.State("")
	m.Before("insert", bookings, func() {
		leave(t, w, "cara", e)
		crasher.After(1)
		if r, err := first.Attend("bo", e, 0); err == nil {
			told = r.Booking.State
		}
	})
	_, _ = second.Attend("bo", e, 0)
	w.RunPending()
	if got := w.StateOf("bo", e); told != "" && told != got {
		t.Errorf("bo is told %s and is %s", told, got)
	}
	if w.CheckSeats(e); !crasher.Crashed() {
		t.Error("the process did not die")
	}
}

// A process that moves the bookings of an event falls asleep, and wakes up after the event was
// moved once more.
func TestALateMoveUndoesNoNewerOne(t *testing.T) {
	t.Parallel()
	w, e := party(t, 1, "bo", "cara")
	late, m := asleep(w)
	m.Before("update", bookings, func() { move(w, e, 48*time.Hour) })
	move(late, e, 24*time.Hour)
	wantStarts(w, e)
}

// The event is moved while somebody signs up, at each write of that.
func TestABookingFollowsAMoveMadeMeanwhile(t *testing.T) {
	t.Parallel()
	for _, seats := range []int{1, 2, 3} {
		for _, at := range []struct{ command, collection string }{
			{"insert", bookings}, {"update", bookings}, {"findAndModify", "occurrences"}, {"find", "occurrences"}, {"update", "occurrences"},
		} {
			w, e := party(t, seats, "bo", "cara")
			late, m := asleep(w)
			m.Before(at.command, at.collection, func() { move(w, e, 24*time.Hour) })
			late.MustAttend("dan", e, 0)
			w.RunPending()
			if seats == 2 {
				leave(t, late, "bo", e)
			}
			wantStarts(w, e)
			w.CheckSeats(e)
		}
	}
}

// The capacity is set while people come all the time.
func TestACapacityIsSetInARush(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(40))
	busy, m := asleep(w)
	comings := 0
	var come func()
	come = func() {
		comings++
		w.MustAttend(fmt.Sprint("p", comings), e, 0)
		if comings < 14 {
			m.Before("update", "occurrences", come)
		}
	}
	m.Before("update", "events", func() { m.Before("update", "occurrences", come) })
	capacity(t, busy, e, 30)
	if b := w.Bookable(ct.DateOf(e)); *b.Capacity != 30 {
		t.Errorf("%d seats after %d came", *b.Capacity, comings)
	}
	w.CheckSeats(e)
}
