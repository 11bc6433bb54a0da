package booking_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
)

// evening is a world with one published event of anna's.
func evening(t *testing.T, capacity *int) (*ct.World, string) {
	t.Helper()
	w := ct.New(t)
	g := w.Group("anna")
	return w, w.PublishedEvent("anna", g.ID, capacity).ID
}

func want(t *testing.T, w *ct.World, eventID string, states map[string]booking.State) {
	t.Helper()
	for name, state := range states {
		if got := w.StateOf(name, eventID); got != state {
			t.Errorf("%s is %q, want %q", name, got, state)
		}
	}
}

func TestSeatsRunOutAndTheLineBegins(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(2))
	for i, row := range []struct {
		name     string
		state    booking.State
		position int
	}{{"bo", booking.Confirmed, 0}, {"cara", booking.Confirmed, 0}, {"dan", booking.Waitlisted, 1}, {"eva", booking.Waitlisted, 2}} {
		w.Clock.Advance(time.Second)
		r, err := w.Attend(row.name, e, 0)
		if err != nil || r.Booking.State != row.state || r.Position != row.position {
			t.Errorf("%d: %s got %+v, %v", i, row.name, r, err)
		}
	}
	if b := w.CheckSeats(e); b.SeatsTaken != 2 || *b.SeatsLeft() != 0 {
		t.Errorf("seats %+v", b.Seats)
	}
}

func TestFreedSeatGoesToTheFirstInLineWhoIsTold(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(1))
	for _, name := range []string{"bo", "cara", "dan"} {
		w.MustAttend(name, e, 0)
		w.Clock.Advance(1e9)
	}
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"bo": booking.Cancelled, "cara": booking.Confirmed, "dan": booking.Waitlisted})
	w.CheckSeats(e)
	jobs := w.Jobs(booking.NoticeSeatGranted)
	if len(jobs) != 1 || jobs[0].Subject != e || jobs[0].Audiences[0].IDs[0] != ct.PersonID("cara") {
		t.Errorf("jobs %+v", jobs)
	}
	if err := w.Leave("cara", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Cancelled, "dan": booking.Confirmed})
	w.CheckSeats(e)
}

func TestGuestsTakeSeats(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(5))
	if s := w.MustAttend("bo", e, 3); s != booking.Confirmed {
		t.Errorf("four of five seats: %s", s)
	}
	if s := w.MustAttend("cara", e, 1); s != booking.Waitlisted {
		t.Errorf("two seats where one is left: %s", s)
	}
	if b := w.CheckSeats(e); b.SeatsTaken != 4 {
		t.Errorf("%d seats taken", b.SeatsTaken)
	}
	// A person who comes later does not pass the one in line, though one seat is free.
	if s := w.MustAttend("dan", e, 0); s != booking.Waitlisted {
		t.Errorf("passed the line: %s", s)
	}
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Confirmed, "dan": booking.Confirmed})
	if b := w.CheckSeats(e); b.SeatsTaken != 3 {
		t.Errorf("%d seats taken", b.SeatsTaken)
	}
	for _, guests := range []int{-1, 11} {
		_, err := w.Attend("eva", e, guests)
		ct.WantKind(t, err, fault.KindInvalid)
	}
}

func TestHeadOfLineWhoNeedsTwoIsNotPassed(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(2))
	w.MustAttend("bo", e, 0)
	w.MustAttend("cara", e, 0)
	w.MustAttend("dan", e, 1)
	w.Clock.Advance(1e9)
	w.MustAttend("eva", e, 0)
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"dan": booking.Waitlisted, "eva": booking.Waitlisted})
	w.CheckSeats(e)
	// Once the head gives up, the next one fits.
	if err := w.Leave("dan", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"dan": booking.Cancelled, "eva": booking.Confirmed})
	if b := w.CheckSeats(e); b.SeatsTaken != 2 {
		t.Errorf("%d seats taken", b.SeatsTaken)
	}
}

func TestNoLimitAndNoSeats(t *testing.T) {
	t.Parallel()
	w, e := evening(t, nil)
	for _, name := range []string{"bo", "cara", "dan"} {
		if s := w.MustAttend(name, e, 10); s != booking.Confirmed {
			t.Errorf("%s is %s where there is no limit", name, s)
		}
	}
	if b := w.CheckSeats(e); b.SeatsTaken != 33 || b.SeatsLeft() != nil {
		t.Errorf("seats %+v", b.Seats)
	}
	none := w.PublishedEvent("anna", w.Group("anna").ID, ct.Seats(0))
	w.WantRefused("bo", none.ID, booking.RefusedFull)
	w.CheckSeats(none.ID)
}

