package main

import "maps"

func eventEdit() edit {
	return edit{"leader", "updateEvent", func(r *crashRig) vars { return vars{"eventId": r.publishedEvent(r.group(nil), nil)} },
		`event { title description reminders category signUp { maxGuests } place { name address latitude longitude }
			occurrences { edges { node { startsAtLocal endsAtLocal isAllDay timeZone capacity } } } }`,
		[]clearing{
			{"title", "Sommerfest", "event.title", refused{}, nil},
			{"description", "Tag en ret med.", "event.description", "", nil},
			{"startsAt", "2030-06-01T17:00:00", "event.occurrences.edges.0.node.startsAtLocal", refused{}, nil},
			{"endsAt", "2030-06-01T22:00:00", "event.occurrences.edges.0.node.endsAtLocal", refused{}, nil},
			{"timeZone", "Europe/London", "event.occurrences.edges.0.node.timeZone", refused{}, nil},
			{"place", vars{"name": "Salen", "address": nil, "latitude": nil, "longitude": nil}, "event.place", nil, nil},
			{"capacity", 7, "event.occurrences.edges.0.node.capacity", nil, nil},
			{"category", "EXERCISE", "event.category", nil, nil},
			{"isAllDay", true, "event.occurrences.edges.0.node.isAllDay", refused{}, nil},
			{"signUp", vars{"maxGuests": 2}, "event.signUp", nil, nil},
			{field: "recurrence"}, // null and absent are the same: it stays
			{"reminders", []any{"WEEK_BEFORE"}, "event.reminders", []any{"DAY_BEFORE", "TWO_HOURS_BEFORE"}, nil},
		}}
}

// attendanceEdit is no edit of what stands: how many guests come is said anew, and who they are with it.
func attendanceEdit() edit {
	return edit{field: "updateAttendance", rows: []clearing{{field: "guestNames"}, {field: "guestAgeBands"}}}
}

// togetherWith puts the value into a field that is set only together with others. Null clears all of them.
func togetherWith(field string, others vars) func(value any) vars {
	return func(value any) vars {
		in := with(vars{}, field, value)
		if _, isOut := value.(leftOut); value != nil && !isOut {
			maps.Copy(in, others)
		}
		return in
	}
}

func courseEdit() edit {
	var sessionID string
	at := func(place any) vars {
		in := session("2030-03-01")
		in["id"] = sessionID
		return vars{"sessions": []any{with(in, "place", place)}}
	}
	remind := func(reminders any) vars {
		in := session("2030-03-01")
		in["id"] = sessionID
		return vars{"sessions": []any{with(in, "reminders", reminders)}}
	}
	return edit{"staff", "updateCourse", func(r *crashRig) vars {
		courseID := r.course(3)
		sessionID = r.sessionOf(courseID)
		return vars{"courseId": courseID}
	}, `course { titleTranslations { language text } descriptionTranslations { language text } skills { id } areas { id } capacity reminders signUp { opensAt }
			audience { groupKinds groupRoles } prerequisiteSkills { id } materials { title url } completion { share } givesCertificate minimum decideByLocal
			teachers { id } sessions { startsAt reminders place { name address latitude longitude } } }`,
		[]clearing{
			{"title", danish("Sluk mere ild"), "course.titleTranslations", refused{}, nil},
			{"description", danish("Tag tøj på."), "course.descriptionTranslations", []any{}, nil},
			{"skillIds", []any{}, "course.skills", []any{}, nil},
			{"areaIds", []any{}, "course.areas", []any{}, nil},
			{"teacherIds", []any{crashPerson("member")}, "course.teachers", []any{}, nil},
			{"sessions", []any{session("2030-03-02")}, "course.sessions", refused{}, nil},
			{"sessions.*.reminders", []any{"WEEK_BEFORE"}, "course.sessions.0.reminders", []any{"DAY_BEFORE", "TWO_HOURS_BEFORE"}, remind},
			{field: "sessions.*.id"}, // null and absent are the same: a new session
			{"sessions.*.place", vars{"name": "Salen", "address": nil, "latitude": nil, "longitude": nil}, "course.sessions.0.place", nil, at},
			{"capacity", 7, "course.capacity", nil, nil},
			{"signUp", vars{"opensAt": "2030-02-01T12:00:00"}, "course.signUp", nil, nil},
			{"audience", vars{"groupKinds": []any{"LOKALFORUM"}, "groupRoles": []any{"TREASURER"}}, "course.audience", map[string]any{"groupKinds": []any{}, "groupRoles": []any{}}, nil},
			{"prerequisiteSkillIds", []any{crashSkill}, "course.prerequisiteSkills", []any{}, nil},
			{"materials", []any{vars{"title": "Bogen", "url": "https://bog.example/1"}}, "course.materials", []any{}, nil},
			{"completion", vars{"share": 50}, "course.completion", map[string]any{"share": 80.0}, nil},
			{"givesCertificate", true, "course.givesCertificate", refused{}, nil},
			{"minimum", 2, "course.minimum", nil, togetherWith("minimum", vars{"decideBy": "2030-02-20T12:00:00"})},
			{"decideBy", "2030-02-20T12:00:00", "course.decideByLocal", nil, togetherWith("decideBy", vars{"minimum": 2})},
			{"reminders", []any{"WEEK_BEFORE"}, "course.reminders", []any{"DAY_BEFORE", "TWO_HOURS_BEFORE"}, nil},
		}}
}

