package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/community"
	"faellesskab/internal/group"
)

// groupNoun has the rows of groups, memberships, roles in a group and invitation links.
func groupNoun() noun {
	return noun{
		nudges: map[string]nudge{
			"Group":           {"groups", vars{"description": "Nyt"}, "description", "Nyt"},
			"GroupMembership": {"group_memberships", vars{"since": crashStart.Add(-48 * time.Hour)}, "since", "2030-01-13T10:00:00Z"},
		},
		nothingToShow: map[string]string{
			"createInvitationLink": "a code is told once",
			"saveGroupRole":        "it gives a role: TestARepeatShowsTheRoleOfNow",
		},
		can:  func() map[string]canType { return map[string]canType{"Group": canGroup()} },
		name: "group", access: groupAccess, crash: groupCrash, oneWrite: map[string]string{
			"createInvitationLink": "it inserts one link, which lets nobody in who has not got its code; a repeat makes another",
		},
		world: (*accessWorld).makeGroups, invariants: []invariant{crashState.checkMemberships},
		repair: func(ctx context.Context, c *community.Community) ([]string, error) {
			return repairsOf(c.Groups.Repair(ctx))
		},
		secrets: []string{"hidden", "membership", "Gruppen hidden"}, hidden: []string{"hidden", "membership", "Gruppen hidden"},
		sentAgain: []accessCall{
			does("setGroupNotifications and look", `setGroupNotifications(input: {groupId: $hidden, level: INBOX}) { membership { id notifications group { name } } }`),
		},
		lists: map[string]pagedList{
			"Query.groups":         {"resident-1", `%s`, `list: groups(%s, filter: {kind: HOUSING})`, 5},
			"Group.memberships":    {"leader-1", `group(id: $open) { %s }`, `list: memberships(%s)`, 4},
			"Group.upcomingEvents": {"resident-1", `group(id: $open) { %s }`, `list: upcomingEvents(%s)`, 3},
		},
		neverNull: map[string]string{
			"Group.viewerCan": "a rule on the group at hand, the viewer and who else leads it; no membership is one of its cases",
		},
		pages: (*pagesWorld).groups, badInputs: groupBadInputs, notices: groupNotices, taps: groupTaps,
		stored: map[string]enums{
			"groups":            {"kind": "GroupKind", "visibility": "GroupVisibility", "joinPolicy": "JoinPolicy", "roles.*.permissions": "GroupPermission"},
			"group_memberships": {"state": "MembershipState", "history.state": "MembershipState", "roles.key": "ORGANISER|MODERATOR|LEADER|TREASURER|CARETAKER|rol_*", "level": "GroupNotificationLevel?"},
			"group_invitations": {}, "group_contact_invitations": {},
		},
		questions: map[string]string{
			"groups: listing= | sortName _id":                                  "the groups somebody may know of, by name",
			"groups: facets= listing= | sortName _id":                          "those of an area, of a kind or with a word",
			"groups: nameKey= | _id":                                           "the groups whose name looks like another one",
			"groups: leaderIds= | _id":                                         "the groups that somebody leads",
			"group_memberships: history.by= | _id":                             "about whose memberships somebody has decided",
			"group_memberships: groupId= state= | since _id":                   "the members of a group",
			"group_memberships: groupId= state= personId> | personId _id":      "whom to tell in a group, or in several",
			"group_memberships: groupId= state= roles.key= | personId _id":     "who runs a group, or keeps the money of several",
			"group_memberships: groupId= skills= state= | since _id":           "members by what they can",
			"group_memberships: personId= state= | _id":                        "what somebody belongs to",
			"group_contact_invitations: createdBy= createdAt> | createdAt _id": "the addresses and numbers that somebody has invited today",
			"group_contact_invitations: createdBy= | createdAt _id":            "the addresses and numbers that somebody has invited",
			"group_contact_invitations: key= isWithdrawn= expiresAt>":          "the invitations that wait for an address or a number",
			"group_contact_invitations: expiresAt<":                            "old ones, to be deleted",
			"group_invitations: createdBy= | groupId _id":                      "the links that somebody made",
			"group_invitations: createdBy= groupId= createdAt<":                "the links that somebody made by a role that has ended",
			"group_invitations: groupId=":                                      "the links of a group",
			"group_invitations: usedBy= | _id":                                 "the links that somebody has joined by",
			"group_invitations: expiresAt<":                                    "old links, to be deleted",
		},
	}
}

