package i18n

import (
	"encoding/hex"
	"slices"
	"strconv"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"faellesskab/internal/fault"
	"faellesskab/internal/text"
)

// Translation is a text in one language.
type Translation struct {
	Language Language `bson:"language"`
	Text     string   `bson:"text"`
}

// Text is a text in several languages, at most once in each.
type Text []Translation

// In is the text in that language, or else in Danish, or else in any language that it has.
func (t Text) In(l Language) string { return t.Best(l).Text }

// Best is the translation that somebody with that language reads: otherwise the Danish one, otherwise the first.
func (t Text) Best(l Language) Translation {
	for _, want := range []Language{l, Danish} {
		for _, tr := range t {
			if tr.Language == want && tr.Text != "" {
				return tr
			}
		}
	}
	if len(t) > 0 {
		return t[0]
	}
	return Translation{Language: l}
}

// All are the texts of every language, for search.
func (t Text) All() []string {
	texts := make([]string, len(t))
	for i, tr := range t {
		texts[i] = tr.Text
	}
	return texts
}

// Clean checks a text that staff write for everybody, and returns its tidy form: each language
// once, each text by text.Clean, Danish first. What is written at all must be there in Danish. A
// blank text is none, where there need not be one.
func (t Text) Clean(p *fault.Problems, field string, limits text.Limits) Text {
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
		tr.Text = text.Clean(p, at+".text", tr.Text, limits)
		switch {
		case tr.Text == "" && limits.Min == 0:
		case tr.Language == Danish:
			clean = append(Text{tr}, clean...)
		default:
			clean = append(clean, tr)
		}
	}
	if len(clean) > 0 && !clean.isIn(Danish) {
		p.Add(fault.Invalid(field, "text.danish"))
	}
	return clean
}

func (t Text) isIn(l Language) bool {
	return slices.ContainsFunc(t, func(tr Translation) bool { return tr.Language == l })
}

// SameLanguages refuses a title and a text that are not in the same languages, at the field of
// the one that lacks a language. No text at all is fine, and Clean asks for Danish.
func SameLanguages(p *fault.Problems, titleField string, title Text, textField string, body Text) {
	for _, l := range Languages {
		switch {
		case l == Danish || len(title) == 0 || len(body) == 0 || title.isIn(l) == body.isIn(l):
		case title.isIn(l):
			p.Add(fault.Invalid(textField, "text.languages"))
		default:
			p.Add(fault.Invalid(titleField, "text.languages"))
		}
	}
}

// SortKey is a string whose byte order is the Danish order of names (æ, ø and å last; case ignored).
// It is stored, because not every database supports collations in queries.
func SortKey(name string) string {
	var buf collate.Buffer
	// A Collator has state, so each call makes its own.
	key := collate.New(language.Danish, collate.IgnoreCase).KeyFromString(&buf, name)
	return hex.EncodeToString(key)
}
