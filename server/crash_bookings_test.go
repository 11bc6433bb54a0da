package main

import "faellesskab/internal/id"

const eventFields = `event { id title state version startsAt cancelReason occurrences { edges { node { id state startsAt capacity seatsLeft } } } }`

var crashEvents = []crashCase{
	{"createEvent", func(r *crashRig) crashCall {
		return crashCall{"leader", "createEvent", vars{"groupId": r.group(nil), "title": "Fest", "startsAt": "2030-06-01T18:00:00",
			"endsAt": "2030-06-01T20:00:00", "capacity": 3}, eventFields}
	}},
	{"updateEvent", func(r *crashRig) crashCall {
		e := r.draft(r.group(nil), vars{"capacity": 3})
		return crashCall{"leader", "updateEvent", vars{"eventId": e, "title": "Mere fest", "capacity": 5, "expectedVersion": 1}, eventFields}
	}},
	{"updateEvent that is full, larger and later", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.group(nil, "member"), vars{"capacity": 1})
		for _, p := range []string{"resident", "other", "member"} {
			r.arrange(p, "attendEvent", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
		}
		return crashCall{"leader", "updateEvent", vars{"eventId": e, "capacity": 2, "startsAt": "2030-06-02T18:00:00"}, eventFields}
	}},
	{"publishEvent", func(r *crashRig) crashCall {
		e := r.draft(r.group(nil, "member", "other"), vars{"capacity": 3})
		return crashCall{"leader", "publishEvent", vars{"eventId": e, "expectedVersion": 1}, eventFields}
	}},
	{"cancelEvent", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.group(nil, "member"), vars{"capacity": 1})
		for _, p := range []string{"resident", "other"} {
			r.arrange(p, "attendEvent", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
		}
		return crashCall{"leader", "cancelEvent", vars{"eventId": e, "reason": "Storm"}, eventFields}
	}},
}

const attendFields = `outcome { __typename ... on AttendanceConfirmed { attendance { id state guests } }
	... on WaitlistJoined { position attendance { id state guests } } } occurrence { id seatsLeft viewerAttendance { state } }`

var crashPlaces = []crashCase{
	{"attendEvent", func(r *crashRig) crashCall {
		return crashCall{"resident", "attendEvent", vars{"occurrenceId": r.date(vars{"capacity": 3}), "guests": 1}, attendFields}
	}},
	{"attendEvent without a limit", func(r *crashRig) crashCall {
		return crashCall{"resident", "attendEvent", vars{"occurrenceId": r.date(nil)}, attendFields}
	}},
	{"attendEvent that is full", func(r *crashRig) crashCall {
		return crashCall{"resident", "attendEvent", vars{"occurrenceId": r.date(vars{"capacity": 1}, "member", "other")}, attendFields}
	}},
	{"attendEvent again", func(r *crashRig) crashCall {
		in := vars{"occurrenceId": r.date(vars{"capacity": 3}, "resident")}
		r.arrange("resident", "cancelAttendance", in, "occurrence { id }")
		return crashCall{"resident", "attendEvent", in, attendFields}
	}},
	{"attendEvent again that is full", func(r *crashRig) crashCall {
		in := vars{"occurrenceId": r.date(vars{"capacity": 1}, "resident", "member")}
		r.arrange("resident", "cancelAttendance", in, "occurrence { id }")
		return crashCall{"resident", "attendEvent", in, attendFields}
	}},
	{"cancelAttendance", func(r *crashRig) crashCall {
		return crashCall{"resident", "cancelAttendance", vars{"occurrenceId": r.date(vars{"capacity": 3}, "resident")},
			"occurrence { seatsLeft viewerAttendance { state } }"}
	}},
	{"cancelAttendance with a line behind", func(r *crashRig) crashCall {
		return crashCall{"resident", "cancelAttendance", vars{"occurrenceId": r.date(vars{"capacity": 1}, "resident", "member", "other")},
			"occurrence { seatsLeft viewerAttendance { state } }"}
	}},
	{"cancelAttendance in line", func(r *crashRig) crashCall {
		return crashCall{"other", "cancelAttendance", vars{"occurrenceId": r.date(vars{"capacity": 1}, "resident", "other", "member")},
			"occurrence { seatsLeft viewerAttendance { state } }"}
	}},
}

const offerFields = `place { ... on Attendance { id state guests offerExpiresAt occurrence { seatsLeft } } ... on Enrolment { id state offerExpiresAt course { seatsLeft } } }`

var crashOffers = []crashCase{
	{"acceptOffer", func(r *crashRig) crashCall {
		return crashCall{"other", "acceptOffer", vars{"placeId": r.offered("resident", "other", "member")}, offerFields}
	}},
	{"acceptOffer of a course", func(r *crashRig) crashCall {
		c := r.course(1, "resident", "member")
		r.arrange("resident", "cancelEnrolment", vars{"courseId": c}, "course { id }")
		return crashCall{"member", "acceptOffer", vars{"placeId": c + ":" + crashPerson("member")}, offerFields}
	}},
	{"declineOffer with a line behind", func(r *crashRig) crashCall {
		return crashCall{"other", "declineOffer", vars{"placeId": r.offered("resident", "other", "member")}, offerFields}
	}},
	{"declineOffer", func(r *crashRig) crashCall {
		return crashCall{"other", "declineOffer", vars{"placeId": r.offered("resident", "other")}, offerFields}
	}},
	{"cancelAttendance that is offered", func(r *crashRig) crashCall {
		occurrenceID, _, _ := id.Split(r.offered("resident", "other", "member"))
		return crashCall{"other", "cancelAttendance", vars{"occurrenceId": occurrenceID}, "occurrence { seatsLeft viewerAttendance { state } }"}
	}},
	{"updateEvent that is moved under an offer", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.group(nil), vars{"capacity": 1})
		for _, p := range []string{"resident", "other", "member"} {
			r.arrange(p, "attendEvent", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
		}
		r.arrange("resident", "cancelAttendance", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
		return crashCall{"leader", "updateEvent", vars{"eventId": e, "startsAt": "2030-01-16T05:00:00"}, eventFields}
	}},
}

