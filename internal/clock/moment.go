package clock

import (
	"strings"
	"time"
)

// Moment is an instant with the zone by whose clock it was set, such as the start of an event
// somewhere. A deadline belongs to no place, and has no zone.
type Moment struct {
	At   time.Time
	Zone Zone
	// IsDay says that the whole day is meant on which the instant lies in the zone.
	IsDay bool
}

// dayTag stands behind the zone of a moment that is a whole day.
const dayTag = "[_day=1]"

// String is the moment as RFC 9557 writes it: "2026-06-01T12:00:00-04:00[America/New_York]", or
// "2026-06-01T16:00:00Z" without a zone. A whole day has a tag of its own.
func (m Moment) String() string {
	if m.Zone == "" {
		return m.At.UTC().Format(time.RFC3339)
	}
	text := m.Zone.At(m.At).Format(time.RFC3339) + "[" + string(m.Zone) + "]"
	if m.IsDay {
		text += dayTag
	}
	return text
}

// ParseMoment reads what String writes; ok is false for anything else. A zone that only a newer version
// knows is left out.
func ParseMoment(s string) (m Moment, ok bool) {
	s, m.IsDay = strings.CutSuffix(s, dayTag)
	instant, zone, hasZone := strings.Cut(s, "[")
	at, err := time.Parse(time.RFC3339, instant)
	name, isClosed := strings.CutSuffix(zone, "]")
	m.At, m.Zone = at.UTC(), Zone(name).Or("")
	m.IsDay = m.IsDay && m.Zone != ""
	return m, err == nil && hasZone == isClosed && hasZone == (name != "")
}

// Moments writes several moments in one text.
func Moments(list []Moment) string {
	texts := make([]string, len(list))
	for i, m := range list {
		texts[i] = m.String()
	}
	return strings.Join(texts, " ")
}

// Move is a moment in place of another one; From is zero if there was none.
type Move struct{ From, To Moment }

// Moves writes several moves in one text. Moves without From are written as Moments writes them.
func Moves(list []Move) string {
	texts := make([]string, len(list))
	for i, m := range list {
		texts[i] = m.To.String()
		if !m.From.At.IsZero() {
			texts[i] = m.From.String() + ">" + texts[i]
		}
	}
	return strings.Join(texts, " ")
}

// ParseMoves reads what Moves and Moments write. It leaves out what is neither.
func ParseMoves(s string) []Move {
	var list []Move
	for _, text := range strings.Fields(s) {
		from, to, isMove := strings.Cut(text, ">")
		if !isMove {
			from, to = "", text
		}
		m, ok := Move{}, false
		if m.To, ok = ParseMoment(to); !ok {
			continue
		}
		if from, ok := ParseMoment(from); ok {
			m.From = from
		}
		list = append(list, m)
	}
	return list
}

// At is an instant by the clock of the zone.
func (z Zone) At(t time.Time) time.Time { return t.In(z.location()) }

// Agrees reports whether the clocks of two zones show the same at an instant.
func (z Zone) Agrees(other Zone, t time.Time) bool {
	return LocalOf(t, z) == LocalOf(t, other)
}
