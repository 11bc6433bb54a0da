package notify

import (
	"maps"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"faellesskab/internal/i18n"
	"faellesskab/internal/text"
)

// Room is how many bytes a title and a text may have where there is little room, as JSON writes them.
type Room struct{ Title, Body int }

// Fit is Render for where there is little room. What people wrote is shortened, the longest first, so that times and what
// there is to do stay whole. isCut reports whether anything was.
func Fit(kind Kind, words map[string]string, r i18n.Reader, room Room) (title, body string, isCut bool) {
	titleKey, bodyKey := textKeys(kind)
	args := argsFor(words, r, titleKey, bodyKey)
	title, isTitleCut := fit(r.Language, titleKey, args, room.Title)
	body, isBodyCut := fit(r.Language, bodyKey, args, room.Body)
	return title, body, isTitleCut || isBodyCut
}

// leastWord is how many bytes of a word stay, however little room there is. The program's own words are shorter.
const leastWord = 32

// fit writes one text in at most that many bytes.
func fit(l i18n.Language, key string, args map[string]any, most int) (said string, isCut bool) {
	if said = i18n.Translate(l, key, args); inJSON(said) <= most {
		return said, false
	}
	written := writtenIn(args)
	shortened := func(limit int) string {
		short := maps.Clone(args)
		for name, word := range written {
			short[name] = text.FitWords(word, limit)
		}
		return i18n.Translate(l, key, short)
	}
	spare := sort.Search(max(0, most-leastWord), func(more int) bool { return inJSON(shortened(leastWord+more+1)) > most })
	said = shortened(leastWord + spare)
	for limit := most; inJSON(said) > most; limit = limit * 9 / 10 {
		said = text.FitBytes(said, limit) // more times than there is room for
	}
	return said, true
}

// writtenIn are the values that are not times.
func writtenIn(args map[string]any) map[string]string {
	written := map[string]string{}
	for name, value := range args {
		if word, ok := value.(string); ok {
			written[name] = word
		}
	}
	for word := range momentsOf {
		delete(written, word)
	}
	delete(written, soon)
	return written
}

// inJSON is how many bytes a text has in JSON.
func inJSON(s string) int {
	n := len(s)
	for i := range len(s) {
		switch s[i] {
		case '"', '\\', '\n', '\t':
			n++
		}
	}
	return n
}

// Discreet are the words of news of a group of which outsiders may not know, for a locked screen that anybody
// may see: they do not name the group.
func Discreet(kind Kind, words map[string]string) map[string]string {
	discreet := maps.Clone(words)
	if words["Group"] == "" {
		return discreet
	}
	titleKey, _ := textKeys(kind)
	for _, l := range i18n.Languages {
		name, key := "Group_"+string(l), "notice.hidden_group"
		if own := strings.TrimSuffix(titleKey, "title") + "hidden_group"; i18n.Has(l, own) {
			key = own // its readers may not be in the group
		}
		said := i18n.Translate(l, key, nil)
		discreet[name] = said
		title := Title(kind, discreet, i18n.Reader{Language: l})
		if first, size := utf8.DecodeRuneInString(said); !strings.HasPrefix(title, said) {
			discreet[name] = string(unicode.ToLower(first)) + said[size:]
		}
	}
	return discreet
}
