package notify

import (
	"strconv"
	"strings"

	"faellesskab/internal/i18n"
)

// Render writes a notice's title and text. Of the words, StartsAt, DeadlineAt and EndsAt
// are local times and become When, Deadline and Ends. NewTime and the like are "1" if
// that is what has changed. A text mentions whatever words its noun gives; a word that is
// not given is empty.
func Render(kind Kind, words map[string]string, l i18n.Language) (title, body string) {
	key := "notice." + strings.ToLower(string(kind))
	args := unsaid(key+".title", key+".body")
	speak(args, words, l)
	args["When"] = i18n.FormatLocal(l, words["StartsAt"])
	args["Ends"] = i18n.FormatLocal(l, words["EndsAt"])
	args["Deadline"] = i18n.FormatLocal(l, words["DeadlineAt"])
	if n, err := strconv.Atoi(words["Count"]); err == nil {
		args["Count"] = n
	}
	return i18n.Translate(l, key+".title", args), i18n.Translate(l, key+".body", args)
}

// unsaid are the words that texts mention, all of them empty.
func unsaid(keys ...string) map[string]any {
	args := map[string]any{}
	for _, key := range keys {
		for _, name := range i18n.Mentioned(key) {
			if name != "Count" { // a number, or not there
				args[name] = ""
			}
		}
	}
	return args
}

// speak adds words to the arguments of a text: words without a language, and words in
// the given language ("Title_DA").
func speak(args map[string]any, words map[string]string, l i18n.Language) {
	for name, value := range words {
		if base, language, ok := strings.Cut(name, "_"); !ok {
			args[name] = value
		} else if language == string(l) {
			args[base] = value
		}
	}
}
