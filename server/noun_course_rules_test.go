package main

import (
	"time"

	"faellesskab/internal/id"
)

// courseRulesNoun has the rows of what staff say of a course besides what it is about and when; the rows of createCourse and
// updateCourse stand with those of courses.
func courseRulesNoun() noun {
	return noun{
		name: "course_rules", access: courseRulesAccess, crash: courseRulesCrash, notices: courseRulesNotices, badInputs: courseRulesBadInputs,
		world: (*accessWorld).makeCourseRules,
		taps: []tapCase{
			{"COURSE_LACKS_PEOPLE", "HOLD_COURSE", "course { id standing }", already("staff", "holdCourse", "course { id }"), "CONFLICT"},
			{"COURSE_LACKS_PEOPLE", "CANCEL_COURSE", "course { id state }", already("staff", "cancelCourse", "course { id }"), "CONFLICT"},
		},
		neverNull: map[string]string{
			"Course.prerequisiteSkills":    "what is gone is left out",
			"CourseAudience.areas":         "what is gone is left out",
			"BookingRefused.missingSkills": "what is gone is left out",
		},
	}
}

const (
	createCourseDoc = `mutation ($input: CreateCourseInput!) { createCourse(input: $input) { course { id } } }`
	holdCourseDoc   = `mutation ($input: HoldCourseInput!) { holdCourse(input: $input) { course { id } } }`
	copyCourseDoc   = `mutation ($input: CopyCourseInput!) { copyCourse(input: $input) { course { id } } }`
	undoCourseDoc   = `mutation ($input: UndoCourseCompletionInput!) { undoCourseCompletion(input: $input) { course { id } } }`
)

var courseRulesAccess = []accessCall{
	does("holdCourse", `holdCourse(input: {courseId: $demandingCourse}) { course { id } }`),
	does("holdCourse DRAFT", `holdCourse(input: {courseId: $draftCourse}) { course { id } }`),
	does("copyCourse", `copyCourse(input: {courseId: $course, startsAt: "2036-03-01T17:00:00"}) { course { id } }`),
	does("copyCourse DRAFT", `copyCourse(input: {courseId: $draftCourse, startsAt: "2036-03-01T17:00:00"}) { course { id } }`),
	does("undoCourseCompletion", `undoCourseCompletion(input: {courseId: $completedCourse, reason: "Forkert liste"}) { course { id } }`),
}

var courseRulesNotices = []noticeCase{
	{"COURSE_LACKS_PEOPLE", "staff", func(r *crashRig) {
		r.demandingCourse("resident")
		r.later(crashDecision.Sub(r.clock.Now()))
	}},
	{"COURSE_HELD", "resident", func(r *crashRig) {
		r.arrange("staff", "holdCourse", vars{"courseId": r.demandingCourse("resident")}, "course { id }")
	}},
	{"COURSE_REOPENED", "resident", func(r *crashRig) {
		r.arrange("staff", "undoCourseCompletion", vars{"courseId": r.completedCourse("resident"), "reason": "Forkert liste"}, "course { id }")
	}},
}

var courseRulesBadInputs = []badInput{
	{"sessions that overlap", "staff", createCourseDoc, vars{"title": danish("Sluk ilden"), "sessions": []vars{session("2030-03-01"), {"startsAt": "2030-03-01T18:59:00", "endsAt": "2030-03-01T20:00:00"}}}, "BAD_USER_INPUT", "input.sessions.1"},
	{"two lists of areas", "staff", createCourseDoc, vars{"title": danish("Sluk ilden"), "sessions": []vars{session("2030-03-01")}, "areaIds": []string{id.Derive(id.Area, "x")}, "audience": vars{"areaIds": []string{}}}, "BAD_USER_INPUT", "input.audience.areaIds"},
	{"a script in place of a link", "staff", createCourseDoc, vars{"title": danish("Sluk ilden"), "sessions": []vars{session("2030-03-01")}, "materials": []vars{{"title": "Bogen", "url": "javascript:alert(1)"}}}, "BAD_USER_INPUT", "input.materials.0.url"},
	{"a minimum that nobody decides", "staff", createCourseDoc, vars{"title": danish("Sluk ilden"), "sessions": []vars{session("2030-03-01")}, "minimum": 2}, "BAD_USER_INPUT", "input.decideBy"},
	{"a decision after the start", "staff", createCourseDoc, vars{"title": danish("Sluk ilden"), "sessions": []vars{session("2030-03-01")}, "minimum": 2, "decideBy": "2030-03-01T17:00:00"}, "BAD_USER_INPUT", "input.decideBy"},
	{"a share and sessions", "staff", createCourseDoc, vars{"title": danish("Sluk ilden"), "sessions": []vars{session("2030-03-01")}, "completion": vars{"share": 50, "sessionIds": []string{}}}, "BAD_USER_INPUT", "input.completion"},
	{"a copy of a course in the past", "staff", copyCourseDoc, vars{"courseId": "$course", "startsAt": "2020-03-01T17:00:00"}, "BAD_USER_INPUT", "input.startsAt"},
	{"a copy of nothing", "staff", copyCourseDoc, vars{"courseId": id.Derive(id.Course, "x"), "startsAt": "2031-03-01T17:00:00"}, "NOT_FOUND", ""},
	{"holding a course that needs nobody", "staff", holdCourseDoc, vars{"courseId": "$course"}, "CONFLICT", ""},
	{"undoing what was not completed", "staff", undoCourseDoc, vars{"courseId": "$course", "reason": "Forkert"}, "CONFLICT", ""},
	{"undoing without a reason", "staff", undoCourseDoc, vars{"courseId": "$course", "reason": " "}, "BAD_USER_INPUT", "input.reason"},
}

