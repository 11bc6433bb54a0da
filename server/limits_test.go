package main

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/schema"
)

// Inputs have the limits that their descriptions say: the largest and the smallest value are accepted,
// and one more and one less are refused there. The limits are read from the descriptions, so that one
// that is wrong, and one that is changed in the code alone, is found.
func TestInputsHaveTheLimitsTheySay(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.seed("testdata/api/seeds/bad-input.json")
	w := &limitsWalk{stage: s, schema: schema.MustLoad(), tried: map[string]bool{}}
	w.everything()
	if len(w.tried) < 65 {
		t.Errorf("only %d limits were tried", len(w.tried))
	}
}

// limitsWalk tries the limits of everything that the schema takes.
type limitsWalk struct {
	*stage
	schema *ast.Schema
	tried  map[string]bool
	unsaid bool // only what no description limits is tried
}

// limitedCall is a root field with the argument in which something has limits.
type limitedCall struct {
	root     *ast.Definition
	field    *ast.FieldDefinition
	argument *ast.ArgumentDefinition
}

// everything goes through all that queries and mutations take.
func (w *limitsWalk) everything() {
	for _, root := range []*ast.Definition{w.schema.Query, w.schema.Mutation} {
		for _, f := range root.Fields {
			for _, a := range f.Arguments {
				call := limitedCall{root: root, field: f, argument: a}
				w.limits(call, a.Name, a.Description, a.Type)
				w.inside(call, a.Name, a.Type)
			}
		}
	}
}

// inside goes through the fields of an input, and of the inputs that it holds.
func (w *limitsWalk) inside(c limitedCall, path string, typ *ast.Type) {
	if typ.Elem != nil {
		w.inside(c, path+".0", typ.Elem)
		return
	}
	def := w.schema.Types[typ.NamedType]
	if def.Kind != ast.InputObject {
		return
	}
	for _, f := range def.Fields {
		w.limits(c, path+"."+f.Name, f.Description, f.Type)
		w.inside(c, path+"."+f.Name, f.Type)
	}
}

// The forms in which descriptions say limits.
var (
	textLimits   = regexp.MustCompile(`(?:([0-9,]+)–|at most )([0-9,]+) (characters|letters|digits)`)
	listLimits   = regexp.MustCompile(`(?:([0-9,]+)–|at most )([0-9,]+)(?: sessions| texts| of them)?[.,: ]`)
	numberLimits = regexp.MustCompile(`([−0-9,]+)(?:–|(?: \([a-z]+\))? to )([0-9,]+)`)
)

// limits tries the limits that a description says.
func (w *limitsWalk) limits(c limitedCall, path, description string, typ *ast.Type) {
	text := strings.Join(strings.Fields(description), " ")
	name := typ.Name()
	if w.unsaid {
		w.noLimits(c, path, text, typ)
		return
	}
	if typ.Elem != nil {
		withoutTexts := textLimits.ReplaceAllString(text, "")
		if found := listLimits.FindStringSubmatch(withoutTexts); found != nil {
			w.try(c, path, path, limitsOf(found), func(n int) any { return w.listOf(typ.Elem, path, n) })
		}
	}
	if found := textLimits.FindStringSubmatch(text); found != nil {
		switch {
		case name == "TranslationInput":
			w.try(c, path, path+".0.text", limitsOf(found), func(n int) any {
				return []any{vars{"language": "DA", "text": strings.Repeat("a", n)}}
			})
		case typ.Elem != nil:
			w.try(c, path, path+".0", limitsOf(found), func(n int) any { return []any{strings.Repeat("a", n)} })
		default:
			w.try(c, path, path, limitsOf(found), func(n int) any { return textOf(path, n) })
		}
	}
	if found := numberLimits.FindStringSubmatch(text); found != nil && (name == "Int" || name == "Float") && !strings.HasSuffix(path, "first") {
		w.try(c, path, path, limitsOf(found), func(n int) any { return n })
	}
}

// limitsOf are the smallest and the largest of a form. The smallest is −1 where none is said.
func limitsOf(found []string) [2]int {
	read := func(s string) int {
		n, err := strconv.Atoi(strings.NewReplacer(",", "", "−", "-").Replace(s))
		if err != nil {
			return -1
		}
		return n
	}
	return [2]int{read(found[1]), read(found[2])}
}

// textOf is a text of that length that fits the field.
func textOf(path string, n int) string {
	switch last := strings.ToLower(strings.TrimPrefix(path[strings.LastIndex(path, ".")+1:], "work")); {
	case last == "email" && n > len("@a.dk"):
		return strings.Repeat("a", n-len("@a.dk")) + "@a.dk"
	case strings.HasSuffix(last, "url") && n > len("https://a.dk/"):
		return "https://a.dk/" + strings.Repeat("a", n-len("https://a.dk/"))
	case last == "phone":
		return "+" + strings.Repeat("1", n)
	}
	return strings.Repeat("a", n)
}

// limitedMore are limits that are narrower where they stand than their description says of the input, and why.
var limitedMore = map[string]string{
	"createCourse input.signUp.maxGuests":           "nobody brings guests to a course",
	"updateCourse input.signUp.maxGuests":           "nobody brings guests to a course",
	"updateEvent input.recurrence.extraDates":       "the event of the seed happens once, which is said first",
	"updateEvent input.recurrence.exceptDates":      "the event of the seed happens once, which is said first",
	"previewEventEdit input.recurrence.extraDates":  "the event of the seed happens once, which is said first",
	"previewEventEdit input.recurrence.exceptDates": "the event of the seed happens once, which is said first",
}

