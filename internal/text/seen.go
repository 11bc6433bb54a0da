package text

import (
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
	abbreviation       = '\u070f' // a line over Syriac letters
	keycap             = '\u20e3'
	blackFlag          = '\U0001f3f4'
	endOfTags          = '\U000e007f'
)

// isBlank reports whether a character that is a letter or a picture by its kind is drawn as nothing: a letter in
// braille without dots, a note without a head, a filler between Khitan characters, and room between
// Egyptian ones.
func isBlank(r rune) bool {
	switch r {
	case '\u2800', '\U0001d159', '\U00016fe4', '\U00013441', '\U00013442':
		return true
	}
	return false
}

// isUnseen reports whether a character is drawn as nothing where it stands alone.
func isUnseen(r rune) bool {
	return isBlank(r) || unicode.Is(defaultIgnorable, r) || r == abbreviation || arrangesEgyptian(r)
}

// arrangesEgyptian reports whether a character says how Egyptian ones around it stand together.
func arrangesEgyptian(r rune) bool { return r >= '\U00013430' && r <= '\U0001343f' }

// turns reports whether a character turns the direction of the text behind it. It can make a text read
// as something it is not.
func turns(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u206f' }

// isSeen reports whether a character is visible by itself. A name without any would show nothing on
// the screen.
func isSeen(r rune) bool {
	switch {
	case isUnseen(r):
		return false
	case unicode.Is(pictographic, r):
		return true
	}
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r)
}

// isForbidden reports whether a character may stand in no text, or only in one of several lines.
func isForbidden(r rune, lines bool) bool {
	switch r {
	case '\n', '\t':
		return !lines
	case '\u2028', '\u2029':
		return true
	case utf8.RuneError, '\ufffc': // what lone surrogates become, and what stands for an object that was left behind
		return true
	case '\ufff9', '\ufffa', '\ufffb': // these hide a text between the lines
		return true
	}
	return unicode.IsControl(r) || !isAssigned(r)
}

// isAssigned reports whether Unicode says what a character is. Private characters look different on each
// phone. Pictures may be newer than the tables of this program.
func isAssigned(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cf, pictographic, defaultIgnorable)
}

const (
	// maxMarks is how many marks a letter may carry, as UTS 39 proposes. More of them reach into the lines
	// above and below.
	maxMarks = 4
	// maxPerCharacter is of how many code points a character may consist. The longest picture in use has ten;
	// without a bound, one "character" could be as long as a book.
	maxPerCharacter = 12
)

// hasPiledMarks reports whether marks, or parts of any kind, are piled up in one character.
func hasPiledMarks(s string) bool {
	marks := 0
	for _, r := range s {
		switch {
		case unicode.Is(defaultIgnorable, r): // a joiner between marks begins no new pile
		case !unicode.In(r, unicode.Mn, unicode.Me):
			marks = 0
		default:
			marks++
		}
		if marks > maxMarks {
			return true
		}
	}
	for g := uniseg.NewGraphemes(s); g.Next(); {
		if len(g.Runes()) > maxPerCharacter {
			return true
		}
	}
	return false
}

// beginsWithMark reports whether a text begins with a mark that has no letter. It would fall on whatever an
// app writes before the text.
func beginsWithMark(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return unicode.IsMark(first) && !unicode.Is(defaultIgnorable, first)
}

// hasStrayInvisible reports whether a text holds a character that shows nothing and that nothing around
// it needs. Two texts that look the same would be different ones.
func hasStrayInvisible(s []rune) bool {
	for i, r := range s {
		if isUnseen(r) && !isNeeded(s, i) {
			return true
		}
	}
	return false
}

// isNeeded reports whether an invisible character does something where it stands: it joins letters or
// pictures, chooses a form of what comes before it, or spells the name of a flag.
func isNeeded(s []rune, i int) bool {
	if s[i] == abbreviation {
		return i+1 < len(s) && unicode.Is(unicode.Syriac, s[i+1])
	}
	if i == 0 {
		return false
	}
	before := s[i-1]
	switch r := s[i]; {
	case isBlank(r) || arrangesEgyptian(r):
		return unicode.Is(unicode.Egyptian_Hieroglyphs, before) && unicode.Is(unicode.Egyptian_Hieroglyphs, r)
	case r == zeroWidthJoiner || r == zeroWidthNonJoiner:
		if takesJoiner(s[:i]) {
			return i+1 == len(s) || !unicode.Is(defaultIgnorable, s[i+1])
		}
		return r == zeroWidthJoiner && i+1 < len(s) && unicode.Is(pictographic, s[i+1]) && endsPicture(s[:i])
	case r == '\ufe0e' || r == '\ufe0f':
		return unicode.Is(pictographic, before) || before == '#' || before == '*' || before >= '0' && before <= '9'
	case r >= '\ufe00' && r <= '\ufe0d':
		return unicode.In(before, unicode.Han, unicode.Sm, unicode.Myanmar, unicode.Phags_Pa)
	case r >= '\U000e0100' && r <= '\U000e01ef':
		return unicode.Is(unicode.Han, before)
	case r >= '\u180b' && r <= '\u180f':
		return unicode.Is(unicode.Mongolian, before)
	case r >= '\U000e0020' && r <= endOfTags:
		return isInFlag(s, i)
	}
	return false
}

// endsPicture reports whether a text ends in a picture, perhaps with a colour of skin or a form.
func endsPicture(s []rune) bool {
	for i := len(s) - 1; i >= 0; i-- {
		switch r := s[i]; {
		case unicode.Is(pictographic, r):
			return true
		case r != '\ufe0f' && r != keycap && !unicode.Is(unicode.Sk, r):
			return false
		}
	}
	return false
}

// maxFlag is how many letters the name of a flag has at most.
const maxFlag = 6

// isInFlag reports whether a tag is part of a flag: a black flag, a few letters, and an end.
func isInFlag(s []rune, i int) bool {
	isTag := func(i int) bool { return i < len(s) && s[i] >= '\U000e0020' && s[i] < endOfTags }
	first := i
	for first > 0 && s[first-1] >= '\U000e0020' && s[first-1] < endOfTags {
		first--
	}
	last := first
	for isTag(last) {
		last++
	}
	return first > 0 && s[first-1] == blackFlag && last > first && last-first <= maxFlag && last < len(s) && s[last] == endOfTags && i <= last
}

// joiners are the scripts in which letters take other forms beside a joiner, or without one.
var joiners = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Nko, unicode.Mandaic, unicode.Manichaean, unicode.Hanifi_Rohingya,
	unicode.Adlam, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu,
	unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Balinese, unicode.Javanese,
}

// takesJoiner reports whether joiners may follow a text: its last letter, which may carry marks that
// many scripts share, is of a script with joiners.
func takesJoiner(s []rune) bool {
	last := len(s) - 1
	for last > 0 && unicode.Is(unicode.Inherited, s[last]) && unicode.IsMark(s[last]) {
		last--
	}
	return (unicode.IsLetter(s[last]) || unicode.IsMark(s[last])) && unicode.In(s[last], joiners...)
}
