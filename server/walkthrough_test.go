package main

import (
	"slices"
	"testing"
)

// TestWalkThrough follows the README's first page: a resident joins, a leader posts, and the phone
// rings; staff publish a course, and a resident enrols; staff complete one that has been held, and
// whoever was there has its skill.
func TestWalkThrough(t *testing.T) {
	t.Parallel()
	h := newHarness(t)

	h.must("resident-1", `mutation { registerDevice(input: {kind: TOKEN, value: "my-phone", platform: ANDROID, language: DA, appVersion: "1.0"}) { device { id } } }`, nil)
	groupID := h.must("resident-1", `{ groups(filter: {kind: HOUSING}) { edges { node { id } } } }`, nil).text("groups", "edges", 0, "node", "id")
	joined := h.must("resident-1", `mutation($g: ID!) { joinGroup(input: {groupId: $g}) {
		outcome { __typename ... on JoinedGroup { membership { state person { displayName } } } } group { memberCount viewerCan } } }`, vars{"g": groupID})
	if got := joined.text("joinGroup", "outcome", "__typename"); got != "JoinedGroup" {
		t.Fatalf("joining gave %q", got)
	}
	if got := joined.at("joinGroup", "group", "memberCount"); got != float64(2) {
		t.Errorf("the group has %v members, want 2", got)
	}

	eventID := h.must("leader-1", `mutation($g: ID!) { createEvent(input: {groupId: $g, title: "Gårdfest", startsAt: "2030-06-01T18:00:00",
		endsAt: "2030-06-01T23:00:00", timeZone: "Europe/Copenhagen", place: {name: "Gården"}, capacity: 1}) { event { id state } } }`,
		vars{"g": groupID}).text("createEvent", "event", "id")
	h.must("leader-1", `mutation($e: ID!) { publishEvent(input: {eventId: $e}) { event { state } } }`, vars{"e": eventID})
	push := h.waitForPush("my-phone", "Demo: Beboerne på Havnevej: Gårdfest")
	if push.Data["subjectId"] != eventID {
		t.Errorf("the push is about %q, want the event %q", push.Data["subjectId"], eventID)
	}

	page := h.must("resident-1", `query($e: ID!) { event(id: $e) { group { name } occurrences { edges { node { id startsAt startsAtLocal seatsLeft viewerBooking { state } } } } viewerCan } }`, vars{"e": eventID})
	if got := page.text("event", "occurrences", "edges", 0, "node", "startsAt"); got != "2030-06-01T16:00:00Z" {
		t.Errorf("starts at %s", got)
	}
	occurrenceID := page.text("event", "occurrences", "edges", 0, "node", "id")
	attend := `mutation($o: ID!) { attendEvent(input: {occurrenceId: $o}) { outcome { __typename ... on BookingConfirmed { booking { state } }
		... on WaitlistJoined { position booking { id state } } } occurrence { seatsLeft } } }`
	if got := h.must("resident-1", attend, vars{"o": occurrenceID}).text("attendEvent", "outcome", "__typename"); got != "BookingConfirmed" {
		t.Errorf("attending gave %q", got)
	}
	waiting := h.must("resident-2", attend, vars{"o": occurrenceID})
	if waiting.text("attendEvent", "outcome", "__typename") != "WaitlistJoined" || waiting.at("attendEvent", "outcome", "position") != float64(1) {
		t.Errorf("attending a full event gave %+v", waiting.Data)
	}
	if got := h.must("resident-1", `{ viewer { upcoming { edges { node { title group { name } viewerBooking { state } } } } } }`, nil).
		text("viewer", "upcoming", "edges", 0, "node", "title"); got != "Gårdfest" {
		t.Errorf("upcoming is %q", got)
	}
	h.must("resident-1", `mutation($o: ID!) { cancelAttendance(input: {occurrenceId: $o}) { occurrence { seatsLeft } } }`, vars{"o": occurrenceID})
	h.waitForPush("demo-phone-resident-2", "Der er en plads til dig: Gårdfest")
	accepted := h.must("resident-2", `mutation($p: ID!) { acceptOffer(input: {bookingId: $p}) { booking { ... on Attendance { state offerExpiresAt } } } }`,
		vars{"p": waiting.text("attendEvent", "outcome", "booking", "id")})
	if got := accepted.text("acceptOffer", "booking", "state"); got != "CONFIRMED" {
		t.Errorf("the offer that was accepted is %s", got)
	}

	walkCourse(t, h)

	notices := h.must("resident-1", `{ viewer { unreadNoticeCount notices { edges { node { id kind title body readAt subject { __typename id } why { __typename text } } } } } }`, nil)
	if notices.at("viewer", "unreadNoticeCount") == float64(0) {
		t.Error("no unread notice")
	}
	if got := notices.text("viewer", "notices", "edges", 0, "node", "why", 0, "text"); got == "" {
		t.Errorf("the newest notice says no reason: %+v", notices.Data)
	}
}

