// Package search turns texts into the terms they can be found by.
//
// A document keeps an array of terms, which are the beginnings of its folded words. A query becomes
// the stems of its words. A stem is a beginning of its word, so it finds other forms of the word
// ("kurserne" finds "kurser"), words that are typed only in part, and compounds. All stems must be
// in the array. So search needs only a plain index over an array, and no text of a user is ever part
// of a pattern.
package search

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"golang.org/x/text/unicode/norm"
)

const (
	minPrefix = 2
	maxPrefix = 12
	maxTerms  = 400 // a bound on the index entries of one document
	maxWords  = 6   // a bound on the terms of one query
)

// Terms are the terms by which a document with these texts can be found, sorted. The most important
// text must come first, since only the beginning of very long texts counts.
func Terms(texts ...string) []string {
	set := map[string]bool{}
	for _, text := range texts {
		for _, word := range words(text) {
			runes := []rune(word)
			for n := minPrefix; n <= min(len(runes), maxPrefix) && len(set) < maxTerms; n++ {
				set[string(runes[:n])] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// Query are the terms that a document must all have to match what a person typed, sorted; nil if
// there is nothing to search for. Words of one character, and words after the sixth, do not count.
func Query(typed string) []string {
	ws := slices.DeleteFunc(words(typed), func(w string) bool { return utf8.RuneCountInString(w) < minPrefix })
	var terms []string
	for _, w := range ws[:min(len(ws), maxWords)] {
		runes := []rune(stem(w))
		terms = append(terms, string(runes[:min(len(runes), maxPrefix)]))
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

func words(text string) []string {
	return strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// fold makes letters lower case and removes their accents, because people leave them out ("cafe" is
// "café"). The å is a letter of its own.
func fold(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFC.String(text)) {
		if r < utf8.RuneSelf || r == 'å' {
			b.WriteRune(r)
			continue
		}
		for _, part := range norm.NFD.String(string(r)) {
			if !unicode.Is(unicode.Mn, part) {
				b.WriteRune(part)
			}
		}
	}
	return b.String()
}

// stem only ever cuts off endings.
func stem(word string) string {
	env := snowballstem.NewEnv(word)
	danish.Stem(env)
	return env.Current()
}
