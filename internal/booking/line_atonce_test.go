package booking_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
)

// Two people join the line at once: one is about to be written when the other comes and is told
// their position, at the same instant or later. Both are told where they stand once they do.
func TestTwoWhoJoinAtOnceAreToldWhereTheyStand(t *testing.T) {
	t.Parallel()
	for _, pause := range []time.Duration{0, time.Second} {
		for _, names := range [][]string{{"bo", "dan"}, {"dan", "bo"}} {
			w, e := party(t, 1, "cara")
			late, m := asleep(w)
			var other *booking.SignedUp
			m.Before("insert", bookings, func() {
				w.Clock.Advance(pause)
				other = ct.Must(w.Attend(names[1], e, 0))(t)
			})
			first := ct.Must(late.Attend(names[0], e, 0))(t)
			keys := []string{first.Booking.LineKey(), other.Booking.LineKey()}
			now := ct.Must(w.Bookings.Positions(t.Context(), keys))(t)
			if other.Position != 1 || booking.Position(first.Position) != now[first.Booking.LineKey()] {
				t.Errorf("%v: told %d and %d, the line says %v", names, first.Position, other.Position, now)
			}
		}
	}
}
