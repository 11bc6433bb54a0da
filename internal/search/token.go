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

// isJoint reports whether a sign stands inside words that others write as one: "it-café", "70'erne", "node.js".
func isJoint(r rune) bool {
	return unicode.Is(unicode.Pd, r) || strings.ContainsRune("'’ʼ`´.", r) || r == zeroWidthNonJoiner
}

const zeroWidthNonJoiner = '\u200c'

// maxSigns is how many characters of a token with signs count.
const maxSigns = 12

// fields are the parts of a text between its blanks, in the form in which their letters are compared.
func fields(s string) []string { return strings.Fields(lower(s)) }

// tokens are the words of a text, and its names of signs.
func tokens(s string) []token {
	var list []token
	for _, field := range fields(s) {
		list = append(list, tokensOf(field)...)
	}
	return list
}

// tokensOf are the words of one field, and its names of signs. A sign belongs to a name if all letters
// around it stand alone ("r&b"); "kage+kaffe" are two words.
func tokensOf(field string) []token {
	parts := strings.FieldsFunc(field, func(r rune) bool {
		return unicode.IsPunct(r) && !strings.ContainsRune("#&*@%", r) || isJoint(r)
	})
	if len(parts) == 0 { // only punctuation
		parts = []string{field}
	}
	var list []token
	for _, part := range parts {
		list = append(list, split(part)...)
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
	if hasSigns && longest < minBegin {
		runes := []rune(part)
		list := []token{{text: string(runes[:min(len(runes), maxSigns)]), hasSigns: true}}
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

// alsoIn are more tokens by which a document with this field is found: the word that others write without
// a sign in it ("itcafé" for "it-café"), its numbers ("19" for "covid19"), and its pictures.
func alsoIn(field string) []token {
	var list []token
	if word := strings.Map(withoutJoint, field); word != field {
		list = tokensOf(word)
	}
	if strings.ContainsFunc(field, unicode.IsLetter) {
		for _, number := range strings.FieldsFunc(field, func(r rune) bool { return !isDigit(r) }) {
			list = append(list, token{text: number})
		}
	}
	for _, run := range strings.FieldsFunc(field, func(r rune) bool { return !unicode.Is(unicode.So, r) }) {
		list = append(list, token{text: run, hasSigns: true})
		for _, r := range run {
			list = append(list, token{text: string(r), hasSigns: true})
		}
	}
	return list
}

func withoutJoint(r rune) rune {
	if isJoint(r) {
		return -1
	}
	return r
}
