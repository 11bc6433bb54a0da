package notify

import (
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/clock"
)

// dayBeforeAt is when the reminder of the day before comes.
const dayBeforeAt clock.Daily = "18:00"

// At is when the reminder for a start comes. An offset of days goes by the clock on the
// wall, an offset of hours by elapsed time.
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

// TidyOffsets sorts offsets and drops duplicates and unknown ones; nil stays nil.
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

// Ahead are the offsets of a start whose reminders are still to come, with their
// instants.
func Ahead(start time.Time, zone clock.Zone, now time.Time) map[ReminderOffset]time.Time {
	ahead := map[ReminderOffset]time.Time{}
	for _, r := range ReminderOffsets {
		if at := r.At(start, zone); at.After(now) {
			ahead[r] = at
		}
	}
	return ahead
}

// Chosen are the offsets that were chosen; the defaults if nothing was said, which is nil.
func Chosen(list []ReminderOffset) []ReminderOffset {
	if list == nil {
		return DefaultOffsets
	}
	return list
}

// ReminderArgsOf are the args of a reminder of the start of what was booked, of which these offsets were chosen.
func ReminderArgsOf(r ReminderOffset, start time.Time, booked string, chosen []ReminderOffset) Args {
	return ArgsOf(ReminderArgs{Offset: r, StartsAt: start, IsOptional: !slices.Contains(chosen, r), Booked: booked})
}

// ReminderKey names a reminder by what starts, when, and the offset. If the start
// moves, it is another reminder.
func ReminderKey(subject string, r ReminderOffset, start time.Time) string {
	return Key(subject, "reminder", string(r)+":"+strconv.FormatInt(start.Unix(), 10))
}
