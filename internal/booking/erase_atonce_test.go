package booking_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
)

// eraseBookings carries out the erasure of somebody's bookings in one process.
func eraseBookings(w *ct.World, name string) {
	w.T.Helper()
	ct.EraseFrom(w.T, w.Community.Bookings.Part().Collections, name)
}

// wantNoneOf checks that nothing is kept of somebody who is erased, that the seats are right,
// and that a repair finds nothing.
func wantNoneOf(t *testing.T, w *ct.World, name, eventID string) {
	t.Helper()
	if p := bookingOf(w, name, eventID); p.ID != "" {
		t.Errorf("%s is erased, and there is %+v", name, p)
	}
	w.CheckSeats(eventID)
	wantNothing(t, w)
}

// Bo is being erased after the evening has begun, and a process in which he gives back his seat
// comes late: before each write of the erasure, and also when another process ends the erasure.
func TestSomebodyLeavesAmidTheirErasure(t *testing.T) {
	t.Parallel()
	for _, at := range [][2]string{{"update", bookings}, {"insert", bookings}, {"find", "occurrences"}, {"update", "occurrences"}, {"delete", bookings}} {
		for _, isEnded := range []bool{false, true} {
			w, e := evening(t, ct.Seats(3))
			for _, name := range []string{"bo", "cara"} {
				w.MustAttend(name, e, 0)
			}
			begin(t, w, e)
			late, m := asleep(w)
			seen := false
			m.Before(at[0], at[1], func() {
				seen = true
				leave(t, w, "bo", e)
				if isEnded {
					eraseBookings(w, "bo")
				}
			})
			eraseBookings(late, "bo")
			if wantNoneOf(t, w, "bo", e); !seen {
				t.Errorf("%v: the moment did not come", at)
			}
		}
	}
}

// A process that signs bo up falls asleep before it writes his booking. He is erased, also by the
// second look hours later, before it wakes up.
func TestABookingThatOutsleepsAnErasureIsRemoved(t *testing.T) {
	t.Parallel()
	for _, isSwept := range []bool{false, true} {
		for _, seats := range []int{1, 2} {
			w, e := party(t, seats, "cara")
			w.Person("bo")
			late, m := asleep(w)
			m.Before("insert", bookings, func() {
				if isSwept {
					w.RunPending()
				}
				if err := w.Erase(t.Context(), ct.PersonID("bo")); err != nil {
					t.Error(err)
				}
				for range 2 { // the first look of the timer, and the second
					w.Clock.Advance(3 * time.Hour)
					w.Fire()
				}
			})
			r, err := late.Attend("bo", e, 0)
			if err == nil {
				t.Errorf("bo is erased and is told %+v", r)
			}
			w.RunPending()
			wantNoneOf(t, w, "bo", e)
		}
	}
}

// A repair looks before every command of an erasure.
func TestARepairAmidAnErasureChangesNothing(t *testing.T) {
	t.Parallel()
	for _, at := range [][2]string{{"update", bookings}, {"insert", bookings}, {"find", "occurrences"}, {"update", "occurrences"}, {"delete", bookings}} {
		w, e := evening(t, ct.Seats(3))
		w.MustAttend("bo", e, 1)
		w.MustAttend("cara", e, 0)
		begin(t, w, e)
		late, m := asleep(w)
		var look func()
		looks := 0
		look = func() {
			looks++
			wantNothing(t, w)
			m.Before(at[0], at[1], look)
		}
		m.Before(at[0], at[1], look)
		eraseBookings(late, "bo")
		if wantNoneOf(t, w, "bo", e); looks == 0 {
			t.Errorf("%v: the moment did not come", at)
		}
	}
}

// The bookings of a thing are more than one query reads. Somebody is erased between two queries of
// a repair: their booking is gone from where it will look, and the copy is where it has been.
func TestARepairDoesNotMissACopyThatIsMadeMeanwhile(t *testing.T) {
	t.Parallel()
	w, e := evening(t, nil)
	for i := range 101 {
		w.MustAttend(fmt.Sprint("p", i), e, 0)
	}
	begin(t, w, e)
	date := ct.DateOf(e)
	last := slices.MaxFunc(w.BookingsAt(date), func(a, b booking.Booking) int { return cmp.Compare(a.ID, b.ID) })
	w.Set(t.Context(), bookings, last.ID, map[string]any{"nobody": "per_0"})
	w.Set(t.Context(), "occurrences", date, map[string]any{"claims": map[string]string{"prs_gone": "eff_gone"}})
	late, m := asleep(w)
	seen := false
	m.Before("find", bookings, func() { // the first page
		m.Before("find", bookings, func() {
			seen = true
			entry := w.Community.Bookings.Part().Collections[0]
			if _, err := entry.Erase(t.Context(), last.PersonID); err != nil {
				t.Error(err)
			}
		})
	})
	ct.Must(late.Community.Bookings.Repair(t.Context()))(t)
	if w.CheckSeats(e); !seen {
		t.Error("the moment did not come")
	}
	wantNothing(t, w)
}
