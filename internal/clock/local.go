package clock

import (
	"encoding/json"
	"errors"
	"io"
	"time"

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

// In is the instant at which the clock on the wall of that zone shows this time; the first one of
// a time that comes twice. Returns Invalid for a time that is skipped when summer time starts.
func (l Local) In(z Zone) (time.Time, error) {
	if _, err := time.Parse(localLayout, string(l)); err != nil {
		return time.Time{}, fault.Invalid("", "time.local").Because(err)
	}
	instants := l.instants(z)
	if len(instants) == 0 {
		return time.Time{}, fault.Invalid("", "time.skipped")
	}
	return instants[0], nil
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

// Zone is a time zone by its IANA name; see zones.go.
type Zone string

// Copenhagen is the zone of the municipality.
const Copenhagen Zone = "Europe/Copenhagen"

// ParseZone checks the name of a zone: that of a region by IANA, spelled exactly so, or UTC. What
// the machine has in its files plays no part. Returns Invalid if there is no such zone.
func ParseZone(s string) (Zone, error) {
	if z := Zone(s); z.isKnown() {
		return z, nil
	}
	return "", fault.Invalid("", "time.zone")
}

// Or is the zone, or another one if this program knows no such zone.
func (z Zone) Or(other Zone) Zone {
	if z.isKnown() {
		return z
	}
	return other
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
	_, _ = w.Write(raw) // the answer is written to memory
}
