package main

import (
	"slices"

	"faellesskab/internal/area"
	"faellesskab/internal/id"
)

// crashCases are the mutations, each in the situations in which it writes other
// things.
var crashCases = slices.Concat(crashAreas, crashProfiles, crashGroups, crashMembers, crashEvents, crashPlaces, crashOffers, crashAccess, crashCourses, crashAnnouncements)

var crashArea = area.IDOf("tuse-naes")

var crashAreas = []crashCase{
	{"setAreaContacts", func(*crashRig) crashCall {
		return crashCall{"staff", "setAreaContacts", vars{"areaId": crashArea, "contacts": []vars{{"kind": "LOCAL", "name": "Anna"}}},
			"area { version contacts { kind name } }"}
	}},
	{"assignCommunityBuilder", func(*crashRig) crashCall {
		return crashCall{"staff", "assignCommunityBuilder", vars{"areaId": crashArea, "personId": crashPerson("builder")},
			"area { version communityBuilders { id } }"}
	}},
	{"unassignCommunityBuilder", func(r *crashRig) crashCall {
		in := vars{"areaId": crashArea, "personId": crashPerson("builder")}
		r.arrange("staff", "assignCommunityBuilder", in, "area { id }")
		return crashCall{"staff", "unassignCommunityBuilder", in, "area { version communityBuilders { id } }"}
	}},
}

var crashProfiles = []crashCase{
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
	{"registerDevice", func(*crashRig) crashCall {
		return crashCall{"resident", "registerDevice", vars{"value": "new-phone", "platform": "IOS"}, "device { id platform language }"}
	}},
	{"registerDevice that was another's", func(*crashRig) crashCall {
		return crashCall{"resident", "registerDevice", vars{"value": "phone-other", "platform": "IOS"}, "device { id platform language }"}
	}},
	{"unregisterDevice", func(*crashRig) crashCall {
		return crashCall{"resident", "unregisterDevice", vars{"deviceId": id.Derive(id.Device, "TOKEN", "phone-resident")}, "deviceId"}
	}},
	{"createSkill", func(*crashRig) crashCall {
		return crashCall{"staff", "createSkill", vars{"name": danish("Knob")}, "skill { id name }"}
	}},
	{"updateNotificationSettings", func(*crashRig) crashCall {
		return crashCall{"resident", "updateNotificationSettings", vars{"pushEnabled": false, "expectedVersion": 0}, "settings { pushEnabled version }"}
	}},
	{"updateNotificationSettings again", func(r *crashRig) crashCall {
		r.arrange("resident", "updateNotificationSettings", vars{"pushesADay": 1}, "settings { version }")
		return crashCall{"resident", "updateNotificationSettings", vars{"pushesADay": 2, "expectedVersion": 1}, "settings { pushesADay version }"}
	}},
	{"muteThread", func(r *crashRig) crashCall {
		return crashCall{"resident", "muteThread", vars{"subjectId": r.publishedEvent(r.group(nil), nil)}, "settings { mutedThreads { id } }"}
	}},
	{"unmuteThread", func(r *crashRig) crashCall {
		in := vars{"subjectId": r.publishedEvent(r.group(nil), nil)}
		r.arrange("resident", "muteThread", in, "settings { version }")
		return crashCall{"resident", "unmuteThread", in, "settings { mutedThreads { id } version }"}
	}},
	{"stopReason", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		e := r.publishedEvent(g, nil)
		r.restart(r.process(r.db))
		return crashCall{"member", "stopReason", vars{"noticeId": crashPerson("member") + ":" + e + ":published:2", "reasonKey": "GROUP_MEMBER/" + g}, "settings { version }"}
	}},
	{"resumeReason", func(*crashRig) crashCall {
		return crashCall{"resident", "resumeReason", vars{"reasonKey": "HOME_AREA/nowhere"}, "settings { stoppedReasons { key } version }"}
	}},
	{"markNoticesRead", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		first, second := r.publishedEvent(g, nil), r.publishedEvent(g, nil)
		r.restart(r.process(r.db))
		notice := func(eventID string) string { return crashPerson("member") + ":" + eventID + ":published:2" }
		return crashCall{"member", "markNoticesRead", vars{"noticeIds": []string{notice(first), notice(second)}}, "unreadNoticeCount"}
	}},
}

func danish(text string) []vars { return []vars{{"language": "DA", "text": text}} }

// crashSkill is the skill of skill.
var crashSkill = id.Derive(id.Skill, "førstehjælp")

// skill is a new skill.
func (r *crashRig) skill() string {
	r.arrange("staff", "createSkill", vars{"name": danish("Førstehjælp")}, "skill { id }")
	return crashSkill
}

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
	r.arrange("leader", "setMemberRole", vars{"groupId": groupID, "personId": crashPerson("co-leader"), "role": "LEADER"}, "membership { id }")
	return groupID
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

// draft is a new draft of an event of the group.
func (r *crashRig) draft(groupID string, more vars) string {
	in := vars{"groupId": groupID, "title": "Fest", "startsAt": "2030-06-01T18:00:00", "endsAt": "2030-06-01T20:00:00"}
	for k, v := range more {
		in[k] = v
	}
	return r.arrange("leader", "createEvent", in, "event { id }").text("createEvent", "event", "id")
}

// publishedEvent is a new event of the group.
func (r *crashRig) publishedEvent(groupID string, more vars) string {
	eventID := r.draft(groupID, more)
	r.arrange("leader", "publishEvent", vars{"eventId": eventID}, "event { id }")
	return eventID
}

// date is a date of a new published event; these people have signed up in that
// order.
func (r *crashRig) date(more vars, people ...string) string {
	eventID := r.publishedEvent(r.group(nil, "member"), more)
	occurrenceID := dateOf(eventID)
	for _, p := range people {
		r.arrange(p, "attendEvent", vars{"occurrenceId": occurrenceID}, "occurrence { id }")
	}
	return occurrenceID
}

func dateOf(eventID string) string { return id.Derive(id.Occurrence, eventID, "0") }
