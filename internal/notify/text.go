package notify

import (
	"strconv"
	"strings"

	"faellesskab/internal/i18n"
)

// wordNames are the words a text may mention. StartsAt, DeadlineAt and EndsAt are local
// times and become When, Deadline and Ends. NewTime and the like are "1" if that is
// what has changed. NoSeats is "1" if there are no seats at all. Text is what a person
// wrote.
var wordNames = []string{"Title", "Group", "Place", "Reason", "Because", "Answer", "StartsAt", "DeadlineAt", "Skill", "Text",
	"Role", "Name", "NewTime", "NewEnd", "NewPlace", "NewTitle", "Fewer", "NoSeats", "Subjects", "More"}

// Render writes a notice's title and text.
func Render(kind Kind, words map[string]string, l i18n.Language) (title, body string) {
	args := map[string]any{}
	for _, name := range wordNames {
		args[name] = ""
	}
	speak(args, words, l)
	args["When"] = i18n.FormatLocal(l, words["StartsAt"])
	args["Ends"] = i18n.FormatLocal(l, words["EndsAt"])
	args["Deadline"] = i18n.FormatLocal(l, words["DeadlineAt"])
	if n, err := strconv.Atoi(words["Count"]); err == nil {
		args["Count"] = n
	}
	key := "notice." + strings.ToLower(string(kind))
	return i18n.Translate(l, key+".title", args), i18n.Translate(l, key+".body", args)
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
