package main

import (
	"maps"
	"slices"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/id"
)

// outsiders and insiders are the people who try what can be done with courses and events.
var (
	everySort = []string{"", "resident", "member", "leader", "co-leader", "other", "staff", "builder", "admin"}
	courseMen = []string{"", "resident", "member", "staff", "builder", "admin"}
)

const tryCourse = `{ course { id } }`

func canCourse() canType {
	enrol := func(r *crashRig, courseID string) canThing {
		return canThing{id: courseID, ids: map[string]string{"session": r.sessionOf(courseID)}}
	}
	set := func(fields vars) func(r *crashRig) canThing {
		return func(r *crashRig) canThing {
			c := r.course(3, "member")
			r.set("courses", c, fields)
			return enrol(r, c)
		}
	}
	at := func(when time.Time, state string) func(r *crashRig) canThing {
		return func(r *crashRig) canThing {
			c := r.course(3, "member")
			thing := enrol(r, c)
			r.later(when.Sub(r.clock.Now()))
			if state != "PUBLISHED" {
				r.set("courses", c, vars{"state": state})
			}
			return thing
		}
	}
	day := time.Date(2030, 3, 1, 16, 0, 0, 0, time.UTC) // the start of the session
	cases := []canCase{
		{"a draft", func(r *crashRig) canThing { return enrol(r, r.draftCourse(3)) }, courseMen},
		{"a draft whose start has passed", func(r *crashRig) canThing {
			thing := enrol(r, r.draftCourse(3))
			r.clock.Advance(day.Add(time.Hour).Sub(r.clock.Now()))
			return thing
		}, courseMen},
		{"a cancelled draft", func(r *crashRig) canThing {
			c := r.draftCourse(3)
			r.arrange("staff", "cancelCourse", vars{"courseId": c}, "course { id }")
			return enrol(r, c)
		}, courseMen},
		{"ahead", set(nil), courseMen},
		{"ahead, without seats", set(vars{"capacity": 0, "seatsLeft": -1}), courseMen},
		{"ahead, full", func(r *crashRig) canThing { return enrol(r, r.course(1, "member")) }, courseMen},
		{"in two hours", at(day.Add(-2*time.Hour), "PUBLISHED"), courseMen},
		{"running", at(day.Add(time.Minute), "PUBLISHED"), courseMen},
		{"ended", at(day.Add(2*time.Hour), "PUBLISHED"), courseMen},
		{"completed", at(day.Add(2*time.Hour), "COMPLETED"), courseMen},
		{"cancelled", at(day.Add(-48*time.Hour), "CANCELLED"), courseMen},
		{"ahead, that takes more people", func(r *crashRig) canThing { return enrol(r, r.demandingCourse("member")) }, courseMen},
		{"ahead, that takes more people than came", func(r *crashRig) canThing {
			thing := enrol(r, r.demandingCourse("member"))
			r.later(crashDecision.Sub(r.clock.Now()))
			return thing
		}, courseMen},
		{"ahead, that is held", func(r *crashRig) canThing {
			c := r.demandingCourse("member")
			r.arrange("staff", "holdCourse", vars{"courseId": c}, "course { id }")
			return enrol(r, c)
		}, courseMen},
		{"ahead, that asks for a skill", func(r *crashRig) canThing {
			c := r.course(3, "member")
			r.arrange("staff", "updateCourse", vars{"courseId": c, "prerequisiteSkillIds": []string{crashSkill}}, "course { id }")
			return enrol(r, c)
		}, courseMen},
		{"a draft that was to be decided", func(r *crashRig) canThing {
			c := r.draftCourse(3)
			r.arrange("staff", "updateCourse", vars{"courseId": c, "minimum": 2, "decideBy": "2030-02-20T12:00:00"}, "course { id }")
			r.later(crashDecision.Sub(r.clock.Now()))
			return enrol(r, c)
		}, courseMen},
	}
	for _, state := range booking.States {
		cases = append(cases, canCase{"ahead, with a booking " + string(state), func(r *crashRig) canThing {
			c := r.course(3)
			r.book(c, "resident", state, time.Hour)
			return enrol(r, c)
		}, []string{"resident"}})
	}
	cases = append(append(cases, canCoursePeople(enrol, day)...), canTeachers(enrol, day)...)
	return canType{cases: cases, tries: map[string][]canTry{
		"EDIT":              {{body: `updateCourse(input: {courseId: $id, description: [{language: DA, text: "Nyt"}]}) ` + tryCourse}, {body: `updateCourse(input: {courseId: $id, capacity: 9}) ` + tryCourse}},
		"PUBLISH":           {{body: `publishCourse(input: {courseId: $id}) ` + tryCourse}},
		"CANCEL":            {{body: `cancelCourse(input: {courseId: $id}) ` + tryCourse}},
		"RECORD_ATTENDANCE": {{body: `recordCourseAttendance(input: {sessionId: $session, personIds: []}) ` + tryCourse}},
		"COMPLETE":          {{body: `completeCourse(input: {courseId: $id}) ` + tryCourse}},
		"HOLD":              {{body: `holdCourse(input: {courseId: $id}) ` + tryCourse}},
		"COPY":              {{body: `copyCourse(input: {courseId: $id, startsAt: "2031-03-01T17:00:00"}) ` + tryCourse}},
		"UNDO_COMPLETION":   {{body: `undoCourseCompletion(input: {courseId: $id, reason: "Forkert"}) ` + tryCourse}},
		"ENROL":             {{body: `enrolInCourse(input: {courseId: $id}) { outcome { __typename } }`, refused: "BookingRefused"}},
		"MESSAGE":           {{body: `messageAttendees(input: {courseId: $id, title: "a", text: "b"}) { announcement { id } }`}},
		"SIGN_UP_BY_HAND":   {{body: `signUpByHand(input: {courseId: $id, guestName: "Oda"}) { booking { id } }`}},
		"TEACH":             {{body: `query { node(id: $id) { ... on Course { list: enrolmentList { expiresAt } } } }`}},
		"VIEW_ENROLMENTS":   {{body: `query { node(id: $id) { ... on Course { list: enrolments { edges { node { id } } } } } }`}},
	}}
}

