package booking_test

import (
	"testing"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
)

// Many seats become free at once. One run gives out a limited number, and another run goes
// on.
func TestALongLineIsServedToItsEnd(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(1))
	w.MustAttend("bo", e, 0)
	const line = booking.MaxPromotions*2 + 3
	w.PutLine(e, line)
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e, Capacity: optional.Of(line)}))(t)
	if b := w.Bookable(ct.DateOf(e)); b.SeatsTaken != booking.MaxPromotions+1 {
		t.Errorf("one run gave out %d seats", b.SeatsTaken-1)
	}
	w.Fire()
	if b := w.CheckSeats(e); b.SeatsTaken != line {
		t.Errorf("%d of %d seats are taken", b.SeatsTaken, line)
	}
	if left := ct.All[ct.Ref](w, "timers", map[string]any{"kind": "booking.promote"}); len(left) != 0 {
		t.Errorf("timers are left: %v", left)
	}
}
