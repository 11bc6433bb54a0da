package main

import "testing"

// TestWalkThroughAnEdit follows "A date of a series edited, with those behind it" in the README: a resident has signed up for the third of four
// dates, and the leader lets it and the one behind it begin an hour later, as the preview says.
func TestWalkThroughAnEdit(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	groupID := h.must("resident-1", `{ groups(filter: {kind: HOUSING}) { edges { node { id } } } }`, nil).text("groups", "edges", 0, "node", "id")
	cafe := h.must("leader-1", `mutation($g: ID!) { createEvent(input: {groupId: $g, title: "Strikkecafé", startsAt: "2030-09-03T18:00:00", endsAt: "2030-09-03T20:00:00",
		recurrence: {rule: "FREQ=WEEKLY;BYDAY=TU;COUNT=4"}}) { event { id } } }`, vars{"g": groupID}).text("createEvent", "event", "id")
	h.must("leader-1", `mutation($e: ID!) { publishEvent(input: {eventId: $e}) { event { state } } }`, vars{"e": cafe})
	third := h.must("leader-1", `query($e: ID!) { event(id: $e) { occurrences { edges { node { id } } } } }`, vars{"e": cafe}).text("event", "occurrences", "edges", 2, "node", "id")
	h.must("resident-1", `mutation($o: ID!) { attendEvent(input: {occurrenceId: $o}) { outcome { __typename } } }`, vars{"o": third})
	edit := vars{"eventId": cafe, "occurrenceId": third, "scope": "THIS_AND_FOLLOWING", "startsAt": "2030-09-17T19:00:00"}
	plan := h.must("leader-1", `query($in: UpdateEventInput!) { previewEventEdit(input: $in) { planToken kept moved added removed cancelled peopleTold } }`, vars{"in": edit})
	for field, want := range map[string]float64{"kept": 2, "moved": 2, "added": 0, "removed": 0, "cancelled": 0, "peopleTold": 1} {
		if got := plan.at("previewEventEdit", field); got != want {
			t.Errorf("%s: %v, want %v", field, got, want)
		}
	}
	update := `mutation($in: UpdateEventInput!) { updateEvent(input: $in) { event { recurrence { rule } } followingEvent { id recurrence { rule } occurrences { edges { node { id startsAtLocal } } } } } }`
	if got := h.do("leader-1", update, vars{"in": edit}); got.code() != "BAD_USER_INPUT" || got.Errors[0].Extensions.Field != "input.planToken" {
		t.Errorf("without the plan: %+v", got)
	}
	edit["planToken"] = plan.text("previewEventEdit", "planToken")
	done := h.must("leader-1", update, vars{"in": edit})
	if done.text("updateEvent", "followingEvent", "occurrences", "edges", 0, "node", "id") != third ||
		done.text("updateEvent", "followingEvent", "occurrences", "edges", 1, "node", "startsAtLocal") != "2030-09-24T19:00:00" ||
		done.text("updateEvent", "event", "recurrence", "rule") != "FREQ=WEEKLY;BYDAY=TU;COUNT=2" {
		t.Errorf("the edit: %+v", done.Data)
	}
	date := h.must("resident-1", `query($o: ID!) { node(id: $o) { ... on Occurrence { startsAtLocal event { continues { title } } viewerBooking { state } } } }`, vars{"o": third})
	if date.text("node", "startsAtLocal") != "2030-09-17T19:00:00" || date.text("node", "event", "continues", "title") != "Strikkecafé" || date.text("node", "viewerBooking", "state") != "CONFIRMED" {
		t.Errorf("the third date: %+v", date.Data)
	}
}
