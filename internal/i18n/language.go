package i18n

import (
	"golang.org/x/text/language"
)

// Language is a language people can read the app in.
type Language string

// The languages. The first one is the first language of all texts.
const (
	Danish  Language = "DA"
	English Language = "EN"
)

// Languages are all languages, in order of precedence.
var Languages = []Language{Danish, English}

var matcher = language.NewMatcher([]language.Tag{language.Danish, language.English})

// Tag is the BCP 47 form.
func (l Language) Tag() language.Tag {
	if l == English {
		return language.English
	}
	return language.Danish
}

// IsValid reports whether l is one of the languages.
func (l Language) IsValid() bool { return l == Danish || l == English }

// Match picks the language for an Accept-Language header; Danish if nothing
// fits or the header is empty or malformed.
func Match(acceptLanguage string) Language {
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return Danish
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return Danish
	}
	return Languages[i]
}