// set writes fields of a document, whatever rules say.
func (r *crashRig) set(collection, docID string, fields vars) {
	r.t.Helper()
	if len(fields) == 0 {
		return
	}
	if _, err := r.db.Collection(collection).UpdateOne(r.t.Context(), vars{"_id": docID}, vars{"$set": fields}); err != nil {
		r.t.Fatal(err)
	}
}

// book gives somebody a booking in a state, whatever rules say; an empty state is none. An offered
// seat is kept for that long.
func (r *crashRig) book(thingID, who string, state booking.State, offered time.Duration) {
	r.t.Helper()
	if state == "" {
		return
	}
	now := r.clock.Now()
	b := &booking.Booking{ID: booking.IDOf(thingID, crashPerson(who)), BookableID: thingID, Sort: id.Prefix(thingID), PersonID: crashPerson(who),
		State: state, StartsAt: now.Add(time.Hour), CreatedAt: now, QueuedAt: now, Version: 1}
	if state == booking.Offered {
		until := now.Add(offered)
		b.OfferExpiresAt = &until
	}
	if _, err := r.db.Collection("bookings").InsertOne(r.t.Context(), b); err != nil {
		r.t.Fatal(err)
	}
}

// canBooking are the cases of bookings of these things, by their states.
func canBooking(cancel, undo string, things map[string]func(r *crashRig) string) canType {
	var cases []canCase
	for name, make := range things {
		for _, state := range booking.States[1:] {
			for _, offered := range []time.Duration{time.Hour, -time.Hour} {
				if state != booking.Offered && offered < 0 {
					continue
				}
				cases = append(cases, canCase{name + ", " + string(state), func(r *crashRig) canThing {
					thingID := make(r)
					r.book(thingID, "resident", state, offered)
					return canThing{id: booking.IDOf(thingID, crashPerson("resident")), ids: r.idsOf(thingID)}
				}, []string{"", "resident"}})
			}
		}
	}
	cases = append(cases, canBookingPeople(things)...)
	answer := `(input: {bookingId: $id}) { booking { id } }`
	return canType{cases: cases, tries: map[string][]canTry{
		"CANCEL": {{body: cancel}}, "ACCEPT_OFFER": {{body: "acceptOffer" + answer}}, "DECLINE_OFFER": {{body: "declineOffer" + answer}},
		"APPROVE": {{body: "approveBooking" + answer}}, "DECLINE": {{body: "declineBooking" + answer}}, "REMOVE": {{body: "removeBooking" + answer}},
		"CHECK_IN": {{body: `checkIn(input: {bookingId: $id}) { already }`}}, "UNDO_CHECK_IN": {{body: undo}},
	}}
}

