package main

// skillsOfPersonNoun has the rows of what people say of their skills.
func skillsOfPersonNoun() noun {
	return noun{
		name: "skills_of_person", access: skillsOfPersonAccess, crash: skillsOfPersonCrash, badInputs: skillsOfPersonBadInputs,
		world: func(w *accessWorld) {
			w.send("resident-1", `setSkills(input: {have: [{skillId: $skill, level: EXPERT}], teach: [$skill], visibleTo: LEADERS}) { person { id } }`)
		},
		neverNull: map[string]string{"PersonSkill.skill": "a skill stays in the list for good, also a retired one"},
	}
}

var skillsOfPersonAccess = []accessCall{
	does("setSkills", `setSkills(input: {have: [{skillId: $skill, level: BEGINNER}], wanted: [$skill], teach: [], visibleTo: EVERYONE}) { person { id } }`),
	asks("node of the member: personSkills", `node(id: $member) { ... on Person { personSkills { skill { id } level canTeach } } }`, "node.personSkills"),
	asks("memberships of a group by skill", `group(id: $members) { memberships(filter: {skillId: $skill, canTeach: true}) { edges { node { id } } totalCount } }`, "group.memberships"),
}

const setSkillsDoc = `mutation ($input: SetSkillsInput!) { setSkills(input: $input) { person { id } } }`

var skillsOfPersonBadInputs = []badInput{
	{"a skill that there is not", "member", setSkillsDoc, vars{"have": []any{vars{"skillId": "$unknown.skl"}}}, "NOT_FOUND", "input.have"},
	{"wishing for a skill that there is not", "member", setSkillsDoc, vars{"wanted": []any{"$unknown.skl"}}, "NOT_FOUND", "input.wanted"},
	{"teaching a skill that there is not", "member", setSkillsDoc, vars{"teach": []any{"$unknown.skl"}}, "NOT_FOUND", "input.teach"},
	{"the same skill twice", "member", setSkillsDoc, vars{"have": []any{vars{"skillId": "$skill"}, vars{"skillId": "$skill", "level": "EXPERT"}}}, "BAD_USER_INPUT", "input.have.1.skillId"},
	{"a skill that is a course", "member", setSkillsDoc, vars{"have": []any{vars{"skillId": "$course"}}}, "BAD_ID", "input.have.0.skillId"},
	{"teaching a course", "member", setSkillsDoc, vars{"teach": []any{"$course"}}, "BAD_ID", "input.teach.0"},
	{"a level that there is not", "member", setSkillsDoc, vars{"have": []any{vars{"skillId": "$skill", "level": "GURU"}}}, "BAD_USER_INPUT", "input.have.0.level"},
	{"seen by whom there is not", "member", setSkillsDoc, vars{"visibleTo": "FRIENDS"}, "BAD_USER_INPUT", "input.visibleTo"},
}

var skillsOfPersonCrash = []crashCase{
	{"setSkills", func(r *crashRig) crashCall {
		in := vars{"have": []vars{{"skillId": r.skill(), "level": "ADVANCED"}}, "wanted": []string{crashSkill}, "teach": []string{crashSkill}, "visibleTo": "LEADERS"}
		return crashCall{"resident", "setSkills", in, "person { id personSkills { skill { id } level isEarned canTeach } skillsWanted { id } skillsVisibleTo }"}
	}},
	{"setSkills of a member", func(r *crashRig) crashCall {
		g := r.group(nil)
		r.arrange("member", "joinGroup", vars{"groupId": g}, "group { id }")
		in := vars{"have": []vars{{"skillId": r.skill()}}, "visibleTo": "MEMBERS"}
		return crashCall{"member", "setSkills", in, "person { id personSkills { skill { id } level isEarned canTeach } }"}
	}},
}

func skillsEdit() edit {
	return edit{"resident", "setSkills", func(r *crashRig) vars { r.skill(); return vars{} },
		`person { skillsWanted { id } skillsVisibleTo personSkills { skill { id } level isEarned canTeach } }`,
		[]clearing{
			{"have", []any{vars{"skillId": crashSkill}}, "person.personSkills", []any{}, nil},
			{field: "have.*.level"}, // null and absent are the same: they do not say
			{"wanted", []any{crashSkill}, "person.skillsWanted", []any{}, nil},
			{"teach", []any{crashSkill}, "person.personSkills", []any{}, nil},
			{"visibleTo", "MEMBERS", "person.skillsVisibleTo", "NOBODY", nil},
		}}
}
