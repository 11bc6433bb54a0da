package text

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// prototype is a character and what it looks like.
type prototype struct {
	from rune
	to   string
}

// maxSkeleton is how many bytes of a skeleton are kept, so that an index over it stays small.
const maxSkeleton = 512

// Skeleton is a string that two names share if a hurried reader takes one for the other. It is the
// skeleton of UTS 39 (with NFKD, so that wide letters are letters), and beyond that takes no notice of capitals, blanks, dashes, dots, quotation
// marks, pictures and accents. The ring of å and the stroke of ø count, because Danes read these as
// letters of their own. It is stored, so a change of it needs the stored ones to be made anew.
func Skeleton(name string) string {
	s := prototypesOf(norm.NFKD.String(strings.Map(dropUnseen, name)))
	// Small letters look like other letters than capitals do: M is like М, m is like rn.
	s = prototypesOf(norm.NFD.String(strings.ToLower(s)))
	bare := strings.Map(bareOf, s)
	if bare == "" { // a name of signs
		bare = strings.ToLower(strings.TrimSpace(name))
	}
	return FitBytes(bare, maxSkeleton)
}

func dropUnseen(r rune) rune {
	if unicode.Is(defaultIgnorable, r) {
		return -1
	}
	return r
}

func prototypesOf(s string) string {
	var b strings.Builder
	for _, r := range s {
		i, found := slices.BinarySearchFunc(prototypes, r, func(p prototype, r rune) int { return int(p.from - r) })
		if found {
			b.WriteString(prototypes[i].to)
		} else {
			b.WriteRune(r)
		}
	}
	return norm.NFD.String(b.String())
}

const ring, shortStroke, stroke = '\u030a', '\u0337', '\u0338'

// bareOf leaves out what a reader overlooks. In many typefaces I and l are the same, and so are the
// small letters i and l to somebody in a hurry.
func bareOf(r rune) rune {
	switch {
	case r == 'i':
		return 'l'
	case r == ring, r == stroke:
		return r
	case r == shortStroke:
		return stroke
	case unicode.In(r, unicode.Z, unicode.M, unicode.Pd, unicode.Pc, unicode.Pi, unicode.Pf, unicode.So, unicode.Sk, pictographic),
		strings.ContainsRune(`.,:;'"·!?()[]`, r):
		return -1
	}
	return r
}
