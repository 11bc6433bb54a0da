package main

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/testkit"
)

// badInput is a call that must be refused with a code, the path of the field and a text in the
// person's language, without writing anything.
type badInput struct {
	name     string
	persona  string
	document string
	input    any // the variable $input
	code     string
	field    string
}

// The documents of the cases.
const (
	createGroupDoc = `mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { id } } }`
	joinDoc        = `mutation ($input: JoinGroupInput!) { joinGroup(input: $input) { group { id } } }`
	createEventDoc = `mutation ($input: CreateEventInput!) { createEvent(input: $input) { event { id } } }`
	updateEventDoc = `mutation ($input: UpdateEventInput!) { updateEvent(input: $input) { event { id } } }`
	cancelEventDoc = `mutation ($input: CancelEventInput!) { cancelEvent(input: $input) { event { id } } }`
	attendDatesDoc = `mutation ($input: AttendDatesInput!) { attendDates(input: $input) { outcomes { outcome { __typename } } } }`
	copyEventDoc   = `mutation ($input: CopyEventInput!) { copyEvent(input: $input) { event { id } } }`
	attendDoc      = `mutation ($input: AttendEventInput!) { attendEvent(input: $input) { outcome { __typename } } }`
	leaveDateDoc   = `mutation ($input: CancelAttendanceInput!) { cancelAttendance(input: $input) { occurrence { id } } }`
	firstDoc       = `query ($input: Int!) { groups(first: $input) { edges { cursor } } }`
	afterDoc       = `query ($input: String) { groups(after: $input) { edges { cursor } } }`
	profileDoc     = `mutation ($input: CompleteProfileInput!) { completeProfile(input: $input) { person { id } } }`
)

const usedKey = "7f1f3c0e-5a4b-4a53-9d0e-0d4f0c4b1a11"

// eventWith is a good new event with some fields changed.
func eventWith(changes vars) vars {
	in := vars{"groupId": "$group", "title": "Fest", "startsAt": "2027-06-05T18:00:00", "endsAt": "2027-06-05T20:00:00"}
	maps.Copy(in, changes)
	return in
}

func groupWith(changes vars) vars {
	in := vars{"name": "Vejen", "kind": "HOUSING"}
	maps.Copy(in, changes)
	return in
}

// badInputs are the bad inputs of all nouns, and bad ids and values in all places.
func badInputs() []badInput {
	return slices.Concat(badIDs, badTypes, rowsOf(func(n noun) []badInput { return n.badInputs }))
}

var badIDs = []badInput{
	{"a malformed id", "member", joinDoc, vars{"groupId": "havnevej"}, "BAD_ID", "input.groupId"},
	{"an id in capitals", "member", joinDoc, vars{"groupId": "GRP_00000000000000000000000001"}, "BAD_ID", "input.groupId"},
	{"a pattern for an id", "member", joinDoc, vars{"groupId": ".*"}, "BAD_ID", "input.groupId"},
	{"an id of another type", "member", joinDoc, vars{"groupId": "$event"}, "BAD_ID", "input.groupId"},
	{"an unknown id", "member", joinDoc, vars{"groupId": "$unknown.grp"}, "NOT_FOUND", ""},
	{"an id one may not see", "member", joinDoc, vars{"groupId": "$hidden"}, "NOT_FOUND", ""},
	{"a date one may not see", "member", attendDoc, vars{"occurrenceId": "$hiddenDate"}, "NOT_FOUND", ""},
	{"a malformed clientMutationId", "member", joinDoc, vars{"groupId": "$group", "clientMutationId": "1"}, "BAD_USER_INPUT", "input.clientMutationId"},
	{"a clientMutationId with other input", "leader", createGroupDoc, groupWith(vars{"clientMutationId": usedKey, "name": "En anden"}), "IDEMPOTENCY_KEY_REUSED", "input.clientMutationId"},
	{"a clientMutationId of another call", "leader", joinDoc, vars{"groupId": "$group", "clientMutationId": usedKey}, "IDEMPOTENCY_KEY_REUSED", "input.clientMutationId"},
	{"a cursor of another list", "member", afterDoc, "$skillCursor", "BAD_USER_INPUT", "after"},
	{"a cursor that is none", "member", afterDoc, "næste", "BAD_USER_INPUT", "after"},
	{"a page of nothing", "member", firstDoc, 0, "BAD_USER_INPUT", "first"},
	{"a page too long", "member", firstDoc, 51, "BAD_USER_INPUT", "first"},
	{"a page backwards", "member", firstDoc, -1, "BAD_USER_INPUT", "first"},
}