// idsOf are the ids of what is booked, and of the first session if it is a course.
func (r *crashRig) idsOf(thingID string) map[string]string {
	ids := map[string]string{"thing": thingID}
	if id.Prefix(thingID) == id.Course {
		ids["session"] = r.sessionOf(thingID)
	}
	return ids
}

func canEnrolment() canType {
	in := func(fields vars) func(r *crashRig) string {
		return func(r *crashRig) string {
			c := r.course(3)
			r.set("courses", c, fields)
			return c
		}
	}
	enrolments := canBooking(`cancelEnrolment(input: {courseId: $thing}) { __typename }`, `undoCheckIn(input: {bookingId: $id, sessionId: $session}) { __typename }`, map[string]func(r *crashRig) string{
		"a course": in(nil), "a completed course": in(vars{"state": "COMPLETED"}), "a cancelled course": in(vars{"state": "CANCELLED"}),
		"a course that has begun": in(vars{"startsAt": crashStart.Add(-time.Hour)}),
	})
	enrolments.cases = append(enrolments.cases, canAtSession()...)
	return enrolments
}

func canAttendance() canType {
	in := func(fields vars) func(r *crashRig) string {
		return func(r *crashRig) string {
			o := r.date(vars{"capacity": 3})
			r.set("occurrences", o, fields)
			return o
		}
	}
	attendances := canBooking(`cancelAttendance(input: {occurrenceId: $thing}) { __typename }`, `undoCheckIn(input: {bookingId: $id}) { __typename }`, map[string]func(r *crashRig) string{
		"a date": in(nil), "a cancelled date": in(vars{"state": "CANCELLED"}), "a date that has begun": in(vars{"startsAt": crashStart.Add(-time.Hour)}),
		"a date for members": in(vars{"openTo": "grp_7zzzzzzzzzzzzzzzzzzzzzzzzz"}),
	})
	attendances.cases = slices.Concat(attendances.cases, canBanned(), canAtDoor())
	return attendances
}

// eventStates are events in each state; the group is as members leave it.
func eventStates(thing func(eventID string) canThing) []canCase {
	starts := time.Date(2030, 6, 1, 16, 0, 0, 0, time.UTC)
	group := func(r *crashRig) string {
		g := r.group(nil, "member", "co-leader", "other")
		r.arrange("leader", "grantGroupRole", vars{"groupId": g, "personId": crashPerson("co-leader"), "key": "ORGANISER"}, "membership { id }")
		r.arrange("leader", "removeMember", vars{"groupId": g, "personId": crashPerson("other"), "ban": true}, "membership { id }")
		return g
	}
	at := func(make func(r *crashRig, g string) string, when time.Time) func(r *crashRig) canThing {
		return func(r *crashRig) canThing {
			e := make(r, group(r))
			if !when.IsZero() {
				r.later(when.Sub(r.clock.Now()))
			}
			return thing(e)
		}
	}
	draft := func(r *crashRig, g string) string { return r.draft(g, nil) }
	published := func(r *crashRig, g string) string { return r.publishedEvent(g, nil) }
	cancelled := func(of func(r *crashRig, g string) string) func(r *crashRig, g string) string {
		return func(r *crashRig, g string) string {
			e := of(r, g)
			r.arrange("leader", "cancelEvent", vars{"eventId": e}, "event { id }")
			return e
		}
	}
	closed := func(visibility string) func(r *crashRig, g string) string {
		return func(r *crashRig, g string) string {
			e := r.publishedEvent(g, nil)
			r.arrange("leader", "updateGroup", vars{"groupId": g, "visibility": visibility}, "group { id }")
			return e
		}
	}
	return append([]canCase{
		{"a draft", at(draft, time.Time{}), everySort}, {"a draft whose start has passed", at(draft, starts.Add(time.Minute)), everySort},
		{"a draft whose end has passed", at(draft, starts.Add(3*time.Hour)), everySort},
		{"ahead", at(published, time.Time{}), everySort}, {"running", at(published, starts.Add(time.Minute)), everySort},
		{"ended", at(published, starts.Add(2*time.Hour)), everySort},
		{"cancelled", at(cancelled(published), time.Time{}), everySort}, {"a cancelled draft", at(cancelled(draft), time.Time{}), everySort},
		{"for members", at(closed("MEMBERS"), time.Time{}), everySort}, {"hidden", at(closed("HIDDEN"), time.Time{}), everySort},
	}, canEventPeople(thing)...)
}

