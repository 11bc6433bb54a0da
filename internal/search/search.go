// Package search turns texts into the terms they can be found by.
//
// A document keeps an array of terms: folded, stemmed words and their
// prefixes. A query becomes stems that must all be in that array. So search
// needs only a plain index over an array, and no text of a user is ever part
// of a pattern.
package search

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"golang.org/x/text/unicode/norm"
)

const (
	minPrefix = 2
	maxPrefix = 12
	maxTerms  = 400 // a bound on the index entries of one document
)

// Terms are what a document with these texts can be found by, sorted.
func Terms(texts ...string) []string {
	set := map[string]bool{}
	for _, text := range texts {
		for _, word := range words(text) {
			runes := []rune(word)
			for n := minPrefix; n <= min(len(runes), maxPrefix); n++ {
				set[string(runes[:n])] = true
			}
			set[stem(word)] = true
		}
	}
	terms := make([]string, 0, len(set))
	for _, t := range slices.Sorted(maps.Keys(set)) {
		if len(terms) == maxTerms {
			break
		}
		terms = append(terms, t)
	}
	slices.Sort(terms)
	return terms
}

// Query are the terms that must all be present for a document to match what a
// person typed; nil if it holds nothing to search by. Any word but the last is
// taken whole; the last may be the start of one.
func Query(typed string) []string {
	ws := words(typed)
	if len(ws) > 6 {
		ws = ws[:6]
	}
	var terms []string
	for i, w := range ws {
		runes := []rune(w)
		if len(runes) < minPrefix {
			continue
		}
		if i == len(ws)-1 || len(runes) <= maxPrefix {
			terms = append(terms, string(runes[:min(len(runes), maxPrefix)]))
			continue
		}
		terms = append(terms, stem(w))
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

func words(text string) []string {
	folded := strings.ToLower(norm.NFC.String(text))
	return strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func stem(word string) string {
	env := snowballstem.NewEnv(word)
	danish.Stem(env)
	return env.Current()
}
