package main

import (
	"testing"
)

// People who could not see a draft do not find it in any way after it was cancelled. A
// published event stays visible where it was.
func TestACancelledDraftLeaksNowhere(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	h.signUpPersonas()
	group := h.must("leader-1", `mutation { createGroup(input: {name: "Haven", kind: HOUSING}) { group { id } } }`, nil).text("createGroup", "group", "id")
	h.must("resident-1", `mutation ($g: ID!) { joinGroup(input: {groupId: $g}) { group { id } } }`, vars{"g": group})
	made := h.must("leader-1", `mutation ($g: ID!) { createEvent(input: {groupId: $g, title: "Festen", startsAt: "2035-06-01T18:00:00", endsAt: "2035-06-01T20:00:00"})
		{ event { id occurrences { edges { node { id } } } } } }`, vars{"g": group})
	ids := vars{"g": group, "e": made.text("createEvent", "event", "id"), "d": made.text("createEvent", "event", "occurrences", "edges", 0, "node", "id")}
	ids["c"] = h.must("staff-1", `mutation { createCourse(input: {title: [{language: DA, text: "Kursus"}], sessions: [{startsAt: "2035-03-01T17:00:00", endsAt: "2035-03-01T19:00:00"}]})
		{ course { id } } }`, nil).text("createCourse", "course", "id")
	h.must("leader-1", `mutation ($e: ID!) { cancelEvent(input: {eventId: $e, reason: "Kun for os"}) { event { state } } }`, ids)
	h.must("staff-1", `mutation ($c: ID!) { cancelCourse(input: {courseId: $c, reason: "Kun for os"}) { course { state } } }`, ids)

	paths := map[string]string{
		"event":               `query ($e: ID!) { event(id: $e) { title cancelReason } }`,
		"node of the event":   `query ($e: ID!) { node(id: $e) { id } }`,
		"node of the date":    `query ($d: ID!) { node(id: $d) { id } }`,
		"course":              `query ($c: ID!) { course(id: $c) { title cancelReason } }`,
		"node of the course":  `query ($c: ID!) { node(id: $c) { id } }`,
		"events":              `{ events(filter: {state: CANCELLED}) { edges { node { title } } } }`,
		"events of the group": `query ($g: ID!) { events(filter: {state: CANCELLED, groupId: $g}) { edges { node { title } } } }`,
		"courses":             `{ courses(filter: {state: CANCELLED}) { edges { node { title } } } }`,
	}
	sees := func(persona, document string) bool {
		t.Helper()
		r := h.do(persona, document, ids)
		if code := r.code(); code != "" {
			if code != "NOT_FOUND" {
				t.Errorf("%s asks %s: %s", persona, document, code)
			}
			return false
		}
		for _, list := range []string{"events", "courses"} {
			if edges, ok := r.at(list, "edges").([]any); ok {
				return len(edges) > 0
			}
		}
		return true
	}
	for what, document := range paths {
		for persona, own := range map[string]map[string]bool{
			"": {}, "resident-1": {}, "resident-2": {}, "politician-1": {},
			"leader-1": {"event": true, "node of the event": true, "node of the date": true, "events of the group": true},
			"staff-1":  {"course": true, "node of the course": true, "courses": true},
		} {
			if got := sees(persona, document); got != own[what] {
				t.Errorf("%s: %q sees it: %t", what, persona, got)
			}
		}
	}
	for document, persona := range map[string]string{
		`mutation ($d: ID!) { attendEvent(input: {occurrenceId: $d}) { occurrence { id } } }`: "resident-1",
		`mutation ($c: ID!) { enrolInCourse(input: {courseId: $c}) { course { id } } }`:       "resident-1",
		`mutation ($e: ID!) { muteThread(input: {subjectId: $e}) { settings { version } } }`:  "resident-1",
	} {
		if got := h.do(persona, document, ids).code(); got != "NOT_FOUND" {
			t.Errorf("%s ends in %s", document, got)
		}
	}
}
