package main

import "time"

// teacherNoun has the rows of those who teach courses, and of single sessions that people decline.
func teacherNoun() noun {
	return noun{
		name: "teacher", access: teacherAccess, crash: teacherCrash, badInputs: teacherBadInputs, world: (*accessWorld).makeTaught,
		notices: []noticeCase{
			{"COURSE_TEACHER_NAMED", "member", func(r *crashRig) { r.taught("member") }},
			{"COURSE_TEACHER_REMOVED", "member", func(r *crashRig) {
				c := r.taught("member")
				r.later(time.Minute)
				r.arrange("staff", "updateCourse", vars{"courseId": c, "teacherIds": []string{}}, "course { id }")
			}},
			{"COURSE_TEACHER_SUBSTITUTED", "member", func(r *crashRig) {
				c := r.taught("member")
				r.arrange("staff", "substituteTeacher", vars{"sessionId": r.sessionOf(c), "personId": crashPerson("other")}, "session { id }")
			}},
			{"COURSE_REMINDER", "resident", func(r *crashRig) { // of one session of several
				c := r.course(3, "resident")
				r.arrange("staff", "updateCourse", vars{"courseId": c, "sessions": []vars{session("2030-03-01"), session("2030-03-08")}}, "course { id }")
				r.later(time.Date(2030, 2, 28, 18, 0, 0, 0, time.UTC).Sub(r.clock.Now()))
			}},
		},
		taps: []tapCase{
			{"COURSE_REMINDER", "DECLINE_SESSION", "session { id viewerHasDeclined }", already("resident", "declineSession", "session { id }"), ""},
			{"COURSE_REMINDER", "DECLINE_SESSION", "session { id viewerHasDeclined }", afterwards, "CONFLICT"},
		},
		neverNull: map[string]string{
			"Course.teachers":            "what is gone is left out",
			"CourseSession.teachers":     "what is gone is left out",
			"Enrolment.sessionsDeclined": "those of a course that cannot be read are left out",
		},
		nudges:    map[string]nudge{"CourseSession": {"courses", vars{"title": danish("Nyt")}, "title", "Nyt"}},
		questions: map[string]string{"courses: teaching= | _id": "the courses that somebody teaches, for an export or an erasure"},
	}
}

// makeTaught makes a course that the leader teaches and in which the member has a seat.
func (w *accessWorld) makeTaught() {
	w.ids["teacher"] = w.personID("leader-1")
	made := w.send("staff-1", `createCourse(input: {title: [{language: DA, text: "Kursus"}], teacherIds: [$teacher],
		sessions: [{startsAt: "2035-03-01T17:00:00", endsAt: "2035-03-01T19:00:00"}]}) { course { id sessions { id } } }`)
	w.ids["taught"], w.ids["sessionToCome"] = made.text("createCourse", "course", "id"), made.text("createCourse", "course", "sessions", 0, "id")
	w.send("staff-1", `publishCourse(input: {courseId: $taught}) { course { id } }`)
	w.send("resident-1", `enrolInCourse(input: {courseId: $taught}) { course { id } }`)
	w.ids["taughtEnrolment"] = w.ids["taught"] + ":" + w.ids["member"]
}

var teacherAccess = []accessCall{
	asks("node of an enrolment of a course with a teacher", `node(id: $taughtEnrolment) { id }`, ""),
	does("substituteTeacher", `substituteTeacher(input: {sessionId: $sessionToCome, personId: $member}) { session { id } }`),
	does("substituteTeacher DRAFT", `substituteTeacher(input: {sessionId: $draftSession, personId: $member}) { session { id } }`),
	does("declineSession", `declineSession(input: {sessionId: $sessionToCome}) { session { id } }`),
	does("declineSession DRAFT", `declineSession(input: {sessionId: $draftSession}) { session { id } }`),
	does("undoDeclineSession", `undoDeclineSession(input: {sessionId: $sessionToCome}) { session { id } }`),
	does("messageAttendees of a course with a teacher", `messageAttendees(input: {courseId: $taught, title: "Husk", text: "Tag varmt tøj på."}) { announcement { id } }`),
	does("checkIn at a course with a teacher", `checkIn(input: {bookingId: $taughtEnrolment}) { already }`),
}