var groupAccess = []accessCall{
	asks("groups named gruppen", `groups(filter: {query: "gruppen"}) { edges { node { id } } }`, "groups"),
	asks("group with MEMBERS", `group(id: $members) { id }`, ""),
	asks("group HIDDEN", `group(id: $hidden) { id }`, ""),
	asks("invitation", `invitation(code: "NOBODYHASTHISCODE") { groupName }`, ""),
	asks("group: memberships", `group(id: $members) { memberships { edges { node { id } } } }`, "group.memberships"),
	asks("group: memberships REQUESTED", `group(id: $ask) { memberships(state: REQUESTED) { edges { node { id } } } }`, "group.memberships"),
	asks("group: memberships of a lokalforum", `group(id: $lokalforum) { memberships { edges { node { id } } } }`, "group.memberships"),
	asks("node of the HIDDEN group", `node(id: $hidden) { id }`, ""),
	asks("node of a membership there", `node(id: $membership) { id }`, "").ofOneself(),
	does("createGroup", `createGroup(input: {name: "Ny", kind: HOUSING}) { group { id } }`),
	does("createGroup COMMITTEE", `createGroup(input: {name: "Nyt udvalg", kind: COMMITTEE}) { group { id } }`),
	does("updateGroup", `updateGroup(input: {groupId: $members, name: "Ny"}) { group { id } }`),
	does("updateGroup HIDDEN", `updateGroup(input: {groupId: $hidden, name: "Ny"}) { group { id } }`),
	does("updateGroup of a lokalforum", `updateGroup(input: {groupId: $lokalforum, description: "Ny"}) { group { id } }`),
	does("updateGroup hides a lokalforum", `updateGroup(input: {groupId: $lokalforum, visibility: HIDDEN}) { group { id } }`),
	does("joinGroup", `joinGroup(input: {groupId: $lokalforum}) { group { id } }`),
	does("joinGroup HIDDEN", `joinGroup(input: {groupId: $hidden}) { group { id } }`),
	does("leaveGroup", `leaveGroup(input: {groupId: $members}) { membership { id } }`),
	does("leaveGroup HIDDEN", `leaveGroup(input: {groupId: $hidden}) { membership { id } }`),
	does("setGroupNotifications", `setGroupNotifications(input: {groupId: $members, level: SUMMARY}) { membership { id } }`),
	does("setGroupNotifications HIDDEN", `setGroupNotifications(input: {groupId: $hidden, level: ALL}) { membership { id } }`),
	does("approveJoinRequest", `approveJoinRequest(input: {groupId: $ask, personId: $requester}) { membership { id } }`),
	does("declineJoinRequest", `declineJoinRequest(input: {groupId: $ask, personId: $requester}) { membership { id } }`),
	does("inviteToGroup", `inviteToGroup(input: {groupId: $members, personId: $requester}) { membership { id } }`),
	does("inviteToGroup HIDDEN", `inviteToGroup(input: {groupId: $hidden, personId: $requester}) { membership { id } }`),
	does("inviteToGroup of a lokalforum", `inviteToGroup(input: {groupId: $lokalforum, personId: $requester}) { membership { id } }`),
	does("joinGroup HIDDEN by a wrong code", `joinGroup(input: {groupId: $hidden, invitationCode: "NOBODYHASTHISCODE"}) { group { id } }`),
	does("createInvitationLink", `createInvitationLink(input: {groupId: $members}) { link { expiresAt } }`),
	does("createInvitationLink HIDDEN", `createInvitationLink(input: {groupId: $hidden}) { link { expiresAt } }`),
	does("revokeInvitationLink", `revokeInvitationLink(input: {groupId: $members}) { group { id } }`),
	does("revokeInvitationLink HIDDEN", `revokeInvitationLink(input: {groupId: $hidden}) { group { id } }`),
	does("archiveGroup", `archiveGroup(input: {groupId: $members}) { group { id } }`),
	does("archiveGroup HIDDEN", `archiveGroup(input: {groupId: $hidden}) { group { id } }`),
	does("archiveGroup of a lokalforum", `archiveGroup(input: {groupId: $lokalforum}) { group { id } }`),
	does("restoreGroup", `restoreGroup(input: {groupId: $members}) { group { id } }`),
	does("restoreGroup HIDDEN", `restoreGroup(input: {groupId: $hidden}) { group { id } }`),
	does("deleteGroup", `deleteGroup(input: {groupId: $ask}) { group { id } }`),
	does("deleteGroup HIDDEN", `deleteGroup(input: {groupId: $hidden}) { group { id } }`),
	does("inviteByContact", `inviteByContact(input: {groupId: $members, phone: "20123456"}) { group { id } }`),
	does("inviteByContact HIDDEN", `inviteByContact(input: {groupId: $hidden, phone: "20123456"}) { group { id } }`),
	does("withdrawContactInvitation", `withdrawContactInvitation(input: {groupId: $members, phone: "20123456"}) { group { id } }`),
	does("withdrawContactInvitation HIDDEN", `withdrawContactInvitation(input: {groupId: $hidden, phone: "20123456"}) { group { id } }`),
	does("declineInvitation", `declineInvitation(input: {groupId: $members}) { membership { id } }`),
	does("declineInvitation HIDDEN", `declineInvitation(input: {groupId: $hidden}) { membership { id } }`),
	asks("group: roles", `group(id: $members) { roles { key } }`, "group.roles"),
	does("saveGroupRole", `saveGroupRole(input: {groupId: $members, name: "Ny", permissions: [POST]}) { role { key } }`),
	does("saveGroupRole HIDDEN", `saveGroupRole(input: {groupId: $hidden, name: "Ny", permissions: [POST]}) { role { key } }`),
	does("deleteGroupRole", `deleteGroupRole(input: {groupId: $members, key: $role}) { group { id } }`),
	does("deleteGroupRole HIDDEN", `deleteGroupRole(input: {groupId: $hidden, key: $role}) { group { id } }`),
	does("grantGroupRole", `grantGroupRole(input: {groupId: $members, personId: $member, key: "ORGANISER"}) { membership { id } }`),
	does("grantGroupRole HIDDEN", `grantGroupRole(input: {groupId: $hidden, personId: $memberOfHidden, key: "ORGANISER"}) { membership { id } }`),
	does("revokeGroupRole of the member", `revokeGroupRole(input: {groupId: $members, personId: $member, key: $role}) { membership { id } }`),
	does("revokeGroupRole HIDDEN", `revokeGroupRole(input: {groupId: $hidden, personId: $memberOfHidden, key: "ORGANISER"}) { membership { id } }`),
	does("removeMember", `removeMember(input: {groupId: $members, personId: $member}) { membership { id } }`),
	does("removeMember HIDDEN", `removeMember(input: {groupId: $hidden, personId: $memberOfHidden}) { membership { id } }`),
	does("liftBan", `liftBan(input: {groupId: $members, personId: $member}) { membership { id } }`),
	does("liftBan HIDDEN", `liftBan(input: {groupId: $hidden, personId: $memberOfHidden}) { membership { id } }`),
}

