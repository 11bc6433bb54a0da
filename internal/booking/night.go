package booking

import (
	"context"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/notify"
)

// Night is the hours of the day, in the person's own zone, in which they are not asked. An offer
// does not end in them, and its push waits until they are over.
type Night struct {
	From, Until clock.Daily
	Zone        clock.Zone
}

// These are the hours of the night of people who allow pushes at any hour, since they may
// still be asleep.
const nightFrom, nightUntil clock.Daily = "21:00", "08:00"

// NightOf is the night of a person with these settings, where they are: their quiet hours.
func NightOf(s *notify.Settings) Night {
	from, until, ok := s.Quiet()
	if !ok {
		from, until = nightFrom, nightUntil
	}
	return Night{From: from, Until: until, Zone: s.TimeZone()}
}

func (s *Service) nightOf(ctx context.Context, personID string) (Night, error) {
	settings, err := s.Settings(ctx, personID)
	if err != nil {
		return Night{}, err
	}
	return NightOf(settings), nil
}

// covers reports whether an instant lies in a night.
func (n Night) covers(t time.Time) bool {
	at := clock.TimeOfDay(t, n.Zone)
	if n.From > n.Until { // over midnight
		return n.From <= at || at < n.Until
	}
	return n.From <= at && at < n.Until
}

// end is the end of the night in which an instant lies.
func (n Night) end(t time.Time) time.Time { return clock.NextAt(t, n.Zone, n.Until) }

// begin is the beginning of the night in which an instant lies.
func (n Night) begin(t time.Time) time.Time {
	if at := clock.On(clock.Day(t, n.Zone), n.Zone, n.From); !at.After(t) {
		return at
	}
	return clock.On(clock.DayBefore(t, n.Zone, 1), n.Zone, n.From)
}

// share is d, or half of the hours of a day outside the night, if that is shorter.
func (n Night) share(d time.Duration) time.Duration {
	const midnight clock.Daily = "00:00"
	ofDay := func(t clock.Daily) time.Duration {
		return clock.On(someDay, clock.Copenhagen, t).Sub(clock.On(someDay, clock.Copenhagen, midnight))
	}
	day := ofDay(n.From) - ofDay(n.Until)
	if day < 0 {
		day += 24 * time.Hour
	}
	return min(d, day/2)
}

// someDay is a day of 24 hours.
const someDay = "2026-01-01"