// These inputs have values that their types do not have. They must never reach the database.
var badTypes = []badInput{
	{"a number for a text", "leader", createGroupDoc, groupWith(vars{"name": 5}), "BAD_USER_INPUT", "input.name"},
	{"a truth for a text", "leader", createGroupDoc, groupWith(vars{"name": true}), "BAD_USER_INPUT", "input.name"},
	{"an enum in small letters", "leader", createGroupDoc, groupWith(vars{"kind": "housing"}), "BAD_USER_INPUT", "input.kind"},
	{"an enum that is none", "leader", createGroupDoc, groupWith(vars{"kind": "CASTLE"}), "BAD_USER_INPUT", "input.kind"},
	{"a number for an enum", "leader", createGroupDoc, groupWith(vars{"kind": 1}), "BAD_USER_INPUT", "input.kind"},
	{"an unknown field", "leader", createGroupDoc, groupWith(vars{"colour": "red"}), "BAD_USER_INPUT", "input.colour"},
	{"a field left out", "leader", createGroupDoc, vars{"name": "Vejen"}, "BAD_USER_INPUT", "input.kind"},
	{"null for what must be", "leader", createGroupDoc, groupWith(vars{"name": nil}), "BAD_USER_INPUT", "input.name"},
	{"no variable", "leader", createGroupDoc, nil, "BAD_USER_INPUT", "input"},
	{"a text for an object", "leader", createGroupDoc, "Vejen", "BAD_USER_INPUT", "input"},
	{"an object for a text", "leader", createGroupDoc, groupWith(vars{"name": vars{"$gt": ""}}), "BAD_USER_INPUT", "input.name"},
	{"a text for a number", "leader", createEventDoc, eventWith(vars{"capacity": "10"}), "BAD_USER_INPUT", "input.capacity"},
	{"a huge number", "leader", createEventDoc, eventWith(vars{"capacity": 99999999999}), "BAD_USER_INPUT", "input.capacity"},
	{"half a person", "leader", createEventDoc, eventWith(vars{"capacity": 1.5}), "BAD_USER_INPUT", "input.capacity"},
	{"no number at all", "leader", createEventDoc, eventWith(vars{"place": vars{"latitude": "NaN", "longitude": "NaN"}}), "BAD_USER_INPUT", "input.place.latitude"},
	{"an endless number", "leader", createEventDoc, eventWith(vars{"place": vars{"latitude": "Infinity", "longitude": 1}}), "BAD_USER_INPUT", "input.place.latitude"},
	{"a small letter in a list", "leader", profileDoc, vars{"language": "da"}, "BAD_USER_INPUT", "input.language"},
	{"a number in a list of texts", "leader", profileDoc, vars{"interests": []any{"sang", 5}}, "BAD_USER_INPUT", "input.interests.1"},
}

func TestBadInputIsRefusedWhole(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.seed("testdata/api/seeds/bad-input.json")
	s.settled() // workers may still write, which is not caused by the inputs
	db := testkit.Reopen(t, s.app.Community.DB, testkit.WithoutGuard(collections()...))
	before := countAll(t, db)
	messages := map[string]string{}
	for _, language := range []string{"DA", "EN"} {
		for _, persona := range []string{"leader", "member", "staff"} {
			s.answer(persona, "", profileDoc, vars{"input": vars{"language": language}})
		}
		for _, c := range badInputs() {
			variables := vars{"input": c.input}
			if c.input == nil {
				variables = nil
			}
			message := s.refused(c.name, s.answer(c.persona, "", c.document, variables), c.code, c.field)
			if messages[c.name] == message {
				t.Errorf("%s: %q in both languages", c.name, message)
			}
			messages[c.name] = message
			if diff := cmp.Diff(before, countAll(t, db)); diff != "" {
				t.Fatalf("%s: something was written (-before +after):\n%s", c.name, diff)
			}
		}
	}
}

// refused checks that an answer is one refusal with that code and field, and returns its text.
func (s *stage) refused(name string, got map[string]any, code, field string) string {
	s.t.Helper()
	list, _ := got["errors"].([]any)
	if len(list) != 1 {
		s.t.Errorf("%s: want one error, got %v", name, got)
		return ""
	}
	problem, _ := list[0].(map[string]any)
	gotCode, gotField := valueAt(problem, "extensions.code"), valueAt(problem, "extensions.field")
	if gotField == nil {
		gotField = ""
	}
	if gotCode != code || gotField != field {
		s.t.Errorf("%s: refused with %v at %q, want %s at %q: %v", name, gotCode, gotField, code, field, problem)
	}
	message, _ := problem["message"].(string)
	if message == "" {
		s.t.Errorf("%s: refused without a word", name)
	}
	return message
}

func collections() []string {
	var names []string
	for _, i := range indexes() {
		names = append(names, i.Collection)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// countAll is how many documents each collection holds.
func countAll(t *testing.T, db *mongodb.DB) map[string]int64 {
	t.Helper()
	counts := map[string]int64{}
	for _, name := range collections() {
		n, err := db.Collection(name).EstimatedDocumentCount(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		counts[name] = n
	}
	return counts
}
