package group_test

import (
	"fmt"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/person"
)

// fullest is a person with as many and as large copies of memberships as possible, apart
// from those of the last hour.
func fullest() *person.Person {
	p := &person.Person{Groups: map[string]person.GroupCopy{}}
	add := func(n int, c person.GroupCopy) {
		for range n {
			p.Groups[id.New(id.Group)] = c
		}
	}
	active := person.GroupCopy{Active: true, Level: notify.LevelSummary, Version: 1 << 20, Grant: auth.Grant{May: 1<<30 - 1}}
	for i := range group.MaxHeld {
		active.Until = append(active.Until, auth.Until{May: 1<<30 - 1, At: ct.Noon.Add(time.Duration(i) * time.Hour)})
	}
	since := ct.Noon
	add(group.MaxGroups, active)
	add(group.MaxInvitations, person.GroupCopy{Invited: true, Version: 1 << 20, Since: &since})
	add(person.MaxBans+person.SpentAtOnce, person.GroupCopy{Banned: true, Version: 1 << 20, Since: &since})
	return p
}

// The largest possible copies take only a small part of the size of a document.
func TestCopiesOfMembershipsAreBounded(t *testing.T) {
	t.Parallel()
	empty, full := ct.Must(bson.Marshal(&person.Person{}))(t), ct.Must(bson.Marshal(fullest()))(t)
	if n := len(full) - len(empty); n > 120_000 {
		t.Errorf("the copies are %d bytes", n)
	} else {
		t.Logf("the copies are %d bytes", n)
	}
	usual := &person.Person{Groups: map[string]person.GroupCopy{id.New(id.Group): {Active: true, Version: 3, Grant: auth.Grant{May: 1}}}}
	if n := len(ct.Must(bson.Marshal(usual))(t)) - len(empty); n > 100 {
		t.Errorf("the copy of a usual membership is %d bytes", n)
	} else {
		t.Logf("the copy of a usual membership is %d bytes", n)
	}
}

func TestNobodyIsInMoreGroupsThanOneCanBe(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g, asking := w.Group("anna").ID, w.Group("anna", policy(group.JoinAsk)).ID
	w.Join(asking, "bo")
	fill := func(n int, c person.GroupCopy) {
		copies := map[string]person.GroupCopy{}
		for i := range n {
			copies[id.Derive(id.Group, fmt.Sprint(i))] = c
		}
		w.Set(t.Context(), "persons", ct.PersonID("bo"), map[string]any{"groups": copies})
	}
	fill(group.MaxGroups, person.GroupCopy{Active: true, Version: 1})
	ct.WantKey(t, mistake(w.Groups.Join(w.As("bo"), group.JoinInput{GroupID: g})), "group.join.full")
	ct.WantKey(t, mistake(joinBy(w, "bo", g, link(w, "anna", g))), "group.join.full")
	ct.WantKey(t, mistake(w.Groups.Approve(w.As("anna"), group.AnswerInput{GroupID: asking, PersonID: ct.PersonID("bo")})), "group.join.full")
	ct.WantKey(t, mistake(w.Groups.Create(w.As("bo"), group.CreateInput{Name: "En til", Kind: group.KindHousing, Visibility: group.VisibilityPublic, JoinPolicy: group.JoinOpen})), "group.join.full")
	mustInvite(w, "anna", "bo", g) // they may leave another
	open(w, "anna", asking)
	if m := membershipOf(t, w, "bo", asking); m.State != group.StateRequested {
		t.Errorf("once it opens bo is %s", m.State)
	}
	for i := range group.MaxInvitations - 1 { // with the one above as many as may wait
		groupID := id.Derive(id.Group, fmt.Sprint("inviting", i))
		w.Put("group_memberships", map[string]any{"_id": groupID + ":" + ct.PersonID("bo"), "groupId": groupID, "personId": ct.PersonID("bo"),
			"state": group.StateInvited, "since": ct.Noon, "history": []group.Change{}, "version": 1})
	}
	ct.WantKey(t, mistake(invite(w, "anna", "bo", w.Group("anna").ID)), "group.invite.full")
	fill(group.MaxGroups-1, person.GroupCopy{Active: true, Version: 1})
	w.Join(g, "bo")
}

// Copies that are of no use any more go after a while, and late effects do not bring them
// back as they were.
func TestCopiesThatSayNothingGo(t *testing.T) {
	t.Parallel()
	r := &ct.Repeater{}
	w := ct.New(t, r.Option())
	var late []ct.Repeat
	for range person.SpentAtOnce + 2 {
		g := w.Group("anna").ID
		w.RunPending()
		r.Take()
		w.Join(g, "bo")
		late = append(late, r.Take()...)
		ct.Must("", leave(w, "bo", g))(t)
	}
	banned := w.Group("anna").ID
	w.Join(banned, "bo")
	ct.Must(remove(w, "anna", "bo", banned, true))(t)
	w.RunPending()
	w.Clock.Advance(2 * time.Hour)
	w.Join(w.Group("anna").ID, "bo")
	_, p := w.Person("bo")
	if len(p.Groups) != 4 || !p.Viewer().IsBannedFrom(banned) {
		t.Errorf("%d copies are left, banned: %t", len(p.Groups), p.Viewer().IsBannedFrom(banned))
	}
	repeat(t, w, late)
	if _, p = w.Person("bo"); len(p.Viewer().Groups) != 1 {
		t.Errorf("what came late made bo a member of %d groups", len(p.Viewer().Groups))
	}
}
