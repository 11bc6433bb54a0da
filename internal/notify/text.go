package notify

import (
	"strconv"
	"strings"

	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
)

// spoken are the words that hold moments, and the word that each becomes in a text: when that is,
// as the reader says it.
var spoken = map[string]string{"StartsAt": "When", "EndsAt": "Ends", "DeadlineAt": "Deadline", "FromAt": "From", "AlsoAt": "Also", "GoneAt": "Gone"}

// soon is the word for the start that says "i dag" and "i morgen".
const soon = "Soon"

// Render writes a notice's title and text for a reader. Of the words, those of spoken are moments
// (see clock.Moments), and StartsAt becomes Soon too, which says "i dag" and "i morgen". NewTime
// and the like are "1" if that is what has changed. A text mentions whatever words its noun gives;
// a word that is not given is empty.
func Render(kind Kind, words map[string]string, r i18n.Reader) (title, body string) {
	titleKey, bodyKey := textKeys(kind)
	args := argsFor(titleKey, bodyKey, words, r)
	return i18n.Translate(r.Language, titleKey, args), i18n.Translate(r.Language, bodyKey, args)
}

func textKeys(kind Kind) (title, body string) {
	key := "notice." + strings.ToLower(string(kind))
	return key + ".title", key + ".body"
}

// argsFor are the values that the texts under two keys mention, as the reader says them.
func argsFor(titleKey, bodyKey string, words map[string]string, r i18n.Reader) map[string]any {
	args := unsaid(titleKey, bodyKey)
	speak(args, words, r.Language)
	for name, word := range spoken {
		args[word] = r.All(clock.ParseMoves(words[name]))
	}
	args[soon] = ""
	if starts, ok := clock.ParseMoment(words["StartsAt"]); ok {
		args[soon] = r.Soon(starts)
	}
	if n, err := strconv.Atoi(words["Count"]); err == nil {
		args["Count"] = n
	}
	return args
}

// TellsTime reports whether a text with these words says when something is, so that readers in
// other zones, and on other days, read another text.
func TellsTime(words map[string]string) bool {
	for name := range spoken {
		if words[name] != "" {
			return true
		}
	}
	return false
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
// the given language ("Title_DA"), which count for more.
func speak(args map[string]any, words map[string]string, l i18n.Language) {
	for name, value := range words {
		base, language, hasLanguage := strings.Cut(name, "_")
		if _, isInLanguage := words[name+"_"+string(l)]; isInLanguage || hasLanguage && language != string(l) {
			continue
		}
		args[base] = value
	}
}