func groupEdit() edit {
	return edit{"leader", "updateGroup", func(r *crashRig) vars { return vars{"groupId": r.group(vars{"areaId": nil})} }, `group { name description area { id } visibility joinPolicy }`,
		[]clearing{
			{"name", "Klubben", "group.name", refused{}, nil},
			{"description", "Vi ror.", "group.description", "", nil},
			{"areaId", crashArea, "group.area", nil, nil}, // at first it has none
			{"visibility", "MEMBERS", "group.visibility", refused{}, nil},
			{"joinPolicy", "ASK", "group.joinPolicy", refused{}, nil},
		}}
}

func profileEdit() edit {
	return edit{"resident", "completeProfile", func(r *crashRig) vars {
		r.skill()
		r.arrange("admin", "grantRole", vars{"personId": crashPerson("resident"), "role": "STAFF"}, "person { id }")
		return vars{}
	}, `person { displayName language homeArea { id } interests skillsWanted { id } workEmail workPhone }`,
		[]clearing{
			{"displayName", "Rikke", "person.displayName", refused{}, nil},
			{"language", "EN", "person.language", refused{}, nil},
			{"homeAreaId", crashArea, "person.homeArea", nil, nil},
			{"interests", []any{"roning"}, "person.interests", []any{}, nil},
			{"skillsWanted", []any{crashSkill}, "person.skillsWanted", []any{}, nil},
			{"workEmail", "rikke@example.org", "person.workEmail", nil, nil},
			{"workPhone", "+45 72 36 00 00", "person.workPhone", nil, nil},
		}}
}

func settingsEdit() edit {
	kind := func(channel any) vars {
		return vars{"kinds": []any{with(vars{"kind": "COURSE_PUBLISHED"}, "channel", channel)}}
	}
	return edit{"resident", "updateNotificationSettings", func(*crashRig) vars { return vars{} },
		`settings { pushEnabled quietHours { from until } quietHoursByWeekday { weekday hours { from until } } timeZone pushesADay summaryTime reminders kinds { kind channel defaultChannel } }`,
		[]clearing{
			{"pushEnabled", false, "settings.pushEnabled", true, nil},
			{"quietHours", vars{"from": "22:00", "until": "06:00"}, "settings.quietHours", nil, nil},
			{"quietHoursByWeekday", []any{vars{"weekday": "SATURDAY", "hours": vars{"from": "23:00", "until": "10:00"}}}, "settings.quietHoursByWeekday", []any{}, nil},
			{field: "quietHoursByWeekday.*.hours"}, // null and absent are the same: none on that day
			{"timeZone", "Europe/London", "settings.timeZone", "Europe/Copenhagen", nil},
			{"pushesADay", 7, "settings.pushesADay", 3.0, nil},
			{"summaryTime", "19:30", "settings.summaryTime", "18:00", nil},
			{"reminders", vars{"offsets": []any{"WEEK_BEFORE"}}, "settings.reminders", nil, nil},
			{"reminders.offsets", []any{"WEEK_BEFORE"}, "settings.reminders", nil, func(v any) vars { return vars{"reminders": with(vars{}, "offsets", v)} }},
			{"kinds", []any{vars{"kind": "COURSE_PUBLISHED", "channel": "INBOX"}}, "settings.kinds", isDefault, nil},
			{"kinds.*.channel", "INBOX", "settings.kinds", isDefault, kind},
		}}
}