func TestCapacityThrowsNobodyOutAndLetsPeopleIn(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(3))
	for _, name := range []string{"bo", "cara", "dan", "eva"} {
		w.MustAttend(name, e, 0)
		w.Clock.Advance(1e9)
	}
	set := func(n int) {
		t.Helper()
		ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e, Capacity: optional.Of(n)}))(t)
	}
	set(1)
	if b := w.CheckSeats(e); b.SeatsTaken != 3 || b.FreeSeats != -2 || *b.SeatsLeft() != 0 {
		t.Errorf("lowered: %+v", b.Seats)
	}
	for _, name := range []string{"bo", "cara"} {
		if err := w.Leave(name, e); err != nil {
			t.Fatal(err)
		}
	}
	want(t, w, e, map[string]booking.State{"dan": booking.Confirmed, "eva": booking.Waitlisted})
	w.CheckSeats(e)
	set(2)
	want(t, w, e, map[string]booking.State{"dan": booking.Confirmed, "eva": booking.Confirmed})
	w.CheckSeats(e)
}

func TestTwiceIsOnceAndAgainIsNew(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(1))
	w.MustAttend("bo", e, 0)
	_, err := w.Attend("bo", e, 0)
	ct.WantKey(t, err, "booking.already")
	w.MustAttend("cara", e, 0)
	_, err = w.Attend("cara", e, 0)
	ct.WantKey(t, err, "booking.already")
	if err := w.Leave("cara", e); err != nil {
		t.Fatal(err)
	}
	ct.WantKey(t, w.Leave("cara", e), "booking.none")
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	ct.WantKey(t, w.Leave("bo", e), "booking.none")
	ct.WantKey(t, w.Leave("nobody", e), "booking.none")
	if b := w.CheckSeats(e); b.SeatsTaken != 0 {
		t.Errorf("%d seats taken", b.SeatsTaken)
	}
	if s := w.MustAttend("bo", e, 0); s != booking.Confirmed {
		t.Errorf("again after leaving: %s", s)
	}
	if b := w.CheckSeats(e); b.SeatsTaken != 1 || len(w.BookingsAt(ct.DateOf(e))) != 2 {
		t.Errorf("%d seats, %d places", b.SeatsTaken, len(w.BookingsAt(ct.DateOf(e))))
	}
}

func TestWhatCannotBeBooked(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	draft := w.Draft("anna", g.ID, nil)
	_, err := w.Attend("bo", draft.ID, 0)
	ct.WantKey(t, err, "event.not_found")
	if r := ct.Must(w.Events.Attend(w.As("anna"), event.AttendInput{OccurrenceID: ct.DateOf(draft.ID)}))(t); r.Refusal != booking.RefusedNotOpen || r.Message == "" {
		t.Errorf("a draft: %+v", r)
	}

	cancelled := w.PublishedEvent("anna", g.ID, ct.Seats(1))
	w.MustAttend("bo", cancelled.ID, 0)
	w.MustAttend("cara", cancelled.ID, 0)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: cancelled.ID}))(t)
	w.WantRefused("dan", cancelled.ID, booking.RefusedCancelled)
	// Leaving is always allowed, but a seat at a cancelled event goes to nobody.
	if err := w.Leave("bo", cancelled.ID); err != nil {
		t.Fatal(err)
	}
	want(t, w, cancelled.ID, map[string]booking.State{"cara": booking.Cancelled})
	wantEnded(t, w, "cara", cancelled.ID, booking.EndedOver)
	if jobs := w.Jobs(booking.NoticeSeatGranted); len(jobs) != 0 {
		t.Errorf("a seat of what was cancelled was granted: %+v", jobs)
	}

	started := w.PublishedEvent("anna", g.ID, ct.Seats(1))
	w.MustAttend("bo", started.ID, 0)
	w.MustAttend("cara", started.ID, 0)
	w.Clock.Advance(25 * 60 * 60 * 1e9)
	w.WantRefused("dan", started.ID, booking.RefusedStarted)
	if r := w.WantRefused("bo", started.ID, booking.RefusedStarted); r.Booking == nil || r.Booking.State != booking.Confirmed {
		t.Errorf("a refusal hides the seat from before: %+v", r)
	}
	if err := w.Leave("bo", started.ID); err != nil {
		t.Fatal(err)
	}
	want(t, w, started.ID, map[string]booking.State{"bo": booking.Cancelled, "cara": booking.Waitlisted})
	_, err = w.Attend("bo", "evt_00000000000000000000000000", 0)
	ct.WantKey(t, err, "event.not_found")
}