func walkCourse(t *testing.T, h *harness) {
	t.Helper()
	skillID := h.must("staff-1", `mutation { createSkill(input: {name: [{language: DA, text: "Brandslukning"}, {language: EN, text: "Fire fighting"}]}) { skill { id name } } }`, nil).
		text("createSkill", "skill", "id")
	h.must("resident-1", `mutation($s: ID!) { completeProfile(input: {skillsWanted: [$s]}) { person { skillsWanted { id } } } }`, vars{"s": skillID})
	made := h.must("staff-1", `mutation($s: ID!) { createCourse(input: {title: [{language: DA, text: "Sluk ilden"}], description: [{language: DA, text: "I praksis."}],
		skillIds: [$s], areaIds: [], sessions: [{startsAt: "2030-03-01T17:00:00", endsAt: "2030-03-01T19:00:00", place: {name: "Stationen"}}],
		timeZone: "Europe/Copenhagen", capacity: 10}) { course { id state title sessions { id } } } }`, vars{"s": skillID})
	courseID := made.text("createCourse", "course", "id")
	h.must("staff-1", `mutation($c: ID!) { publishCourse(input: {courseId: $c}) { course { state } } }`, vars{"c": courseID})
	h.waitForPush("my-phone", "Nyt kursus: Sluk ilden")
	outcome := h.must("resident-1", `mutation($c: ID!) { enrolInCourse(input: {courseId: $c}) { outcome { __typename } course { seatsLeft viewerBooking { state } } } }`, vars{"c": courseID})
	if got := outcome.text("enrolInCourse", "outcome", "__typename"); got != "BookingConfirmed" {
		t.Fatalf("enrolling gave %q", got)
	}
	completeHeld(t, h)
}

func completeHeld(t *testing.T, h *harness) {
	t.Helper()
	held := h.must("staff-1", `{ courses(filter: {hasEnded: true}) { edges { node { id title viewerCan sessions { id } } } } }`, nil)
	courseID, sessionID := held.text("courses", "edges", 0, "node", "id"), held.text("courses", "edges", 0, "node", "sessions", 0, "id")
	if got := held.text("courses", "edges", 0, "node", "title"); got != "Demo: Hold gode møder" {
		t.Fatalf("the course that has been held is %q", got)
	}
	personID := h.personID("resident-1")
	h.must("staff-1", `mutation($s: ID!, $p: ID!) { recordCourseAttendance(input: {sessionId: $s, personIds: [$p]}) { course { id } } }`, vars{"s": sessionID, "p": personID})
	h.must("staff-1", `mutation($c: ID!) { completeCourse(input: {courseId: $c}) { course { state } } }`, vars{"c": courseID})
	h.waitForPush("my-phone", "Du har fået et kursusbevis: Demo: Hold gode møder")
	skills := h.must("resident-1", `{ viewer { skills { id name } enrolments { edges { node { state sessionsAttended { id course { id } } } } } } }`, nil)
	if got := skills.text("viewer", "enrolments", "edges", 1, "node", "sessionsAttended", 0, "id"); got != sessionID {
		t.Errorf("attended the session %q", got)
	}
	names, _ := skills.at("viewer", "skills").([]any)
	if !slices.ContainsFunc(names, func(s any) bool { return s.(map[string]any)["name"] == "Mødeledelse" }) {
		t.Errorf("the skills are %+v", skills.Data)
	}
}
