package booking_test

import (
	"testing"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
)

// Nothing is done over a state that only a newer version knows, and seats that were taken for
// the person are given back.
func TestNothingIsDoneOverAStateOfANewerVersion(t *testing.T) {
	t.Parallel()
	for name, others := range map[string][]string{"seats are free": nil, "the line is open": {"cara", "dan"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, e := evening(t, ct.Seats(1))
			w.MustAttend("bo", e, 0)
			if err := w.Leave("bo", e); err != nil {
				t.Fatal(err)
			}
			for _, other := range others {
				w.MustAttend(other, e, 0)
			}
			taken := w.Bookable(ct.DateOf(e)).SeatsTaken
			w.Set(t.Context(), bookings, booking.IDOf(ct.DateOf(e), ct.PersonID("bo")), map[string]any{"state": "PAYMENT_DUE"})
			_, err := w.Attend("bo", e, 0)
			ct.WantKey(t, err, "booking.already")
			ct.WantKey(t, w.Leave("bo", e), "booking.none")
			ct.WantKey(t, w.Accept("bo", e), "booking.no_offer")
			ct.WantKey(t, w.Decline("bo", e), "booking.no_offer")
			w.Drain()
			if s := w.StateOf("bo", e); s != "PAYMENT_DUE" {
				t.Errorf("bo is %s", s)
			}
			if n := w.Bookable(ct.DateOf(e)).SeatsTaken; n != taken {
				t.Errorf("%d seats are taken, where %d were", n, taken)
			}
		})
	}
}
