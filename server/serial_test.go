package main

import "testing"

// Each mutation of a request answers with the state after it, even if an earlier one of the request has
// shown the same object.
func TestEachMutationOfARequestShowsWhatIsSoThen(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	group := h.must("resident-1", `mutation { createGroup(input: {name: "Skak", kind: HOUSING}) { group { id } } }`, nil).text("createGroup", "group", "id")
	const shown = `{ memberCount viewerMembership { state } }`
	r := h.must("resident-2", `mutation ($id: ID!) { joinGroup(input: {groupId: $id}) { group `+shown+` }
		leaveGroup(input: {groupId: $id}) { membership { group `+shown+` } } }`, vars{"id": group})
	if n, state := r.at("joinGroup", "group", "memberCount"), r.text("joinGroup", "group", "viewerMembership", "state"); n != 2.0 || state != "ACTIVE" {
		t.Errorf("after joining: %v members, %s", n, state)
	}
	left := []any{"leaveGroup", "membership", "group"}
	if n, state := r.at(append(left, "memberCount")...), r.text(append(left, "viewerMembership", "state")...); n != 1.0 || state != "LEFT" {
		t.Errorf("after leaving: %v members, %q", n, state)
	}
}
