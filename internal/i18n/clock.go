package i18n

import (
	"strings"

	"faellesskab/internal/clock"
)

// FormatClock writes a time of day as people say it: "kl. 8.00", or in English "08:00".
func FormatClock(l Language, at clock.Daily) string {
	if l == English {
		return string(at)
	}
	hour, minute, _ := strings.Cut(string(at), ":")
	if hour = strings.TrimPrefix(hour, "0"); hour == "" {
		hour = "0"
	}
	return "kl. " + hour + "." + minute
}
