package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestEventsFollowTheirGroup checks that a change of a group shows on its events at once, also
// in who may see them.
func TestEventsFollowTheirGroup(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	groupID := h.must("leader-1", `mutation { createGroup(input: {name: "Koret", kind: ASSOCIATION}) { group { id } } }`, nil).text("createGroup", "group", "id")
	eventID := h.publishTo(groupID, "Koncert")
	show := `query($e: ID!) { event(id: $e) { group { name } occurrences { edges { node { id } } } } }`
	h.must("leader-1", `mutation($g: ID!) { updateGroup(input: {groupId: $g, name: "Det nye kor"}) { group { name } } }`, vars{"g": groupID})
	if got := h.must("", show, vars{"e": eventID}).text("event", "group", "name"); got != "Det nye kor" {
		t.Errorf("the event's group is called %q", got)
	}
	areaID := h.must("", `{ areas { id } }`, nil).text("areas", 3, "id")
	for _, area := range []any{areaID, nil} {
		h.must("leader-1", `mutation($g: ID!, $a: ID) { updateGroup(input: {groupId: $g, areaId: $a}) { group { name } } }`, vars{"g": groupID, "a": area})
		there := h.must("", `query($a: ID!) { events(filter: {areaId: $a}) { edges { node { title } } } groups(filter: {areaId: $a, query: "det nye kor"}) { edges { node { name } } } }`, vars{"a": areaID})
		if got := fmt.Sprint(there.at("events", "edges"), there.at("groups", "edges")); strings.Contains(got, "Koncert") != (area != nil) || strings.Contains(got, "Det nye kor") != (area != nil) {
			t.Errorf("with the area %v, there are %s", area, got)
		}
	}
	h.must("leader-1", `mutation($g: ID!) { updateGroup(input: {groupId: $g, visibility: HIDDEN}) { group { name } } }`, vars{"g": groupID})
	if got := h.do("resident-1", show, vars{"e": eventID}).code(); got != "NOT_FOUND" {
		t.Errorf("a stranger asks for an event of a hidden group: %q, want NOT_FOUND", got)
	}
	if got := h.must("leader-1", show, vars{"e": eventID}).text("event", "group", "name"); got != "Det nye kor" {
		t.Errorf("the leader sees %q", got)
	}
}

// TestCourseForAllAreasIsFoundInEach checks that a course without areas is found in every area.
func TestCourseForAllAreasIsFoundInEach(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	areas := h.must("", `{ areas { id } }`, nil)
	found := func(area string) int {
		r := h.must("", `query($a: ID!) { courses(filter: {areaId: $a}) { edges { node { title } } } }`, vars{"a": area})
		return len(r.at("courses", "edges").([]any))
	}
	before := found(areas.text("areas", 3, "id"))
	if before != 2 {
		t.Errorf("%d courses for all areas, want the two demo courses", before)
	}
	course := h.must("staff-1", `mutation($a: ID!) { createCourse(input: {title: [{language: DA, text: "Kun her"}], areaIds: [$a],
		sessions: [{startsAt: "2030-03-01T17:00:00", endsAt: "2030-03-01T19:00:00"}]}) { course { id } } }`, vars{"a": areas.text("areas", 3, "id")})
	h.must("staff-1", `mutation($c: ID!) { publishCourse(input: {courseId: $c}) { course { id } } }`, vars{"c": course.text("createCourse", "course", "id")})
	if got := found(areas.text("areas", 3, "id")); got != 3 {
		t.Errorf("%d courses in the course's own area, want 3", got)
	}
	if got := found(areas.text("areas", 4, "id")); got != 2 {
		t.Errorf("%d courses in another area, want 2", got)
	}
}

// TestMovedEventTellsThoseWhoComeAndKeepsTheirPlace moves an event. People who signed up are
// told, and keep their places.
func TestMovedEventTellsThoseWhoComeAndKeepsTheirPlace(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	groupID := h.must("leader-1", `mutation { createGroup(input: {name: "Koret", kind: ASSOCIATION}) { group { id } } }`, nil).text("createGroup", "group", "id")
	eventID := h.publishTo(groupID, "Koncert")
	date := h.must("resident-1", `query($e: ID!) { event(id: $e) { occurrences { edges { node { id } } } } }`, vars{"e": eventID}).
		text("event", "occurrences", "edges", 0, "node", "id")
	h.must("resident-1", `mutation($o: ID!) { attendEvent(input: {occurrenceId: $o}) { outcome { __typename } } }`, vars{"o": date})
	h.must("leader-1", `mutation($e: ID!) { updateEvent(input: {eventId: $e, startsAt: "2030-07-01T19:00:00", capacity: 5}) { event { startsAt } } }`, vars{"e": eventID})
	h.putForward(2 * time.Minute) // news of a change is held for that long, in case there are more
	h.waitForPush("demo-phone-resident-1", "Koret: Koncert er flyttet")
	moved := h.must("resident-1", `{ viewer { upcoming { edges { node { viewerBooking { state } ... on Occurrence { startsAtLocal endsAtLocal seatsLeft } } } } } }`, nil)
	node := moved.at("viewer", "upcoming", "edges", 0, "node")
	want := vars{"startsAtLocal": "2030-07-01T19:00:00", "endsAtLocal": "2030-07-02T00:00:00", "seatsLeft": float64(4), "viewerBooking": vars{"state": "CONFIRMED"}}
	if diff := cmp.Diff(want, node); diff != "" {
		t.Error(diff)
	}
	h.must("leader-1", `mutation($e: ID!) { cancelEvent(input: {eventId: $e, reason: "Sygdom"}) { event { state } } }`, vars{"e": eventID})
	if p := h.waitForPush("demo-phone-resident-1", "Koret: Koncert er aflyst"); p.Body == "" {
		t.Error("the push of the cancellation says nothing")
	}
	if edges := h.must("resident-1", `{ viewer { upcoming { edges { node { id } } } } }`, nil).at("viewer", "upcoming", "edges").([]any); len(edges) != 0 {
		t.Errorf("a cancelled date is still upcoming: %v", edges)
	}
}
