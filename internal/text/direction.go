package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

const (
	firstStrong = "\u2068" // begins a part that has a direction of its own, that of its first letter
	endOfPart   = "\u2069"
)

// isFromRight reports whether a letter is written from right to left, as in Arabic or Hebrew.
func isFromRight(r rune) bool {
	properties, _ := bidi.LookupRune(r)
	return unicode.IsLetter(r) && (properties.Class() == bidi.R || properties.Class() == bidi.AL)
}

// Among is a text as it can stand among words of another language. An Arabic name would turn a Danish sentence
// that begins with it, and the number behind it; so it is marked as a part of its own. Other texts
// stay as they are. Nobody stores the marks: Clean refuses them.
func Among(s string) string {
	if !strings.ContainsFunc(s, isFromRight) {
		return s
	}
	return firstStrong + s + endOfPart
}

// Alone is what Among was given, if the sentence has no other words.
func Alone(sentence string) string {
	inside, begins := strings.CutPrefix(sentence, firstStrong)
	inside, ends := strings.CutSuffix(inside, endOfPart)
	if begins && ends && !strings.ContainsAny(inside, firstStrong+endOfPart) {
		return inside
	}
	return sentence
}
