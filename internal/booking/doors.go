package booking

import (
	"time"

	"faellesskab/internal/clock"
)

// doorsAhead is how long before the start people are checked in.
const doorsAhead = 2 * time.Hour

// doors are the instants from which, and until which, people are checked in: from some time before the start
// to midnight of the day on which the thing ends, by the clock on the wall.
func (b *Bookable) doors() (open, shut time.Time) {
	return b.StartsAt.Add(-doorsAhead), clock.NextAt(b.EndsAt, b.TimeZone, "00:00")
}
