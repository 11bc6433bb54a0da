package main

import "slices"

// personNoun has the rows of people, their profiles, roles and capabilities.
func personNoun() noun {
	return noun{
		nudges: map[string]nudge{
			"Person": {"persons", vars{"displayName": "Nyt Navn"}, "displayName", "Nyt Navn"},
		},
		name: "person", access: personAccess, crash: personCrash, invariants: []invariant{crashState.checkAdmins, crashState.checkSignIns},
		world: func(w *accessWorld) {
			w.ids["member"], w.ids["memberOfHidden"] = w.personID("resident-1"), w.personID("resident-1")
			w.ids["requester"], w.ids["builder"], w.ids["admin"] = w.personID("resident-3"), w.personID("builder-1"), w.personID("admin-1")
		},
		sentAgain: []accessCall{asks("node of the member, all of it", `node(id: $member) { ... on Person { displayName } }`, "")},
		stored: map[string]enums{
			"persons": {"language": "Language", "roles": "Role", "capabilities.capability": "Capability",
				"groups.*.level": "GroupNotificationLevel?", "saidSkills.level": "SkillLevel?", "skillsVisibleTo": "SkillVisibility"},
			"sign_ins": {},
			"offices":  {},
		},
		nothingToShow: map[string]string{"searchPersons": "who was found, and is in the audit trail, is shown as they are now"},
		keepsNoOutcome: map[string]string{
			"searchPersons": "it writes one entry of the audit trail, under an id made of the call, and reads",
		},
		kept: map[string]string{"persons _id": "the empty document, so that nobody is that person again"},
		questions: map[string]string{
			"persons: contactKeys= | _id":       "who has an address or a number by which somebody is invited",
			"persons: homeAreaId= | _id":        "whom to tell in an area",
			"persons: skillsWanted= | _id":      "whom to tell of a course",
			"persons: roles=":                   "who may approve an announcement, by a role",
			"persons: capabilities.capability=": "who may approve an announcement, by a capability of their own",
			"persons: nameTerms= | _id":         "people whom staff look for by name",
			"persons: nameKey= | _id":           "people whose name looks like another one",
		},
	}
}

var personAccess = []accessCall{
	asks("node of a person", `node(id: $member) { id }`, ""),
	does("completeProfile", `completeProfile(input: {displayName: "Ny"}) { person { id } }`),
	does("grantRole", `grantRole(input: {personId: $requester, role: STAFF}) { person { id } }`),
	does("revokeRole", `revokeRole(input: {personId: $builder, role: COMMUNITY_BUILDER}) { person { id } }`),
	does("grantCapability", `grantCapability(input: {personId: $requester, capability: COURSES}) { person { id } }`),
	does("revokeCapability", `revokeCapability(input: {personId: $builder, capability: FIGURES}) { person { id } }`),
	does("searchPersons", `searchPersons(input: {query: "Demo", reason: "Access test."}) { hasMore }`),
	does("handOver", `handOver(input: {fromId: $admin, toId: $builder, reason: "Access test."}) { to { id } }`),
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
	{"grantRole of an admin", func(*crashRig) crashCall {
		return crashCall{"admin", "grantRole", vars{"personId": crashPerson("resident"), "role": "ADMIN"}, "person { id roles }"}
	}},
	{"grantCapability", func(*crashRig) crashCall {
		return crashCall{"admin", "grantCapability", vars{"personId": crashPerson("resident"), "capability": "COURSES"}, "person { id capabilities }"}
	}},
	{"revokeCapability", func(r *crashRig) crashCall {
		in := vars{"personId": crashPerson("resident"), "capability": "COURSES"}
		r.arrange("admin", "grantCapability", in, "person { id }")
		return crashCall{"admin", "revokeCapability", in, "person { id capabilities }"}
	}},
	{"searchPersons", func(*crashRig) crashCall {
		return crashCall{"staff", "searchPersons", vars{"query": crashPerson("resident"), "reason": "Ringede og bad om hjælp."}, "persons { id } hasMore"}
	}},
	{"handOver", func(r *crashRig) crashCall {
		r.arrange("staff", "assignCommunityBuilder", vars{"areaId": crashArea, "personId": crashPerson("builder")}, "area { id }")
		r.arrange("admin", "grantRole", vars{"personId": crashPerson("staff"), "role": "COMMUNITY_BUILDER"}, "person { id }")
		return crashCall{"admin", "handOver", vars{"fromId": crashPerson("builder"), "toId": crashPerson("staff"), "reason": "Går på barsel."}, "to { id }"}
	}},
	{"handOver of a committee", func(r *crashRig) crashCall {
		g := r.arrange("builder", "createGroup", vars{"name": "Udvalget", "kind": "COMMITTEE"}, "group { id }").text("createGroup", "group", "id")
		in := vars{"groupId": g, "title": "Møde", "startsAt": "2030-06-01T18:00:00", "endsAt": "2030-06-01T20:00:00"}
		r.arrange("builder", "createEvent", in, "event { id }")
		return crashCall{"admin", "handOver", vars{"fromId": crashPerson("builder"), "toId": crashPerson("staff"), "reason": "Går på barsel."}, "to { id }"}
	}},
}

// checkAdmins checks that there is still an admin if there was one, and that people's copies say
// who is.
func (s crashState) checkAdmins(say complaint) {
	var listed []any
	for _, doc := range s["offices"] {
		if listed, _ = doc["personIds"].([]any); len(listed) == 0 {
			say("nobody is an admin")
		}
	}
	for personID, p := range s.byID("persons") {
		c, _ := p["admin"].(map[string]any)
		holds, _ := c["holds"].(bool)
		if holds != slices.Contains(listed, any(personID)) {
			say("%v is an admin: %t, the admins are %v", personID, holds, listed)
		}
	}
}

// checkSignIns checks that each sign-in leads to a person, and that each person has one, unless
// they were erased.
func (s crashState) checkSignIns(say complaint) {
	people, led := s.byID("persons"), map[string]int{}
	for _, in := range s["sign_ins"] {
		personID, _ := in["personId"].(string)
		led[personID]++
		if people[personID] == nil {
			say("sign-in %v leads to %s, who is not there", in["_id"], personID)
		}
	}
	for personID, p := range people {
		if n := led[personID]; n != 1 && p["erasedAt"] == nil {
			say("%d sign-ins lead to %s", n, personID)
		}
	}
}
