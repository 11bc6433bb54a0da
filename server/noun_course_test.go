package main

import (
	"fmt"
	"time"
)

// courseNoun has the rows of competence courses and enrolments.
func courseNoun() noun {
	return noun{
		nudges: map[string]nudge{
			"Course": {"courses", vars{"cancelReason": "Nyt"}, "cancelReason", "Nyt"},
		},
		can: func() map[string]canType {
			return map[string]canType{"Course": canCourse(), "Enrolment": canEnrolment()}
		},
		name: "course", access: courseAccess, crash: courseCrash, world: (*accessWorld).makeCourses, secrets: []string{"enrolment"},
		invariants: []invariant{crashState.checkSkills, func(s crashState, say complaint) { s.checkSeats(say, "courses") }},
		lists: map[string]pagedList{
			"Query.courses":     {"resident-1", `%s`, `list: courses(%s)`, 3},
			"Course.enrolments": {"staff-1", `course(id: $course) { %s }`, `list: enrolments(%s)`, 3},
		},
		neverNull: map[string]string{
			"Enrolment.viewerCan":        "a rule on the booking and the viewer; an offer and others' bookings are judged by the course too, and no other booking is",
			"Course.areas":               "what is gone is left out",
			"Course.skills":              "what is gone is left out",
			"Course.viewerCan":           "a rule on the course at hand, the viewer and their booking",
			"Enrolment.sessionsAttended": "those of a course that cannot be read are left out",
		},
		pages: (*pagesWorld).courses, notices: courseNotices,
		taps: []tapCase{
			{"COURSE_REMINDER", "CANCEL_ENROLMENT", "course { id viewerBooking { state } }", already("resident", "cancelEnrolment", "course { id }"), "NOT_FOUND"},
			{"COURSE_REMINDER", "CANCEL_ENROLMENT", "course { id viewerBooking { state } }", afterwards, ""},
		},
		stored: map[string]enums{
			"courses": {"state": "CourseState", "groupKinds": "GroupKind", "groupRoles": "GroupRoleKey", "standing": "CourseStanding", "signUp.questions.kind": "SignUpQuestionKind", "asked.questions.kind": "SignUpQuestionKind", "offsets": "ReminderOffset", "sessions.offsets": "ReminderOffset", "title.language": "Language", "description.language": "Language", "telling.known.title.language": "Language", "telling.told.title.language": "Language", "telling.known.description.language": "Language"},
		},
		questions: map[string]string{
			"courses: state= endsAt> | startsAt _id":         "the courses that are not over",
			"courses: facets= state= endsAt> | startsAt _id": "those of an area, a skill or a word",
		},
	}
}

var courseAccess = []accessCall{
	asks("courses", `courses { edges { node { id } } }`, "courses"),
	asks("courses DRAFT", `courses(filter: {state: DRAFT}) { edges { node { id } } }`, "courses"),
	asks("course", `course(id: $course) { id }`, ""),
	asks("course DRAFT", `course(id: $draftCourse) { id }`, ""),
	asks("course: enrolments", `course(id: $course) { enrolments { edges { node { id } } } }`, "course.enrolments"),
	asks("course: what it asks for", `course(id: $course) { audience { areas { id } groupKinds groupRoles } prerequisiteSkills { id } completion { share sessions { id } } givesCertificate minimum decideBy standing }`, ""),
	asks("course: materials", `course(id: $courseOfMember) { materials { title url } }`, "course.materials"),
	asks("node of the member's enrolment", `node(id: $enrolment) { id }`, ""),
	does("createCourse", `createCourse(input: {title: [{language: DA, text: "Ny"}], sessions: [{startsAt: "2035-03-01T17:00:00", endsAt: "2035-03-01T19:00:00"}]}) { course { id } }`),
	does("updateCourse", `updateCourse(input: {courseId: $course, capacity: 5}) { course { id } }`),
	does("updateCourse DRAFT", `updateCourse(input: {courseId: $draftCourse, capacity: 5}) { course { id } }`),
	does("publishCourse", `publishCourse(input: {courseId: $draftCourse}) { course { id } }`),
	does("cancelCourse", `cancelCourse(input: {courseId: $course}) { course { id } }`),
	does("enrolInCourse", `enrolInCourse(input: {courseId: $course}) { course { id } }`),
	does("enrolInCourse DRAFT", `enrolInCourse(input: {courseId: $draftCourse}) { course { id } }`),
	does("cancelEnrolment", `cancelEnrolment(input: {courseId: $courseOfMember}) { course { id } }`),
	does("recordCourseAttendance", `recordCourseAttendance(input: {sessionId: $session, personIds: [$member]}) { course { id } }`),
	does("completeCourse", `completeCourse(input: {courseId: $courseOfMember}) { course { id } }`),
	asks("course with a teacher", `course(id: $taught) { teachers { id } sessions { teachers { id } substitute { id } } }`, ""),
	asks("course with a teacher: enrolments", `course(id: $taught) { enrolments { edges { node { id } } } }`, "course.enrolments"),
	asks("course with a teacher: enrolmentList", `course(id: $taught) { enrolmentList { expiresAt } }`, ""),
	does("recordCourseAttendance of a course with a teacher", `recordCourseAttendance(input: {sessionId: $sessionToCome, personIds: [$member]}) { course { id } }`),
	asks("node of a course", `node(id: $course) { id }`, ""),
	asks("node of a session", `node(id: $session) { id }`, ""),
	asks("node of a session DRAFT", `node(id: $draftSession) { id }`, ""),
}

