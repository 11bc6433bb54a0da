package booking_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
)

func TestDeadlineOfAnOffer(t *testing.T) {
	t.Parallel()
	at := func(local string) time.Time {
		got, err := clock.Local(local + ":00").In(clock.Copenhagen)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for _, row := range []struct{ name, now, start, want string }{
		{"twelve hours", "2026-05-01T08:30", "2026-05-20T18:00", "2026-05-01T20:30"},
		{"the night goes on to the morning", "2026-05-01T14:00", "2026-05-20T18:00", "2026-05-02T10:00"},
		{"on the stroke of the night", "2026-05-01T09:00", "2026-05-20T18:00", "2026-05-02T10:00"},
		{"a night's offer has a morning", "2026-05-01T21:30", "2026-05-20T18:00", "2026-05-02T10:00"},
		{"a night's offer that ends by day", "2026-05-01T23:00", "2026-05-20T18:00", "2026-05-02T11:00"},
		{"never later than twelve hours before", "2026-05-01T14:00", "2026-05-02T21:30", "2026-05-02T09:30"},
		{"those twelve hours reach into the night", "2026-05-01T14:00", "2026-05-02T18:00", "2026-05-01T20:00"},
		{"a start after midnight", "2026-05-01T11:00", "2026-05-03T10:00", "2026-05-02T10:00"},
		{"a day before: no offer", "2026-05-01T12:00", "2026-05-02T12:00", ""},
		{"a minute more than a day: an evening", "2026-05-01T12:00", "2026-05-02T12:01", "2026-05-01T20:00"},
		{"too little of the evening is left", "2026-05-01T18:01", "2026-05-02T18:30", ""},
		{"enough of the evening is left", "2026-05-01T18:00", "2026-05-02T18:30", "2026-05-01T20:00"},
		{"the night that is an hour longer", "2026-10-24T14:00", "2026-11-20T18:00", "2026-10-25T10:00"},
		{"the night that is an hour shorter", "2026-03-28T14:00", "2026-04-20T18:00", "2026-03-29T10:00"},
	} {
		got, ok := booking.OfferDeadline(at(row.now), at(row.start))
		if ok != (row.want != "") || ok && !got.Equal(at(row.want)) {
			t.Errorf("%s: %s, %t; want %s", row.name, clock.LocalOf(got, clock.Copenhagen), ok, row.want)
		}
	}
}

// No offer ends in the night, too near the start, or before there was time for
// an answer, whatever the hour.
func TestNoOfferEndsAtABadTime(t *testing.T) {
	t.Parallel()
	for now := ct.Noon; now.Before(ct.Noon.Add(24 * time.Hour)); now = now.Add(17 * time.Minute) {
		for start := now.Add(time.Hour); start.Before(now.Add(72 * time.Hour)); start = start.Add(23 * time.Minute) {
			deadline, ok := booking.OfferDeadline(now, start)
			if !ok {
				continue
			}
			at := clock.TimeOfDay(deadline, clock.Copenhagen)
			if at >= "21:00" || at < "08:00" || start.Sub(deadline) < 12*time.Hour || deadline.Sub(now) < 2*time.Hour || start.Sub(now) <= 24*time.Hour {
				t.Errorf("at %v for %v: %v", now, start, deadline)
			}
		}
	}
}