func (w *limitsWalk) try(c limitedCall, path, at string, limits [2]int, of func(n int) any) {
	key := c.field.Name + " " + at
	if w.tried[key] || limitedMore[key] != "" {
		return
	}
	w.tried[key] = true
	smallest, largest := limits[0], limits[1]
	w.judge(c, path, at, of(largest), largest, true)
	w.judge(c, path, at, of(largest+1), largest+1, false)
	if smallest == -1 {
		return
	}
	w.judge(c, path, at, of(smallest), smallest, true)
	w.judge(c, path, at, of(smallest-1), smallest-1, false)
}

// judge sends a value and looks whether it was refused where it stands.
func (w *limitsWalk) judge(c limitedCall, path, at string, value any, n int, want bool) {
	w.t.Helper()
	got := w.answer(w.persona(c), "", w.document(c), vars{"v": w.build(c.argument.Type, c.argument.Name, path, value)})
	isRefused := false
	list, _ := got["errors"].([]any)
	for _, e := range list {
		code, field := valueAt(e, "extensions.code"), valueAt(e, "extensions.field")
		isRefused = isRefused || code == "BAD_USER_INPUT" && field == at
	}
	if isRefused == want {
		w.t.Errorf("%s: %d at %s: refused %t, but the description says otherwise: %v", c.field.Name, n, at, isRefused, list)
	}
}

func (w *limitsWalk) document(c limitedCall) string {
	call := c.field.Name + "(" + c.argument.Name + ": $v)"
	if kind := w.schema.Types[c.field.Type.Name()].Kind; kind != ast.Scalar && kind != ast.Enum {
		call += " { __typename }"
	}
	return strings.ToLower(c.root.Name) + " ($v: " + c.argument.Type.String() + ") { " + call + " }"
}

// persona is somebody who may make the call.
func (w *limitsWalk) persona(c limitedCall) string {
	can := c.field.Directives.ForName("can")
	switch {
	case can == nil:
		return "leader"
	case strings.Contains(can.Arguments[0].Value.String(), "ADMIN"):
		return "admin"
	}
	return "staff"
}

// build makes a value with one value at a place, and with everything else that it needs.
func (w *limitsWalk) build(typ *ast.Type, path, at string, value any) any {
	switch {
	case path == at:
		return value
	case neededBy(at, path) != nil:
		return neededBy(at, path)
	case typ.Elem != nil && strings.HasPrefix(at, path+"."):
		return []any{w.build(typ.Elem, path+".0", at, value)}
	case typ.Elem != nil:
		return []any{w.item(typ.Elem, path, 0)}
	}
	def := w.schema.Types[typ.NamedType]
	if def.Kind != ast.InputObject {
		return w.item(typ, path, 0)
	}
	in := vars{}
	for _, f := range def.Fields {
		p := path + "." + f.Name
		needed := f.Type.NonNull && f.DefaultValue == nil || isHalf(at, p) || neededBy(at, p) != nil
		if p == at || strings.HasPrefix(at, p+".") || needed {
			in[f.Name] = w.build(f.Type, p, at, value)
		}
	}
	return in
}

// besides are the values that fields need beside others, whose ends these are, so that nothing but a limit is wrong with those.
var besides = map[string]map[string]any{
	"signUp.reservedSeats": {"capacity": 100_000},
	"options":              {"kind": "CHOICE"},
	"options.0":            {"kind": "CHOICE"},
	"contact":              {"occurrenceId": "$date", "guestName": "Ida"},
}

// neededBy is the value that the field with a path needs beside another one; nil if any will do.
func neededBy(at, path string) any {
	for end, needed := range besides {
		base, isEnd := strings.CutSuffix(at, "."+end)
		if !isEnd {
			continue
		}
		for name, value := range needed {
			if path == base+"."+name {
				return value
			}
		}
	}
	return nil
}

// isHalf reports whether a place needs the other half of its position.
func isHalf(at, path string) bool {
	return strings.HasSuffix(at, "itude") && strings.HasSuffix(path, "itude")
}

// knownIDs are ids of the seed by the names of the fields that take them.
var knownIDs = map[string]string{"groupId": "$group", "eventId": "$event", "courseId": "$draftCourse", "occurrenceId": "$date", "sessionId": "$session",
	"areaId": "$area", "areaIds": "$area", "personId": "$member", "personIds": "$member", "skillIds": "$skill", "skillsWanted": "$skill",
	"announcementId": "$unknown.ann", "subjectId": "$event", "noticeIds": "per_a:b", "ids": "$group"}

// item is a value for a field: the one at that index of a list.
func (w *limitsWalk) item(typ *ast.Type, path string, i int) any {
	name := path[strings.LastIndex(path, ".")+1:]
	switch def := w.schema.Types[typ.NamedType]; {
	case def.Kind == ast.Enum:
		return def.EnumValues[0].Name
	case def.Name == "ID":
		return knownIDs[name]
	case def.Name == "LocalDateTime":
		hour := map[string]time.Duration{"startsAt": 18, "endsAt": 20}[name]
		return time.Date(2027, time.June, 1+i, 0, 0, 0, 0, time.UTC).Add(hour * time.Hour).Format("2006-01-02T15:04:05")
	case def.Name == "Int":
		return 1
	case def.Name == "Float":
		return 1.5
	case def.Kind == ast.InputObject:
		in := vars{}
		for _, f := range def.Fields {
			if f.Type.NonNull && f.DefaultValue == nil {
				in[f.Name] = w.item(f.Type, path+"."+f.Name, i)
			}
		}
		return in
	}
	return "a long enough text" + strings.Repeat("!", i)
}

// listOf is a list of that many items.
func (w *limitsWalk) listOf(typ *ast.Type, path string, n int) []any {
	list := make([]any, max(n, 0))
	for i := range list {
		list[i] = w.item(typ, path, i)
	}
	return list
}
