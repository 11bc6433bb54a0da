package main

const memberFields = "membership { id state role notifications roleExpiresAt person { id } }"

var crashGroups = []crashCase{
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
		return crashCall{"member", "leaveGroup", vars{"groupId": g}, "membership { id state role }"}
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
}

var crashMembers = []crashCase{
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
	{"setMemberRole to organiser for a while", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		return crashCall{"leader", "setMemberRole", vars{"groupId": g, "personId": crashPerson("member"), "role": "ORGANISER",
			"expiresAt": "2031-01-01T00:00:00Z"}, memberFields}
	}},
	{"setMemberRole to leader", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		return crashCall{"leader", "setMemberRole", vars{"groupId": g, "personId": crashPerson("member"), "role": "LEADER"}, memberFields}
	}},
	{"setMemberRole from leader", func(r *crashRig) crashCall {
		return crashCall{"leader", "setMemberRole", vars{"groupId": r.led(), "personId": crashPerson("co-leader"), "role": "MODERATOR"}, memberFields}
	}},
	{"setMemberRole of oneself from leader", func(r *crashRig) crashCall {
		return crashCall{"leader", "setMemberRole", vars{"groupId": r.led(), "personId": crashPerson("leader"), "role": "MEMBER"}, memberFields}
	}},
	{"removeMember", func(r *crashRig) crashCall {
		return crashCall{"leader", "removeMember", vars{"groupId": r.led(), "personId": crashPerson("member")}, memberFields}
	}},
	{"removeMember and ban", func(r *crashRig) crashCall {
		return crashCall{"leader", "removeMember", vars{"groupId": r.led(), "personId": crashPerson("member"), "ban": true}, memberFields}
	}},
	{"removeMember who leads", func(r *crashRig) crashCall {
		return crashCall{"leader", "removeMember", vars{"groupId": r.led(), "personId": crashPerson("co-leader")}, memberFields}
	}},
	{"removeMember who is oneself", func(r *crashRig) crashCall {
		return crashCall{"leader", "removeMember", vars{"groupId": r.led(), "personId": crashPerson("leader")}, memberFields}
	}},
}
