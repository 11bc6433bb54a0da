package privacy

import (
	"fmt"
	"time"
)

// For is a time for which something is kept, in words: "2 years", "90 days", "24 hours". Entries make their
// words of the constants that the program goes by, so that the register says what is done.
func For(span time.Duration) string {
	const day = 24 * time.Hour
	for _, unit := range []struct {
		name string
		span time.Duration
	}{{"year", 365 * day}, {"day", day}, {"hour", time.Hour}, {"minute", time.Minute}} {
		n := span / unit.span
		switch {
		case n < 1 || span%unit.span != 0 || unit.span == day && n == 1:
			continue
		case n == 1:
			return "1 " + unit.name
		}
		return fmt.Sprintf("%d %ss", n, unit.name)
	}
	return span.String()
}

// UpTo is a time within which something ends, in words, and in whole minutes: "43 minutes".
func UpTo(span time.Duration) string {
	return For((span + time.Minute - 1).Truncate(time.Minute))
}
