package notify

import (
	"strconv"
	"strings"

	"faellesskab/internal/clock"
	"faellesskab/internal/i18n"
)

// momentsOf are the words of a text that say when something is, as the reader says it, and the word that holds the
// moments of each.
var momentsOf = map[string]string{"When": "StartsAt", "Ends": "EndsAt", "Deadline": "DeadlineAt", "From": "FromAt", "Also": "AlsoAt", "Gone": "GoneAt"}

// soon is the word for the start that says "i dag" and "i morgen".
const soon = "Soon"

// count is the word for a number, which decides between singular and plural.
const count = "Count"

// Render writes a notice's title and text for a reader; see Title and Body.
func Render(kind Kind, words map[string]string, r i18n.Reader) (title, body string) {
	return Title(kind, words, r), Body(kind, words, r)
}

// Title writes a notice's title for a reader. Of the words, those of momentsOf hold moments
// (see clock.Moments), and StartsAt becomes Soon too, which says "i dag" and "i morgen". NewTime
// and the like are "1" if that is what has changed. A text mentions whatever words its noun gives;
// a word that is not given is empty.
func Title(kind Kind, words map[string]string, r i18n.Reader) string {
	titleKey, _ := textKeys(kind)
	return i18n.Translate(r.Language, titleKey, argsFor(words, r, titleKey))
}

// Body writes a notice's text for a reader, as Title its title.
func Body(kind Kind, words map[string]string, r i18n.Reader) string {
	_, bodyKey := textKeys(kind)
	return i18n.Translate(r.Language, bodyKey, argsFor(words, r, bodyKey))
}

func textKeys(kind Kind) (title, body string) {
	key := "notice." + strings.ToLower(string(kind))
	return key + ".title", key + ".body"
}

// argsFor are the values that the texts under some keys mention, and no others, as the reader says them.
func argsFor(words map[string]string, r i18n.Reader, keys ...string) map[string]any {
	args := map[string]any{}
	for _, key := range keys {
		for _, name := range i18n.Mentioned(key) {
			moments, isMoment := momentsOf[name]
			switch {
			case isMoment:
				args[name] = r.All(clock.ParseMoves(words[moments]))
			case name == soon:
				args[soon] = ""
				if starts, ok := clock.ParseMoment(words["StartsAt"]); ok {
					args[soon] = r.Soon(starts)
				}
			case name != count:
				args[name], _ = wordIn(words, name, r.Language)
			}
		}
	}
	speakCount(args, words, r.Language)
	return args
}

// wordIn is a word in a language ("Title_DA"), or without a language if there is none in that.
func wordIn(words map[string]string, name string, l i18n.Language) (word string, found bool) {
	if word, found = words[name+"_"+string(l)]; !found {
		word, found = words[name]
	}
	return word, found
}

// speakCount adds the number of the words, if they have one. Texts that do not mention it depend on it too.
func speakCount(args map[string]any, words map[string]string, l i18n.Language) {
	if word, found := wordIn(words, count, l); found {
		args[count] = word
	}
	if n, err := strconv.Atoi(words[count]); err == nil {
		args[count] = n
	}
}

// TellsTime reports whether a text with these words says when something is, so that readers in
// other zones, and on other days, read another text.
func TellsTime(words map[string]string) bool {
	for _, name := range momentsOf {
		if words[name] != "" {
			return true
		}
	}
	return false
}
