package search

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// spelling says how the letters are written that not everybody has, or types.
type spelling struct {
	pairs  bool   // aa counts as å, and oe as ø
	ae, ue string // what ä and ü are
}

// typed is how a query is folded. The others are further foldings of words in documents, so that each
// way to type a word finds it: plain leaves aa and oe as they are, since "poet" is no "pøt", and german
// writes ü with an e.
var (
	typed  = spelling{pairs: true, ae: "ae", ue: "u"}
	plain  = spelling{ae: "a", ue: "u"}
	german = spelling{pairs: true, ae: "ae", ue: "ue"}
)

// letters are those that are more than another letter with an accent. The å is read as an a, because
// people who have no å write a or aa.
var letters = map[rune]string{'æ': "ae", 'ø': "o", 'å': "a", 'ö': "o", 'œ': "o", 'ß': "ss", 'þ': "th", 'ð': "d", 'đ': "d", 'ł': "l", 'ı': "i", 'ς': "σ"}

// fold is a word in the form in which words are compared.
func fold(word string) string { return typed.fold(word) }

// foldings are all forms of a word in a document. One also takes for a pair what only became one: "søen" is
// found by "soen". Another takes ue for ü: "Mueller" is found by "müller".
func foldings(word string) []string {
	forms := []string{typed.fold(word), plain.fold(word), german.fold(word), typed.fold(typed.fold(word)),
		typed.fold(strings.ReplaceAll(word, "ue", "u"))}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// fold writes a word that lower has made small.
func (s spelling) fold(word string) string {
	var b strings.Builder
	runes := []rune(word)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		as, isLetter := letters[r]
		switch {
		case s.pairs && i+1 < len(runes) && (r == 'a' && runes[i+1] == 'a' || r == 'o' && runes[i+1] == 'e'):
			b.WriteRune(r)
			i++
		case r == 'ä':
			b.WriteString(s.ae)
		case r == 'ü':
			b.WriteString(s.ue)
		case isLetter:
			b.WriteString(as)
		default:
			for _, r := range bare(r) { // "ǿ" is an ø with an accent
				if as, isLetter = letters[r]; !isLetter {
					as = string(r)
				}
				b.WriteString(as)
			}
		}
	}
	return b.String()
}

// bare is a letter without its accents, which people leave out ("cafe" is "café").
func bare(r rune) string {
	return strings.Map(func(part rune) rune {
		if unicode.Is(unicode.Mn, part) {
			return -1
		}
		return part
	}, norm.NFD.String(string(r)))
}

// lower makes letters small and composed, wide ones usual, and drops what is not seen, and the colours of
// skin. What parts a Persian word is a joint.
func lower(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == zeroWidthNonJoiner {
			return r
		}
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) || r >= '\U0001f3fb' && r <= '\U0001f3ff' {
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(strings.ToLower(norm.NFKC.String(s)))
}
