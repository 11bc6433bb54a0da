package clock

import (
	"io"
	"time"

	"faellesskab/internal/fault"
)

// dayLayout is the date and timeLayout the time of day in a Local.
const (
	dayLayout  = "2006-01-02"
	timeLayout = "15:04"
)

// Daily is a time by the clock on the wall, without a date: "18:00". It sorts as
// a string. The zero value is no time.
type Daily string

// ParseDaily reads "18:00". Returns Invalid for anything else.
func ParseDaily(s string) (Daily, error) {
	t, err := time.Parse(timeLayout, s)
	if err != nil || t.Format(timeLayout) != s {
		return "", fault.Invalid("", "time.of_day")
	}
	return Daily(s), nil
}

// Or is the time of day, or the other one if it is the zero value.
func (d Daily) Or(other Daily) Daily {
	if _, err := ParseDaily(string(d)); err != nil {
		return other
	}
	return d
}

// MarshalGQL writes the scalar TimeOfDay.
func (d Daily) MarshalGQL(w io.Writer) { writeQuoted(w, string(d)) }

// UnmarshalGQL reads the scalar TimeOfDay. Returns Invalid.
func (d *Daily) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return fault.Invalid("", "time.of_day")
	}
	parsed, err := ParseDaily(s)
	*d = parsed
	return err
}

// Day is the date on the calendar of a zone at an instant: "2026-12-01".
func Day(t time.Time, z Zone) string { return t.In(z.location()).Format(dayLayout) }

// DayBefore is the date a number of days before the day on which an instant lies.
func DayBefore(t time.Time, z Zone, days int) string {
	return t.In(z.location()).AddDate(0, 0, -days).Format(dayLayout)
}

// TimeOfDay is what the clock on the wall of a zone shows at an instant:
// "18:00".
func TimeOfDay(t time.Time, z Zone) Daily { return Daily(t.In(z.location()).Format(timeLayout)) }

// NextAt is the first instant after t at which the clock on the wall of a zone shows that time
// of day. On a night on which the time does not exist, it is the instant at which the clock is put
// forward past it.
func NextAt(t time.Time, z Zone, timeOfDay Daily) time.Time {
	for day := range 3 {
		date := t.In(z.location()).AddDate(0, 0, day).Format(dayLayout)
		if at := On(date, z, timeOfDay); at.After(t) {
			return at
		}
	}
	panic("clock: no day in three has " + string(timeOfDay))
}

// On is the instant at which the clock on the wall of a zone shows a time of day on a date, the first one
// of two. A time that is skipped on that date counts as one that is as much later.
func On(date string, z Zone, timeOfDay Daily) time.Time {
	at, err := timeOfDay.on(date).Shown(z).In(z)
	if err != nil {
		panic("clock: " + date + " " + string(timeOfDay) + " is no time")
	}
	return at
}

// Again is the second instant at which the clock on the wall of a zone shows a time of day on a
// date. ok is true only for a time that comes twice when the clock is put back.
func Again(date string, z Zone, timeOfDay Daily) (at time.Time, ok bool) {
	if instants := timeOfDay.on(date).instants(z); len(instants) == 2 {
		return instants[1], true
	}
	return time.Time{}, false
}

// on is the time of day on a date.
func (d Daily) on(date string) Local { return Local(date + "T" + string(d) + ":00") }