var groupNotices = []noticeCase{
	{"JOIN_REQUESTED", "leader", func(r *crashRig) { r.group(vars{"joinPolicy": "ASK"}, "resident") }},
	{"JOIN_REQUEST_ANSWERED", "resident", func(r *crashRig) {
		g := r.group(vars{"joinPolicy": "ASK"}, "resident")
		r.arrange("leader", "approveJoinRequest", vars{"groupId": g, "personId": crashPerson("resident")}, "membership { id }")
	}},
	{"GROUP_INVITED", "resident", func(r *crashRig) { r.invitation() }},
	{"INVITATION_ANSWERED", "leader", func(r *crashRig) {
		r.arrange("resident", "declineInvitation", vars{"groupId": r.invitation()}, "membership { id }")
	}},
	{"GROUP_ROLE_ENDS", "member", func(r *crashRig) {
		g := r.group(nil, "member")
		ends := r.clock.Now().Add(72 * time.Hour).Format(time.RFC3339)
		r.arrange("leader", "grantGroupRole", vars{"groupId": g, "personId": crashPerson("member"), "key": "TREASURER", "expiresAt": ends}, "membership { id }")
		r.clock.Advance(49 * time.Hour)
	}},
	{"GROUP_CLOSES", "member", func(r *crashRig) {
		r.arrange("leader", "archiveGroup", vars{"groupId": r.group(nil, "member")}, "group { id }")
	}},
	{"GROUP_LED_BY_YOU", "member", func(r *crashRig) {
		r.group(nil, "member")
		if err := r.outside.Erase(r.t.Context(), crashPerson("leader")); err != nil {
			r.t.Fatal(err)
		}
	}},
}

var groupTaps = []tapCase{
	{"", "MUTE_GROUP", "membership { id }", nil, ""},
	{"JOIN_REQUESTED", "APPROVE_JOIN_REQUEST", memberFields, already("leader", "declineJoinRequest", "membership { id }"), "NOT_FOUND"},
	{"JOIN_REQUESTED", "DECLINE_JOIN_REQUEST", memberFields, already("leader", "approveJoinRequest", "membership { id }"), "NOT_FOUND"},
	{"GROUP_INVITED", "ACCEPT_INVITATION", "group { id }", already("resident", "declineInvitation", "membership { id }"), "NOT_FOUND"},
	{"GROUP_INVITED", "DECLINE_INVITATION", memberFields, already("resident", "joinGroup", "group { id }"), "NOT_FOUND"},
}

