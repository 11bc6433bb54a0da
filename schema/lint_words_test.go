package schema_test

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/fault"
)

// This file holds the rules about the words of descriptions, which docs/SCHEMA_GUIDE.md explains.

// worded checks that a description says something in the words of the glossary. names are the names
// that the reader sees beside it: of the type, the field, the argument, and of what the field holds.
func (l *linter) worded(at, text string, names ...string) {
	if strings.TrimSpace(text) == "" {
		return // described complains
	}
	switch {
	case len(strings.Fields(text)) == 1:
		l.complain(at, "the description is one word")
	case repeats(text, names):
		l.complain(at, "the description only repeats the name")
	}
	if !isSentence(text) {
		l.complain(at, "the description is no sentence: it begins with a small letter or ends without a full stop")
	}
	l.short(at, text)
	plain := quoted.ReplaceAllString(text, "")
	for _, w := range refusedWords {
		if found := w.pattern.FindString(plain); found != "" {
			l.complain(at, "says %q: say %s", strings.TrimSpace(found), w.say)
		}
	}
}

// quoted are names and values of the schema, texts that are cited, and the two things that have "push" in
// their names.
var quoted = regexp.MustCompile("`[^`]*`|\"[^\"]*\"|push notifications?|push service")

// refusedWords are other words for things that have one in the glossary.
var refusedWords = []struct {
	pattern *regexp.Regexp
	say     string
}{
	{regexp.MustCompile(`(?i)\bin line\b|\bthe line\b|\bqueue\b|\bwaitlist\b`), "waiting list"},
	{regexp.MustCompile(`(?i)\bclock\b|\bwall\b|\bhangs?\b`), "local time"},
	{regexp.MustCompile(`(?i)\bnews\b`), "notice"},
	{regexp.MustCompile(`(?i)\bpushes\b|\b(a|an|the|no|one) push\b`), "push notification"},
	{regexp.MustCompile(`(?i)\bevening's\b`), "daily summary"},
	{regexp.MustCompile(`(?i)\btold\b`), "gets a notice"},
	{regexp.MustCompile(`(?i)\b(a|the|his|her|their|of) places?\b`), "seat (what one has), or venue (where it happens)"},
	{regexp.MustCompile(`(?i)\b(comes?|came|becomes?|became) of\b`), "the result of, or what happened to"},
	{regexp.MustCompile(`(?i)\banswer(s|ed)? for\b`), "is responsible for"},
	{regexp.MustCompile(`(?i)\bfor good\b`), "without an end, or that it cannot be undone"},
	{regexp.MustCompile(`(?i)\bsorts? of\b`), "kind of"},
	{regexp.MustCompile(`(?i)\bonce (an?|the|its|it|they|people|staff|somebody|nobody|all)\b`), "when, or after"},
	{regexp.MustCompile(`(?i)\bturn(s|ed)? (it |them )?down\b`), "rejects, or declines"},
	{regexp.MustCompile(`(?i)\b(takes?|took) (it|them|[a-z ]+(request|list|invitation)s?( to join)?) back\b`), "withdraws"},
	{regexp.MustCompile(`(?i)\bpart(y|ies)\b`), "the person and their guests"},
	{regexp.MustCompile(`(?i)\b(whoever|whatsoever|nevertheless|shall|thereof|hereby)\b`), "it in everyday words"},
	{regexp.MustCompile(`(?i)\b(two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|twenty|thirty|half an?) (minutes?|hours?|days?|weeks?|months?|years?|times|people|of)\b`),
		"it in figures, which are compared with the program"},
}

// isSentence reports whether a description begins and ends like a sentence.
func isSentence(text string) bool {
	text = strings.TrimSpace(text)
	first := []rune(text)[0]
	return !unicode.IsLower(first) && strings.HasSuffix(text, ".")
}

// repeats reports whether every word of a description that says something stands in one of the names.
func repeats(text string, names []string) bool {
	known := map[string]bool{}
	for _, name := range names {
		for _, w := range wordsOf(name) {
			known[w] = true
		}
	}
	for _, w := range wordsOf(text) {
		if !known[w] && !slices.Contains(hollow, w) {
			return false
		}
	}
	return true
}

// hollow are words that say nothing of their own, in the form that wordsOf gives them.
var hollow = wordsOf(`a an the this that these those it they their his her who which what whose of in on at by for from to with and or as
	is are was be been has have had its not no one all any each every some own itself themselves new now present given s t field value input argument object
	type item data enum kind thing`)

var (
	humps   = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	letters = regexp.MustCompile(`\p{L}+|\p{N}+`)
)

// wordsOf are the stems of the words of a name or a text, so that "cancelled" and "cancellation" are the same
// word, without the humps of camel case.
func wordsOf(s string) []string {
	list := letters.FindAllString(strings.ToLower(humps.ReplaceAllString(s, "$1 $2")), -1)
	for i, w := range list {
		env := snowballstem.NewEnv(w)
		english.Stem(env)
		list[i] = env.Current()
	}
	return list
}

