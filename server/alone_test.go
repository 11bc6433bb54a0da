package main

import (
	"testing"
)

// A root field that fails leaves the others, and of several mutations in one
// request each is told by itself: what is done is done.
func TestRootFieldsFailAlone(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	nobody := "grp_0000000000000000000000zzzz"

	t.Run("not signed in", func(t *testing.T) {
		r := h.do("", `{ viewer { person { id } } areas { id } }`, nil)
		if len(r.Errors) != 1 || r.code() != "UNAUTHENTICATED" {
			t.Errorf("the errors are %+v, want one UNAUTHENTICATED", r.Errors)
		}
		if r.text("areas", 0, "id") == "" {
			t.Errorf("no areas in %v", r.Data)
		}
	})
	t.Run("one that is not there", func(t *testing.T) {
		r := h.do("resident-1", `query ($g: ID!) { group(id: $g) { name } node(id: $g) { id } viewer { person { id } } }`, vars{"g": nobody})
		if len(r.Errors) != 2 || r.text("viewer", "person", "id") == "" {
			t.Errorf("got %+v", r)
		}
	})
	t.Run("the second mutation", func(t *testing.T) {
		r := h.do("resident-1", `mutation ($g: ID!) {
			made: createGroup(input: {name: "Skak", kind: HOUSING}) { group { id } }
			gone: joinGroup(input: {groupId: $g}) { group { id } }
			also: completeProfile(input: {interests: ["skak"]}) { person { interests } } }`, vars{"g": nobody})
		if len(r.Errors) != 1 || r.code() != "NOT_FOUND" {
			t.Errorf("the errors are %+v, want one NOT_FOUND", r.Errors)
		}
		made := r.text("made", "group", "id")
		if made == "" || r.at("gone") != nil || r.text("also", "person", "interests", 0) != "skak" {
			t.Errorf("got %v", r.Data)
		}
		if got := h.must("resident-1", `query ($g: ID!) { group(id: $g) { name } }`, vars{"g": made}).text("group", "name"); got != "Skak" {
			t.Errorf("the group that was made is called %q", got)
		}
	})
	t.Run("one of several nodes", func(t *testing.T) {
		me := h.personID("resident-1")
		r := h.do("resident-1", `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, vars{"ids": []string{"x", me, nobody, "y"}})
		if len(r.Errors) != 2 || r.code() != "BAD_ID" || r.Errors[0].Extensions.Field != "ids.0" || r.Errors[1].Extensions.Field != "ids.3" {
			t.Errorf("the errors are %+v", r.Errors)
		}
		if r.text("nodes", 1, "id") != me || r.at("nodes", 2) != nil {
			t.Errorf("got %v", r.Data)
		}
	})
}
