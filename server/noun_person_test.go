package main

// personNoun: people, their profile and their roles in the whole system.
func personNoun() noun {
	return noun{
		name: "person", access: personAccess, crash: personCrash,
		world: func(w *accessWorld) {
			w.ids["member"], w.ids["memberOfHidden"] = w.personID("resident-1"), w.personID("resident-1")
			w.ids["requester"], w.ids["builder"] = w.personID("resident-3"), w.personID("builder-1")
		},
		sentAgain: []accessCall{asks("node of the member, all of it", `node(id: $member) { ... on Person { displayName } }`, "")},
		stored: map[string]enums{
			"persons":  {"language": "Language", "roles": "Role", "groups.*.role": "GroupRole", "groups.*.level": "GroupNotificationLevel?"},
			"sign_ins": {},
		},
		questions: map[string]string{
			"persons: homeAreaId= | _id":   "whom to tell in an area",
			"persons: skillsWanted= | _id": "whom to tell of a course",
			"persons: roles=":              "who is an admin",
		},
	}
}

var personAccess = []accessCall{
	asks("node of a person", `node(id: $member) { id }`, ""),
	does("completeProfile", `completeProfile(input: {displayName: "Ny"}) { person { id } }`),
	does("grantRole", `grantRole(input: {personId: $requester, role: STAFF}) { person { id } }`),
	does("revokeRole", `revokeRole(input: {personId: $builder, role: COMMUNITY_BUILDER}) { person { id } }`),
}

var personCrash = []crashCase{
	{"completeProfile", func(r *crashRig) crashCall {
		return crashCall{"resident", "completeProfile", vars{"displayName": "Rikke", "homeAreaId": crashArea, "interests": []string{"roning"},
			"skillsWanted": []string{r.skill()}}, "person { id displayName interests homeArea { id } skillsWanted { id } }"}
	}},
	{"grantRole", func(*crashRig) crashCall {
		return crashCall{"admin", "grantRole", vars{"personId": crashPerson("resident"), "role": "STAFF"}, "person { id roles }"}
	}},
	{"revokeRole", func(*crashRig) crashCall {
		return crashCall{"admin", "revokeRole", vars{"personId": crashPerson("admin-2"), "role": "ADMIN"}, "person { id roles }"}
	}},
}
