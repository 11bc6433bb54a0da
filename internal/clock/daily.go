package clock

import "time"

// dayLayout is the date and timeLayout the time of day in a Local.
const (
	dayLayout  = "2006-01-02"
	timeLayout = "15:04"
)

// IsTimeOfDay reports whether s is a time by the clock on the wall: "18:00".
func IsTimeOfDay(s string) bool {
	t, err := time.Parse(timeLayout, s)
	return err == nil && t.Format(timeLayout) == s
}

// Day is the date on the calendar of a zone at an instant: "2026-12-01".
func Day(t time.Time, z Zone) string { return t.In(z.location()).Format(dayLayout) }

// TimeOfDay is what the clock on the wall of a zone shows at an instant:
// "18:00".
func TimeOfDay(t time.Time, z Zone) string { return t.In(z.location()).Format(timeLayout) }

// NextAt is the first instant after t at which the clock on the wall of a zone
// shows that time of day. On the night on which the time does not exist it is
// the instant at which the clock has been put forward past it.
func NextAt(t time.Time, z Zone, timeOfDay string) time.Time {
	for day := range 3 {
		date := t.In(z.location()).AddDate(0, 0, day).Format(dayLayout)
		if at := On(date, z, timeOfDay); at.After(t) {
			return at
		}
	}
	panic("clock: no day in three has " + timeOfDay)
}

// On is the instant at which the clock on the wall of a zone shows a time of day
// on a date. A time that does not exist on it is taken an hour later.
func On(date string, z Zone, timeOfDay string) time.Time {
	at, err := Local(date + "T" + timeOfDay + ":00").In(z)
	if err != nil {
		// Go reads a time that is skipped with the offset of one of both sides.
		at, _ = time.ParseInLocation(localLayout, date+"T"+timeOfDay+":00", z.location())
		return at.UTC()
	}
	return at
}
