package booking_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
)

// wantNothing checks that a repair finds nothing.
func wantNothing(t testing.TB, w *ct.World) {
	t.Helper()
	if found := ct.Must(w.Community.Bookings.Repair(t.Context()))(t); len(found) > 0 {
		t.Errorf("the repair finds %+v", found)
	}
}

func TestARepairMendsWhatIsWrong(t *testing.T) {
	t.Parallel()
	for what, wrong := range map[string]map[string]any{
		"seats taken": {"seatsTaken": 1, "seatsLeft": 1},
		"free seats":  {"seatsLeft": 2},
		"claims":      {"claims": map[string]string{ct.PersonID("zoe"): "eff_gone"}, "seatsTaken": 3, "seatsLeft": -1},
		"line":        {"hasQueue": false},
		"starts":      nil,
	} {
		w, e := party(t, 2, "bo", "cara", "dan")
		move(w, e, time.Hour)
		wantNothing(t, w)
		date := w.Bookable(ct.DateOf(e))
		if wrong == nil {
			w.Set(t.Context(), bookings, booking.IDOf(date.ID, ct.PersonID("bo")), map[string]any{"startsAt": date.StartsAt.Add(-time.Hour), "startVersion": 0})
		} else {
			w.Set(t.Context(), "occurrences", date.ID, wrong)
		}
		found := ct.Must(w.Community.Bookings.Repair(t.Context()))(t)
		is := map[string]bool{}
		for _, d := range found {
			is[d.What] = true
		}
		if !is[what] {
			t.Errorf("%s: found %+v", what, found)
		}
		if b := w.CheckSeats(e); b.SeatsTaken != 2 || b.FreeSeats != 0 || !b.HasQueue {
			t.Errorf("%s: %+v", what, b.Seats)
		}
		wantStarts(w, e)
		wantNothing(t, w)
	}
}

// A seat that nobody has goes to the line once the repair has found it.
func TestARepairGivesALostSeatToTheLine(t *testing.T) {
	t.Parallel()
	w, e := party(t, 1, "bo", "cara")
	date := ct.DateOf(e)
	w.Set(t.Context(), bookings, booking.IDOf(date, ct.PersonID("bo")), map[string]any{"state": "CANCELLED"})
	if found := ct.Must(w.Community.Bookings.Repair(t.Context()))(t); len(found) == 0 {
		t.Error("nothing is found")
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Offered})
	w.CheckSeats(e)
	wantNothing(t, w)
}

// A repair runs in another process before every command of people who come, leave and answer, and
// finds nothing wrong: what is under way is not taken for a mistake.
func TestARepairAmidTrafficChangesNothing(t *testing.T) {
	t.Parallel()
	w, e := party(t, 1, "bo")
	for _, name := range []string{"cara", "dan"} {
		w.Person(name)
	}
	w.As("anna")
	busy, m := asleep(w)
	looks := 0
	var look func()
	arm := func(command, collection string) {
		look = func() {
			looks++
			wantNothing(t, w)
			m.Before(command, collection, look)
		}
		m.Before(command, collection, look)
	}
	for _, at := range [][2]string{{"update", bookings}, {"update", "occurrences"}, {"findAndModify", "occurrences"}, {"find", "occurrences"}, {"find", bookings}, {"insert", bookings}} {
		arm(at[0], at[1])
		busy.MustAttend("cara", e, 0)
		busy.MustAttend("dan", e, 0)
		leave(t, busy, "bo", e)
		_ = busy.Accept("cara", e)
		leave(t, busy, "cara", e)
		leave(t, busy, "dan", e)
		busy.MustAttend("bo", e, 0)
		m.Before("", "", nil)
		if b := w.CheckSeats(e); b.SeatsTaken != 1 {
			t.Errorf("before %v: %d seats taken", at, b.SeatsTaken)
		}
		wantNothing(t, w)
	}
	if looks < 20 {
		t.Errorf("%d looks", looks)
	}
}

// Somebody leaves, or comes, right before the repair writes what it has counted.
func TestARepairThatComesLateChangesNothing(t *testing.T) {
	t.Parallel()
	for _, at := range [][2]string{{"find", bookings}, {"update", "occurrences"}, {"find", "dead_letters"}} {
		for _, do := range []func(w *ct.World, e string){
			func(w *ct.World, e string) { leave(t, w, "bo", e) },
			func(w *ct.World, e string) { w.MustAttend("dan", e, 1) },
			func(w *ct.World, e string) { leave(t, w, "bo", e); w.MustAttend("dan", e, 0) },
		} {
			w, e := party(t, 5, "bo", "cara")
			w.Person("dan")
			w.Set(t.Context(), "occurrences", ct.DateOf(e), map[string]any{"seatsTaken": 3, "seatsLeft": 2})
			late, m := asleep(w)
			seen := false
			m.Before(at[0], at[1], func() { seen = true; do(w, e) })
			ct.Must(late.Community.Bookings.Repair(t.Context()))(t)
			if w.CheckSeats(e); !seen {
				t.Error("the moment did not come")
			}
			wantNothing(t, w)
		}
	}
}

// A process died before it could close a line in which nobody is any more. Newcomers would be put in
// line beside free seats.
func TestARepairClosesALineWithoutPeople(t *testing.T) {
	t.Parallel()
	w, e := party(t, 2, "bo")
	w.Set(t.Context(), "occurrences", ct.DateOf(e), map[string]any{"hasQueue": true})
	if found := ct.Must(w.Community.Bookings.Repair(t.Context()))(t); len(found) != 1 || found[0].What != "empty line" {
		t.Errorf("found %+v", found)
	}
	if s := w.MustAttend("cara", e, 0); s != booking.Confirmed {
		t.Errorf("cara is %s", s)
	}
	w.CheckSeats(e)
	wantNothing(t, w)
}