var courseNotices = []noticeCase{
	{"COURSE_PUBLISHED", "resident", func(r *crashRig) {
		c := r.draftCourse(3)
		r.arrange("resident", "completeProfile", vars{"skillsWanted": []string{crashSkill}}, "person { id }")
		r.arrange("staff", "publishCourse", vars{"courseId": c}, "course { id }")
	}},
	{"COURSE_CANCELLED", "resident", func(r *crashRig) {
		r.arrange("staff", "cancelCourse", vars{"courseId": r.course(3, "resident")}, "course { id }")
	}},
	{"COURSE_MOVED", "resident", func(r *crashRig) {
		r.arrange("staff", "updateCourse", vars{"courseId": r.course(3, "resident"), "sessions": []vars{session("2030-04-01")}}, "course { id }")
		r.later(10 * time.Minute)
	}},
	{"COURSE_CHANGED", "resident", func(r *crashRig) {
		r.arrange("staff", "updateCourse", vars{"courseId": r.course(3, "resident"), "title": danish("Sluk ild")}, "course { id }")
		r.later(10 * time.Minute)
	}},
	{"COURSE_REMINDER", "resident", func(r *crashRig) {
		r.course(3, "resident")
		r.later(time.Date(2030, 2, 28, 18, 0, 0, 0, time.UTC).Sub(r.clock.Now()))
	}},
	{"SKILLS_EARNED", "resident", func(r *crashRig) {
		c := r.course(3, "resident")
		r.beHeld()
		r.attended(c, "resident")
		r.arrange("staff", "completeCourse", vars{"courseId": c}, "course { id }")
	}},
	{"COURSE_MATCHED", "resident", func(r *crashRig) {
		r.course(3)
		r.arrange("resident", "completeProfile", vars{"skillsWanted": []string{crashSkill}}, "person { id }")
	}},
}

const courseFields = "course { id title state version startsAt capacity seatsLeft cancelReason }"

const enrolFields = `outcome { __typename ... on BookingConfirmed { booking { id state } }
	... on WaitlistJoined { position booking { id state } } } course { id seatsLeft viewerBooking { state } }`

var courseCrash = []crashCase{
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
		return crashCall{"resident", "cancelEnrolment", vars{"courseId": r.course(1, "resident", "member")}, "course { seatsLeft viewerBooking { state } }"}
	}},
	{"recordCourseAttendance", func(r *crashRig) crashCall {
		c := r.course(3, "resident", "member", "other")
		r.beHeld()
		r.attended(c, "resident", "member")
		return crashCall{"staff", "recordCourseAttendance", vars{"sessionId": r.sessionOf(c),
			"personIds": []string{crashPerson("member"), crashPerson("other")}},
			"course { id enrolments { edges { node { state sessionsAttended { startsAt } person { id } } } } }"}
	}},
	{"completeCourse", func(r *crashRig) crashCall {
		c := r.course(3, "resident", "member", "other")
		r.beHeld()
		r.attended(c, "resident", "member")
		return crashCall{"staff", "completeCourse", vars{"courseId": c, "expectedVersion": 2},
			"course { id state version attended: enrolments(state: ATTENDED) { edges { node { person { id } } } } }"}
	}},
}

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

