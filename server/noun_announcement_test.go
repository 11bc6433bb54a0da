package main

import "time"

// announcementNoun has the rows of announcements.
func announcementNoun() noun {
	return noun{
		nudges: map[string]nudge{
			"Announcement": {"announcements", vars{"reason": "Nyt"}, "reason", "Nyt"},
		},
		can:  func() map[string]canType { return map[string]canType{"Announcement": canAnnouncement()} },
		name: "announcement", access: announcementAccess, crash: announcementCrash,
		world: func(w *accessWorld) {
			w.ids["announcement"] = w.send("leader-1", `announceToGroup(input: {groupId: $hidden, title: "Mødet", text: "Kl. 19."}) { announcement { id } }`).
				text("announceToGroup", "announcement", "id")
			w.ids["draftAnnouncement"] = w.send("leader-1", `announceToGroup(input: {groupId: $hidden, title: "Festen", text: "Lørdag.", isDraft: true}) { announcement { id } }`).
				text("announceToGroup", "announcement", "id")
		},
		lists: map[string]pagedList{
			"Query.announcements": {"resident-1", `%s`, `list: announcements(%s)`, 3},
		},
		neverNull: map[string]string{
			"Announcement.areas":     "who is gone is left out",
			"Announcement.viewerCan": "a rule on the announcement at hand and the viewer",
		},
		pages: func(w *pagesWorld) {
			for _, name := range []string{"a", "b", "c"} {
				w.send("staff-1", `broadcast(input: {title: [{language: DA, text: "`+name+`"}], text: [{language: DA, text: "b"}]}) { announcement { id } }`)
				w.send("leader-1", `announceToGroup(input: {groupId: $open, title: "`+name+`", text: "b"}) { announcement { id } }`)
			}
		},
		notices: []noticeCase{
			{"GROUP_ANNOUNCEMENT", "member", func(r *crashRig) {
				r.arrange("leader", "announceToGroup", vars{"groupId": r.group(nil, "member"), "title": "Vandet lukkes", "text": aText}, announced)
			}},
			{"BROADCAST", "resident", func(r *crashRig) {
				r.arrange("resident", "completeProfile", vars{"homeAreaId": crashArea}, "person { id }")
				r.arrange("staff", "broadcast", crashBroadcast(crashArea), announced)
			}},
			{"URGENT_BROADCAST", "resident", func(r *crashRig) {
				r.arrange("staff-2", "approveBroadcast", vars{"announcementId": r.urgent(), "expectedVersion": 1}, announced)
			}},
			{"ATTENDEE_MESSAGE", "member", func(r *crashRig) {
				r.arrange("leader", "messageAttendees", vars{"occurrenceId": r.date(nil, "member"), "title": "Husk støvler", "text": aText}, announced)
			}},
			{"URGENT_BROADCAST_WAITS", "staff-2", func(r *crashRig) { r.urgent() }},
			{"ANNOUNCEMENT_WAITS", "staff-2", func(r *crashRig) { r.waiting() }},
			{"ANNOUNCEMENT_DECIDED", "staff", func(r *crashRig) {
				r.arrange("staff-2", "approveBroadcast", vars{"announcementId": r.waiting(), "expectedVersion": 1}, announced)
			}},
		},
		stored: map[string]enums{"announcements": {"state": "AnnouncementState", "bookable.states": "BookingState", "bookable.title.language": "Language",
			"correction.title.language": "Language", "correction.text.language": "Language", "title.language": "Language", "text.language": "Language",
			"kept.state": "QUEUED|DONE|STOPPED|DEAD", "kept.stoppedBecause": "AnnouncementStopReason"}},
		questions: map[string]string{
			"announcements: listings= | -listedAt -_id": "what was said to a group or an area, the newest first",
			"announcements: slot=":                      "which of an author's slots of the day are taken",
			"announcements: createdAt<":                 "old ones, to be deleted",
			"announcements: names=":                     "what somebody wrote or decided who is to be erased",
		},
	}
}

const (
	announced = "announcement { id state version title text }" // it can be stopped until it is delivered, so that viewerCan changes by itself
	aText     = "Kom og vær med."
)

