package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"faellesskab/internal/fault"
)

// Limits are how many characters a text may have, and whether it may have
// several lines.
type Limits struct {
	Min, Max int
	Lines    bool
}

// The limits that more than one noun uses; the schema's descriptions say them.
var (
	Line      = Limits{Min: 1, Max: 120}
	Paragraph = Limits{Min: 0, Max: 5000, Lines: true}
)

// Clean checks a text that a person wrote and returns its tidy form: composed (NFC), and without
// blanks at either end. It refuses control characters, invalid UTF-8 and replacement characters
// (which lone surrogates become). It does not remove them, so that nothing is lost silently.
func Clean(p *fault.Problems, field, s string, limits Limits) string {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return isForbidden(r, limits.Lines) }) {
		p.Add(fault.Invalid(field, "text.characters"))
		return s
	}
	s = strings.TrimSpace(norm.NFC.String(s))
	switch n := utf8.RuneCountInString(s); {
	case limits.Min > 0 && !strings.ContainsFunc(s, isSeen):
		p.Add(fault.Invalid(field, "text.empty"))
	case n < limits.Min:
		p.Add(fault.Invalid(field, "text.short").With("Min", limits.Min))
	case n > limits.Max:
		p.Add(fault.Invalid(field, "text.long").With("Max", limits.Max))
	}
	return s
}

// isSeen reports whether a character is visible. A name without any would show nothing on the
// screen.
func isSeen(r rune) bool {
	const blankBraille, hangulFiller, halfHangulFiller = '\u2800', '\u3164', '\uffa0'
	switch r {
	case blankBraille, hangulFiller, halfHangulFiller, '\u115f', '\u1160':
		return false
	}
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r)
}

func isForbidden(r rune, lines bool) bool {
	switch r {
	case '\n', '\r', '\t':
		return !lines
	case utf8.RuneError:
		return true
	}
	// Bidirectional overrides can make a text read as something it is not.
	return unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