// sessionOf is the id of the first session of a course.
func (r *crashRig) sessionOf(courseID string) string {
	return r.ask("staff", `{ course(id: "`+courseID+`") { sessions { id } } }`).text("course", "sessions", 0, "id")
}

// beHeld lets the session of new courses be over. It is the next morning, so that the hours in
// which a crash is found are not quiet ones.
func (r *crashRig) beHeld() {
	r.later(time.Date(2030, 3, 2, 9, 0, 0, 0, time.UTC).Sub(r.clock.Now()))
}

// attended records who was at the first session of a course.
func (r *crashRig) attended(courseID string, people ...string) {
	var ids []string
	for _, p := range people {
		ids = append(ids, crashPerson(p))
	}
	r.arrange("staff", "recordCourseAttendance", vars{"sessionId": r.sessionOf(courseID), "personIds": ids}, "course { id }")
}

func (w *accessWorld) makeCourses() {
	sessions := map[string]string{"course": "sessionOfCourse", "courseOfMember": "session", "draftCourse": "draftSession"}
	for _, name := range []string{"course", "courseOfMember", "draftCourse"} {
		made := w.send("staff-1", `createCourse(input: {title: [{language: DA, text: "Kursus"}], skillIds: [$skill],
			sessions: [{startsAt: "2035-03-01T17:00:00", endsAt: "2035-03-01T19:00:00"}]}) { course { id sessions { id } } }`)
		w.ids[name] = made.text("createCourse", "course", "id")
		w.ids[sessions[name]] = made.text("createCourse", "course", "sessions", 0, "id")
		if name != "draftCourse" {
			w.send("staff-1", `publishCourse(input: {courseId: $`+name+`}) { course { id } }`)
		}
	}
	w.send("resident-1", `enrolInCourse(input: {courseId: $courseOfMember}) { course { id } }`)
	// The course of the member has been held, so that it can be recorded who came, and completed.
	if err := w.app.Courses.Backdate(w.t.Context(), w.ids["courseOfMember"], 20*365); err != nil {
		w.t.Fatal(err)
	}
	w.ids["enrolment"] = w.ids["courseOfMember"] + ":" + w.ids["member"]
}

func (w *pagesWorld) courses() {
	for i, state := range []string{"draft", "published", "draft", "published", "published", "draft"} {
		w.ids["draftCourse"] = w.send("staff-1", fmt.Sprintf(`createCourse(input: {title: [{language: DA, text: "Kursus %d"}],
			sessions: [{startsAt: "2035-03-01T17:00", endsAt: "2035-03-01T19:00"}]}) { course { id } }`, i), "createCourse", "course", "id")
		if state == "draft" {
			continue
		}
		w.ids["course"] = w.ids["draftCourse"]
		w.send("staff-1", `publishCourse(input: {courseId: $course}) { course { id } }`)
		for _, p := range []string{"resident-1", "resident-2", "resident-3", "resident-4"} {
			w.send(p, `enrolInCourse(input: {courseId: $course}) { course { id } }`)
		}
		w.send("resident-4", `cancelEnrolment(input: {courseId: $course}) { course { id } }`)
	}
	delete(w.ids, "draftCourse")
}

// checkSkills checks that people have exactly the skills of completed courses that they
// attended, and that nobody waits for a course that is over.
func (s crashState) checkSkills(say complaint) {
	earned, taught := map[[2]string]bool{}, map[string]bool{}
	for _, c := range s["courses"] {
		for _, skillID := range c["skillIds"].([]any) {
			taught[skillID.(string)] = true
		}
		for _, e := range s["bookings"] {
			if e["bookableId"] != c["_id"] || c["state"] != "COMPLETED" {
				continue
			}
			if e["state"] == "CONFIRMED" {
				say("enrolment %v stands open after the course", e["_id"])
			}
			for _, skillID := range c["skillIds"].([]any) {
				if e["state"] == "ATTENDED" {
					earned[[2]string{e["personId"].(string), skillID.(string)}] = true
				}
			}
		}
	}
	for personID, p := range s.byID("persons") {
		has, _ := p["skills"].(map[string]any)
		for skillID := range taught {
			if _, ok := has[skillID]; ok != earned[[2]string{personID, skillID}] {
				say("%v has the skill %v: %t, earned it: %t", p["displayName"], skillID, ok, !ok)
			}
		}
	}
}
