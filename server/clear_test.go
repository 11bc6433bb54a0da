package main

import (
	"encoding/json"
	"fmt"
	"maps"
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
	return []edit{eventEdit(), courseEdit(), groupEdit(), profileEdit(), settingsEdit()}
}

func eventEdit() edit {
	return edit{"leader", "updateEvent", func(r *crashRig) vars { return vars{"eventId": r.publishedEvent(r.group(nil), nil)} },
		`event { title description reminders place { name address latitude longitude }
			occurrences { edges { node { startsAtLocal endsAtLocal timeZone capacity } } } }`,
		[]clearing{
			{"title", "Sommerfest", "event.title", refused{}, nil},
			{"description", "Tag en ret med.", "event.description", "", nil},
			{"startsAt", "2030-06-01T17:00:00", "event.occurrences.edges.0.node.startsAtLocal", refused{}, nil},
			{"endsAt", "2030-06-01T22:00:00", "event.occurrences.edges.0.node.endsAtLocal", refused{}, nil},
			{"timeZone", "Europe/London", "event.occurrences.edges.0.node.timeZone", refused{}, nil},
			{"place", vars{"name": "Salen", "address": nil, "latitude": nil, "longitude": nil}, "event.place", nil, nil},
			{"capacity", 7, "event.occurrences.edges.0.node.capacity", nil, nil},
			{"reminders", []any{"WEEK_BEFORE"}, "event.reminders", []any{"DAY_BEFORE", "TWO_HOURS_BEFORE"}, nil},
		}}
}

func courseEdit() edit {
	var sessionID string
	at := func(place any) vars {
		in := session("2030-03-01")
		in["id"] = sessionID
		return vars{"sessions": []any{with(in, "place", place)}}
	}
	return edit{"staff", "updateCourse", func(r *crashRig) vars {
		courseID := r.course(3)
		sessionID = r.sessionOf(courseID)
		return vars{"courseId": courseID}
	}, `course { titleTranslations { language text } descriptionTranslations { language text } skills { id } areas { id } capacity reminders
			sessions { startsAt place { name address latitude longitude } } }`,
		[]clearing{
			{"title", danish("Sluk mere ild"), "course.titleTranslations", refused{}, nil},
			{"description", danish("Tag tøj på."), "course.descriptionTranslations", []any{}, nil},
			{"skillIds", []any{}, "course.skills", []any{}, nil},
			{"areaIds", []any{}, "course.areas", []any{}, nil},
			{"sessions", []any{session("2030-03-02")}, "course.sessions", refused{}, nil},
			{field: "sessions.*.id"}, // null and absent are the same: a new session
			{"sessions.*.place", vars{"name": "Salen", "address": nil, "latitude": nil, "longitude": nil}, "course.sessions.0.place", nil, at},
			{"capacity", 7, "course.capacity", nil, nil},
			{"reminders", []any{"WEEK_BEFORE"}, "course.reminders", []any{"DAY_BEFORE", "TWO_HOURS_BEFORE"}, nil},
		}}
}

func groupEdit() edit {
	return edit{"leader", "updateGroup", func(r *crashRig) vars { return vars{"groupId": r.group(nil)} }, `group { name description visibility joinPolicy }`,
		[]clearing{
			{"name", "Klubben", "group.name", refused{}, nil},
			{"description", "Vi ror.", "group.description", "", nil},
			{"visibility", "MEMBERS", "group.visibility", refused{}, nil},
			{"joinPolicy", "ASK", "group.joinPolicy", refused{}, nil},
		}}
}

func profileEdit() edit {
	return edit{"resident", "completeProfile", func(r *crashRig) vars { r.skill(); return vars{} },
		`person { displayName language homeArea { id } interests skillsWanted { id } }`,
		[]clearing{
			{"displayName", "Rikke", "person.displayName", refused{}, nil},
			{"language", "EN", "person.language", refused{}, nil},
			{"homeAreaId", crashArea, "person.homeArea", nil, nil},
			{"interests", []any{"roning"}, "person.interests", []any{}, nil},
			{"skillsWanted", []any{crashSkill}, "person.skillsWanted", []any{}, nil},
		}}
}

