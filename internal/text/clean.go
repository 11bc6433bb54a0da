package text

import (
	"strings"
	"unicode"
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

// Clean checks a text that a person wrote and returns its tidy form: composed (NFC), and without
// blanks at either end. A text of one line is refused if it holds anything that is not seen and is not
// needed to write it, and what parts its words becomes one blank. From a text of several lines, into which people
// paste, such marks are dropped if they are harmless, and its lines end in "\n". A text that may be empty
// and shows nothing becomes empty.
func Clean(p *fault.Problems, field, s string, limits Limits) string {
	s = withoutHarmless(s, limits.Lines)
	switch {
	case isUnusable(s, limits.Lines):
		p.Add(fault.Invalid(field, "text.characters"))
		return s
	case strings.ContainsFunc(s, turns):
		p.Add(fault.Invalid(field, "text.invisible"))
		return s
	}
	s = strings.TrimSpace(norm.NFC.String(s))
	if !limits.Lines {
		s = oneBlank(s)
	}
	if !strings.ContainsFunc(s, isSeen) {
		if limits.Min > 0 {
			p.Add(fault.Invalid(field, "text.empty"))
			return s
		}
		return ""
	}
	switch n := Length(s); {
	case beginsWithMark(s):
		p.Add(fault.Invalid(field, "text.characters"))
	case hasStrayInvisible([]rune(s)):
		p.Add(fault.Invalid(field, "text.invisible"))
	case n < limits.Min:
		p.Add(fault.Invalid(field, "text.short").With("Min", limits.Min))
	case n > limits.Max:
		p.Add(fault.Invalid(field, "text.long").With("Max", limits.Max))
	}
	return s
}

// isUnusable reports whether a text has characters that no text may have.
func isUnusable(s string, lines bool) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return isForbidden(r, lines) }) || hasPiledMarks(s)
}

// withoutHarmless is a text without what comes along when it is copied, and with line ends of one kind. In a line
// only marks of direction are dropped, and only if its letters have another direction than Danish ones.
func withoutHarmless(s string, lines bool) string {
	switch {
	case !utf8.ValidString(s):
		return s
	case lines:
		return strings.Map(dropHarmless, lineEnds.Replace(s))
	case strings.ContainsFunc(s, isFromRight):
		return strings.Map(dropDirection, s)
	}
	return s
}

// lineEnds makes the ways to end a line one.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// dropHarmless drops what comes along when a paragraph is copied from a page or a letter: hints where a
// word may break, a byte order mark, and marks of direction that change no order by themselves.
func dropHarmless(r rune) rune {
	switch r {
	case softHyphen, '\u200b', '\u2060', '\ufeff':
		return -1
	}
	return dropDirection(r)
}

func dropDirection(r rune) rune {
	switch r {
	case '\u200e', '\u200f', '\u061c':
		return -1
	}
	return r
}

// oneBlank parts the words of a line by one blank each. A blank at which no line may end stays.
func oneBlank(s string) string {
	var b strings.Builder
	blanks := []rune{}
	for _, r := range s {
		if unicode.IsSpace(r) {
			blanks = append(blanks, r)
			continue
		}
		if len(blanks) == 1 && (blanks[0] == noBreak || blanks[0] == narrowNoBreak) {
			b.WriteRune(blanks[0])
		} else if len(blanks) > 0 {
			b.WriteByte(' ')
		}
		blanks = blanks[:0]
		b.WriteRune(r)
	}
	return b.String()
}

const (
	softHyphen    = '\u00ad'
	noBreak       = '\u00a0'
	narrowNoBreak = '\u202f'
)