const (
	substituteDoc = `mutation ($input: SubstituteTeacherInput!) { substituteTeacher(input: $input) { session { id } } }`
	declineDoc    = `mutation ($input: DeclineSessionInput!) { declineSession(input: $input) { session { id } } }`
	undeclineDoc  = `mutation ($input: UndoDeclineSessionInput!) { undoDeclineSession(input: $input) { session { id } } }`
)

var teacherBadInputs = []badInput{
	{"a substitute for what is no session", "staff", substituteDoc, vars{"sessionId": "$date"}, "BAD_ID", "input.sessionId"},
	{"declining what is no session", "member", declineDoc, vars{"sessionId": "$date"}, "BAD_ID", "input.sessionId"},
	{"coming after all to what is no session", "member", undeclineDoc, vars{"sessionId": "$date"}, "BAD_ID", "input.sessionId"},
}

// taught is a new published course with a session, which these people teach, and in which residents have seats.
func (r *crashRig) taught(teachers ...string) string {
	c := r.course(3, "resident")
	var ids []string
	for _, name := range teachers {
		ids = append(ids, crashPerson(name))
	}
	r.arrange("staff", "updateCourse", vars{"courseId": c, "teacherIds": ids}, "course { id }")
	return c
}

const sessionFields = "session { id viewerHasDeclined viewerMayDecline substitute { id } teachers { id } }"

var teacherCrash = []crashCase{
	{"substituteTeacher", func(r *crashRig) crashCall {
		c := r.taught("member")
		return crashCall{"staff", "substituteTeacher", vars{"sessionId": r.sessionOf(c), "personId": crashPerson("other")}, sessionFields}
	}},
	{"updateCourse with other teachers", func(r *crashRig) crashCall {
		c := r.taught("member")
		return crashCall{"staff", "updateCourse", vars{"courseId": c, "teacherIds": []string{crashPerson("other")}}, "course { id version teachers { id } }"}
	}},
	{"recordCourseAttendance by a teacher", func(r *crashRig) crashCall {
		c := r.taught("member")
		r.beHeld()
		return crashCall{"member", "recordCourseAttendance", vars{"sessionId": r.sessionOf(c), "personIds": []string{crashPerson("resident")}},
			"course { id enrolments { edges { node { state sessionsAttended { startsAt } person { id } } } } }"}
	}},
	{"declineSession", func(r *crashRig) crashCall {
		return crashCall{"resident", "declineSession", vars{"sessionId": r.sessionOf(r.taught("member"))}, sessionFields}
	}},
	{"undoDeclineSession", func(r *crashRig) crashCall {
		sessionID := r.sessionOf(r.taught("member"))
		r.arrange("resident", "declineSession", vars{"sessionId": sessionID}, "session { id }")
		return crashCall{"resident", "undoDeclineSession", vars{"sessionId": sessionID}, sessionFields}
	}},
}

// canTeachers are courses that the member teaches, and at whose session another person stands in.
func canTeachers(enrol func(r *crashRig, courseID string) canThing, day time.Time) []canCase {
	var cases []canCase
	for name, when := range map[string]time.Time{"ahead": {}, "a day before": day.Add(-24 * time.Hour), "more than a day before": day.Add(-24*time.Hour - time.Second),
		"two hours before": day.Add(-2 * time.Hour), "a day after": day.Add(26 * time.Hour)} {
		for _, state := range []string{"PUBLISHED", "COMPLETED", "CANCELLED"} {
			cases = append(cases, canCase{name + ", taught, " + state, func(r *crashRig) canThing {
				c := r.taught("member")
				r.arrange("staff", "substituteTeacher", vars{"sessionId": r.sessionOf(c), "personId": crashPerson("other")}, "session { id }")
				thing := enrol(r, c)
				if !when.IsZero() {
					r.later(when.Sub(r.clock.Now()))
				}
				if state != "PUBLISHED" {
					r.set("courses", c, vars{"state": state})
				}
				return thing
			}, []string{"", "resident", "member", "other", "staff"}})
		}
	}
	return append(cases, canCase{"completed long ago, taught", func(r *crashRig) canThing {
		c := r.taught("member")
		thing := enrol(r, c)
		r.later(day.Add(31 * 24 * time.Hour).Sub(r.clock.Now()))
		r.set("courses", c, vars{"state": "COMPLETED"})
		return thing
	}, []string{"resident", "member", "staff"}})
}
