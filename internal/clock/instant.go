package clock

import (
	"regexp"
	"time"

	"faellesskab/internal/fault"
)

// instant matches RFC 3339 with capital letters: a date, a time of day and an offset, all within
// their bounds. Go's own parser accepts more.
var instant = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// The years that are accepted. A time in another year is surely a mistake.
const firstYear, lastYear = 1900, 2999

func isYear(y int) bool { return y >= firstYear && y <= lastYear }

// ParseInstant reads "2026-12-01T18:00:00Z" or "2026-12-01T19:00:00+01:00", in the
// form in which the database keeps it. Returns Invalid for anything else.
func ParseInstant(s string) (time.Time, error) {
	if !instant.MatchString(s) {
		return time.Time{}, fault.Invalid("", "time.instant")
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || !isYear(t.UTC().Year()) {
		return time.Time{}, fault.Invalid("", "time.instant").Because(err)
	}
	return Trim(t), nil
}

// ReadInstant is ParseInstant for a value of any type.
func ReadInstant(value any) (time.Time, error) {
	s, _ := value.(string)
	return ParseInstant(s)
}
