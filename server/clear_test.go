package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// An edit tells apart what is left out, what is null, and what has a value. These tests go
// through the inputs of the schema, so that a new field of an edit needs its row.

// edit is an edit of a thing that stands in the rig.
type edit struct {
	as, field string
	thing     func(r *crashRig) vars // makes the thing, and says which one is edited
	shows     string                 // the selection of the payload
	rows      []clearing
}

// clearing is a nullable field of an edit. Null has what is shown afterwards, or is refused.
type clearing struct {
	field string // within the input, with a * for an item of a list: "reminders.offsets"
	set   any    // a value, which is not what is shown at first
	shown string // where the payload shows it
	null  any    // what is shown after null, or refused
	// within puts the value into the rest of its object, which must be there too; nil for
	// a field that can stand alone.
	within func(value any) vars
}

// The values of fields that are not there, and of null that is refused.
type (
	leftOut struct{}
	refused struct{}
)

func edits() []edit {
	return []edit{eventEdit(), attendanceEdit(), courseEdit(), groupEdit(), profileEdit(), skillsEdit(), settingsEdit()}
}

// isDefault says what is wrong with channels of kinds that are not their defaults.
func isDefault(shown any) bool {
	kinds, _ := shown.([]any)
	return len(kinds) > 0 && !slices.ContainsFunc(kinds, func(k any) bool {
		kind, _ := k.(map[string]any)
		return kind["channel"] != kind["defaultChannel"]
	})
}

// with is an object with one more field, unless the value is left out.
func with(object vars, field string, value any) vars {
	if _, isOut := value.(leftOut); isOut {
		delete(object, field)
		return object
	}
	object[field] = value
	return object
}

func (c clearing) input(thing vars, value any) vars {
	in := vars{}
	for k, v := range thing {
		in[k] = v
	}
	part := vars{}
	if c.within != nil {
		part = c.within(value)
	} else {
		with(part, c.field, value)
	}
	for k, v := range part {
		in[k] = v
	}
	return in
}

// What can be set can be unset: absent leaves, and null clears or is refused at its field. Under
// one key the two are different calls.
func TestWhatCanBeSetCanBeUnset(t *testing.T) {
	t.Parallel()
	r := newCrashRig(t)
	for _, e := range edits() {
		for _, row := range e.rows {
			if row.shown == "" {
				continue
			}
			r.base.Restore(t, r.db)
			r.clock.Advance(crashStart.Sub(r.clock.Now()))
			r.unset(e, row, e.thing(r))
		}
	}
}

func (r *crashRig) unset(e edit, row clearing, thing vars) {
	r.t.Helper()
	say := func(format string, args ...any) { r.t.Helper(); r.t.Errorf(e.field+" "+row.field+": "+format, args...) }
	do := func(value any, key string) (any, problem) {
		r.clock.Advance(time.Second)
		data, problems := r.send(r.process(r.db), crashCall{e.as, e.field, row.input(thing, value), e.shows}, crashKey(key))
		if len(problems) > 0 {
			return nil, problems[0]
		}
		var answer reply
		if err := json.Unmarshal(data, &answer.Data); err != nil {
			r.t.Fatal(err)
		}
		return answer.at(pathOf(e.field + "." + row.shown)...), problem{}
	}
	first, _ := do(leftOut{}, "first")
	set, wrong := do(row.set, "set")
	if wrong.Message != "" || reflect.DeepEqual(first, set) {
		say("%v is not set: %+v, it was %v and is %v", row.set, wrong, first, set)
	}
	if left, wrong := do(leftOut{}, "left out"); wrong.Message != "" || !reflect.DeepEqual(left, set) {
		say("left out it is %v, and was %v: %+v", left, set, wrong)
	}
	again, wrong := do(nil, "left out")
	at := "input." + strings.ReplaceAll(row.field, "*", "0")
	if _, isRefused := row.null.(refused); isRefused {
		if wrong.Extensions.Code != "BAD_USER_INPUT" || wrong.Extensions.Field != at {
			say("null has %v, %+v", again, wrong)
		}
		return
	}
	if wrong.Extensions.Code != "IDEMPOTENCY_KEY_REUSED" {
		say("null under the key of a call without it has %v, %+v", again, wrong)
	}
	null, wrong := do(nil, "null")
	switch want := row.null.(type) {
	case func(any) bool:
		if wrong.Message != "" || want(set) || !want(null) {
			say("null leaves %v: %+v", null, wrong)
		}
	default:
		if wrong.Message != "" || !reflect.DeepEqual(null, want) {
			say("null leaves %v, want %v: %+v", null, want, wrong)
		}
	}
}

