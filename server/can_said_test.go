package main

import (
	"time"

	"faellesskab/internal/group"
	"faellesskab/internal/id"
)

// inState gives somebody a membership in a state, and the copy of it, whatever rules say.
func (r *crashRig) inState(groupID, who string, state group.MembershipState) {
	r.t.Helper()
	if state == "" {
		return
	}
	personID := crashPerson(who)
	m := &group.Membership{ID: id.Pair(groupID, personID), GroupID: groupID, PersonID: personID, State: state, Holds: []group.Holding{}, Since: r.clock.Now(),
		History: []group.Change{{State: state, At: r.clock.Now(), By: personID}}, Version: 1}
	if _, err := r.db.Collection("group_memberships").InsertOne(r.t.Context(), m); err != nil {
		r.t.Fatal(err)
	}
	r.set("persons", personID, vars{"groups." + groupID: m.Copy(nil)})
}

// canGroup tries groups with each door for people in each state, and for each role. In each group
// somebody asks to join, somebody is a member and somebody is banned, so that whoever manages the
// group finds something to do.
func canGroup() canType {
	filled := func(r *crashRig, g, boss string) canThing {
		r.inState(g, "admin-2", group.StateRequested)
		r.inState(g, "other", group.StateBanned)
		role := r.arrange(boss, "saveGroupRole", vars{"groupId": g, "name": "Vært", "permissions": []string{}}, "role { key }").text("saveGroupRole", "role", "key")
		return canThing{id: g, ids: map[string]string{"asker": crashPerson("admin-2"), "banned": crashPerson("other"), "member": crashPerson("member"),
			"invitee": crashPerson("staff-2"), "role": role}}
	}
	var cases []canCase
	outside := []string{"", "staff", "builder", "admin"}
	for name, more := range map[string]vars{
		"open": nil, "asked": {"joinPolicy": "ASK"}, "by invitation": {"joinPolicy": "INVITE"}, "for members": {"visibility": "MEMBERS", "joinPolicy": "ASK"},
		"hidden": {"visibility": "HIDDEN"},
	} {
		for _, state := range group.States {
			who := []string{"resident"}
			if state == "" {
				who = append(who, outside...)
			}
			cases = append(cases, canCase{name + ", " + string(state), func(r *crashRig) canThing {
				g := r.group(nil, "member")
				if more != nil {
					in := vars{"groupId": g}
					for k, v := range more {
						in[k] = v
					}
					r.arrange("leader", "updateGroup", in, "group { id }")
				}
				r.inState(g, "resident", state)
				return filled(r, g, "leader")
			}, who})
		}
	}
	for _, role := range []string{"ORGANISER", "MODERATOR", "TREASURER", "CARETAKER", "LEADER"} {
		cases = append(cases, canCase{"a member with the role " + role, func(r *crashRig) canThing {
			g := r.group(nil, "member", "co-leader")
			r.arrange("leader", "grantGroupRole", vars{"groupId": g, "personId": crashPerson("co-leader"), "key": role}, "membership { id }")
			return filled(r, g, "leader")
		}, []string{"co-leader", "leader"}})
	}
	cases = append(cases, canCase{"a lokalforum without a leader", func(r *crashRig) canThing {
		g := r.ask("staff", `{ groups(filter: {kind: LOKALFORUM}) { edges { node { id } } } }`).text("groups", "edges", 0, "node", "id")
		for _, who := range []string{"member", "resident", "staff"} {
			r.arrange(who, "joinGroup", vars{"groupId": g}, "group { id }")
		}
		return filled(r, g, "builder")
	}, []string{"", "co-leader", "resident", "staff", "builder", "admin"}})
	cases = append(cases, canGroupPeople(filled)...)
	return canType{cases: cases, tries: map[string][]canTry{
		"JOIN":               {{body: `joinGroup(input: {groupId: $id}) { outcome { __typename } }`, gives: "JoinedGroup"}},
		"REQUEST_TO_JOIN":    {{body: `joinGroup(input: {groupId: $id}) { outcome { __typename } }`, gives: "JoinRequestPending"}},
		"DECLINE_INVITATION": {{body: `declineInvitation(input: {groupId: $id}) { membership { id } }`}},
		"LEAVE":              {{body: `leaveGroup(input: {groupId: $id}) { membership { id } }`}},
		"EDIT":               {{body: `updateGroup(input: {groupId: $id, description: "Nyt"}) { group { id } }`}},
		"POST_EVENTS":        {{body: `createEvent(input: {groupId: $id, title: "Fest", startsAt: "2030-06-01T18:00:00", endsAt: "2030-06-01T20:00:00"}) { event { id } }`}},
		"ANNOUNCE": {{body: `announceToGroup(input: {groupId: $id, title: "Mødet", text: "Kl. 19."}) { announcement { id } }`},
			{body: `query { previewAnnouncement(groupId: $id) { needsApproval } }`}},
		"APPROVE_MEMBERS": {{body: `approveJoinRequest(input: {groupId: $id, personId: $asker}) { membership { id } }`},
			{body: `declineJoinRequest(input: {groupId: $id, personId: $asker}) { membership { id } }`},
			{body: `query { node(id: $id) { ... on Group { list: memberships(state: REQUESTED) { edges { node { id } } } } } }`}},
		"INVITE": {{body: `inviteToGroup(input: {groupId: $id, personId: $invitee}) { membership { id } }`},
			{body: `inviteByContact(input: {groupId: $id, phone: "20123456"}) { group { id } }`},
			{body: `withdrawContactInvitation(input: {groupId: $id, phone: "20123456"}) { group { id } }`},
			{body: `createInvitationLink(input: {groupId: $id}) { link { code } }`},
			{body: `revokeInvitationLink(input: {groupId: $id}) { group { id } }`}},
		"MANAGE_MEMBERS": {{body: `removeMember(input: {groupId: $id, personId: $member}) { membership { id } }`},
			{body: `removeMember(input: {groupId: $id, personId: $member, ban: true}) { membership { id } }`},
			{body: `liftBan(input: {groupId: $id, personId: $banned}) { membership { id } }`},
			{body: `saveGroupRole(input: {groupId: $id, name: "Gæst", permissions: []}) { role { key } }`},
			{body: `grantGroupRole(input: {groupId: $id, personId: $member, key: $role}) { membership { id } }`},
			{body: `deleteGroupRole(input: {groupId: $id, key: $role}) { group { id } }`}},
		"ARCHIVE":       {{body: `archiveGroup(input: {groupId: $id}) { group { id } }`}},
		"RESTORE":       {{body: `restoreGroup(input: {groupId: $id}) { group { id } }`}},
		"DELETE":        {{body: `deleteGroup(input: {groupId: $id}) { group { id } }`}},
		"MUTE":          {{body: `setGroupNotifications(input: {groupId: $id, level: INBOX}) { membership { id } }`}},
		"VIEW_MEMBERS":  {{body: `query { node(id: $id) { ... on Group { list: memberships { edges { node { id } } } } } }`}},
		"FIND_BY_SKILL": {{body: `query { node(id: $id) { ... on Group { list: memberships(filter: {canTeach: true}) { edges { node { id } } } } } }`}},
	}}
}

