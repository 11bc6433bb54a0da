package schema_test

import (
	"regexp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// This file holds the rules about what a description of a value has to say: its zone, what null and "left
// out" mean, and in which order a list is.

// timed checks that a description says which sort of time it is: an instant, or a local time in a zone.
func (l *linter) timed(at, text string, typ *ast.Type) {
	switch name := typ.Name(); {
	case text == "":
	case name == "DateTime" && !strings.Contains(text, "instant"):
		l.complain(at, "is a DateTime, but the description does not say that it is an instant")
	case (name == "LocalDateTime" || name == "TimeOfDay") && !zoned.MatchString(text):
		l.complain(at, "is a local time, but the description does not say in which zone")
	}
}

var zoned = regexp.MustCompile("in the (time )?zone|in `timezone`")

// saysNull is how descriptions of what is read say when there is null.
var saysNull = regexp.MustCompile(`(^|[.;] |, and )null (if|unless|while|until|for|before|after|when|only|with|without|once)\b|(^|\. )null: `)

// nullable checks that the description of what is read says when it is null. Query says it for its own fields.
func (l *linter) nullable(at, text string, typ *ast.Type) {
	if text != "" && !typ.NonNull && !saysNull.MatchString(text) {
		l.complain(at, `may be null, but the description does not say "Null if …", or another time`)
	}
}

// How descriptions of what is sent say what it means if a value is left out, and if it is null.
var (
	saysLeftOut = regexp.MustCompile(`(^|[.;] )left out[^.]*: \S`)
	saysIsNull  = regexp.MustCompile(`(^|[.;] )(null[^.]*: \S|null is bad_user_input|left out,? (or )?null[^.]*: \S)`)
)

// optional checks a place of an input. A default stands in the schema and need not be repeated.
func (l *linter) optional(at, text string, typ *ast.Type, byDefault *ast.Value) {
	if typ.NonNull || byDefault != nil || text == "" {
		return
	}
	if !saysLeftOut.MatchString(text) || !saysIsNull.MatchString(text) {
		l.complain(at, `may be left out or null, but the description does not say "Left out: …" and "Null: …"`)
	}
}

// orders are words that say in which order a list is.
var orders = regexp.MustCompile(`\border\b|\bfirst\b`)

// ordered checks that the description of a list of objects says its order.
func (l *linter) ordered(at string, d *ast.Definition, f *ast.FieldDefinition) {
	isList := f.Type.Elem != nil || strings.HasSuffix(f.Type.Name(), "Connection")
	if text := flat(f.Description); text != "" && isList && d.Kind != ast.InputObject && l.schema.Types[f.Type.Name()].IsCompositeType() && !orders.MatchString(text) {
		l.complain(at, "is a list, but the description does not say in which order")
	}
}

// saysWho are the words with which "Who may:" begins.
var saysWho = []string{"everyone", "people with ", "the person ", "the members "}

// whoMay checks that the paragraph about who may call a field names people.
func (l *linter) whoMay(at, who string) {
	if !slices.ContainsFunc(saysWho, func(w string) bool { return strings.HasPrefix(who, w) }) {
		l.complain(at, `"Who may:" begins with %q: name people, by one of %q`, who, saysWho)
	}
}

// mostWords is how many words a sentence has at most that is read once.
const mostWords = 36

// sentenceEnd is where a reader may rest.
var sentenceEnd = regexp.MustCompile(`[.;:]\s|\.$|\n\n`)

// short checks that no sentence is so long that it is read twice.
func (l *linter) short(at, text string) {
	for _, s := range sentenceEnd.Split(strings.TrimSpace(text), -1) {
		if n := len(strings.Fields(s)); n > mostWords {
			l.complain(at, "a sentence has %d words, want %d at most: %.40s…", n, mostWords, strings.Join(strings.Fields(s), " "))
		}
	}
}

// saysWhen is how the description of an enum value begins.
var saysWhen = regexp.MustCompile(`^((given|sent|chosen|held) (when|while|to|after|until|for|before|as|by|if)|lets its holder) `)

// whenGiven checks that the description of an enum value says when there is this value: a state is given, a
// notice sent, a setting chosen, a role held, and a permission lets its holder do something.
func (l *linter) whenGiven(at, text string) {
	if text = flat(text); text != "" && !saysWhen.MatchString(text) {
		l.complain(at, `the description does not say when it is given: "Given when …", "Sent to …", "Chosen for …", "Held by …", "Lets its holder …"`)
	}
}