var announcementAccess = []accessCall{
	asks("announcements", `announcements { edges { node { id } } }`, "announcements"),
	asks("announcements of the HIDDEN group", `announcements(filter: {groupId: $hidden}) { edges { node { id } } }`, "announcements"),
	asks("announcements REJECTED", `announcements(filter: {states: REJECTED}) { edges { node { id } } }`, "announcements"),
	asks("node of an announcement: report", `node(id: $announcement) { ... on Announcement { viewerCan report { expanded } } }`, ""),
	asks("previewAnnouncement HIDDEN", `previewAnnouncement(groupId: $hidden) { needsApproval }`, ""),
	asks("previewBroadcast", `previewBroadcast(areaIds: [$area]) { needsApproval }`, ""),
	does("announceToGroup HIDDEN", `announceToGroup(input: {groupId: $hidden, title: "a", text: "b"}) { announcement { state } }`),
	does("announceToGroup in a lokalforum", `announceToGroup(input: {groupId: $lokalforum, title: "a", text: "b"}) { announcement { state } }`),
	does("broadcast", `broadcast(input: {areaIds: [$area], title: [{language: DA, text: "a"}], text: [{language: DA, text: "b"}]}) { announcement { state } }`),
	asks("announcements of a date", `announcements(filter: {occurrenceId: $date}) { edges { node { id } } }`, "announcements"),
	asks("announcements DRAFT of the HIDDEN group", `announcements(filter: {groupId: $hidden, states: DRAFT}) { edges { node { id } } }`, "announcements"),
	asks("previewMessage of a date", `previewMessage(occurrenceId: $date) { needsApproval }`, ""),
	asks("previewMessage of a course", `previewMessage(courseId: $course) { needsApproval }`, ""),
	does("messageAttendees of a date", `messageAttendees(input: {occurrenceId: $date, title: "a", text: "b"}) { announcement { state } }`),
	does("messageAttendees of a HIDDEN date", `messageAttendees(input: {occurrenceId: $hiddenDate, title: "a", text: "b"}) { announcement { state } }`),
	does("messageAttendees of a course", `messageAttendees(input: {courseId: $course, title: "a", text: "b"}) { announcement { state } }`),
	does("updateAnnouncement HIDDEN", `updateAnnouncement(input: {announcementId: $draftAnnouncement, title: [{language: DA, text: "a"}], text: [{language: DA, text: "b"}]}) { announcement { state } }`),
	does("publishAnnouncement HIDDEN", `publishAnnouncement(input: {announcementId: $draftAnnouncement, expectedVersion: 1}) { announcement { state } }`),
	does("correctAnnouncement HIDDEN", `correctAnnouncement(input: {announcementId: $announcement, title: [{language: DA, text: "a"}], text: [{language: DA, text: "b"}]}) { announcement { state } }`),
	does("approveBroadcast HIDDEN", `approveBroadcast(input: {announcementId: $announcement, expectedVersion: 1}) { announcement { state } }`),
	does("rejectBroadcast HIDDEN", `rejectBroadcast(input: {announcementId: $announcement}) { announcement { state } }`),
	does("stopBroadcast HIDDEN", `stopBroadcast(input: {announcementId: $announcement}) { announcement { state } }`),
}

