package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/id"
)

// noIDs are ids that no field takes: malformed ones, and those of things that clients do not know.
func noIDs() []any {
	return []any{"", " ", "x", "per_", id.Derive("usr", "x"), id.Derive(id.SignIn, "x"), id.Derive(id.Effect, "x"),
		strings.ToUpper(id.Derive(id.Group, "x")), id.Derive(id.Group, "x") + " ", id.Derive(id.Person, "x") + ": x"}
}

// idFields are the fields and arguments that take ids.
func idFields[F any](fields []F, of func(F) (string, *ast.Type)) (names []string, isList map[string]bool) {
	isList = map[string]bool{}
	for _, f := range fields {
		if name, typ := of(f); typ.Name() == "ID" {
			names, isList[name] = append(names, name), typ.Elem != nil
		}
	}
	return names, isList
}

// insteadOf are the fields that an input must not have too, by the one that it has.
var insteadOf = map[string][]string{
	"courseId": {"occurrenceId", "guests"}, "sessionId": {"occurrenceId"}, "occurrenceId": {"courseId", "sessionId"}, "personId": {"guestName"}, "bookingId": {"code"},
}

// An id that is malformed, or of another kind than the field takes, is BAD_ID at that field, and in
// a list at its place there. The test goes through all mutations.
func TestAnIDOfAnotherKindIsRefusedAtItsField(t *testing.T) {
	t.Parallel()
	r, tried, fields := newCrashRig(t), map[string]bool{}, 0
	for _, c := range crashCases() {
		if tried[c.field()] {
			continue
		}
		tried[c.field()] = true
		input := theSchema().Types[strings.Trim(inputTypes()[c.field()], "!")]
		names, isList := idFields(input.Fields, func(f *ast.FieldDefinition) (string, *ast.Type) { return f.Name, f.Type })
		if len(names) == 0 {
			continue
		}
		m := r.arrangeCase(c)
		p := r.process(r.db)
		for _, name := range names {
			fields++
			for i, wrong := range noIDs() {
				again, at := crashCall{m.as, m.field, maps.Clone(m.input), m.want}, "input."+name
				if isList[name] {
					good, _ := again.input[name].([]string)
					wrong, at = append(slices.Clone(good), wrong.(string)), fmt.Sprint(at, ".", len(good))
				}
				for _, other := range insteadOf[name] {
					delete(again.input, other)
				}
				again.input[name] = wrong
				_, problems := r.send(p, again, crashKey(fmt.Sprint(c.name, name, i)))
				if len(problems) != 1 || problems[0].Extensions.Code != "BAD_ID" || problems[0].Extensions.Field != at {
					t.Errorf("%s with %s %q: %+v", c.name, name, wrong, problems)
				}
			}
		}
	}
	if fields < 40 {
		t.Errorf("only %d fields", fields)
	}
}

// So it is with the arguments of queries and of the viewer, and with filters. That nodes refuses
// each id alone is tested with the root fields.
func TestAnIDOfAnotherKindIsRefusedAtItsArgument(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	asked := 0
	ask := func(as, document, at string) {
		asked++
		got := h.do(as, document, nil)
		if len(got.Errors) != 1 || got.Errors[0].Extensions.Code != "BAD_ID" || got.Errors[0].Extensions.Field != at {
			t.Errorf("%s: %+v", document, got.Errors)
		}
	}
	for _, of := range []*ast.Definition{theSchema().Query, theSchema().Types["Viewer"]} {
		for _, f := range of.Fields {
			wrap := "{ %s }"
			if of.Name == "Viewer" {
				wrap = "{ viewer { %s } }"
			}
			names, isList := idFields(f.Arguments, func(a *ast.ArgumentDefinition) (string, *ast.Type) { return a.Name, a.Type })
			for _, name := range names {
				for _, wrong := range noIDs() {
					value, at := fmt.Sprintf("%q", wrong), name
					if isList[name] && f.Name == "nodes" {
						continue
					} else if isList[name] {
						value, at = "["+value+"]", name+".0"
					}
					ask("staff-1", fmt.Sprintf(wrap, f.Name+"("+name+": "+value+") { __typename }"), at)
				}
			}
			filter := f.Arguments.ForName("filter")
			if filter == nil {
				continue
			}
			names, _ = idFields(theSchema().Types[filter.Type.Name()].Fields, func(f *ast.FieldDefinition) (string, *ast.Type) { return f.Name, f.Type })
			for _, name := range names {
				for _, wrong := range noIDs() {
					ask("staff-1", fmt.Sprintf(wrap, fmt.Sprintf("%s(filter: {%s: %q}) { __typename }", f.Name, name, wrong)), "filter."+name)
				}
			}
		}
	}
	if asked < 100 {
		t.Errorf("only %d were asked", asked)
	}
}
