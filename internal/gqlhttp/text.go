package gqlhttp

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// JSON and GraphQL decoders silently replace half a surrogate pair by U+FFFD, so that the stored
// text would differ from the one that was sent. These checks look at the text before it is decoded.

// isSoundJSON reports whether every string in a JSON text is valid Unicode: valid UTF-8, no escape
// that is half a surrogate pair, and no escaped NUL. It does not check the grammar.
func isSoundJSON(text []byte) bool {
	if !utf8.Valid(text) {
		return false
	}
	inString := false
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '"':
			inString = !inString
			i++
		case c == '\\' && inString:
			n := soundEscape(text[i:])
			if n == 0 {
				return false
			}
			i += n
		default:
			i++
		}
	}
	return true
}

// isSoundQuery is the same for the strings in a GraphQL document. Comments and
// block strings know no such escapes and are passed over.
func isSoundQuery(query string) bool {
	if !utf8.ValidString(query) || strings.ContainsRune(query, 0) {
		return false
	}
	text := []byte(query)
	for i := 0; i < len(text); {
		switch {
		case text[i] == '#':
			i = skipComment(text, i)
		case hasQuotes(text[i:]):
			i = skipBlockString(text, i+3)
		case text[i] == '"':
			next, ok := skipString(text, i+1)
			if !ok {
				return false
			}
			i = next
		default:
			i++
		}
	}
	return true
}

func hasQuotes(text []byte) bool {
	return len(text) >= 3 && text[0] == '"' && text[1] == '"' && text[2] == '"'
}

func skipComment(text []byte, i int) int {
	for i < len(text) && text[i] != '\n' && text[i] != '\r' {
		i++
	}
	return i
}

func skipBlockString(text []byte, i int) int {
	for i < len(text) {
		switch {
		case text[i] == '\\' && hasQuotes(text[i+1:]):
			i += 4
		case hasQuotes(text[i:]):
			// Of a longer run of quotes the last three close the string.
			for i += 3; i < len(text) && text[i] == '"'; {
				i++
			}
			return i
		default:
			i++
		}
	}
	return i
}

// skipString returns the place after the string's closing quote. The end of a line ends a string
// too, which the parser reports.
func skipString(text []byte, i int) (int, bool) {
	for i < len(text) {
		switch text[i] {
		case '"', '\n', '\r':
			return i + 1, true
		case '\\':
			n := soundEscape(text[i:])
			if n == 0 || bracedNUL.Match(text[i:]) {
				return i, false
			}
			i += n
		default:
			i++
		}
	}
	return i, true
}

// bracedNUL is NUL as only GraphQL writes it. Its parser refuses the other code
// points between braces that are no letters.
var bracedNUL = regexp.MustCompile(`^\\u\{0+\}`)

// soundEscape is the length of the escape with which the text begins; 0 if it is half a surrogate
// pair or NUL. A malformed escape counts as two bytes, and the decoder reports it.
func soundEscape(text []byte) int {
	first, ok := unicodeEscape(text)
	switch {
	case !ok:
		return min(2, len(text))
	case first == 0, first >= 0xDC00 && first <= 0xDFFF:
		return 0
	case first >= 0xD800 && first <= 0xDBFF:
		second, ok := unicodeEscape(text[6:])
		if !ok || second < 0xDC00 || second > 0xDFFF {
			return 0
		}
		return 12
	}
	return 6
}

// unicodeEscape reads \uXXXX.
func unicodeEscape(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range text[2:6] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}
