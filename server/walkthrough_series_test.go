package main

import "testing"

// TestWalkThroughASeries follows the README's page of a series: it is edited as its preview says, and one date is cancelled and
// brought back.
func TestWalkThroughASeries(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	groupID := h.must("resident-1", `{ groups(filter: {kind: HOUSING}) { edges { node { id } } } }`, nil).text("groups", "edges", 0, "node", "id")
	eventID := h.must("leader-1", `mutation($g: ID!) { createEvent(input: {groupId: $g, title: "Syklub", startsAt: "2030-09-03T19:00:00", endsAt: "2030-09-03T21:00:00",
		recurrence: {rule: "FREQ=WEEKLY;BYDAY=TU;COUNT=4"}}) { event { id } } }`, vars{"g": groupID}).text("createEvent", "event", "id")
	starts := func(r reply, path ...any) (list []string) {
		edges, _ := r.at(append(path, "occurrences", "edges")...).([]any)
		for i := range edges {
			list = append(list, r.text(append(path, "occurrences", "edges", i, "node", "startsAtLocal")...))
		}
		return list
	}
	made := h.must("leader-1", `mutation($e: ID!) { publishEvent(input: {eventId: $e}) { event { occurrences { edges { node { id startsAtLocal } } } } } }`, vars{"e": eventID})
	if got := starts(made, "publishEvent", "event"); len(got) != 4 || got[3] != "2030-09-24T19:00:00" {
		t.Errorf("dates: %v", got)
	}
	date := made.text("publishEvent", "event", "occurrences", "edges", 0, "node", "id")
	h.must("resident-1", `mutation($o: ID!) { attendDates(input: {occurrenceIds: [$o]}) { outcomes { outcome { __typename } } } }`, vars{"o": date})

	edit := vars{"eventId": eventID, "scope": "ALL", "startsAt": "2030-09-03T19:30:00",
		"recurrence": vars{"rule": "FREQ=WEEKLY;BYDAY=TU;COUNT=4", "exceptDates": []string{"2030-09-17T19:30:00"}}}
	preview := h.must("leader-1", `query($input: UpdateEventInput!) { previewEventEdit(input: $input) { planToken moved removed peopleTold } }`, vars{"input": edit})
	if m, r, p := preview.at("previewEventEdit", "moved"), preview.at("previewEventEdit", "removed"), preview.at("previewEventEdit", "peopleTold"); m != 3.0 || r != 1.0 || p != 1.0 {
		t.Errorf("%v moved, %v removed, %v people told", m, r, p)
	}
	edit["planToken"] = preview.text("previewEventEdit", "planToken")
	edited := h.must("leader-1", `mutation($input: UpdateEventInput!) { updateEvent(input: $input) { event { occurrences { edges { node { startsAtLocal } } } } } }`, vars{"input": edit})
	if got := starts(edited, "updateEvent", "event"); len(got) != 3 || got[2] != "2030-09-24T19:30:00" {
		t.Errorf("dates: %v", got)
	}

	h.must("leader-1", `mutation($o: ID!) { cancelOccurrence(input: {occurrenceId: $o, reason: "Lokalet er lukket."}) { occurrence { state } } }`, vars{"o": date})
	back := h.must("leader-1", `mutation($o: ID!) { restoreOccurrence(input: {occurrenceId: $o}) { occurrence { state } } }`, vars{"o": date})
	if got := back.text("restoreOccurrence", "occurrence", "state"); got != "PUBLISHED" {
		t.Errorf("brought back: %s", got)
	}
	mine := h.must("resident-1", `query($o: ID!) { node(id: $o) { ... on Occurrence { viewerBooking { state } } } }`, vars{"o": date})
	if got := mine.text("node", "viewerBooking", "state"); got != "OFFERED" {
		t.Errorf("the resident's seat is %s", got)
	}
}
