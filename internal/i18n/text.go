package i18n

import (
	"encoding/hex"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"faellesskab/internal/fault"
)

// Translation is a text in one language.
type Translation struct {
	Language Language `bson:"language"`
	Text     string   `bson:"text"`
}

// Text is a text in several languages, at most once in each.
type Text []Translation

// In is the text in that language, or else in Danish, or else in any language that it has.
func (t Text) In(l Language) string {
	for _, want := range []Language{l, Danish} {
		for _, tr := range t {
			if tr.Language == want {
				return tr.Text
			}
		}
	}
	if len(t) > 0 {
		return t[0].Text
	}
	return ""
}

// All are the texts of every language, for search.
func (t Text) All() []string {
	texts := make([]string, len(t))
	for i, tr := range t {
		texts[i] = tr.Text
	}
	return texts
}

// Clean checks a text in several languages and returns its tidy form: each
// language once, each text by CleanText, Danish first.
func (t Text) Clean(p *fault.Problems, field string, limits Limits) Text {
	if len(t) == 0 && limits.Min > 0 {
		p.Add(fault.Invalid(field, "text.empty"))
		return t
	}
	clean := make(Text, 0, len(t))
	seen := map[Language]bool{}
	for i, tr := range t {
		at := field + "." + strconv.Itoa(i)
		if !tr.Language.IsValid() || seen[tr.Language] {
			p.Add(fault.Invalid(at+".language", "text.language_twice"))
			continue
		}
		seen[tr.Language] = true
		tr.Text = CleanText(p, at+".text", tr.Text, limits)
		if tr.Language == Danish {
			clean = append(Text{tr}, clean...)
		} else {
			clean = append(clean, tr)
		}
	}
	return clean
}

// Limits are how many characters a text may have, and whether it may have
// several lines.
type Limits struct {
	Min, Max int
	Lines    bool
}

// The limits that more than one noun uses; the schema's descriptions say them.
var (
	Line      = Limits{Min: 1, Max: 120}
	Paragraph = Limits{Min: 0, Max: 5000, Lines: true}
)

// CleanText checks a text that a person wrote and returns its tidy form: composed (NFC), and without
// blanks at either end. It refuses control characters, invalid UTF-8 and replacement characters
// (which lone surrogates become). It does not remove them, so that nothing is lost silently.
func CleanText(p *fault.Problems, field, s string, limits Limits) string {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return isForbidden(r, limits.Lines) }) {
		p.Add(fault.Invalid(field, "text.characters"))
		return s
	}
	s = strings.TrimSpace(norm.NFC.String(s))
	switch n := utf8.RuneCountInString(s); {
	case limits.Min > 0 && !strings.ContainsFunc(s, isSeen):
		p.Add(fault.Invalid(field, "text.empty"))
	case n < limits.Min:
		p.Add(fault.Invalid(field, "text.short").With("Min", limits.Min))
	case n > limits.Max:
		p.Add(fault.Invalid(field, "text.long").With("Max", limits.Max))
	}
	return s
}

// isSeen reports whether a character is visible. A name without any would show nothing on the
// screen.
func isSeen(r rune) bool {
	const blankBraille, hangulFiller, halfHangulFiller = '\u2800', '\u3164', '\uffa0'
	switch r {
	case blankBraille, hangulFiller, halfHangulFiller, '\u115f', '\u1160':
		return false
	}
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r)
}

func isForbidden(r rune, lines bool) bool {
	switch r {
	case '\n', '\r', '\t':
		return !lines
	case utf8.RuneError:
		return true
	}
	// Bidirectional overrides can make a text read as something it is not.
	return unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// SortKey is a string whose byte order is the Danish order of names (æ, ø and å last; case ignored).
// It is stored, because not every database supports collations in queries.
func SortKey(name string) string {
	var buf collate.Buffer
	// A Collator has state, so each call makes its own.
	key := collate.New(language.Danish, collate.IgnoreCase).KeyFromString(&buf, name)
	return hex.EncodeToString(key)
}