// pathOf is a path as reply.at takes it.
func pathOf(path string) []any {
	var steps []any
	for _, step := range strings.Split(strings.Trim(path, "."), ".") {
		if n, err := strconv.Atoi(step); err == nil {
			steps = append(steps, n)
		} else {
			steps = append(steps, step)
		}
	}
	return steps
}

// isEdit reports whether an input is that of an edit.
func isEdit(input string) bool {
	return strings.HasPrefix(input, "Update") || input == "CompleteProfileInput" || input == "SetSkillsInput"
}

// sayNothing are nullable fields of edits that are no part of the thing.
var sayNothing = []string{"clientMutationId", "expectedVersion", "occurrenceId", "scope", "planToken"}

// areOneValue are inputs that replace what is there as a whole.
var areOneValue = []string{"PlaceInput", "CourseAudienceInput", "CourseCompletionInput", "SignUpInput", "RecurrenceInput", "TranslationInput"}

// nullable visits the nullable fields of an input and of the inputs in it, but not those of
// inputs that are one value.
func nullable(s *ast.Schema, input *ast.Definition, path string, visit func(path string)) {
	for _, f := range input.Fields {
		if !f.Type.NonNull && !slices.Contains(sayNothing, f.Name) {
			visit(path + f.Name)
		}
		inner, step := f.Type, f.Name+"."
		if inner.Elem != nil {
			inner, step = inner.Elem, f.Name+".*."
		}
		if d := s.Types[inner.NamedType]; d != nil && d.Kind == ast.InputObject && !slices.Contains(areOneValue, d.Name) {
			nullable(s, d, path+step, visit)
		}
	}
}

// Every nullable field of every edit has a row above.
func TestEveryFieldOfAnEditHasItsRow(t *testing.T) {
	t.Parallel()
	s := loadSchema(t)
	rows := map[string]bool{}
	for _, e := range edits() {
		for _, row := range e.rows {
			rows[e.field+" "+row.field] = true
		}
	}
	fields := 0
	for _, m := range s.Mutation.Fields {
		input := s.Types[m.Arguments.ForName("input").Type.NamedType]
		if !isEdit(input.Name) {
			continue
		}
		nullable(s, input, "", func(path string) {
			fields++
			if !rows[m.Name+" "+path] {
				t.Errorf("%s %s: no row says what null does", m.Name, path)
			}
			delete(rows, m.Name+" "+path)
		})
	}
	for row := range rows {
		t.Errorf("%s is no nullable field", row)
	}
	if fields < 30 {
		t.Errorf("only %d fields", fields)
	}
}

// A variable that is not given leaves its field, as if the field were not there; null clears.
func TestAVariableThatIsNotGivenLeavesItsField(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.seed("testdata/api/seeds/bad-input.json")
	const document = `mutation ($id: ID!, $capacity: Int, $text: String, $name: String) {
		updateEvent(input: {eventId: $id, capacity: $capacity, description: $text, place: {name: $name}}) {
			event { description place { name } occurrences { edges { node { capacity } } } } } }`
	for _, step := range []struct {
		given vars
		want  string
	}{
		{vars{"capacity": 5, "text": "Tag en ret med.", "name": "Salen"}, "5 Tag en ret med. Salen"},
		{vars{"name": "Salen"}, "5 Tag en ret med. Salen"},
		{vars{"capacity": nil, "text": nil}, "<nil>  <nil>"}, // a place without a name is no place
	} {
		given := with(step.given, "id", "$event")
		got := s.answer("leader", "", document, given)
		event := reply{Data: map[string]any{"data": got["data"]}}
		at := func(path string) any { return event.at(pathOf("data.updateEvent.event." + path)...) }
		if shown := fmt.Sprintf("%v %v %v", at("occurrences.edges.0.node.capacity"), at("description"), at("place.name")); shown != step.want {
			t.Errorf("%v: %q, want %q: %v", step.given, shown, step.want, got)
		}
	}
}