var groupBadInputs = []badInput{
	{"an empty text", "leader", createGroupDoc, groupWith(vars{"name": ""}), "BAD_USER_INPUT", "input.name"},
	{"a text of blanks", "leader", createGroupDoc, groupWith(vars{"name": " \u00a0 "}), "BAD_USER_INPUT", "input.name"},
	{"an overlong name", "leader", createGroupDoc, groupWith(vars{"name": strings.Repeat("å", 121)}), "BAD_USER_INPUT", "input.name"},
	{"an overlong description", "leader", createGroupDoc, groupWith(vars{"description": strings.Repeat("å", 5001)}), "BAD_USER_INPUT", "input.description"},
	{"two lines in a name", "leader", createGroupDoc, groupWith(vars{"name": "Vejen\nigen"}), "BAD_USER_INPUT", "input.name"},
	{"a control character", "leader", createGroupDoc, groupWith(vars{"name": "Vej\u0007en"}), "BAD_USER_INPUT", "input.name"},
	{"a text that runs backwards", "leader", createGroupDoc, groupWith(vars{"name": "Vej\u202een"}), "BAD_USER_INPUT", "input.name"},
	{"half a character", "leader", createGroupDoc, groupWith(vars{"name": "Vej\ufffden"}), "BAD_USER_INPUT", "input.name"},
	{"joining twice", "member", joinDoc, vars{"groupId": "$group"}, "CONFLICT", ""},
}

const memberFields = "membership { id state roles { role { key } expiresAt } notifications person { id } }"

