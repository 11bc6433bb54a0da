package main

const (
	announced = "announcement { id state version viewerCan title text }"
	aText     = "Kom og vær med."
)

// waiting makes an announcement that waits for a second person.
func (r *crashRig) waiting() string {
	return r.arrange("staff", "broadcast", crashBroadcast(), "announcement { id }").text("broadcast", "announcement", "id")
}

func crashBroadcast(areas ...string) vars {
	said := func(text string) []vars { return []vars{{"language": "DA", "text": text}} }
	return vars{"areaIds": areas, "title": said("Borgermøde"), "text": said(aText)}
}

var crashAnnouncements = []crashCase{
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
	{"approveBroadcast", func(r *crashRig) crashCall {
		return crashCall{"admin", "approveBroadcast", vars{"announcementId": r.waiting(), "expectedVersion": 1}, announced}
	}},
	{"rejectBroadcast", func(r *crashRig) crashCall {
		return crashCall{"admin", "rejectBroadcast", vars{"announcementId": r.waiting(), "reason": "Forkert dag."}, announced}
	}},
	{"stopBroadcast", func(r *crashRig) crashCall {
		id := r.waiting()
		r.arrange("admin", "approveBroadcast", vars{"announcementId": id}, announced)
		return crashCall{"staff", "stopBroadcast", vars{"announcementId": id}, announced}
	}},
	{"inspectNoticeLedger", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.group(nil, "member"), nil)
		r.restart(r.process(r.db))
		in := vars{"personId": crashPerson("member"), "subjectId": e, "reason": "De ringede og spurgte."}
		return crashCall{"staff", "inspectNoticeLedger", in, "entries { channel rule outcome }"}
	}},
	{"noticeOpened", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.group(nil, "member"), nil)
		r.restart(r.process(r.db))
		return crashCall{"member", "noticeOpened", vars{"noticeId": crashPerson("member") + ":" + e + ":published:2"}, "notice { id title }"}
	}},
}
