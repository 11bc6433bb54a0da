package notify

import (
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/clock"
)

// dayBeforeAt is when the reminder of the day before comes.
const dayBeforeAt clock.Daily = "18:00"

// At is when the reminder on a rung comes for a start: by the clock on the wall
// where the rung is days away, by the hour where it is not.
func (r Rung) At(start time.Time, zone clock.Zone) time.Time {
	daysBefore := func(n int) string { return clock.DayBefore(start, zone, n) }
	switch r {
	case RungWeekBefore:
		return clock.On(daysBefore(7), zone, clock.TimeOfDay(start, zone))
	case RungDayBefore:
		return clock.On(daysBefore(1), zone, dayBeforeAt)
	case RungTwoHours:
		return start.Add(-2 * time.Hour)
	case RungHalfAnHour:
		return start.Add(-30 * time.Minute)
	}
	panic("notify: unknown rung " + string(r))
}

// TidyRungs puts rungs in order, each once; nil stays nil.
func TidyRungs(list []Rung) []Rung {
	if list == nil {
		return nil
	}
	tidy := []Rung{}
	for _, r := range Rungs {
		if slices.Contains(list, r) {
			tidy = append(tidy, r)
		}
	}
	return tidy
}

// Ahead are the rungs whose instant for a start is still to come.
func Ahead(start time.Time, zone clock.Zone, now time.Time) map[Rung]time.Time {
	ahead := map[Rung]time.Time{}
	for _, r := range Rungs {
		if at := r.At(start, zone); at.After(now) {
			ahead[r] = at
		}
	}
	return ahead
}

// ReminderKey names a reminder: what starts, when, and the rung. Moved, it is
// another one.
func ReminderKey(subject string, r Rung, start time.Time) string {
	return Key(subject, "reminder", string(r)+":"+strconv.FormatInt(start.Unix(), 10))
}
