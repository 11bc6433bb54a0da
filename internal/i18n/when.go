package i18n

import (
	"fmt"
	"time"
)

var (
	danishDays   = [...]string{"søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"}
	danishMonths = [...]string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
		"oktober", "november", "december"}
)

// FormatLocal writes a local date and time ("2026-12-01T18:00:00") as people say it: "tirsdag 1.
// december kl. 18.00", or in English "Tuesday 1 December at 18:00". It leaves out the year, because
// news is about dates that are near. It is empty if local is malformed.
func FormatLocal(l Language, local string) string {
	t, err := time.Parse("2006-01-02T15:04:05", local)
	if err != nil {
		return ""
	}
	if l == English {
		return t.Format("Monday 2 January at 15:04")
	}
	return fmt.Sprintf("%s %d. %s kl. %s", danishDays[t.Weekday()], t.Day(), danishMonths[t.Month()-1], t.Format("15.04"))
}
