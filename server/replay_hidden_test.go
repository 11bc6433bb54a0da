package main

import (
	"fmt"
	"strings"
	"testing"
)

// hiddenThings are the ids and titles that nobody outside the hidden group may see.
func hiddenThings() []string { return rowsOf(func(n noun) []string { return n.hidden }) }

// TestHiddenGroupLeaksNowhere makes every call that could tell of a hidden group, as people who
// never were in it and as one who was removed.
func TestHiddenGroupLeaksNowhere(t *testing.T) {
	t.Parallel()
	w := newAccessWorld(t)
	w.ids["notice"] = w.waitForNotice("resident-1", w.ids["hiddenEvent"])
	upcoming := `{ viewer { upcoming { edges { node { id title group { name } ... on Occurrence { event { title group { name } } } } } } } }`
	if told := w.leaks(w.must("resident-1", upcoming, nil), hiddenThings()); len(told) == 0 {
		t.Fatal("the member does not see the event: nothing is tested")
	}
	w.send("leader-1", `removeMember(input: {groupId: $hidden, personId: $memberOfHidden}) { membership { id } }`)
	w.state = w.settled()

	for _, persona := range []string{"", "resident-1", "resident-2", "staff-1", "builder-1", "politician-1", "admin-1"} {
		for _, c := range replayed() {
			if persona == "resident-1" && c.isOwn {
				continue // see TestRemovedMember
			}
			r := w.do(persona, c.document, w.variables(c.document))
			if told := w.leaks(r, hiddenThings()); len(told) > 0 {
				t.Errorf("%s tells %q of %v: %v %v", c.name, persona, told, r.Data, r.Errors)
			}
			named := strings.Contains(c.document, "$hidden") && c.field() != "nodes" && persona != ""
			if named && r.code() != "NOT_FOUND" {
				t.Errorf("%s answers %q to %q, want NOT_FOUND", c.name, r.code(), persona)
			}
			if strings.HasPrefix(c.document, "mutation") && r.code() == "" {
				w.putBack()
			}
		}
	}
}

// TestRemovedMemberKeepsNothingButTheNews checks that a removed member keeps their notices, which
// lead nowhere, and that their own places and memberships name no group.
func TestRemovedMemberKeepsNothingButTheNews(t *testing.T) {
	t.Parallel()
	w := newAccessWorld(t)
	notice := w.waitForNotice("resident-1", w.ids["hiddenEvent"])
	w.send("leader-1", `removeMember(input: {groupId: $hidden, personId: $memberOfHidden}) { membership { id } }`)

	look := `query($n: ID!) { node(id: $n) { ... on Notice { kind subject { id } why { __typename ... on GroupMemberReason { group { id name } } } } } }`
	r := w.must("resident-1", look, vars{"n": notice})
	if r.at("node", "subject") != nil || r.at("node", "why", 0, "group") != nil || r.text("node", "kind") == "" {
		t.Errorf("the notice leads to %v", r.at("node"))
	}
	own := w.must("resident-1", `{ viewer { memberships { edges { node { id group { name } } } } upcoming { edges { node { id title ... on Occurrence { event { title } } } } } } }`, nil)
	if told := w.leaks(own, hiddenThings()); len(told) > 0 {
		t.Errorf("the removed member's own pages tell of %v", told)
	}
	for _, q := range []string{`query($x: ID!) { node(id: $x) { ... on GroupMembership { state group { id name } } } }`,
		`query($x: ID!) { node(id: $x) { ... on Attendance { state occurrence { id event { title } } } } }`} {
		for _, id := range []string{w.ids["membership"], w.ids["hiddenDate"] + ":" + w.ids["member"]} {
			if told := w.leaks(w.do("resident-1", q, vars{"x": id}), hiddenThings()); len(told) > 0 {
				t.Errorf("the removed member's own %s tells of %v", id, told)
			}
		}
	}
	before := len(w.phones.Pushes())
	w.send("leader-1", `updateEvent(input: {eventId: $hiddenEvent, startsAt: "2035-06-02T18:00:00"}) { event { version } }`)
	w.send("leader-1", `cancelEvent(input: {eventId: $hiddenEvent}) { event { version } }`)
	w.settled()
	if after := w.phones.Pushes()[before:]; len(after) > 0 {
		t.Errorf("the removed member, who still has a place, was pushed %v", after)
	}
	if told := w.must("resident-1", `{ viewer { notices { edges { node { kind } } } } }`, nil); strings.Contains(fmt.Sprint(told.Data), "EVENT_CANCELLED") {
		t.Errorf("the removed member was told of what happens to the event: %v", told.Data)
	}
}

// TestRequestToAGroupThatHides checks that a person who asked to join a group which was hidden
// afterwards no longer sees it, and that everything else still works.
func TestRequestToAGroupThatHides(t *testing.T) {
	t.Parallel()
	w := newAccessWorld(t)
	w.send("resident-3", `joinGroup(input: {groupId: $members}) { group { id } }`)
	w.send("leader-1", `updateGroup(input: {groupId: $ask, visibility: HIDDEN}) { group { id } }`)
	own := w.must("resident-3", `{ viewer { memberships { edges { node { id state group { id } } } } } }`, nil)
	edges, _ := own.at("viewer", "memberships", "edges").([]any)
	if len(edges) != 1 || own.text("viewer", "memberships", "edges", 0, "node", "group", "id") != w.ids["members"] {
		t.Errorf("the person's memberships are %v, want the one in %s", own.Data, w.ids["members"])
	}
}