var groupCrash = []crashCase{
	{"createGroup", func(*crashRig) crashCall {
		return crashCall{"resident", "createGroup", vars{"name": "Haven", "kind": "HOUSING", "areaId": crashArea, "visibility": "HIDDEN"},
			"group { id name memberCount version }"}
	}},
	{"updateGroup", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		r.publishedEvent(g, nil)
		r.draft(g, nil)
		return crashCall{"leader", "updateGroup", vars{"groupId": g, "name": "Kajakklubben", "visibility": "MEMBERS", "expectedVersion": 1},
			"group { id name visibility version }"}
	}},
	{"updateGroup opens it to who has asked", func(r *crashRig) crashCall {
		g := r.group(vars{"joinPolicy": "ASK"}, "resident", "member")
		return crashCall{"leader", "updateGroup", vars{"groupId": g, "joinPolicy": "OPEN"}, "group { id joinPolicy }"}
	}},
	{"joinGroup", func(r *crashRig) crashCall {
		return crashCall{"resident", "joinGroup", vars{"groupId": r.group(nil)},
			"outcome { __typename ... on JoinedGroup { " + memberFields + " } } group { memberCount }"}
	}},
	{"joinGroup by asking", func(r *crashRig) crashCall {
		return crashCall{"resident", "joinGroup", vars{"groupId": r.group(vars{"joinPolicy": "ASK"})},
			"outcome { __typename ... on JoinRequestPending { " + memberFields + " } } group { memberCount }"}
	}},
	{"joinGroup again", func(r *crashRig) crashCall {
		in := vars{"groupId": r.group(nil, "resident")}
		r.arrange("resident", "leaveGroup", in, "membership { id }")
		return crashCall{"resident", "joinGroup", in, "outcome { __typename } group { memberCount viewerMembership { state } }"}
	}},
	{"leaveGroup", func(r *crashRig) crashCall {
		return crashCall{"member", "leaveGroup", vars{"groupId": r.group(nil, "member")}, memberFields}
	}},
	{"leaveGroup of a leader", func(r *crashRig) crashCall {
		return crashCall{"co-leader", "leaveGroup", vars{"groupId": r.led()}, memberFields}
	}},
	{"leaveGroup that is hidden", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		r.arrange("leader", "updateGroup", vars{"groupId": g, "visibility": "HIDDEN"}, "group { id }")
		return crashCall{"member", "leaveGroup", vars{"groupId": g}, "membership { id state roles { role { key } } }"}
	}},
	{"leaveGroup before the answer", func(r *crashRig) crashCall {
		in := vars{"groupId": r.group(vars{"joinPolicy": "ASK"}, "resident")}
		return crashCall{"resident", "leaveGroup", in, memberFields}
	}},
	{"setGroupNotifications", func(r *crashRig) crashCall {
		return crashCall{"member", "setGroupNotifications", vars{"groupId": r.group(nil, "member"), "level": "INBOX"}, memberFields}
	}},
	{"setGroupNotifications to what they are", func(r *crashRig) crashCall {
		in := vars{"groupId": r.group(nil, "member"), "level": "SUMMARY"}
		r.arrange("member", "setGroupNotifications", in, "membership { id }")
		return crashCall{"member", "setGroupNotifications", in, memberFields}
	}},
	{"approveJoinRequest", func(r *crashRig) crashCall {
		g := r.group(vars{"joinPolicy": "ASK"}, "resident")
		return crashCall{"leader", "approveJoinRequest", vars{"groupId": g, "personId": crashPerson("resident")}, memberFields}
	}},
	{"declineJoinRequest", func(r *crashRig) crashCall {
		g := r.group(vars{"joinPolicy": "ASK"}, "resident")
		return crashCall{"leader", "declineJoinRequest", vars{"groupId": g, "personId": crashPerson("resident")}, memberFields}
	}},
	{"inviteToGroup", func(r *crashRig) crashCall {
		return crashCall{"leader", "inviteToGroup", vars{"groupId": r.group(vars{"visibility": "HIDDEN"}), "personId": crashPerson("resident")}, memberFields}
	}},
	{"inviteToGroup who has asked", func(r *crashRig) crashCall {
		g := r.group(vars{"joinPolicy": "ASK"}, "resident")
		return crashCall{"leader", "inviteToGroup", vars{"groupId": g, "personId": crashPerson("resident")}, memberFields}
	}},
	{"inviteToGroup who has declined", func(r *crashRig) crashCall {
		in := vars{"groupId": r.invitation(), "personId": crashPerson("resident")}
		r.arrange("resident", "declineInvitation", vars{"groupId": in["groupId"]}, "membership { id }")
		return crashCall{"leader", "inviteToGroup", in, memberFields}
	}},
	{"inviteToGroup who is invited", func(r *crashRig) crashCall {
		return crashCall{"leader", "inviteToGroup", vars{"groupId": r.invitation(), "personId": crashPerson("resident")}, memberFields}
	}},
	{"archiveGroup", func(r *crashRig) crashCall {
		return crashCall{"leader", "archiveGroup", vars{"groupId": r.group(nil, "member")}, closedFields}
	}},
	{"restoreGroup", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		r.arrange("leader", "deleteGroup", vars{"groupId": g}, "group { id }")
		return crashCall{"leader", "restoreGroup", vars{"groupId": g}, closedFields}
	}},
	{"deleteGroup", func(r *crashRig) crashCall {
		return crashCall{"leader", "deleteGroup", vars{"groupId": r.group(nil, "member")}, closedFields}
	}},
	{"inviteByContact", func(r *crashRig) crashCall {
		return crashCall{"leader", "inviteByContact", vars{"groupId": r.group(nil), "phone": "20123456"}, "group { id memberCount }"}
	}},
	{"withdrawContactInvitation", func(r *crashRig) crashCall {
		g := r.group(nil)
		r.arrange("leader", "inviteByContact", vars{"groupId": g, "phone": "20123456"}, "group { id }")
		return crashCall{"leader", "withdrawContactInvitation", vars{"groupId": g, "phone": "20123456"}, "group { id memberCount }"}
	}},
	{"declineInvitation", func(r *crashRig) crashCall {
		return crashCall{"resident", "declineInvitation", vars{"groupId": r.invitation()}, memberFields}
	}},
	{"joinGroup by invitation", func(r *crashRig) crashCall {
		return crashCall{"resident", "joinGroup", vars{"groupId": r.invitation()},
			"outcome { __typename ... on JoinedGroup { " + memberFields + " } } group { name memberCount }"}
	}},
	{"joinGroup by a link", func(r *crashRig) crashCall {
		g := r.group(vars{"visibility": "HIDDEN", "joinPolicy": "INVITE"})
		return crashCall{"resident", "joinGroup", vars{"groupId": g, "invitationCode": r.link(g)},
			"outcome { __typename ... on JoinedGroup { " + memberFields + " } } group { name memberCount }"}
	}},
	{"revokeInvitationLink", func(r *crashRig) crashCall {
		g := r.group(nil)
		return crashCall{"leader", "revokeInvitationLink", vars{"groupId": g, "code": r.link(g)}, "group { id }"}
	}},
	{"revokeInvitationLink all", func(r *crashRig) crashCall {
		g := r.group(nil)
		r.link(g)
		r.link(g)
		return crashCall{"leader", "revokeInvitationLink", vars{"groupId": g}, "group { id }"}
	}},
	{"grantGroupRole for a while", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		return crashCall{"leader", "grantGroupRole", vars{"groupId": g, "personId": crashPerson("member"), "key": "ORGANISER",
			"expiresAt": "2031-01-01T00:00:00Z"}, memberFields}
	}},
	{"grantGroupRole of the group's own", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		return crashCall{"leader", "grantGroupRole", vars{"groupId": g, "personId": crashPerson("member"), "key": r.ownRole(g)}, memberFields}
	}},
	{"grantGroupRole to leader", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		return crashCall{"leader", "grantGroupRole", vars{"groupId": g, "personId": crashPerson("member"), "key": "LEADER"}, memberFields}
	}},
	{"revokeGroupRole", func(r *crashRig) crashCall {
		in := vars{"groupId": r.group(nil, "member"), "personId": crashPerson("member"), "key": "MODERATOR"}
		r.arrange("leader", "grantGroupRole", in, "membership { id }")
		return crashCall{"leader", "revokeGroupRole", in, memberFields}
	}},
	{"revokeGroupRole sooner", func(r *crashRig) crashCall {
		in := vars{"groupId": r.group(nil, "member"), "personId": crashPerson("member"), "key": "TREASURER"}
		r.arrange("leader", "grantGroupRole", in, "membership { id }")
		return crashCall{"member", "revokeGroupRole", vars{"groupId": in["groupId"], "personId": in["personId"], "key": "TREASURER",
			"expiresAt": "2031-01-01T00:00:00Z"}, memberFields}
	}},
	{"revokeGroupRole from leader", func(r *crashRig) crashCall {
		return crashCall{"leader", "revokeGroupRole", vars{"groupId": r.led(), "personId": crashPerson("co-leader"), "key": "LEADER"}, memberFields}
	}},
	{"revokeGroupRole of oneself from leader", func(r *crashRig) crashCall {
		return crashCall{"leader", "revokeGroupRole", vars{"groupId": r.led(), "personId": crashPerson("leader"), "key": "LEADER"}, memberFields}
	}},
	{"saveGroupRole", func(r *crashRig) crashCall {
		return crashCall{"leader", "saveGroupRole", vars{"groupId": r.group(nil), "name": "Vært", "permissions": []string{"POST", "INVITE"}},
			"role { key name permissions }"}
	}},
	{"saveGroupRole that is held", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		key := r.ownRole(g, "member")
		return crashCall{"leader", "saveGroupRole", vars{"groupId": g, "key": key, "name": "Vært", "permissions": []string{"MODERATE"}},
			"role { key name permissions }"}
	}},
	{"deleteGroupRole", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		return crashCall{"leader", "deleteGroupRole", vars{"groupId": g, "key": r.ownRole(g, "member")}, "group { id roles { key } }"}
	}},
	{"removeMember", func(r *crashRig) crashCall {
		return crashCall{"leader", "removeMember", vars{"groupId": r.led(), "personId": crashPerson("member")}, memberFields}
	}},
	{"removeMember and ban", func(r *crashRig) crashCall {
		return crashCall{"leader", "removeMember", vars{"groupId": r.led(), "personId": crashPerson("member"), "ban": true}, memberFields}
	}},
	{"removeMember and ban who has left", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		r.arrange("member", "leaveGroup", vars{"groupId": g}, "membership { id }")
		return crashCall{"leader", "removeMember", vars{"groupId": g, "personId": crashPerson("member"), "ban": true}, memberFields}
	}},
	{"liftBan", func(r *crashRig) crashCall {
		in := vars{"groupId": r.group(nil, "member"), "personId": crashPerson("member")}
		r.arrange("leader", "removeMember", vars{"groupId": in["groupId"], "personId": in["personId"], "ban": true}, "membership { id }")
		return crashCall{"leader", "liftBan", in, memberFields}
	}},
	{"removeMember who leads", func(r *crashRig) crashCall {
		return crashCall{"leader", "removeMember", vars{"groupId": r.led(), "personId": crashPerson("co-leader")}, memberFields}
	}},
	{"removeMember who is oneself", func(r *crashRig) crashCall {
		return crashCall{"leader", "removeMember", vars{"groupId": r.led(), "personId": crashPerson("leader")}, memberFields}
	}},
	{"leaveGroup with a place held", func(r *crashRig) crashCall {
		g, _ := r.heldIn("resident", "member", "other")
		return crashCall{"resident", "leaveGroup", vars{"groupId": g}, "membership { id state }"}
	}},
	{"removeMember with an offer held", func(r *crashRig) crashCall {
		g, e := r.heldIn("resident", "member", "other")
		r.arrange("resident", "cancelAttendance", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
		return crashCall{"leader", "removeMember", vars{"groupId": g, "personId": crashPerson("member"), "ban": true}, "membership { id state }"}
	}},
	{"updateGroup with places held by others", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		e := r.publishedEvent(g, vars{"capacity": 1})
		for _, p := range []string{"resident", "member", "other"} {
			r.arrange(p, "attendEvent", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
		}
		return crashCall{"leader", "updateGroup", vars{"groupId": g, "visibility": "HIDDEN"}, "group { id visibility version }"}
	}},
}

