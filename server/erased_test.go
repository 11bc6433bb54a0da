package main

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/clock"
)

// Apps are shown nobody in the place of an erased person, and everything else as before.
func TestAppsAreShownNobodyWhereSomebodyWasErased(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	h.signUpPersonas()
	ids := vars{"helper": h.people["resident-2"]}
	ids["g"] = h.must("leader-1", `mutation { createGroup(input: {name: "Haven", kind: HOUSING}) { group { id } } }`, nil).text("createGroup", "group", "id")
	for _, persona := range []string{"resident-1", "resident-2"} {
		h.must(persona, `mutation ($g: ID!) { joinGroup(input: {groupId: $g}) { group { id } } }`, ids)
	}
	h.must("leader-1", `mutation ($g: ID!, $helper: ID!) { grantGroupRole(input: {groupId: $g, personId: $helper, key: "ORGANISER"}) { membership { id } } }`, ids)
	soon := time.Now().Add(10 * time.Minute)
	ids["from"], ids["to"] = clock.LocalOf(soon, clock.Copenhagen), clock.LocalOf(soon.Add(time.Hour), clock.Copenhagen)
	made := h.must("leader-1", `mutation ($g: ID!, $from: LocalDateTime!, $to: LocalDateTime!) { createEvent(input: {groupId: $g, title: "Festen", startsAt: $from, endsAt: $to})
		{ event { id occurrences { edges { node { id } } } } } }`, ids)
	ids["e"], ids["d"] = made.text("createEvent", "event", "id"), made.text("createEvent", "event", "occurrences", "edges", 0, "node", "id")
	h.must("leader-1", `mutation ($e: ID!) { publishEvent(input: {eventId: $e}) { event { id } } }`, ids)
	h.must("resident-1", `mutation ($d: ID!) { attendEvent(input: {occurrenceId: $d, guests: 2}) { occurrence { id } } }`, ids)
	h.putForward(20 * time.Minute)
	for _, persona := range []string{"leader-1", "resident-1"} {
		if err := h.app.Erase(t.Context(), h.people[persona]); err != nil {
			t.Fatal(err)
		}
	}
	const look = `query ($g: ID!, $e: ID!, $d: ID!) {
		event(id: $e) { title organiser { id } }
		node(id: $d) { ... on Occurrence { attendances { edges { node { id state guests person { id } } } } } }
		group(id: $g) { memberCount memberships { edges { node { person { displayName } roles { role { key } } } } } }
	}`
	r := h.must("resident-2", look, ids)
	if r.text("event", "title") != "Festen" || r.at("event", "organiser") != nil {
		t.Errorf("the event is %v", r.at("event"))
	}
	place, _ := r.at("node", "attendances", "edges", 0, "node").(map[string]any)
	if place["guests"] != float64(2) || place["state"] != "CONFIRMED" || place["person"] != nil {
		t.Errorf("the place is %v", place)
	}
	members, _ := r.at("group", "memberships", "edges").([]any)
	roles, _ := r.at("group", "memberships", "edges", 0, "node", "roles").([]any)
	leads := slices.ContainsFunc(roles, func(held any) bool { return held.(map[string]any)["role"].(map[string]any)["key"] == "LEADER" })
	if r.at("group", "memberCount") != float64(1) || len(members) != 1 || !leads {
		t.Errorf("the group is %v", r.at("group"))
	}
	for _, persona := range []string{"", "politician-1"} {
		if found := h.do(persona, `query ($p: ID!) { node(id: $p) { id } }`, vars{"p": place["id"]}).at("node"); found != nil {
			t.Errorf("%q finds the place: %v", persona, found)
		}
	}
}