// valued checks what the description of a field, and those of its arguments, say of the value.
func (l *linter) valued(d *ast.Definition, f *ast.FieldDefinition) {
	at, text := d.Name+"."+f.Name, flat(f.Description)
	l.phrased(at, text)
	l.timed(at, text, f.Type)
	l.ordered(at, d, f)
	switch {
	case d.Kind == ast.InputObject:
		l.optional(at, text, f.Type, f.DefaultValue)
	case d != l.schema.Query && d != l.schema.Mutation && d != l.schema.Subscription:
		l.nullable(at, text, f.Type)
	}
	l.valuedArguments(at, f.Arguments)
	if isYesOrNo := f.Type.NamedType == "Boolean"; isYesOrNo && text != "" && !strings.HasPrefix(text, "whether ") {
		l.complain(at, `is true or false, but the description does not begin with "Whether"`)
	}
}

func (l *linter) valuedArguments(at string, args ast.ArgumentDefinitionList) {
	for _, a := range args {
		at, text := at+"("+a.Name+":)", flat(a.Description)
		l.phrased(at, text)
		l.timed(at, text, a.Type)
		l.optional(at, text, a.Type, a.DefaultValue)
	}
}

// phrased checks that a description of a type, a field or an argument is a noun phrase: what it is, and not a
// clause.
func (l *linter) phrased(at, text string) {
	if first, _, _ := strings.Cut(text, " "); slices.Contains(clauses, first) {
		l.complain(at, "the description begins with %q: a noun phrase says what it is", first)
	}
}

// clauses are words with which a clause begins.
var clauses = strings.Fields("what how when why who whose whom where which if that because")

// flat is a description on one line in small letters.
func flat(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// codes are the codes of errors[].extensions.code, which TestTheCodesAreThose compares with the code.
var codes = []fault.Code{fault.CodeUnauthenticated, fault.CodeForbidden, fault.CodeNotFound, fault.CodeBadID, fault.CodeBadUserInput, fault.CodeConflict,
	fault.CodeVersionConflict, fault.CodeRateLimited, fault.CodeQueryTooCostly, fault.CodePersistedQueryNotFound, fault.CodePersistedQueryNotSupported,
	fault.CodeIdempotencyKeyReused, fault.CodeUnavailable, fault.CodeInternal}

// tellsRoots checks the descriptions of root fields.
func (l *linter) tellsRoots(root *ast.Definition) {
	for _, f := range root.Fields {
		if !strings.HasPrefix(f.Name, "__") {
			l.told(root, f)
		}
	}
}

// told checks the form of a root field's description: what it does or is, who may call it, and which
// codes come when.
func (l *linter) told(root *ast.Definition, f *ast.FieldDefinition) {
	at, parts := root.Name+"."+f.Name, strings.Split(strings.TrimSpace(f.Description), "\n\n")
	if parts[0] == "" {
		return
	}
	who := strings.TrimPrefix(part(parts, "Who may: "), "Who may: ")
	listed := strings.TrimPrefix(part(parts, "Codes: "), "Codes: ")
	if who == "" {
		l.complain(at, `the description has no paragraph "Who may: …"`)
	} else {
		l.whoMay(at, who)
	}
	for _, can := range f.Directives.ForNames("can") {
		for _, capability := range capabilitiesOf(can) {
			if !slices.Contains(capitals.FindAllString(who, -1), capability) {
				l.complain(at, "the description does not say that %s may call it", capability)
			}
		}
	}
	if listed == "" {
		l.complain(at, `the description has no paragraph "Codes: …"`)
	}
	l.coded(at, listed)
	if root != l.schema.Mutation {
		return
	}
	if first, _, _ := strings.Cut(parts[0], " "); !strings.HasSuffix(first, "s") {
		l.complain(at, "the description does not begin with a verb in the third person: %s", first)
	}
	in := f.Arguments.ForName("input")
	if in == nil || l.schema.Types[in.Type.Name()] == nil {
		return
	}
	if l.schema.Types[in.Type.Name()].Fields.ForName("expectedVersion") != nil && !strings.Contains(listed, string(fault.CodeVersionConflict)) {
		l.complain(at, "takes expectedVersion, but the description does not say when VERSION_CONFLICT comes")
	}
	if len(f.Directives.ForNames("can")) > 0 && !strings.Contains(listed, string(fault.CodeForbidden)) {
		l.complain(at, "needs a capability, but the description does not say when FORBIDDEN comes")
	}
}

var capitals = regexp.MustCompile(`\b[A-Z]+(_[A-Z]+)*\b`)

// coded checks the list of codes: "CODE if …; CODE at `field` if …", or that there are none.
func (l *linter) coded(at, listed string) {
	if listed == "" || listed == "none besides those of every mutation." || listed == "none besides those of every field." {
		return
	}
	list, _, _ := strings.Cut(strings.ReplaceAll(listed, "\n", " ")+" ", ". ")
	for clause := range strings.SplitSeq(list, ";") {
		code, when, _ := strings.Cut(strings.TrimSpace(clause), " ")
		if !slices.Contains(codes, fault.Code(code)) {
			l.complain(at, "%s is no code", code)
		}
		if when == "" {
			l.complain(at, "the description does not say when %s comes", code)
		}
	}
}

func part(parts []string, prefix string) string {
	for _, p := range parts {
		if strings.HasPrefix(p, prefix) {
			return p
		}
	}
	return ""
}

// capabilitiesOf are the capabilities that @can names.
func capabilitiesOf(can *ast.Directive) []string {
	if one := given(can, "capability"); one != nil {
		return []string{one.Raw}
	}
	var list []string
	if several := given(can, "anyOf"); several != nil {
		for _, c := range several.Children {
			list = append(list, c.Value.Raw)
		}
	}
	return list
}