// closedFields leave the instants out: what is tried again after a crash that had written nothing happens later.
const closedFields = `group { id version memberCount viewerCan }`

// group is a new group of leader's with these members.
func (r *crashRig) group(more vars, members ...string) string {
	in := vars{"name": "Roklubben", "kind": "ASSOCIATION", "areaId": crashArea}
	for k, v := range more {
		in[k] = v
	}
	groupID := r.arrange("leader", "createGroup", in, "group { id }").text("createGroup", "group", "id")
	for _, m := range members {
		r.arrange(m, "joinGroup", vars{"groupId": groupID}, "group { id }")
	}
	return groupID
}

// led is a new group with two leaders and a member.
func (r *crashRig) led() string {
	groupID := r.group(nil, "co-leader", "member")
	r.arrange("leader", "grantGroupRole", vars{"groupId": groupID, "personId": crashPerson("co-leader"), "key": "LEADER"}, "membership { id }")
	return groupID
}

// ownRole is the key of a new role of a group's own that has the permission INVITE and is held
// by these members.
func (r *crashRig) ownRole(groupID string, holders ...string) string {
	key := r.arrange("leader", "saveGroupRole", vars{"groupId": groupID, "name": "Vært", "permissions": []string{"INVITE"}}, "role { key }").
		text("saveGroupRole", "role", "key")
	for _, h := range holders {
		r.arrange("leader", "grantGroupRole", vars{"groupId": groupID, "personId": crashPerson(h), "key": key}, "membership { id }")
	}
	return key
}