// crashDecision is the instant at which it is decided whether a demanding course is held.
var crashDecision = time.Date(2030, 2, 20, 11, 0, 0, 0, time.UTC)

var courseRulesCrash = []crashCase{
	{"createCourse with rules", func(r *crashRig) crashCall {
		return crashCall{"staff", "createCourse", vars{"title": danish("Sluk ilden"), "sessions": []vars{session("2030-03-01")}, "prerequisiteSkillIds": []string{r.skill()},
			"audience": vars{"groupKinds": []string{"HOUSING"}, "groupRoles": []string{"TREASURER"}}, "completion": vars{"share": 50}, "givesCertificate": true,
			"materials": []vars{{"title": "Bogen", "url": "https://bog.example/"}}, "minimum": 2, "decideBy": "2030-02-20T12:00:00"},
			"course { id audience { groupKinds groupRoles } completion { share } givesCertificate minimum standing }"}
	}},
	{"holdCourse", func(r *crashRig) crashCall {
		return crashCall{"staff", "holdCourse", vars{"courseId": r.demandingCourse("resident", "member"), "expectedVersion": 2}, "course { id standing version }"}
	}},
	{"copyCourse", func(r *crashRig) crashCall {
		return crashCall{"staff", "copyCourse", vars{"courseId": r.demandingCourse("resident"), "startsAt": "2031-03-01T17:00:00"}, courseFields}
	}},
	{"undoCourseCompletion", func(r *crashRig) crashCall {
		return crashCall{"staff", "undoCourseCompletion", vars{"courseId": r.completedCourse("resident", "member"), "reason": "Forkert liste", "expectedVersion": 3},
			"course { id state version enrolments { edges { node { state person { id } } } } }"}
	}},
}

// demandingCourse is a published course that takes three people, in which these have enrolled.
func (r *crashRig) demandingCourse(people ...string) string {
	courseID := r.arrange("staff", "createCourse", vars{"title": danish("Sluk ilden"), "skillIds": []string{r.skill()}, "sessions": []vars{session("2030-03-01")},
		"minimum": 3, "decideBy": "2030-02-20T12:00:00"}, "course { id }").text("createCourse", "course", "id")
	r.arrange("staff", "publishCourse", vars{"courseId": courseID}, "course { id }")
	for _, p := range people {
		r.arrange(p, "enrolInCourse", vars{"courseId": courseID}, "course { id }")
	}
	return courseID
}

// completedCourse is a completed course that the first of these people attended.
func (r *crashRig) completedCourse(people ...string) string {
	courseID := r.course(3, people...)
	r.beHeld()
	r.attended(courseID, people[0])
	r.arrange("staff", "completeCourse", vars{"courseId": courseID}, "course { id }")
	return courseID
}

func (w *accessWorld) makeCourseRules() {
	w.ids["demandingCourse"] = w.send("staff-1", `createCourse(input: {title: [{language: DA, text: "Kursus"}], minimum: 2, decideBy: "2035-02-01T12:00:00",
		materials: [{title: "Bogen", url: "https://bog.example/"}], sessions: [{startsAt: "2035-03-01T17:00:00", endsAt: "2035-03-01T19:00:00"}]}) { course { id } }`).text("createCourse", "course", "id")
	w.send("staff-1", `publishCourse(input: {courseId: $demandingCourse}) { course { id } }`)
	w.ids["completedCourse"] = w.send("staff-1", `createCourse(input: {title: [{language: DA, text: "Kursus"}],
		sessions: [{startsAt: "2035-03-01T17:00:00", endsAt: "2035-03-01T19:00:00"}]}) { course { id } }`).text("createCourse", "course", "id")
	w.send("staff-1", `publishCourse(input: {courseId: $completedCourse}) { course { id } }`)
	if err := w.app.Courses.Backdate(w.t.Context(), w.ids["completedCourse"], 20*365); err != nil {
		w.t.Fatal(err)
	}
	w.send("staff-1", `completeCourse(input: {courseId: $completedCourse}) { course { id } }`)
}
