package main

import (
	"context"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// ask sends a query or mutation over the socket and returns its answer.
func (f *follower) ask(id, document string, variables vars) vars {
	f.t.Helper()
	f.say(vars{"id": id, "type": "subscribe", "payload": vars{"query": document, "variables": variables}})
	answer := f.hear()
	if answer == nil || answer["id"] != id {
		f.t.Fatalf("%s is answered with %v", document, answer)
	}
	if end := f.hear(); end["type"] != "complete" || end["id"] != id {
		f.t.Fatalf("after the answer comes %v", end)
	}
	return answer
}

// closes expects the connection to be closed with a code, and no message before that.
func (f *follower) closes(want websocket.StatusCode) {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	_, raw, err := f.conn.Read(ctx)
	if got := websocket.CloseStatus(err); got != want {
		f.t.Errorf("heard %s and closed with %d (%v), want %d", raw, got, err, want)
	}
}

// What a person may do over an open socket is decided when they do it, not when
// they signed in.
func TestASocketForgetsARevokedRole(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	h.signUpPersonas()
	f := h.follow("staff-1", `subscription { unreadNoticeCount }`, nil)
	f.hear()
	const create = `mutation { createCourse(input: {title: [{language: DA, text: "Hånd i hånd"}], sessions: [{startsAt: "2035-03-01T17:00:00", endsAt: "2035-03-01T19:00:00"}]}) { course { id } } }`
	if m := f.ask("before", create, nil); valueAt(m, "payload.data.createCourse.course.id") == nil {
		t.Fatalf("staff is answered with %v", m)
	}
	h.must("admin-1", `mutation ($p: ID!) { revokeRole(input: {personId: $p, role: STAFF}) { person { id } } }`, vars{"p": h.personID("staff-1")})
	if m := f.ask("after", create, nil); valueAt(m, "payload.errors.0.extensions.code") != "FORBIDDEN" {
		t.Errorf("who is staff no longer is answered with %v", m)
	}
}

// A capability that was granted until an instant ends at that instant, also on an open socket.
func TestASocketForgetsACapabilityThatHasEnded(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	h.signUpPersonas()
	f := h.follow("resident-1", `subscription { unreadNoticeCount }`, nil)
	f.hear()
	const create = `mutation { createSkill(input: {name: [{language: DA, text: "Knob"}]}) { skill { id } } }`
	if m := f.ask("before", create, nil); valueAt(m, "payload.errors.0.message") != "Du mangler rettigheden til at arbejde med kurser og kompetencer." {
		t.Errorf("a resident is answered with %v", m)
	}
	until := h.app.DB.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	h.must("admin-1", `mutation ($p: ID!, $t: DateTime!) { grantCapability(input: {personId: $p, capability: COURSES, expiresAt: $t}) { person { id } } }`,
		vars{"p": h.personID("resident-1"), "t": until})
	if m := f.ask("while", create, nil); valueAt(m, "payload.data.createSkill.skill.id") == nil {
		t.Fatalf("who was granted it is answered with %v", m)
	}
	h.putForward(time.Hour)
	if m := f.ask("after", create, nil); valueAt(m, "payload.errors.0.extensions.code") != "FORBIDDEN" {
		t.Errorf("who was granted it until now is answered with %v", m)
	}
}

// A member who is removed while their socket is open hears nothing more of the group, and sees
// no more of it than a stranger.
func TestASocketForgetsAGroupThatWasLeft(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	h.signUpPersonas()
	groupID, post := h.liveGroup()
	h.must("leader-1", `mutation ($g: ID!) { updateGroup(input: {groupId: $g, visibility: HIDDEN}) { group { id } } }`, vars{"g": groupID})
	f := h.follow("resident-1", followNotices, nil)
	f.begins()
	post("Før")
	if title, _, _ := f.arrival(); title != "Haven: Før" {
		t.Fatalf("the member heard %q", title)
	}
	see := `query ($g: ID!) { group(id: $g) { name } }`
	if m := f.ask("before", see, vars{"g": groupID}); valueAt(m, "payload.data.group.name") != "Haven" {
		t.Fatalf("the member is answered with %v", m)
	}
	h.must("leader-1", `mutation ($g: ID!, $p: ID!) { removeMember(input: {groupId: $g, personId: $p}) { __typename } }`,
		vars{"g": groupID, "p": h.personID("resident-1")})
	if m := f.ask("after", see, vars{"g": groupID}); valueAt(m, "payload.errors.0.extensions.code") != "NOT_FOUND" {
		t.Errorf("who was removed is answered with %v", m)
	}
	post("Efter")
	// The next notice is about another group, so nothing came about this one in between.
	other := h.must("leader-1", `mutation { createGroup(input: {name: "Torvet", kind: HOUSING}) { group { id } } }`, nil).text("createGroup", "group", "id")
	h.must("resident-1", `mutation ($g: ID!) { joinGroup(input: {groupId: $g}) { group { id } } }`, vars{"g": other})
	h.publishTo(other, "Torvedag")
	if title, _, _ := f.arrival(); title != "Torvet: Torvedag" {
		t.Errorf("who was removed heard %q", title)
	}
}

// The socket of a banned person is closed, both while it is idle and when they use it.
func TestASocketClosesWithABan(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	h.signUpPersonas()
	idle := h.follow("resident-1", followNotices, nil)
	busy := h.follow("resident-2", `subscription { unreadNoticeCount }`, nil)
	idle.begins()
	busy.hear()
	h.ban(h.personID("resident-1"))
	h.ban(h.personID("resident-2"))
	busy.say(vars{"id": "q", "type": "subscribe", "payload": vars{"query": `{ viewer { unreadNoticeCount } }`}})
	busy.closes(4403)
	if err := h.app.Inbox.LookAfterFeeds(context.Background()); err != nil {
		t.Fatal(err)
	}
	idle.closes(4403)
	if n := h.app.Inbox.Listeners(); n != 0 {
		t.Errorf("%d feeds are left", n)
	}
}
