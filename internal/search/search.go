// Package search turns texts into the terms they can be found by.
//
// A document keeps an array of terms: the first letters of its folded words, and every four letters
// that follow each other in one. A query becomes the stems of its words, and each of these becomes a
// few of its fours. So it finds other forms of the word ("kurserne" finds "kurser"), words that are
// typed only in part, and parts of compounds ("klub" finds "Roklub"). All terms of the query must be
// in the array. So search needs only a plain index over an array, and no text of a user is ever part
// of a pattern.
package search

import (
	"maps"
	"slices"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
)

const (
	minBegin = 2   // letters of a beginning; a number begins with its first digit
	gram     = 4   // letters of an inner part
	maxWord  = 40  // letters of a word that count in a document
	maxTyped = 12  // letters of a word that count in a query
	maxTerms = 400 // a bound on the index entries of one document
	maxWords = 6   // a bound on the words of one query
	whole    = "=" // marks a term that is a whole word
)

// Terms are the terms by which a document with these texts can be found, sorted. The most important
// text must come first, since only the beginning of very long texts counts.
func Terms(texts ...string) []string {
	set := map[string]bool{}
	add := func(term string) {
		if len(set) < maxTerms {
			set[term] = true
		}
	}
	for _, s := range texts {
		for _, field := range fields(s) {
			if len(set) >= maxTerms {
				break
			}
			for _, t := range append(tokensOf(field), alsoIn(field)...) {
				t.terms(add)
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// terms are the terms of one token of a document.
func (t token) terms(add func(term string)) {
	if t.isWhole() {
		add(whole + fold(t.text))
		return
	}
	for _, w := range foldings(t.text) {
		termsOf(w, add)
	}
}

// termsOf are the terms of one folded word.
func termsOf(w string, add func(term string)) {
	runes := []rune(w)
	runes = runes[:min(len(runes), maxWord)]
	least := minBegin
	if isDigit(runes[0]) {
		least = 1
	}
	for n := least; n < min(len(runes)+1, gram); n++ {
		add(string(runes[:n]))
	}
	for i := 0; i+gram <= len(runes); i++ {
		add(string(runes[i : i+gram]))
	}
	// "turen" and "huset" become four letters that "Cykeltur" and "Hus" do not have: see queryOf.
	if last := len(runes) - 1; last >= gram-2 && runes[last] != 'e' {
		add(string(runes[last-gram+2:]) + "e")
	}
	if len(runes) < minBegin {
		add(whole + w)
	}
}

// Query are the terms that a document must all have to match what a person typed, sorted; nil if
// there is nothing to search for. Single letters count only if there are no words, and signs only if there
// is nothing else; words after the sixth do not count.
func Query(typed string) []string {
	all := tokens(typed)
	counting := slices.DeleteFunc(slices.Clone(all), func(t token) bool { return t.isSmall() })
	if len(counting) == 0 {
		counting = slices.DeleteFunc(slices.Clone(all), token.isWhole)
	}
	if len(counting) == 0 {
		counting = all
	}
	var terms []string
	for _, t := range counting[:min(len(counting), maxWords)] {
		terms = append(terms, queryOf(t)...)
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// queryOf are the terms of one token that was typed: enough fours to cover it, since more would only
// cost more.
func queryOf(t token) []string {
	if t.isWhole() {
		return []string{whole + fold(t.text)}
	}
	runes := []rune(fold(stem(t.text)))
	if typed := []rune(fold(t.text)); len(runes) < gram && len(typed) >= gram {
		runes = typed[:gram] // "have" has the stem "hav", which would not find "Kolonihave"
	}
	runes = runes[:min(len(runes), maxTyped)]
	switch {
	case len(runes) < minBegin && !isDigit(runes[0]):
		return []string{whole + string(runes)}
	case len(runes) < gram:
		return []string{string(runes)}
	}
	var terms []string
	for i := 0; i+gram < len(runes); i += gram {
		terms = append(terms, string(runes[i:i+gram]))
	}
	return append(terms, string(runes[len(runes)-gram:]))
}

// stem only ever cuts off endings.
func stem(word string) string {
	env := snowballstem.NewEnv(word)
	danish.Stem(env)
	return env.Current()
}