// offered is the place of the second of these people at a new date with one
// seat: the first has given it back.
func (r *crashRig) offered(people ...string) string {
	occurrenceID := r.date(vars{"capacity": 1}, people...)
	r.arrange(people[0], "cancelAttendance", vars{"occurrenceId": occurrenceID}, "occurrence { id }")
	return occurrenceID + ":" + crashPerson(people[1])
}

const courseFields = "course { id title state version startsAt capacity seatsLeft cancelReason }"

var crashCourses = []crashCase{
	{"createCourse", func(r *crashRig) crashCall {
		return crashCall{"staff", "createCourse", vars{"title": danish("Sluk ilden"), "skillIds": []string{r.skill()}, "areaIds": []string{crashArea},
			"sessions": []vars{session("2030-03-01")}, "capacity": 10}, courseFields}
	}},
	{"updateCourse", func(r *crashRig) crashCall {
		return crashCall{"staff", "updateCourse", vars{"courseId": r.course(1, "resident", "member", "other"), "title": danish("Sluk ild"), "capacity": 2,
			"sessions": []vars{session("2030-04-01"), session("2030-04-02")}, "expectedVersion": 2}, courseFields}
	}},
	{"publishCourse", func(r *crashRig) crashCall {
		c := r.draftCourse(3)
		r.arrange("resident", "completeProfile", vars{"homeAreaId": crashArea, "skillsWanted": []string{crashSkill}}, "person { id }")
		r.arrange("other", "completeProfile", vars{"homeAreaId": crashArea}, "person { id }")
		return crashCall{"staff", "publishCourse", vars{"courseId": c}, courseFields}
	}},
	{"cancelCourse", func(r *crashRig) crashCall {
		return crashCall{"staff", "cancelCourse", vars{"courseId": r.course(1, "resident", "member"), "reason": "Syg"}, courseFields}
	}},
	{"enrolInCourse", func(r *crashRig) crashCall {
		return crashCall{"resident", "enrolInCourse", vars{"courseId": r.course(2, "member")}, enrolFields}
	}},
	{"enrolInCourse that is full", func(r *crashRig) crashCall {
		return crashCall{"resident", "enrolInCourse", vars{"courseId": r.course(1, "member")}, enrolFields}
	}},
	{"cancelEnrolment", func(r *crashRig) crashCall {
		return crashCall{"resident", "cancelEnrolment", vars{"courseId": r.course(1, "resident", "member")}, "course { seatsLeft viewerEnrolment { state } }"}
	}},
	{"recordCourseAttendance", func(r *crashRig) crashCall {
		c := r.course(3, "resident", "member", "other")
		r.attended(c, 0, "resident", "member")
		return crashCall{"staff", "recordCourseAttendance", vars{"courseId": c, "sessionIndex": 0,
			"personIds": []string{crashPerson("member"), crashPerson("other")}},
			"course { id enrolments { edges { node { state sessionsAttended person { id } } } } }"}
	}},
	{"completeCourse", func(r *crashRig) crashCall {
		c := r.course(3, "resident", "member", "other")
		r.attended(c, 0, "resident", "member")
		return crashCall{"staff", "completeCourse", vars{"courseId": c, "expectedVersion": 2},
			"course { id state version attended: enrolments(state: ATTENDED) { edges { node { person { id } } } } }"}
	}},
}

const enrolFields = `outcome { __typename ... on EnrolmentConfirmed { enrolment { id state } }
	... on WaitlistJoined { position enrolment { id state } } } course { id seatsLeft viewerEnrolment { state } }`

func session(day string) vars {
	return vars{"startsAt": day + "T17:00:00", "endsAt": day + "T19:00:00"}
}

// draftCourse is a new draft of a course with one session and one skill.
func (r *crashRig) draftCourse(capacity int) string {
	return r.arrange("staff", "createCourse", vars{"title": danish("Sluk ilden"), "skillIds": []string{r.skill()}, "areaIds": []string{crashArea},
		"sessions": []vars{session("2030-03-01")}, "capacity": capacity}, "course { id }").text("createCourse", "course", "id")
}

// course is a new published course; these people have enrolled in that order.
func (r *crashRig) course(capacity int, people ...string) string {
	courseID := r.draftCourse(capacity)
	r.arrange("staff", "publishCourse", vars{"courseId": courseID}, "course { id }")
	for _, p := range people {
		r.arrange(p, "enrolInCourse", vars{"courseId": courseID}, "course { id }")
	}
	return courseID
}

func (r *crashRig) attended(courseID string, session int, people ...string) {
	var ids []string
	for _, p := range people {
		ids = append(ids, crashPerson(p))
	}
	r.arrange("staff", "recordCourseAttendance", vars{"courseId": courseID, "sessionIndex": session, "personIds": ids}, "course { id }")
}
