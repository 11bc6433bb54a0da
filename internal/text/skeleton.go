package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
// skeleton of UTS 39 (with NFKD, so that wide letters are letters), and beyond that takes no notice of capitals, blanks,
// signs, pictures and accents. The ring of å and the stroke of ø count, because Danes read these as
// letters of their own, and dots on an a or an o are taken for them ("Sören"). Of signs, + # and & count inside a name, and in
// short ones ("C++"). It is stored, so a change of it needs the stored ones to be made anew.
func Skeleton(name string) string {
	s := prototypesOf(norm.NFKD.String(strings.Map(dropUnseen, name)))
	// Small letters look like other letters than capitals do: M is like М, m is like rn.
	s = prototypesOf(norm.NFD.String(smallCapitals.Replace(strings.ToLower(s))))
	bare := strings.ReplaceAll(bareOf(s), "vv", "w")
	if inside := strings.Trim(bare, "+#&"); utf8.RuneCountInString(inside) >= leastLetters {
		bare = inside
	}
	if bare == "" { // a name of signs
		bare = strings.ToLower(strings.TrimSpace(name))
	}
	return FitBytes(bare, maxSkeleton)
}

// leastLetters is from how many letters on signs at the ends of a name are overlooked.
const leastLetters = 4

// smallCapitals writes small letters for what has the form of capitals and the size of small letters, and
// an ø for the sign of the empty set.
var smallCapitals = strings.NewReplacer("ᴀ", "a", "ʙ", "b", "ᴄ", "c", "ᴅ", "d", "ᴇ", "e", "ꜰ", "f", "ɢ", "g", "ʜ", "h", "ɪ", "i", "ᴊ", "j", "ᴋ", "k", "ʟ", "l",
	"ᴍ", "m", "ʍ", "m", "ɴ", "n", "ᴎ", "n", "ᴏ", "o", "ᴘ", "p", "ʀ", "r", "ꜱ", "s", "ᴛ", "t", "ᴜ", "u", "ᴠ", "v", "ᴡ", "w", "ʏ", "y", "ᴢ", "z", "∅", "ø", "⌀", "ø")

// dropUnseen drops what is not seen, and what stands behind a name as a trade mark.
func dropUnseen(r rune) rune {
	if unicode.Is(defaultIgnorable, r) || r == '™' || r == '℠' {
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

const (
	ring   = '\u030a'
	stroke = '\u0338'

	likeRing   = "\u030a\u0308\u0307\u0366"             // a ring, dots, one dot, a small o
	likeStroke = "\u0335\u0336\u0337\u0338\u0308\u030b" // strokes, dots, two accents
)

// bareOf leaves out what a reader overlooks.
func bareOf(s string) string {
	var b strings.Builder
	var base rune // the letter that marks belong to, or 0 if it has its ring or stroke
	for _, r := range s {
		switch {
		case base == 'a' && strings.ContainsRune(likeRing, r):
			b.WriteRune(ring)
			base = 0
		case base == 'o' && strings.ContainsRune(likeStroke, r):
			b.WriteRune(stroke)
			base = 0
		case unicode.IsMark(r):
		case r == 'i': // in many typefaces I and l are the same, and so are i and l to somebody in a hurry
			base = r
			b.WriteRune('l')
		case isOverlooked(r):
			base = 0
		default:
			base = r
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isOverlooked reports whether a reader in a hurry does not see a character, or sees a dash.
func isOverlooked(r rune) bool {
	if strings.ContainsRune("+#&", r) {
		return false
	}
	return unicode.In(r, unicode.Z, unicode.P, unicode.S, pictographic) || r == 'ー'
}
