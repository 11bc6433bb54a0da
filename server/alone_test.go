package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A root field that fails leaves the others alone, and of several mutations in one request
// each has an outcome of its own.
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
		malformed := []any{"x", "", " ", ":", me + ":", ":" + me, strings.ToUpper(me), me + " ", me[:len(me)-1], me + "0", strings.Replace(me, "per", "xyz", 1),
			strings.TrimPrefix(me, "per_"), nobody + ":x", nobody + ":" + nobody, me + ":" + strings.Repeat("x", 300) + "\u2028", "{$gt: 1}", "' or 1=1", "https://example.org/" + me, 5, "ø", "\u200b" + me}
		ids := append([]any{me}, malformed...)
		r := h.do("resident-1", `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, vars{"ids": append(ids, nobody, me)})
		bad := map[string]bool{}
		for _, e := range r.Errors {
			bad[e.Extensions.Field] = true
			index := strings.TrimPrefix(e.Extensions.Field, "ids.")
			if e.Extensions.Code != "BAD_ID" || fmt.Sprint(e.Path) != "[nodes "+index+"]" {
				t.Errorf("an error at %v: %+v", e.Path, e)
			}
		}
		for i, id := range malformed {
			at := i + 1
			if r.at("nodes", at) != nil || !bad[fmt.Sprintf("ids.%d", at)] {
				t.Errorf("%q gives %v without an error", id, r.at("nodes", at))
			}
		}
		last := len(ids) + 1
		if r.text("nodes", 0, "id") != me || r.text("nodes", last, "id") != me || r.at("nodes", last-1) != nil || bad[fmt.Sprintf("ids.%d", last-1)] {
			t.Errorf("got %v", r.Data)
		}
	})
}

// A list that the viewer may not see is null without an error and leaves the rest of the page
// alone, and viewerCan says so beforehand. This holds for all viewers and all lists.
func TestForbiddenListsAreNullAndViewerCanSaysSo(t *testing.T) {
	t.Parallel()
	w := newAccessWorld(t)
	document := as("query", `
		a: group(id: $members) { id viewerCan list: memberships { edges { cursor } } }
		b: group(id: $ask) { id viewerCan list: memberships { edges { cursor } } }
		c: group(id: $ask) { id viewerCan list: memberships(state: REQUESTED) { edges { cursor } } }
		d: group(id: $lokalforum) { id viewerCan list: memberships { edges { cursor } } }
		e: node(id: $publishedDate) { id ... on Occurrence { viewerCan list: attendances { edges { cursor } } } }
		f: node(id: $publishedDate) { id ... on Occurrence { viewerCan list: attendances(state: WAITLISTED) { edges { cursor } } } }
		g: course(id: $courseOfMember) { id viewerCan list: enrolments { edges { cursor } } }`)
	says := map[string]string{"a": "VIEW_MEMBERS", "b": "VIEW_MEMBERS", "c": "APPROVE_MEMBERS", "d": "VIEW_MEMBERS",
		"e": "VIEW_ATTENDANCES", "f": "VIEW_ATTENDANCES", "g": "VIEW_ENROLMENTS"}
	shown := map[string]int{}
	for _, p := range accessPersonas {
		if p.column == "banned" {
			continue
		}
		r := w.must(p.persona, document, w.variables(document))
		for name, action := range says {
			can, _ := r.at(name, "viewerCan").([]any)
			isShown := r.at(name, "list") != nil
			if r.text(name, "id") == "" || isShown != slices.Contains(can, any(action)) {
				t.Errorf("%s: %s is shown: %v, but viewerCan is %v", p.column, name, isShown, can)
			}
			if isShown {
				shown[name]++
			}
		}
	}
	for name := range says {
		if n := shown[name]; n == 0 || n == len(accessPersonas)-1 {
			t.Errorf("%s is shown to %d of all, so this proves nothing", name, n)
		}
	}
}

// viewerCan and the lists agree in the answer, even if the same request has changed what the
// viewer may see.
func TestViewerCanViewMembersFollowsTheRequest(t *testing.T) {
	t.Parallel()
	w := newAccessWorld(t)
	const page = `group { viewerCan memberships { edges { cursor } } }`
	joined := w.must("resident-2", as("mutation", `joinGroup(input: {groupId: $members}) { `+page+` }`), vars{"members": w.ids["members"]})
	if joined.at("joinGroup", "group", "memberships") == nil {
		t.Errorf("who has just joined sees no members: %v", joined.Data)
	}
	left := w.must("resident-2", as("mutation", `leaveGroup(input: {groupId: $members}) { membership { `+page+` } }`), vars{"members": w.ids["members"]})
	if left.at("leaveGroup", "membership", "group", "memberships") != nil {
		t.Errorf("who has just left sees the members: %v", left.Data)
	}
}

// If the object of a relation is hidden from the viewer, the relation is null and the rest of
// the answer is there.
func TestRelationsToWhatIsHiddenAreNull(t *testing.T) {
	t.Parallel()
	w := newAccessWorld(t)
	w.send("resident-1", `leaveGroup(input: {groupId: $hidden}) { membership { state } }`)
	left := w.must("resident-1", as("query", `node(id: $membership) { ... on GroupMembership { state group { id } } }`), vars{"membership": w.ids["membership"]})
	if left.text("node", "state") != "LEFT" || left.at("node", "group") != nil {
		t.Errorf("the membership of a hidden group that was left is %v", left.Data)
	}
	place := w.must("resident-1", as("query", `node(id: $offer) { ... on Attendance { endedBecause occurrence { id } person { id } } }`), vars{"offer": w.ids["offer"]})
	if place.text("node", "endedBecause") != "LOST_ACCESS" || place.at("node", "occurrence") != nil || place.text("node", "person", "id") == "" {
		t.Errorf("the place that is left is %v", place.Data)
	}
	if w.must("", `{ areas { lokalforum { id } } }`, nil).text("areas", 0, "lokalforum", "id") == "" {
		t.Error("the lokalforum is not shown")
	}
	if _, err := w.app.DB.Collection("groups").DeleteOne(t.Context(), map[string]any{"_id": w.ids["lokalforum"]}); err != nil {
		t.Fatal(err)
	}
	areas := w.must("", `{ areas { id lokalforum { id } } }`, nil)
	if areas.text("areas", 0, "id") == "" || areas.at("areas", 0, "lokalforum") != nil || areas.text("areas", 1, "lokalforum", "id") == "" {
		t.Errorf("an area without a lokalforum: %v", areas.Data)
	}
}

// A newer version that runs beside this one may let people mute things that this one does not
// know. The settings are shown without those.
func TestAMutedThreadOfANewerKindHidesNoSettings(t *testing.T) {
	t.Parallel()
	w := newAccessWorld(t)
	w.must("resident-1", as("mutation", `muteThread(input: {subjectId: $event}) { settings { mutedThreads { id } } }`), vars{"event": w.ids["event"]})
	res, err := w.app.DB.Collection("notify_settings").UpdateOne(t.Context(), map[string]any{"_id": w.personID("resident-1")},
		map[string]any{"$set": map[string]any{"mutedThreads.poll_01m8acwgq9fdvbx05s2v1029jb": w.app.DB.Now()}})
	if err != nil || res.MatchedCount != 1 {
		t.Fatalf("%v, %v", res, err)
	}
	got := w.must("resident-1", `{ viewer { notificationSettings { mutedThreads { id } } } }`, nil)
	if threads, _ := got.at("viewer", "notificationSettings", "mutedThreads").([]any); len(threads) != 1 {
		t.Errorf("the muted threads are %v", got.Data)
	}
}