// invitation is a new hidden group to which the resident is invited.
func (r *crashRig) invitation() string {
	groupID := r.group(vars{"visibility": "HIDDEN"})
	r.arrange("leader", "inviteToGroup", vars{"groupId": groupID, "personId": crashPerson("resident")}, "membership { id }")
	return groupID
}

// link is the code of an invitation link of a group.
func (r *crashRig) link(groupID string) string {
	return r.arrange("leader", "createInvitationLink", vars{"groupId": groupID}, "link { code }").text("createInvitationLink", "link", "code")
}

func (w *accessWorld) makeGroups() {
	for name, how := range map[string]string{
		"members": `visibility: MEMBERS`, "ask": `joinPolicy: ASK`, "hidden": `joinPolicy: OPEN`,
	} {
		w.ids[name] = w.send("leader-1", `createGroup(input: {name: "Gruppen `+name+`", kind: HOUSING, areaId: $area, `+how+`}) { group { id } }`).
			text("createGroup", "group", "id")
		for _, p := range []string{"resident-1", "resident-5"} {
			w.send(p, `joinGroup(input: {groupId: $`+name+`}) { group { id } }`)
		}
	}
	w.send("leader-1", `approveJoinRequest(input: {groupId: $ask, personId: $member}) { membership { id } }`)
	w.send("resident-3", `joinGroup(input: {groupId: $ask}) { group { id } }`)
	w.send("leader-1", `updateGroup(input: {groupId: $hidden, visibility: HIDDEN}) { group { id } }`)
	w.ids["membership"] = w.ids["hidden"] + ":" + w.ids["member"]
	w.ids["memberOfHidden"] = w.ids["member"]
	w.ids["role"] = w.send("leader-1", `saveGroupRole(input: {groupId: $members, name: "Vært", permissions: [POST]}) { role { key } }`).
		text("saveGroupRole", "role", "key")
	w.send("leader-1", `grantGroupRole(input: {groupId: $members, personId: $member, key: $role}) { membership { id } }`)
}

