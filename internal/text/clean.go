package text

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"faellesskab/internal/fault"
)

// Limits are how many characters a text may have, as a reader counts them (see Length), and whether it
// may have several lines.
type Limits struct {
	Min, Max int
	Lines    bool
}

// The limits that more than one noun uses; the schema's descriptions say them.
var (
	Line      = Limits{Min: 1, Max: 120}
	Paragraph = Limits{Min: 0, Max: 5000, Lines: true}
)

// maxPerCharacter is how many code points a text may have for each character that it may have. The
// longest picture in use has eleven; without a bound, one "character" could be as long as a book.
const maxPerCharacter = 12

// Clean checks a text that a person wrote and returns its tidy form: composed (NFC), and without
// blanks at either end. A text of one line is refused if it holds anything that is not seen and is not
// needed to write it. From a text of several lines, into which people paste, such marks are dropped if
// they are harmless, and its lines end in "\n". A text that may be empty and shows nothing becomes empty.
func Clean(p *fault.Problems, field, s string, limits Limits) string {
	if limits.Lines && utf8.ValidString(s) {
		s = strings.Map(dropHarmless, lineEnds.Replace(s))
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return isForbidden(r, limits.Lines) }) || hasPiledMarks(s) {
		p.Add(fault.Invalid(field, "text.characters"))
		return s
	}
	s = strings.TrimSpace(norm.NFC.String(s))
	if !strings.ContainsFunc(s, isSeen) {
		if limits.Min > 0 {
			p.Add(fault.Invalid(field, "text.empty"))
			return s
		}
		return ""
	}
	if hasStrayInvisible([]rune(s)) {
		p.Add(fault.Invalid(field, "text.invisible"))
		return s
	}
	switch n := Length(s); {
	case n < limits.Min:
		p.Add(fault.Invalid(field, "text.short").With("Min", limits.Min))
	case n > limits.Max, utf8.RuneCountInString(s) > maxPerCharacter*limits.Max:
		p.Add(fault.Invalid(field, "text.long").With("Max", limits.Max))
	}
	return s
}

// lineEnds makes the ways to end a line one.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// dropHarmless drops what comes along when a paragraph is copied from a page or a letter: hints where a
// word may break, a byte order mark, and marks of direction that change no order by themselves.
func dropHarmless(r rune) rune {
	switch r {
	case softHyphen, '\u200b', '\u200e', '\u200f', '\u061c', '\u2060', '\ufeff':
		return -1
	}
	return r
}

const softHyphen = '\u00ad'
