package booking_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/notify"
)

// usual is the night of a person who has set nothing.
var usual = booking.NightOf(&notify.Settings{})

func TestDeadlineOfAnOffer(t *testing.T) {
	t.Parallel()
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
		got, ok := booking.OfferDeadline(local(t, row.now), local(t, row.start), usual)
		if ok != (row.want != "") || ok && !got.Equal(local(t, row.want)) {
			t.Errorf("%s: %s, %t; want %s", row.name, clock.LocalOf(got, clock.Copenhagen), ok, row.want)
		}
	}
}

func TestDeadlineOfAnOfferByOnesOwnNight(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, from, until, now, start, want string }{
		{"sleeps long", "22:00", "10:30", "2026-05-01T22:00", "2026-05-20T18:00", "2026-05-02T12:30"},
		{"is up early", "20:00", "05:00", "2026-05-01T10:00", "2026-05-20T18:00", "2026-05-02T07:00"},
		{"works at night", "09:00", "17:00", "2026-05-01T22:00", "2026-05-20T18:00", "2026-05-02T19:00"},
		{"has a day of an hour", "09:00", "08:00", "2026-05-01T10:00", "2026-05-20T18:00", "2026-05-02T08:30"},
		{"goes to bed early before the last deadline", "19:00", "06:00", "2026-05-01T14:00", "2026-05-02T15:00", "2026-05-01T18:00"},
		{"wakes too late for the last deadline", "22:00", "10:30", "2026-05-01T23:00", "2026-05-03T00:00", ""},
		{"no quiet hours", "00:00", "00:00", "2026-05-01T14:00", "2026-05-20T18:00", "2026-05-02T10:00"},
	} {
		night := booking.NightOf(&notify.Settings{QuietFrom: clock.Daily(row.from), QuietUntil: clock.Daily(row.until)})
		got, ok := booking.OfferDeadline(local(t, row.now), local(t, row.start), night)
		if ok != (row.want != "") || ok && !got.Equal(local(t, row.want)) {
			t.Errorf("%s: %s, %t; want %s", row.name, clock.LocalOf(got, clock.Copenhagen), ok, row.want)
		}
	}
}

// 1 May 2026 is a Friday.
func TestDeadlineOfAnOfferByTheNightOfTheDay(t *testing.T) {
	t.Parallel()
	settings := &notify.Settings{QuietFrom: "22:00", QuietUntil: "06:00"}
	settings.SetQuietDays([]notify.WeekdayQuietHours{{Weekday: "FRIDAY", Hours: &notify.QuietHours{From: "23:00", Until: "10:00"}}, {Weekday: "SATURDAY"}})
	for now, want := range map[string]string{
		"2026-04-30T14:00": "2026-05-01T08:00", // Thursday's night ends at 06:00
		"2026-05-01T14:00": "2026-05-02T12:00", // Friday's at 10:00
		"2026-05-02T14:00": "2026-05-03T10:00", // Saturday has no quiet hours, and nobody is asked before 08:00
	} {
		got, ok := booking.OfferDeadline(local(t, now), local(t, "2026-05-20T18:00"), booking.NightOf(settings))
		if !ok || !got.Equal(local(t, want)) {
			t.Errorf("asked at %s: %s, %t; want %s", now, clock.LocalOf(got, clock.Copenhagen), ok, want)
		}
	}
}

// At every hour, no offer ends in the person's night, too near the start, or before they
// had time to hear of it and answer.
func TestNoOfferEndsAtABadTime(t *testing.T) {
	t.Parallel()
	for _, hours := range [][2]clock.Daily{{"", ""}, {"22:00", "10:30"}, {"09:00", "17:00"}, {"23:30", "06:15"}, {"12:00", "11:00"}, {"13:00", "13:30"}} {
		s := &notify.Settings{QuietFrom: hours[0], QuietUntil: hours[1]}
		n := booking.NightOf(s)
		from, until, _ := s.Quiet()
		isQuiet := func(t time.Time) bool {
			at := clock.TimeOfDay(t, clock.Copenhagen)
			if from > until {
				return at >= from || at < until
			}
			return at >= from && at < until
		}
		for now := ct.Noon; now.Before(ct.Noon.Add(24 * time.Hour)); now = now.Add(17 * time.Minute) {
			heard := now
			if isQuiet(now) {
				heard = clock.NextAt(now, clock.Copenhagen, until)
			}
			for start := now.Add(time.Hour); start.Before(now.Add(72 * time.Hour)); start = start.Add(23 * time.Minute) {
				deadline, ok := booking.OfferDeadline(now, start, n)
				if !ok {
					continue
				}
				least := 2 * time.Hour
				if hours[0] == "12:00" {
					least = 30 * time.Minute // half of a day that has one hour
				}
				if isQuiet(deadline) || start.Sub(deadline) < 12*time.Hour || deadline.Sub(heard) < least || start.Sub(now) <= 24*time.Hour {
					t.Errorf("quiet %v, at %v for %v: %v", hours, now, start, deadline)
				}
			}
		}
	}
}

func local(t *testing.T, local string) time.Time {
	t.Helper()
	got, err := clock.Local(local + ":00").In(clock.Copenhagen)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