// groups makes five groups to which resident-1 belongs or has asked to join, and three that have
// been hidden since, which stand first, in between and last.
func (w *pagesWorld) groups() {
	for i, how := range []string{"asked hidden", "asked", "asked hidden", "asked hidden", "open", "asked", "none", "asked", "asked hidden"} {
		policy := "ASK"
		if how == "open" {
			policy = "OPEN"
		}
		w.ids["group"] = w.send("leader-1", fmt.Sprintf(`createGroup(input: {name: "Gruppe %d", kind: HOUSING, areaId: $area, joinPolicy: %s}) { group { id } }`, i, policy),
			"createGroup", "group", "id")
		if how != "none" {
			w.send("resident-1", `joinGroup(input: {groupId: $group}) { group { id } }`)
		}
		if how == "open" {
			w.ids["open"] = w.ids["group"]
		}
		if strings.HasSuffix(how, "hidden") {
			w.send("leader-1", `updateGroup(input: {groupId: $group, visibility: HIDDEN}) { group { id } }`)
		}
		w.ids["last"] = w.ids["group"]
	}
	for _, p := range []string{"resident-2", "resident-3", "resident-4"} {
		w.send(p, `joinGroup(input: {groupId: $open}) { group { id } }`)
	}
	w.send("resident-4", `leaveGroup(input: {groupId: $open}) { membership { id } }`)
	w.send("resident-5", `joinGroup(input: {groupId: $open}) { group { id } }`)
	w.send("leader-1", `removeMember(input: {groupId: $open, personId: "`+w.personID("resident-5")+`"}) { membership { id } }`)
	delete(w.ids, "group")
	delete(w.ids, "last")
}

// checkMemberships checks that a person's copy equals the membership, that leaders hold their
// role, and that the count is right.
func (s crashState) checkMemberships(say complaint) {
	people, groups := s.byID("persons"), s.byID("groups")
	active, mayLead := map[string]int{}, map[string]int{}
	for _, m := range s["group_memberships"] {
		groupID, personID := m["groupId"].(string), m["personId"].(string)
		g := groups[groupID]
		if g == nil {
			say("membership %v has no group", m["_id"])
			continue
		}
		isActive := m["state"] == "ACTIVE"
		if isActive {
			active[groupID]++
		}
		if p := people[personID]; isActive && p["bannedAt"] == nil && p["disabledAt"] == nil {
			mayLead[groupID]++
		}
		leads := slices.Contains(g["leaderIds"].([]any), any(personID))
		if leads != (isActive && slices.ContainsFunc(m["roles"].([]any), func(held any) bool { return held.(map[string]any)["key"] == "LEADER" })) {
			say("membership %v is %v with %v, the group's leaders are %v", m["_id"], m["state"], m["roles"], g["leaderIds"])
		}
		may, until := heldIn(g, m)
		copies, _ := people[personID]["groups"].(map[string]any)
		c, _ := copies[groupID].(map[string]any)
		level, _ := m["level"].(string)
		copyLevel, _ := c["level"].(string)
		isInvited, _ := c["invited"].(bool)
		if c == nil || c["active"] != isActive || isInvited != (m["state"] == "INVITED") || fmt.Sprint(c["may"]) != fmt.Sprint(may) || lengthOf(c["until"]) != until || c["version"] != m["version"] || copyLevel != level {
			say("membership %v is %v with %v %v, the person's copy %v", m["_id"], m["state"], m["roles"], m["version"], c)
		}
	}
	for groupID, g := range groups {
		if g["memberCount"] != active[groupID] {
			say("group %s counts %v members, there are %d", groupID, g["memberCount"], active[groupID])
		}
		if naming, _ := g["naming"].(map[string]any); len(naming) > 0 {
			say("group %s: of leaders who are being named are left %v", groupID, naming)
		}
		// A municipal group may be without a leader until people with SUPPORT choose one. A group
		// in which nobody may lead needs none.
		isMunicipal := g["kind"] == "LOKALFORUM" || g["kind"] == "COMMITTEE"
		if len(g["leaderIds"].([]any)) == 0 && !isMunicipal && mayLead[groupID] > 0 {
			say("group %s has no leader", groupID)
		}
	}
}

// heldIn is what a membership allows without an end, in the form that the person keeps, and how
// many roles end by themselves.
func heldIn(g, m map[string]any) (may any, until int) {
	if m["state"] != "ACTIVE" {
		return nil, 0
	}
	bits, roles := int32(0), []string{"MEMBER"}
	for _, held := range m["roles"].([]any) {
		if held.(map[string]any)["endsAt"] != nil {
			until++
			continue
		}
		roles = append(roles, held.(map[string]any)["key"].(string))
	}
	own, _ := g["roles"].(map[string]any)
	for _, r := range (&group.Group{}).AllRoles() {
		if slices.Contains(roles, r.Key) {
			bits |= group.Bits(r.Permissions)
		}
	}
	for _, key := range roles {
		if r, ok := own[key].(map[string]any); ok {
			for _, p := range r["permissions"].([]any) {
				bits |= group.Bits([]group.Permission{group.Permission(p.(string))})
			}
		}
	}
	return bits, until
}

func lengthOf(list any) int {
	l, _ := list.([]any)
	return len(l)
}
