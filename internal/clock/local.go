package clock

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sync"
	"time"

	// The zones come with the program, so that a small container knows them too.
	_ "time/tzdata"

	"faellesskab/internal/fault"
)

// localLayout is ISO 8601 without a zone.
const localLayout = "2006-01-02T15:04:05"

// Local is a time by the clock on the wall, without a zone:
// "2026-12-01T18:00:00". It sorts as a string. The zero value is no time.
type Local string

// ParseLocal reads "2026-12-01T18:00:00" or "2026-12-01T18:00". Returns
// Invalid for anything else.
func ParseLocal(s string) (Local, error) {
	for _, layout := range []string{localLayout, "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, s); err == nil && isYear(t.Year()) && len(s) == len(layout) {
			return Local(t.Format(localLayout)), nil
		}
	}
	return "", fault.Invalid("", "time.local")
}

// LocalOf is the wall-clock time in a zone at an instant.
func LocalOf(t time.Time, z Zone) Local { return Local(t.In(z.location()).Format(localLayout)) }

// In is the instant at which the clock on the wall of that zone shows this time; the first one in
// the hour that comes twice. Returns Invalid for a time that is skipped when summer time starts.
func (l Local) In(z Zone) (time.Time, error) {
	t, err := time.ParseInLocation(localLayout, string(l), z.location())
	if err != nil {
		return time.Time{}, fault.Invalid("", "time.local").Because(err)
	}
	if LocalOf(t, z) != l {
		return time.Time{}, fault.Invalid("", "time.skipped")
	}
	// Go does not promise which of the two instants it returns.
	if earlier := t.Add(-time.Hour); LocalOf(earlier, z) == l {
		t = earlier
	}
	return t.UTC(), nil
}

// MarshalGQL writes the scalar LocalDateTime.
func (l Local) MarshalGQL(w io.Writer) { writeQuoted(w, string(l)) }

// UnmarshalGQL reads the scalar LocalDateTime. Returns Invalid.
func (l *Local) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return fault.Invalid("", "time.local")
	}
	parsed, err := ParseLocal(s)
	*l = parsed
	return err
}

// Zone is a time zone by its IANA name.
type Zone string

// Copenhagen is the zone of the municipality.
const Copenhagen Zone = "Europe/Copenhagen"

var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$`)

// ParseZone checks the name of a zone. Returns Invalid if there is no such
// zone.
func ParseZone(s string) (Zone, error) {
	// "Local" and "" would mean the machine's own setting. "right/…", "posix/…" and
	// "localtime" are files of the machine and not names. "Factory" stands for a machine whose
	// zone is not set.
	if s == "Local" || s == "Factory" || !zoneName.MatchString(s) {
		return "", fault.Invalid("", "time.zone")
	}
	if _, err := time.LoadLocation(s); err != nil {
		return "", fault.Invalid("", "time.zone").Because(err)
	}
	return Zone(s), nil
}

// locations are the zones that have been read. They are kept, since reading one takes longer than
// a decision about a notice.
var locations sync.Map

// Or is the zone, or another one if this program knows no such zone.
func (z Zone) Or(other Zone) Zone {
	if _, ok := locations.Load(z); ok {
		return z
	}
	if _, err := ParseZone(string(z)); err != nil {
		return other
	}
	return z
}

func (z Zone) location() *time.Location {
	if loc, ok := locations.Load(z); ok {
		return loc.(*time.Location)
	}
	loc, err := time.LoadLocation(string(z))
	if err != nil {
		// A Zone is checked when it comes in, so a stored one is known.
		return time.UTC
	}
	locations.Store(z, loc)
	return loc
}

// MarshalGQL writes the scalar TimeZone.
func (z Zone) MarshalGQL(w io.Writer) { writeQuoted(w, string(z)) }

// UnmarshalGQL reads the scalar TimeZone. Returns Invalid.
func (z *Zone) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return fault.Invalid("", "time.zone")
	}
	parsed, err := ParseZone(s)
	*z = parsed
	return err
}

func writeQuoted(w io.Writer, s string) {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(errors.Join(errors.New("a string always marshals"), err))
	}
	fmt.Fprintf(w, "%s", raw)
}