// canAnnouncement tries announcements of the municipality and of a group, in each state, on their
// way and delivered.
func canAnnouncement() canType {
	staff := []string{"", "resident", "staff", "staff-2", "builder", "admin"}
	inGroup := []string{"", "resident", "member", "leader", "co-leader", "staff"}
	said := func(state string, more func(r *crashRig, announcementID string)) func(r *crashRig) canThing {
		return func(r *crashRig) canThing {
			// Nobody lives in the area, or everybody is to be told, which waits for approval.
			areas := []string{crashArea}
			if state == "PENDING_APPROVAL" {
				areas = nil
			}
			made := r.arrange("staff", "broadcast", crashBroadcast(areas...), "announcement { id state }")
			a := made.text("broadcast", "announcement", "id")
			if got := made.text("broadcast", "announcement", "state"); got != state {
				r.t.Fatalf("it is %s", got)
			}
			more(r, a)
			return canThing{id: a}
		}
	}
	toGroup := func(more func(r *crashRig, announcementID string)) func(r *crashRig) canThing {
		return func(r *crashRig) canThing {
			g := r.led()
			r.arrange("leader", "updateGroup", vars{"groupId": g, "visibility": "MEMBERS"}, "group { id }")
			a := r.arrange("leader", "announceToGroup", vars{"groupId": g, "title": "Mødet", "text": "Kl. 19."}, "announcement { id }").text("announceToGroup", "announcement", "id")
			more(r, a)
			return canThing{id: a}
		}
	}
	nothing := func(*crashRig, string) {}
	decide := func(who, mutation string) func(r *crashRig, a string) {
		return func(r *crashRig, a string) {
			r.arrange(who, mutation, vars{"announcementId": a, "expectedVersion": 1}, "announcement { id }")
		}
	}
	deliver := func(r *crashRig, _ string) { r.restart(r.process(r.db)) }
	return canType{cases: append([]canCase{
		{"waiting", said("PENDING_APPROVAL", nothing), staff},
		{"a correction waits", said("PENDING_APPROVAL", func(r *crashRig, a string) {
			decide("staff-2", "approveBroadcast")(r, a)
			r.arrange("staff", "correctAnnouncement", reworded(a), "announcement { id }")
		}), staff},
		{"a draft again", said("PENDING_APPROVAL", func(r *crashRig, a string) {
			r.arrange("staff", "updateAnnouncement", reworded(a), "announcement { id }")
		}), staff},
		{"a draft in a group", func(r *crashRig) canThing { return canThing{id: r.drafted()} }, inGroup},
		{"scheduled in a group", func(r *crashRig) canThing {
			a := r.drafted()
			r.arrange("leader", "publishAnnouncement", vars{"announcementId": a, "expectedVersion": 1, "publishAt": r.clock.Now().Add(time.Hour)}, "announcement { id }")
			return canThing{id: a}
		}, inGroup},
		{"to people with a booking", func(r *crashRig) canThing {
			in := vars{"occurrenceId": r.date(nil, "member"), "title": "Husk støvler", "text": "Det regner."}
			return canThing{id: r.arrange("leader", "messageAttendees", in, "announcement { id }").text("messageAttendees", "announcement", "id")}
		}, inGroup},
		{"waiting, without an author", said("PENDING_APPROVAL", func(r *crashRig, a string) { r.set("announcements", a, vars{"authorId": ""}) }), staff},
		{"rejected", said("PENDING_APPROVAL", decide("staff-2", "rejectBroadcast")), staff},
		{"approved and on its way", said("PENDING_APPROVAL", decide("staff-2", "approveBroadcast")), staff},
		{"on its way", said("SENT", nothing), staff},
		{"stopped on its way", said("SENT", decide("staff-2", "stopBroadcast")), staff},
		{"delivered", said("SENT", deliver), staff},
		{"delivered long ago", said("SENT", func(r *crashRig, a string) {
			deliver(r, a)
			r.later(40 * 24 * time.Hour)
		}), staff},
		{"to a group, on its way", toGroup(nothing), inGroup},
		{"to a group, delivered", toGroup(deliver), inGroup},
		{"to a group, stopped", toGroup(decide("co-leader", "stopBroadcast")), inGroup},
		{"to a group, with pushes held for the night", toGroup(func(r *crashRig, a string) {
			r.set("announcements", a, vars{"sentAt": r.clock.Now()})
			r.clock.Advance(11 * time.Hour) // the pushes are decided in the night
			deliver(r, a)
		}), inGroup},
	}, canAnnouncementPeople()...), tries: map[string][]canTry{
		"EDIT":        {{body: `updateAnnouncement(input: {announcementId: $id, title: [{language: DA, text: "a"}], text: [{language: DA, text: "b"}]}) { announcement { id } }`}},
		"PUBLISH":     {{body: `publishAnnouncement(input: {announcementId: $id, expectedVersion: $version}) { announcement { id } }`}},
		"CORRECT":     {{body: `correctAnnouncement(input: {announcementId: $id, title: [{language: DA, text: "a"}], text: [{language: DA, text: "b"}]}) { announcement { id } }`}},
		"APPROVE":     {{body: `approveBroadcast(input: {announcementId: $id, expectedVersion: $version}) { announcement { id } }`}},
		"REJECT":      {{body: `rejectBroadcast(input: {announcementId: $id}) { announcement { id } }`}},
		"STOP":        {{body: `stopBroadcast(input: {announcementId: $id}) { announcement { id } }`}},
		"VIEW_REPORT": {{body: `query { node(id: $id) { ... on Announcement { list: report { isRunning } } } }`}},
	}}
}
