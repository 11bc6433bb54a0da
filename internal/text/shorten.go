package text

import (
	"strings"

	"github.com/rivo/uniseg"
)

// dots end a text that was shortened.
const dots = "…"

// Length is how many characters a reader counts in a text: a letter with its accents is one, and so
// is a family that is drawn as one picture.
func Length(s string) int { return uniseg.GraphemeClusterCount(s) }

// Shorten is a text of at most that many characters, as a reader counts them. A longer one is cut
// between two words if there is a blank in its second half, and ends with dots.
func Shorten(s string, most int) string {
	if len(s) <= most || Length(s) <= most {
		return s
	}
	var cut, blank, n int
	for g := uniseg.NewGraphemes(s); n < most && g.Next(); n++ {
		start, _ := g.Positions()
		cut = start
		if n > most/2 && (g.Str() == " " || g.Str() == "\n") {
			blank = start
		}
	}
	if blank > 0 {
		cut = blank
	}
	return s[:cut] + dots
}

// FitBytes is a text of at most that many bytes. A longer one is cut between two characters, as a
// reader sees them, and ends with dots if these fit.
func FitBytes(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := dots
	if most < len(dots) {
		end = ""
	}
	cut := 0
	for g := uniseg.NewGraphemes(s); g.Next(); {
		_, to := g.Positions()
		if to > most-len(end) {
			break
		}
		cut = to
	}
	return strings.TrimRight(s[:cut], " ") + end
}

// FitWords is FitBytes that cuts between two words if there is a blank in its second half.
func FitWords(s string, most int) string {
	if len(s) <= most {
		return s
	}
	cut, isCut := strings.CutSuffix(FitBytes(s, most), dots)
	if !isCut {
		return cut
	}
	goesOn := s[len(cut)] != ' ' && s[len(cut)] != '\n'
	if blank := strings.LastIndexAny(cut, " \n"); goesOn && blank > most/2 {
		cut = strings.TrimRight(cut[:blank], " \n")
	}
	return cut + dots
}
