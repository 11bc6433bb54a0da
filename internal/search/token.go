package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a part of a text that is looked for by itself.
type token struct {
	text     string // small and composed, not folded
	hasSigns bool
}

// isWhole reports whether a token is found only as it is: "c++", "f#", "r&b", "♥", "!!!".
func (t token) isWhole() bool { return t.hasSigns }

// isSmall reports whether a token says nothing beside others: one letter, or only signs.
func (t token) isSmall() bool {
	if t.hasSigns {
		return !strings.ContainsFunc(t.text, isWordPart)
	}
	r, size := utf8.DecodeRuneInString(t.text)
	return size == len(t.text) && !isDigit(r)
}

func isWordPart(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

func isDigit(r rune) bool { return unicode.IsDigit(r) }

// maxSigns is how many characters a token with signs may have.
const maxSigns = 12

// tokens are the words of a text, and its names of signs. A sign belongs to a name if all letters
// around it stand alone ("r&b"); "kage+kaffe" are two words.
func tokens(s string) []token {
	var list []token
	for field := range strings.FieldsSeq(lower(s)) {
		parts := strings.FieldsFunc(field, func(r rune) bool { return unicode.IsPunct(r) && !strings.ContainsRune("#&*@%", r) })
		if len(parts) == 0 { // only punctuation
			parts = []string{field}
		}
		for _, part := range parts {
			list = append(list, split(part)...)
		}
	}
	return list
}

func split(part string) []token {
	words := strings.FieldsFunc(part, func(r rune) bool { return !isWordPart(r) })
	longest := 0
	for _, w := range words {
		longest = max(longest, utf8.RuneCountInString(w))
	}
	hasSigns := strings.ContainsFunc(part, func(r rune) bool { return !isWordPart(r) })
	if hasSigns && longest < minBegin && utf8.RuneCountInString(part) <= maxSigns {
		list := []token{{text: part, hasSigns: true}}
		for _, w := range words { // "c" finds "c++"
			list = append(list, token{text: w})
		}
		return list
	}
	list := make([]token, len(words))
	for i, w := range words {
		list[i] = token{text: w}
	}
	return list
}
