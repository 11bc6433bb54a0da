package main

import (
	"testing"
)

// A mutation may change what the viewer is. What its answer shows beside, and the mutations after
// it in the same request, are for the viewer of then.
func TestAMutationIsFollowedByTheViewerOfThen(t *testing.T) {
	t.Parallel()
	r := newCrashRig(t)
	g, e := r.heldIn("member")
	r.arrange("leader", "updateGroup", vars{"groupId": g, "visibility": "MEMBERS", "joinPolicy": "OPEN"}, "group { id }")
	r.arrange("leader", "updateEvent", vars{"eventId": e, "capacity": 9}, "event { id }")
	c, p := &canRun{crashRig: r}, r.process(r.db)
	send := func(who, document string) reply {
		return c.send(p, who, document, canThing{ids: map[string]string{"group": g, "date": dateOf(e)}})
	}
	shows := `upcomingEvents { edges { node { id occurrences { edges { node { viewerCan } } } } } }`

	joined := send("resident", `mutation { joinGroup(input: {groupId: $group}) { group { `+shows+` } } attendEvent(input: {occurrenceId: $date}) { outcome { __typename } } }`)
	if joined.text("joinGroup", "group", "upcomingEvents", "edges", 0, "node", "id") != e || joined.text("attendEvent", "outcome", "__typename") != "BookingConfirmed" {
		t.Errorf("whoever has joined is answered %v %v", joined.Data, joined.Errors)
	}
	left := send("resident", `mutation { leaveGroup(input: {groupId: $group}) { membership { group { `+shows+` } } } attendEvent(input: {occurrenceId: $date}) { outcome { __typename } } }`)
	if list, _ := left.at("leaveGroup", "membership", "group", "upcomingEvents", "edges").([]any); len(list) != 0 || left.code() != "NOT_FOUND" {
		t.Errorf("whoever has left is answered %v %v", left.Data, left.Errors)
	}
	renamed := send("member", `mutation { completeProfile(input: {displayName: "Member", language: EN}) { person { id } } enrolInCourse(input: {courseId: "crs_00000000000000000000000000"}) { course { id } } }`)
	if len(renamed.Errors) != 1 || renamed.Errors[0].Message != "We cannot find the course." {
		t.Errorf("whoever reads English is answered %v", renamed.Errors)
	}
}
