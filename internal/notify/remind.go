package notify

import (
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/clock"
)

// dayBeforeAt is when the reminder of the day before comes.
const dayBeforeAt clock.Daily = "18:00"

// At is when the reminder on an offset comes for a start: by the clock on the wall
// where the offset is days away, by the hour where it is not.
func (r ReminderOffset) At(start time.Time, zone clock.Zone) time.Time {
	daysBefore := func(n int) string { return clock.DayBefore(start, zone, n) }
	switch r {
	case OffsetWeekBefore:
		return clock.On(daysBefore(7), zone, clock.TimeOfDay(start, zone))
	case OffsetDayBefore:
		return clock.On(daysBefore(1), zone, dayBeforeAt)
	case OffsetTwoHours:
		return start.Add(-2 * time.Hour)
	case OffsetHalfAnHour:
		return start.Add(-30 * time.Minute)
	}
	panic("notify: unknown offset " + string(r))
}

// TidyOffsets puts offsets in order, each once; nil stays nil.
func TidyOffsets(list []ReminderOffset) []ReminderOffset {
	if list == nil {
		return nil
	}
	tidy := []ReminderOffset{}
	for _, r := range ReminderOffsets {
		if slices.Contains(list, r) {
			tidy = append(tidy, r)
		}
	}
	return tidy
}

// Ahead are the offsets whose instant for a start is still to come.
func Ahead(start time.Time, zone clock.Zone, now time.Time) map[ReminderOffset]time.Time {
	ahead := map[ReminderOffset]time.Time{}
	for _, r := range ReminderOffsets {
		if at := r.At(start, zone); at.After(now) {
			ahead[r] = at
		}
	}
	return ahead
}

// ReminderKey names a reminder: what starts, when, and the offset. Moved, it is
// another one.
func ReminderKey(subject string, r ReminderOffset, start time.Time) string {
	return Key(subject, "reminder", string(r)+":"+strconv.FormatInt(start.Unix(), 10))
}