var announcementCrash = []crashCase{
	{"announceToGroup", func(r *crashRig) crashCall {
		return crashCall{"leader", "announceToGroup", vars{"groupId": r.group(nil, "member"), "title": "Vandet lukkes", "text": aText}, announced}
	}},
	{"announceToGroup again that day", func(r *crashRig) crashCall {
		in := vars{"groupId": r.group(nil, "member"), "title": "Vandet lukkes", "text": aText}
		r.arrange("leader", "announceToGroup", in, announced)
		return crashCall{"leader", "announceToGroup", in, announced}
	}},
	{"broadcast to an area", func(*crashRig) crashCall {
		return crashCall{"staff", "broadcast", crashBroadcast(crashArea), announced}
	}},
	{"broadcast to everybody", func(*crashRig) crashCall {
		return crashCall{"staff", "broadcast", crashBroadcast(), announced}
	}},
	{"broadcast at a time", func(r *crashRig) crashCall {
		in := crashBroadcast(crashArea)
		in["publishAt"] = r.clock.Now().Add(72 * time.Hour)
		return crashCall{"staff", "broadcast", in, announced}
	}},
	{"broadcast of a draft", func(*crashRig) crashCall {
		in := crashBroadcast(crashArea)
		in["isDraft"] = true
		return crashCall{"staff", "broadcast", in, announced}
	}},
	{"broadcast of something urgent", func(*crashRig) crashCall {
		in := crashBroadcast(crashArea)
		in["isUrgent"] = true
		return crashCall{"staff", "broadcast", in, announced}
	}},
	{"messageAttendees", func(r *crashRig) crashCall {
		return crashCall{"leader", "messageAttendees", vars{"occurrenceId": r.date(nil, "member"), "title": "Husk støvler", "text": aText}, announced}
	}},
	{"messageAttendees of a course", func(r *crashRig) crashCall {
		return crashCall{"staff", "messageAttendees", vars{"courseId": r.course(5, "member"), "title": "Husk støvler", "text": aText}, announced}
	}},
	{"updateAnnouncement", func(r *crashRig) crashCall {
		return crashCall{"staff", "updateAnnouncement", reworded(r.waiting()), announced}
	}},
	{"publishAnnouncement", func(r *crashRig) crashCall {
		return crashCall{"leader", "publishAnnouncement", vars{"announcementId": r.drafted(), "expectedVersion": 1}, announced}
	}},
	{"publishAnnouncement at a time", func(r *crashRig) crashCall {
		return crashCall{"leader", "publishAnnouncement", vars{"announcementId": r.drafted(), "expectedVersion": 1, "publishAt": r.clock.Now().Add(72 * time.Hour)}, announced}
	}},
	{"correctAnnouncement", func(r *crashRig) crashCall {
		a := r.arrange("leader", "announceToGroup", vars{"groupId": r.group(nil, "member"), "title": "Vandet lukkes", "text": aText}, "announcement { id }").
			text("announceToGroup", "announcement", "id")
		return crashCall{"leader", "correctAnnouncement", reworded(a), announced}
	}},
	{"correctAnnouncement that was approved", func(r *crashRig) crashCall {
		a := r.waiting()
		r.arrange("staff-2", "approveBroadcast", vars{"announcementId": a, "expectedVersion": 1}, announced)
		return crashCall{"staff", "correctAnnouncement", reworded(a), announced}
	}},
	{"approveBroadcast of a correction", func(r *crashRig) crashCall {
		a := r.waiting()
		r.arrange("staff-2", "approveBroadcast", vars{"announcementId": a, "expectedVersion": 1}, announced)
		r.arrange("staff", "correctAnnouncement", reworded(a), announced)
		return crashCall{"staff-2", "approveBroadcast", vars{"announcementId": a, "expectedVersion": 3}, announced}
	}},
	{"approveBroadcast", func(r *crashRig) crashCall {
		return crashCall{"staff-2", "approveBroadcast", vars{"announcementId": r.waiting(), "expectedVersion": 1}, announced}
	}},
	{"rejectBroadcast", func(r *crashRig) crashCall {
		return crashCall{"staff-2", "rejectBroadcast", vars{"announcementId": r.waiting(), "reason": "Forkert dag."}, announced}
	}},
	{"stopBroadcast", func(r *crashRig) crashCall {
		id := r.waiting()
		r.clock.Advance(11 * time.Hour) // to the night, so that pushes are held and it stays on its way
		r.arrange("staff-2", "approveBroadcast", vars{"announcementId": id, "expectedVersion": 1}, announced)
		return crashCall{"staff", "stopBroadcast", vars{"announcementId": id}, announced}
	}},
}

// reworded is the input that gives an announcement other texts.
func reworded(announcementID string) vars {
	in := crashBroadcast()
	delete(in, "areaIds")
	in["announcementId"] = announcementID
	return in
}

// drafted makes a draft in a group.
func (r *crashRig) drafted() string {
	in := vars{"groupId": r.group(nil, "member"), "title": "Vandet lukkes", "text": aText, "isDraft": true}
	return r.arrange("leader", "announceToGroup", in, "announcement { id }").text("announceToGroup", "announcement", "id")
}

// urgent makes an urgent announcement, which waits for a second person.
func (r *crashRig) urgent() string {
	in := crashBroadcast()
	in["isUrgent"] = true
	return r.arrange("staff", "broadcast", in, "announcement { id }").text("broadcast", "announcement", "id")
}

// waiting makes an announcement that waits for a second person.
func (r *crashRig) waiting() string {
	return r.arrange("staff", "broadcast", crashBroadcast(), "announcement { id }").text("broadcast", "announcement", "id")
}

func crashBroadcast(areas ...string) vars {
	said := func(text string) []vars { return []vars{{"language": "DA", "text": text}} }
	return vars{"areaIds": areas, "title": said("Borgermøde"), "text": said(aText)}
}
