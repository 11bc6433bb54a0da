package i18n

import (
	"encoding/hex"
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
// language once, each text by text.Clean, Danish first.
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
		if tr.Language == Danish {
			clean = append(Text{tr}, clean...)
		} else {
			clean = append(clean, tr)
		}
	}
	return clean
}

// SortKey is a string whose byte order is the Danish order of names (æ, ø and å last; case ignored).
// It is stored, because not every database supports collations in queries.
func SortKey(name string) string {
	var buf collate.Buffer
	// A Collator has state, so each call makes its own.
	key := collate.New(language.Danish, collate.IgnoreCase).KeyFromString(&buf, name)
	return hex.EncodeToString(key)
}
