package main

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/testkit"
)

// newAccessWorld makes groups, events and courses of every visibility.
// leader-1 leads all groups; resident-1 belongs to them, has signed up for
// what members see and is offered a seat at what is hidden; resident-3 asks to join; resident-5 belonged to all of it and is
// banned.
func newAccessWorld(t testing.TB) *accessWorld {
	h := newHarness(t, withoutDemo())
	h.signUpPersonas()
	w := &accessWorld{harness: h, ids: map[string]string{
		"member": h.personID("resident-1"), "requester": h.personID("resident-3"), "builder": h.personID("builder-1"),
	}}
	areas := h.must("", `{ areas { id lokalforum { id } } }`, nil)
	w.ids["area"], w.ids["lokalforum"] = areas.text("areas", 0, "id"), areas.text("areas", 0, "lokalforum", "id")
	w.makeGroups()
	w.makeEvents()
	w.makeCourses()
	w.makeBelongings()
	h.must("staff-1", as("mutation", `assignCommunityBuilder(input: {areaId: $area, personId: $builder}) { area { id } }`), w.variables("$area: $builder:"))
	h.ban(h.personID("resident-5"))
	if diff := cmp.Diff(slices.Sorted(slices.Values(accessIDs)), sortedKeys(w.ids)); diff != "" {
		t.Fatalf("the objects are not those that calls may name (-want +got):\n%s", diff)
	}
	w.state = h.settled()
	return w
}

// send is must with the ids that the body names.
func (w *accessWorld) send(persona, body string) reply {
	w.t.Helper()
	document := as("mutation", body)
	return w.must(persona, document, w.variables(document))
}

func (w *accessWorld) makeGroups() {
	for name, how := range map[string]string{
		"members": `visibility: MEMBERS`, "ask": `joinPolicy: ASK`, "hidden": `joinPolicy: OPEN`,
	} {
		w.ids[name] = w.send("leader-1", `createGroup(input: {name: "Gruppen `+name+`", kind: HOUSING, areaId: $area, `+how+`}) { group { id } }`).
			text("createGroup", "group", "id")
		for _, p := range []string{"resident-1", "resident-5"} {
			w.send(p, `joinGroup(input: {groupId: $`+name+`}) { group { id } }`)
		}
	}
	w.send("leader-1", `approveJoinRequest(input: {groupId: $ask, personId: $member}) { membership { id } }`)
	w.send("resident-3", `joinGroup(input: {groupId: $ask}) { group { id } }`)
	w.send("leader-1", `updateGroup(input: {groupId: $hidden, visibility: HIDDEN}) { group { id } }`)
	w.ids["membership"] = w.ids["hidden"] + ":" + w.ids["member"]
	w.ids["memberOfHidden"] = w.ids["member"]
}

func (w *accessWorld) makeEvents() {
	for name, group := range map[string]string{"event": "members", "draft": "members", "hiddenEvent": "hidden", "published": "ask"} {
		capacity := 10
		if name == "hiddenEvent" {
			capacity = 1
		}
		r := w.send("leader-1", `createEvent(input: {groupId: $`+group+`, title: "Festen `+name+`", capacity: `+strconv.Itoa(capacity)+`, startsAt: "2035-06-01T18:00:00", endsAt: "2035-06-01T20:00:00"})
			{ event { id occurrences { edges { node { id } } } } }`)
		w.ids[name] = r.text("createEvent", "event", "id")
		if name != "draft" {
			w.send("leader-1", `publishEvent(input: {eventId: $`+name+`}) { event { id } }`)
		}
		date := r.text("createEvent", "event", "occurrences", "edges", 0, "node", "id")
		switch name {
		case "draft":
			w.ids["draftDate"] = date
		case "published":
			w.ids["publishedDate"] = date
		case "event":
			w.ids["date"] = date
			w.send("resident-1", `attendEvent(input: {occurrenceId: $date}) { occurrence { id } }`)
			w.ids["attendance"] = date + ":" + w.ids["member"]
		case "hiddenEvent":
			w.ids["hiddenDate"] = date
			for _, p := range []string{"leader-1", "resident-1"} {
				w.send(p, `attendEvent(input: {occurrenceId: $hiddenDate}) { occurrence { id } }`)
			}
			w.send("leader-1", `cancelAttendance(input: {occurrenceId: $hiddenDate}) { occurrence { id } }`)
			w.ids["offer"] = date + ":" + w.ids["member"]
		}
	}
}

func (w *accessWorld) makeCourses() {
	w.ids["skill"] = w.send("staff-1", `createSkill(input: {name: [{language: DA, text: "Knob"}]}) { skill { id } }`).text("createSkill", "skill", "id")
	for _, name := range []string{"course", "courseOfMember", "draftCourse"} {
		w.ids[name] = w.send("staff-1", `createCourse(input: {title: [{language: DA, text: "Kursus"}], skillIds: [$skill],
			sessions: [{startsAt: "2035-03-01T17:00:00", endsAt: "2035-03-01T19:00:00"}]}) { course { id } }`).text("createCourse", "course", "id")
		if name != "draftCourse" {
			w.send("staff-1", `publishCourse(input: {courseId: $`+name+`}) { course { id } }`)
		}
	}
	w.send("resident-1", `enrolInCourse(input: {courseId: $courseOfMember}) { course { id } }`)
	w.ids["enrolment"] = w.ids["courseOfMember"] + ":" + w.ids["member"]
}

// makeBelongings gives the member a phone and waits for a notice.
func (w *accessWorld) makeBelongings() {
	w.ids["device"] = w.send("resident-1", `registerDevice(input: {value: "the-phone", platform: ANDROID}) { device { id } }`).text("registerDevice", "device", "id")
	w.ids["announcement"] = w.send("leader-1", `announceToGroup(input: {groupId: $hidden, title: "Mødet", text: "Kl. 19."}) { announcement { id } }`).
		text("announceToGroup", "announcement", "id")
	w.ids["notice"] = w.waitForNotice("resident-1", w.ids["event"])
}

// waitForNotice waits for a person's notice about something, and is its id.
func (h *harness) waitForNotice(persona, subject string) string {
	h.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		list := h.must(persona, `{ viewer { notices { edges { node { id subject { id } } } } } }`, nil)
		edges, _ := list.at("viewer", "notices", "edges").([]any)
		for i := range edges {
			if list.text("viewer", "notices", "edges", i, "node", "subject", "id") == subject {
				return list.text("viewer", "notices", "edges", i, "node", "id")
			}
		}
	}
	h.t.Fatalf("%s hears nothing of %s", persona, subject)
	return ""
}

// settled is what the database holds when nobody is left to be told anything.
func (h *harness) settled() testkit.Snapshot {
	h.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		s := testkit.Take(h.t, h.app.DB)
		open := 0
		for _, doc := range slices.Concat(s.Docs(h.t, "notify_jobs"), s.Docs(h.t, "notify_chunks")) {
			if doc["state"] != "DONE" {
				open++
			}
		}
		if open == 0 {
			return s
		}
	}
	h.t.Fatal("the notices do not come to an end")
	return testkit.Snapshot{}
}