func canEvent() canType {
	tries := map[string][]canTry{
		"EDIT":               {{body: `updateEvent(input: {eventId: $id, description: "Nyt"}) { event { id } }`}, {body: `saveAgenda(input: {eventId: $id, items: []}) { event { id } }`}},
		"PUBLISH":            {{body: `publishEvent(input: {eventId: $id}) { event { id } }`}},
		"CANCEL":             {{body: `cancelEvent(input: {eventId: $id}) { event { id } }`}},
		"NAME_CO_ORGANISERS": {{body: `addCoOrganiser(input: {eventId: $id, personId: $who}) { event { id } }`}},
	}
	maps.Copy(tries, canHostTries)
	return canType{cases: withHosts(eventStates(func(eventID string) canThing { return canThing{id: eventID} })), tries: tries}
}

func canOccurrence() canType {
	guest := func(thingID string) map[string]string {
		return map[string]string{"guest": booking.IDOf(thingID, crashPerson("staff-2"))}
	}
	cases := eventStates(func(eventID string) canThing { return canThing{id: dateOf(eventID), ids: guest(dateOf(eventID))} })
	for i := range cases {
		make := cases[i].make
		cases[i].make = func(r *crashRig) canThing {
			thing := make(r)
			r.book(thing.id, "staff-2", booking.Confirmed, 0)
			return thing
		}
	}
	for _, state := range booking.States {
		cases = append(cases, canCase{"ahead, with a booking " + string(state), func(r *crashRig) canThing {
			o := r.date(nil)
			r.book(o, "resident", state, time.Hour)
			return canThing{id: o, ids: guest(o)}
		}, []string{"resident"}})
	}
	for name, more := range map[string]vars{"without seats": {"capacity": 0}, "full": {"capacity": 1}} {
		cases = append(cases, canCase{"ahead, " + name, func(r *crashRig) canThing {
			o := r.date(more)
			if name == "full" {
				r.arrange("other", "attendEvent", vars{"occurrenceId": o}, "occurrence { id }")
			}
			return canThing{id: o, ids: guest(o)}
		}, []string{"", "resident", "member", "leader"}})
	}
	cases = append(cases, canCase{"cancelled by itself", func(r *crashRig) canThing {
		o := r.offDate(nil)
		return canThing{id: o, ids: guest(o)}
	}, []string{"", "resident", "member", "leader"}})
	return canType{cases: slices.Clip(cases), tries: map[string][]canTry{
		"ATTEND":            {{body: `attendEvent(input: {occurrenceId: $id}) { outcome { __typename } }`, refused: "BookingRefused"}},
		"UPDATE_ATTENDANCE": {{body: `updateAttendance(input: {occurrenceId: $id, guests: 0}) { attendance { id } }`}},
		"SAVE_MINUTES":      {{body: `saveMinutes(input: {occurrenceId: $id, text: "Vi valgte"}) { occurrence { id } }`}},
		"SIGN_UP_BY_HAND":   {{body: `signUpByHand(input: {occurrenceId: $id, guestName: "Oda"}) { booking { id } }`}},
		"VIEW_ATTENDANCES":  {{body: `query { node(id: $id) { ... on Occurrence { list: attendances { edges { node { id } } } } } }`}},
		"MESSAGE":           {{body: `messageAttendees(input: {occurrenceId: $id, title: "a", text: "b"}) { announcement { id } }`}},
		"CANCEL":            {{body: `cancelOccurrence(input: {occurrenceId: $id}) { occurrence { id } }`}},
		"RESTORE":           {{body: `restoreOccurrence(input: {occurrenceId: $id}) { occurrence { id } }`}},
		"CHECK_IN":          {{body: `checkIn(input: {bookingId: $guest}) { already }`}},
		"CLOSE_ATTENDANCE":  {{body: `closeAttendance(input: {occurrenceId: $id}) { came }`}},
	}}
}