func settingsEdit() edit {
	kind := func(channel any) vars {
		return vars{"kinds": []any{with(vars{"kind": "COURSE_PUBLISHED"}, "channel", channel)}}
	}
	return edit{"resident", "updateNotificationSettings", func(*crashRig) vars { return vars{} },
		`settings { pushEnabled quietHours { from until } timeZone pushesADay summaryTime reminders kinds { kind channel defaultChannel } }`,
		[]clearing{
			{"pushEnabled", false, "settings.pushEnabled", true, nil},
			{"quietHours", vars{"from": "22:00", "until": "06:00"}, "settings.quietHours", nil, nil},
			{"timeZone", "Europe/London", "settings.timeZone", "Europe/Copenhagen", nil},
			{"pushesADay", 7, "settings.pushesADay", 3.0, nil},
			{"summaryTime", "19:30", "settings.summaryTime", "18:00", nil},
			{"reminders", vars{"offsets": []any{"WEEK_BEFORE"}}, "settings.reminders", nil, nil},
			{"reminders.offsets", []any{"WEEK_BEFORE"}, "settings.reminders", nil, func(v any) vars { return vars{"reminders": with(vars{}, "offsets", v)} }},
			{"kinds", []any{vars{"kind": "COURSE_PUBLISHED", "channel": "INBOX"}}, "settings.kinds", isDefault, nil},
			{"kinds.*.channel", "INBOX", "settings.kinds", isDefault, kind},
		}}
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
	return strings.HasPrefix(input, "Update") || input == "CompleteProfileInput"
}

// sayNothing are nullable fields of edits that are no part of the thing.
var sayNothing = []string{"clientMutationId", "expectedVersion"}

// nullable visits the nullable fields of an input and of the inputs in it, but not those of a
// place, which is one value.
func nullable(s *ast.Schema, input *ast.Definition, path string, visit func(path string)) {
	for _, f := range input.Fields {
		if !f.Type.NonNull && !slices.Contains(sayNothing, f.Name) {
			visit(path + f.Name)
		}
		inner, step := f.Type, f.Name+"."
		if inner.Elem != nil {
			inner, step = inner.Elem, f.Name+".*."
		}
		if d := s.Types[inner.NamedType]; d != nil && d.Kind == ast.InputObject && d.Name != "PlaceInput" && d.Name != "TranslationInput" {
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

// unrepeatable are mutations that cannot repeat their answer.
var unrepeatable = []string{"createInvitationLink"}

// A call is sent again by the same key in capitals, or with null instead of nothing, where that
// is no edit: then it is the same call. All its answer is of the types that the schema promises.
func TestASmallDifferenceMakesNoOtherCall(t *testing.T) {
	t.Parallel()
	r, tried, prefixes := newCrashRig(t), map[string]bool{}, map[string]string{}
	for _, c := range crashCases() {
		if tried[c.field()] || slices.Contains(unrepeatable, c.field()) {
			continue
		}
		tried[c.field()] = true
		m, key := r.arrangeCase(c), crashKey("as sent first")
		root := nothing.whole(theSchema().Mutation.Fields.ForName(m.field))
		m.want = ""
		for _, k := range root.kids {
			m.want += " " + k.text(nil)
		}
		for _, field := range append(withoutMeaning(c.field()), "") {
			r.from.Restore(r.t, r.db)
			r.clock.Advance(r.at.Sub(r.clock.Now()))
			again := crashCall{m.as, m.field, maps.Clone(m.input), m.want}
			delete(again.input, field)
			p := r.process(r.db)
			first := r.call(p, again, key)
			r.judged(root, first.data, prefixes)
			if field != "" {
				again.input[field] = nil
			}
			if second := r.call(p, again, strings.ToUpper(key)); first.code != "" || second != first {
				t.Errorf("%s: first it answers %+v, and sent again with capitals and %q null %+v", c.name, first, field, second)
			}
		}
	}
	if len(tried) < 40 {
		t.Errorf("only %d mutations", len(tried))
	}
}

// judged complains about what is not of its type in the answer to a mutation.
func (r *crashRig) judged(root *selected, data string, prefixes map[string]string) {
	r.t.Helper()
	got := answered{may: time.Hour}
	if err := json.Unmarshal([]byte(data), &got.Data); err != nil {
		r.t.Fatal(err)
	}
	if wrong := judge(&call{kind: "mutation", root: root}, got, prefixes); wrong != nil {
		r.t.Errorf("%s: %s: %s", root.name, wrong.class, wrong.detail)
	}
}

// withoutMeaning are the fields of a mutation's input for which null means the same as nothing.
func withoutMeaning(mutation string) []string {
	input := theSchema().Types[strings.Trim(inputTypes()[mutation], "!")]
	var fields []string
	for _, f := range input.Fields {
		if !f.Type.NonNull && f.Name != "clientMutationId" && (!isEdit(input.Name) || f.Name == "expectedVersion") {
			fields = append(fields, f.Name)
		}
	}
	return fields
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
