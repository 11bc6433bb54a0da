package certificate

import (
	"math"
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
)

// Reason says why a certificate is worth nothing, or that its holder is erased; empty for a valid one.
func (s *Service) Reason(c *Certificate, l i18n.Language) string { return s.reason(c, c.State(), l) }

// Presence says how many of the sessions the holder attended, and how long.
func (c *Certificate) Presence(l i18n.Language) string { return attendedIn(l, c) }

// reason says why a certificate in that state is worth nothing, or that its holder is erased; empty for a valid one.
func (s *Service) reason(c *Certificate, state State, l i18n.Language) string {
	words := map[string]any{}
	switch state {
	case StateValid:
		return ""
	case StateRevoked:
		words["Day"] = Day(l, c.TimeZone, *c.RevokedAt)
		if c.RevokedReason != nil {
			words["Reason"] = *c.RevokedReason
		}
	case StateReplaced:
		words["URL"] = s.PublicURL + Path + c.NewCode
	}
	return i18n.Translate(l, "page.certificate.state."+strings.ToLower(string(state)), words)
}

// Day is a date as people write it, always with the year.
func Day(l i18n.Language, zone clock.Zone, at time.Time) string {
	return i18n.Date(l, zone.At(at))
}

// Span is when the course of a certificate was.
func (c *Certificate) Span(l i18n.Language) string {
	return i18n.Dates(l, c.TimeZone.At(c.StartsAt), c.TimeZone.At(c.EndsAt.Add(-1)))
}

// Hours are how long the sessions took that the person attended: "7,5", in English "7.5".
func (c *Certificate) Hours(l i18n.Language) string {
	hours := strconv.FormatFloat(math.Round(float64(c.Minutes)/minutesOfHour*100)/100, 'f', -1, 64) //nolint:mnd // two decimals
	if l == i18n.Danish {
		hours = strings.ReplaceAll(hours, ".", ",")
	}
	return hours
}

func learnedIn(l i18n.Language, title string, skills []string) string {
	return i18n.Translate(l, "page.certificate.about", map[string]any{"Title": title, "Skills": strings.Join(skills, ", ")})
}

func attendedIn(l i18n.Language, c *Certificate) string {
	words := map[string]any{"Attended": c.Attended, "Sessions": c.Sessions, "Hours": c.Hours(l)}
	if c.Sessions == 1 {
		words["OneSession"] = "1"
	}
	if c.Minutes == minutesOfHour || l == i18n.Danish && c.Minutes < minutesOfHour { // "0,5 time", and "0.5 hours"
		words["OneHour"] = "1"
	}
	return i18n.Translate(l, "page.certificate.attended", words)
}
