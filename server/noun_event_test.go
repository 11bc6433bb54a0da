package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/id"
)

// eventNoun has the rows of events, dates and attendances.
func eventNoun() noun {
	return noun{
		nudges: map[string]nudge{
			"Event":      {"events", vars{"description": "Nyt"}, "description", "Nyt"},
			"Occurrence": {"occurrences", vars{"endsAt": crashStart.Add(48 * time.Hour)}, "endsAt", "2030-01-17T10:00:00Z"},
		},
		can: func() map[string]canType {
			return map[string]canType{"Event": canEvent(), "Occurrence": canOccurrence(), "Attendance": canAttendance()}
		},
		name: "event", access: eventAccess, crash: eventCrash, world: (*accessWorld).makeEvents,
		invariants: []invariant{crashState.checkDates, func(s crashState, say complaint) { s.checkSeats(say, "occurrences") }},
		secrets:    []string{"event", "draft", "date", "hiddenDate", "draftDate", "hiddenEvent", "attendance", "Festen hiddenEvent", "Festen event", "Festen draft"},
		hidden:     []string{"hiddenEvent", "hiddenDate", "Festen hiddenEvent"},
		sentAgain: []accessCall{
			does("cancelAttendance of the HIDDEN group", `cancelAttendance(input: {occurrenceId: $hiddenDate}) { occurrence { id event { title } } }`).ofOneself(),
			does("updateAttendance of the HIDDEN group", `updateAttendance(input: {occurrenceId: $hiddenDate, guests: 0}) { attendance { id } occurrence { id title } }`).ofOneself(),
			does("attendEvent and look", `attendEvent(input: {occurrenceId: $hiddenDate}) { occurrence { id event { title group { name } } viewerBooking { id } } }`),
		},
		lists: map[string]pagedList{
			"Query.events":           {"resident-1", `%s`, `list: events(%s)`, 3},
			"Query.occurrences":      {"resident-1", `%s`, `list: occurrences(%s)`, 3},
			"Event.occurrences":      {"resident-1", `event(id: $event) { %s }`, `list: occurrences(%s)`, 1},
			"Occurrence.attendances": {"leader-1", `node(id: $date) { ... on Occurrence { %s } }`, `list: attendances(%s)`, 3},
		},
		neverNull: map[string]string{
			"Attendance.viewerCan": "a rule on the booking and the viewer; an offer and others' bookings are judged by the date too, and no other booking is",
			"Event.viewerCan":      "a rule on the event at hand and the viewer",
			"Occurrence.viewerCan": "a rule on the event and the viewer's booking; an event that is gone allows nothing",
		},
		pages: (*pagesWorld).events, badInputs: eventBadInputs, notices: eventNotices,
		taps: []tapCase{
			{"EVENT_REMINDER", "CANCEL_ATTENDANCE", cancelledDate, already("resident", "cancelAttendance", "occurrence { id }"), "NOT_FOUND"},
			{"EVENT_REMINDER", "CANCEL_ATTENDANCE", cancelledDate, afterwards, ""}, // whoever was not there may say so when it is over
		},
		stored: map[string]enums{
			"events": {"state": "EventState", "category": "EventCategory", "signUp.questions.kind": "SignUpQuestionKind", "offsets": "ReminderOffset", "group.kind": "GroupKind", "group.visibility": "GroupVisibility",
				"coHosts.*.group.kind": "GroupKind", "coHosts.*.group.visibility": "GroupVisibility"},
			"occurrences": {"state": "EventState", "own": "TIME|TITLE|PLACE|CAPACITY|SIGN_UP|STATE", "signUp.questions.kind": "SignUpQuestionKind", "ownSignUp.questions.kind": "SignUpQuestionKind", "group.kind": "GroupKind", "group.visibility": "GroupVisibility",
				"telling.known.title.language": "Language", "telling.told.title.language": "Language", "telling.known.description.language": "Language"},
		},
		questions: map[string]string{
			"events: state= openTo= | startsAt _id":              "the coming events somebody may see",
			"events: areaId= state= openTo= | startsAt _id":      "those of an area",
			"events: groupId= state= openTo= | startsAt _id":     "those of a group",
			"events: category= state= openTo= | startsAt _id":    "those of a category",
			"events: organiserId= | _id":                         "the events that somebody has written",
			"events: coOrganiserIds= | _id":                      "the events of which somebody is a co-organiser",
			"events: groupId= group.version<":                    "whose card of the group is old",
			"events: series.dueAt< | series.dueAt _id":           "whose next date is over, or who gets another one",
			"occurrences: eventId= | startsAt _id":               "the dates of an event",
			"occurrences: state= openTo= | startsAt _id":         "the coming dates somebody may see",
			"occurrences: facets= state= openTo= | startsAt _id": "those of their groups and area",
			"occurrences: words= state= openTo= | startsAt _id":  "those with a word",
			"occurrences: state= startsAt> | startsAt _id":       "whose seats are counted",
			"occurrences: groupId= startsAt> | startsAt _id":     "the coming dates of a group",
			"occurrences: state= createdAt< | createdAt _id":     "dates whose event was never written",
		},
	}
}

var eventAccess = []accessCall{
	asks("events", `events { edges { node { id } } }`, "events"),
	asks("events of the MEMBERS group", `events(filter: {groupId: $members}) { edges { node { id } } }`, "events"),
	asks("events of the HIDDEN group", `events(filter: {groupId: $hidden}) { edges { node { id } } }`, "events"),
	asks("events DRAFT", `events(filter: {groupId: $members, state: DRAFT}) { edges { node { id } } }`, "events"),
	asks("occurrences", `occurrences { edges { node { id } } }`, "occurrences"),
	asks("occurrences of one's own", `occurrences(filter: {mine: true}) { edges { node { id } } }`, "occurrences"),
	asks("occurrences of the MEMBERS group", `occurrences(filter: {groupId: $members}) { edges { node { id title group { id } } } }`, "occurrences"),
	asks("occurrences of the HIDDEN group", `occurrences(filter: {groupId: $hidden}) { edges { node { id title } } }`, "occurrences"),
	asks("event of the MEMBERS group", `event(id: $event) { id }`, ""),
	asks("event of the HIDDEN group", `event(id: $hiddenEvent) { id }`, ""),
	asks("event DRAFT", `event(id: $draft) { id }`, ""),
	asks("node of date: attendances", `node(id: $publishedDate) { ... on Occurrence { attendances { edges { node { id } } } } }`, "node.attendances"),
	asks("node of members date: attendances", `node(id: $date) { ... on Occurrence { attendances { edges { node { id } } } } }`, "node.attendances"),
	asks("node of a date for members", `node(id: $date) { id }`, ""),
	asks("node of a date of a draft", `node(id: $draftDate) { id }`, ""),
	asks("node of the member's attendance", `node(id: $attendance) { id }`, ""),
	does("createEvent", `createEvent(input: {groupId: $members, title: "Ny", startsAt: "2035-06-01T18:00:00", endsAt: "2035-06-01T20:00:00"}) { event { id } }`),
	does("createEvent HIDDEN", `createEvent(input: {groupId: $hidden, title: "Ny", startsAt: "2035-06-01T18:00:00", endsAt: "2035-06-01T20:00:00"}) { event { id } }`),
	does("createEvent in a lokalforum", `createEvent(input: {groupId: $lokalforum, title: "Ny", startsAt: "2035-06-01T18:00:00", endsAt: "2035-06-01T20:00:00"}) { event { id } }`),
	does("updateEvent of the MEMBERS group", `updateEvent(input: {eventId: $event, title: "Ny"}) { event { id } }`),
	does("updateEvent of a group for all", `updateEvent(input: {eventId: $published, title: "Ny"}) { event { id } }`),
	does("updateEvent THIS", `updateEvent(input: {eventId: $weekly, scope: THIS, occurrenceId: $secondDate, title: "Ny"}) { event { id } }`),
	does("updateEvent THIS_AND_FOLLOWING", `updateEvent(input: {eventId: $weekly, scope: THIS_AND_FOLLOWING, occurrenceId: $secondDate, title: "Ny"}) { event { id } followingEvent { title } }`),
	does("updateEvent ALL", `updateEvent(input: {eventId: $weekly, scope: ALL, title: "Ny"}) { event { id } }`),
	does("updateEvent ALL HIDDEN", `updateEvent(input: {eventId: $hiddenEvent, scope: ALL, title: "Ny"}) { event { id } }`),
	does("publishEvent", `publishEvent(input: {eventId: $draft}) { event { id } }`),
	does("addCoOrganiser", `addCoOrganiser(input: {eventId: $event, personId: $member}) { event { id } }`),
	does("addCoOrganiser DRAFT", `addCoOrganiser(input: {eventId: $draft, personId: $member}) { event { id } }`),
	does("removeCoOrganiser", `removeCoOrganiser(input: {eventId: $event, personId: $member}) { event { id } }`),
	does("cancelEvent of a group for all", `cancelEvent(input: {eventId: $published}) { event { id } }`),
	does("attendEvent of the MEMBERS group", `attendEvent(input: {occurrenceId: $date}) { occurrence { id } }`),
	does("attendEvent of the HIDDEN group", `attendEvent(input: {occurrenceId: $hiddenDate}) { occurrence { id } }`),
	does("attendEvent DRAFT", `attendEvent(input: {occurrenceId: $draftDate}) { occurrence { id } }`),
	does("updateAttendance", `updateAttendance(input: {occurrenceId: $date, guests: 1}) { occurrence { id } }`),
	does("cancelAttendance", `cancelAttendance(input: {occurrenceId: $date}) { occurrence { id } }`),
	asks("node of an event", `node(id: $event) { id }`, ""),
}

var eventBadInputs = []badInput{
	{"an end before the start", "leader", createEventDoc, eventWith(vars{"endsAt": "2027-06-05T17:00:00"}), "BAD_USER_INPUT", "input.endsAt"},
	{"a zone that does not exist", "leader", createEventDoc, eventWith(vars{"timeZone": "Europe/Atlantis"}), "BAD_USER_INPUT", "input.timeZone"},
	{"the machine's own zone", "leader", createEventDoc, eventWith(vars{"timeZone": "Local"}), "BAD_USER_INPUT", "input.timeZone"},
	{"a zone that is a path", "leader", createEventDoc, eventWith(vars{"timeZone": "../../etc/passwd"}), "BAD_USER_INPUT", "input.timeZone"},
	{"a past event", "leader", createEventDoc, eventWith(vars{"startsAt": "2026-11-01T18:00:00", "endsAt": "2026-11-01T20:00:00"}), "BAD_USER_INPUT", "input.startsAt"},
	{"a time that summer time skips", "leader", createEventDoc, eventWith(vars{"startsAt": "2027-03-28T02:30:00", "endsAt": "2027-03-28T05:00:00"}), "BAD_USER_INPUT", "input.startsAt"},
	{"the 30th of February", "leader", createEventDoc, eventWith(vars{"startsAt": "2027-02-30T18:00:00"}), "BAD_USER_INPUT", "input.startsAt"},
	{"a time in words", "leader", createEventDoc, eventWith(vars{"startsAt": "i morgen"}), "BAD_USER_INPUT", "input.startsAt"},
	{"a time that is a number", "leader", createEventDoc, eventWith(vars{"startsAt": 1812312000}), "BAD_USER_INPUT", "input.startsAt"},
	{"an event of three weeks", "leader", createEventDoc, eventWith(vars{"endsAt": "2027-06-26T18:00:00"}), "BAD_USER_INPUT", "input.endsAt"},
	{"room for fewer than nobody", "leader", createEventDoc, eventWith(vars{"capacity": -1}), "BAD_USER_INPUT", "input.capacity"},
	{"a place beyond the pole", "leader", createEventDoc, eventWith(vars{"place": vars{"latitude": 91, "longitude": 11.7}}), "BAD_USER_INPUT", "input.place.latitude"},
	{"attending twice", "member", attendDoc, vars{"occurrenceId": "$date"}, "CONFLICT", ""},
	{"cancelling what is not there", "leader", leaveDateDoc, vars{"occurrenceId": "$date"}, "NOT_FOUND", ""},
	{"attending a draft", "member", attendDoc, vars{"occurrenceId": "$draftDate"}, "NOT_FOUND", ""},
	{"cancelling twice", "leader", cancelEventDoc, vars{"eventId": "$cancelled"}, "CONFLICT", ""},
	{"an edit of a series without a scope", "leader", updateEventDoc, vars{"eventId": "$weekly", "title": "Andet"}, "BAD_USER_INPUT", "input.scope"},
	{"a scope that does not exist", "leader", updateEventDoc, vars{"eventId": "$weekly", "scope": "SOME", "title": "Andet"}, "BAD_USER_INPUT", "input.scope"},
	{"an edit of one date that names none", "leader", updateEventDoc, vars{"eventId": "$weekly", "scope": "THIS", "title": "Andet"}, "BAD_USER_INPUT", "input.occurrenceId"},
	{"an edit of those behind a date that names none", "leader", updateEventDoc, vars{"eventId": "$weekly", "scope": "THIS_AND_FOLLOWING", "title": "Andet"}, "BAD_USER_INPUT", "input.occurrenceId"},
	{"an edit of a date of another event", "leader", updateEventDoc, vars{"eventId": "$weekly", "scope": "THIS", "occurrenceId": "$date", "title": "Andet"}, "NOT_FOUND", "input.occurrenceId"},
	{"an edit of a date of which people have booked one, without a plan", "leader", updateEventDoc, vars{"eventId": "$weekly", "scope": "ALL", "title": "Andet"}, "BAD_USER_INPUT", "input.planToken"},
	{"an edit by an old plan", "leader", updateEventDoc, vars{"eventId": "$weekly", "scope": "ALL", "planToken": "old", "title": "Andet"}, "VERSION_CONFLICT", "input.planToken"},
	{"the description of one date alone", "leader", updateEventDoc, vars{"eventId": "$weekly", "scope": "THIS", "occurrenceId": "$weeklyDate", "planToken": "old", "description": "Andet"}, "BAD_USER_INPUT", "input.description"},
	{"a weekday that the rule does not have", "leader", updateEventDoc, vars{"eventId": "$weekly", "scope": "ALL", "planToken": "old", "startsAt": "2027-06-09T18:00:00"}, "BAD_USER_INPUT", "input.startsAt"},
	{"a rule for those behind a date that has no end", "leader", updateEventDoc, vars{"eventId": "$weekly", "scope": "THIS_AND_FOLLOWING", "occurrenceId": "$weeklyDate", "recurrence": vars{"rule": "FREQ=WEEKLY"}}, "BAD_USER_INPUT", "input.recurrence.rule"},
	{"an exception that the rule does not have", "leader", updateEventDoc, vars{"eventId": "$weekly", "scope": "ALL", "recurrence": vars{"rule": "FREQ=WEEKLY;BYDAY=TU;COUNT=3", "exceptDates": []string{"2027-06-09T18:00:00"}}}, "BAD_USER_INPUT", "input.recurrence.exceptDates.0"},
	{"a rule for what happens once", "leader", updateEventDoc, vars{"eventId": "$event", "recurrence": vars{"rule": "FREQ=WEEKLY;COUNT=3"}}, "BAD_USER_INPUT", "input.recurrence"},
	{"a stale version", "leader", updateEventDoc, vars{"eventId": "$event", "expectedVersion": 1, "title": "Andet"}, "VERSION_CONFLICT", "input.expectedVersion"},
	{"a crowd of guests", "member", attendDoc, vars{"occurrenceId": "$date", "guests": 11}, "BAD_USER_INPUT", "input.guests"},
}

var eventNotices = []noticeCase{
	{"EVENT_PUBLISHED", "member", func(r *crashRig) { r.publishedEvent(r.group(nil, "member"), nil) }},
	{"EVENT_CANCELLED", "resident", func(r *crashRig) {
		e := r.attendedBy("resident")
		r.arrange("leader", "cancelEvent", vars{"eventId": e}, "event { id }")
	}},
	{"EVENT_MOVED", "resident", func(r *crashRig) {
		e := r.attendedBy("resident")
		r.arrange("leader", "updateEvent", vars{"eventId": e, "startsAt": "2030-06-01T17:00:00"}, "event { id }")
		r.later(10 * time.Minute)
	}},
	{"EVENT_CHANGED", "resident", func(r *crashRig) {
		e := r.attendedBy("resident")
		r.arrange("leader", "updateEvent", vars{"eventId": e, "title": "Mere fest"}, "event { id }")
		r.later(10 * time.Minute)
	}},
	{"EVENT_REMINDER", "resident", func(r *crashRig) {
		r.attendedBy("resident")
		r.later(time.Date(2030, 5, 31, 17, 0, 0, 0, time.UTC).Sub(r.clock.Now()))
	}},
	{"EVENT_CO_ORGANISER", "member", func(r *crashRig) {
		r.arrange("leader", "addCoOrganiser", vars{"eventId": r.publishedEvent(r.group(nil, "member"), nil), "personId": crashPerson("member")}, "event { id }")
	}},
	{"SEAT_GRANTED", "member", func(r *crashRig) {
		soon := r.date(vars{"capacity": 1, "startsAt": "2030-01-16T05:00:00", "endsAt": "2030-01-16T07:00:00"}, "resident", "member")
		r.arrange("resident", "cancelAttendance", vars{"occurrenceId": soon}, "occurrence { id }")
	}},
	{"BOOKING_ENDED", "member", func(r *crashRig) {
		e := r.attendedBy("resident")
		r.arrange("leader", "updateEvent", vars{"eventId": e, "capacity": 3}, "event { id }")
		r.arrange("member", "attendEvent", vars{"occurrenceId": dateOf(e), "guests": 2}, "occurrence { id }")
		r.arrange("leader", "updateEvent", vars{"eventId": e, "capacity": 2}, "event { id }")
	}},
}

const eventFields = `event { id title state version startsAt cancelReason occurrences { edges { node { id state startsAt capacity seatsLeft } } } }`

const cancelledDate = `occurrence { id viewerBooking { state } }`

const attendFields = `outcome { __typename ... on BookingConfirmed { booking { id state guests } }
	... on WaitlistJoined { position booking { id state guests } } } occurrence { id seatsLeft viewerBooking { state } }`

// Those in line may be offered the seats of guests a moment later, so that nothing is asked that tells of it.
const guestFields = `attendance { id guests } occurrence { seatsLeft viewerBooking { guests } }`

var eventCrash = []crashCase{
	{"createEvent", func(r *crashRig) crashCall {
		return crashCall{"leader", "createEvent", vars{"groupId": r.group(nil), "title": "Fest", "startsAt": "2030-06-01T18:00:00",
			"endsAt": "2030-06-01T20:00:00", "capacity": 3}, eventFields}
	}},
	{"addCoOrganiser", func(r *crashRig) crashCall {
		e := r.draft(r.group(nil, "member"), nil)
		return crashCall{"leader", "addCoOrganiser", vars{"eventId": e, "personId": crashPerson("member")}, "event { id version coOrganisers { id } }"}
	}},
	{"removeCoOrganiser", func(r *crashRig) crashCall {
		e := r.draft(r.group(nil, "member"), nil)
		r.arrange("leader", "addCoOrganiser", vars{"eventId": e, "personId": crashPerson("member")}, "event { id }")
		return crashCall{"leader", "removeCoOrganiser", vars{"eventId": e, "personId": crashPerson("member")}, "event { id version coOrganisers { id } }"}
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
	{"updateEvent of one date", func(r *crashRig) crashCall {
		return r.edit("THIS", vars{"startsAt": "2030-06-09T17:00:00", "title": "Mere fest"})
	}},
	{"updateEvent of a date and those behind", func(r *crashRig) crashCall {
		return r.edit("THIS_AND_FOLLOWING", vars{"startsAt": "2030-06-08T17:00:00", "title": "Mere fest"})
	}},
	{"updateEvent of all dates", func(r *crashRig) crashCall {
		return r.edit("ALL", vars{"startsAt": "2030-06-09T17:00:00"})
	}},
	{"updateEvent that cancels dates with people", func(r *crashRig) crashCall {
		return r.edit("ALL", vars{"cancelsBooked": true, "recurrence": vars{"rule": "FREQ=WEEKLY;COUNT=1"}, "occurrenceId": nil})
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
	{"createEvent that happens again", func(r *crashRig) crashCall {
		return crashCall{"leader", "createEvent", vars{"groupId": r.group(nil), "title": "Fest", "startsAt": "2030-06-01T18:00:00",
			"endsAt": "2030-06-01T20:00:00", "recurrence": vars{"rule": "FREQ=WEEKLY;COUNT=3"}}, eventFields}
	}},
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
	{"updateAttendance with more guests", func(r *crashRig) crashCall {
		return crashCall{"resident", "updateAttendance", vars{"occurrenceId": r.date(vars{"capacity": 3}, "resident"), "guests": 2}, guestFields}
	}},
	{"updateAttendance with fewer guests and a line behind", func(r *crashRig) crashCall {
		in := vars{"occurrenceId": r.date(vars{"capacity": 3}), "guests": 2}
		r.arrange("resident", "attendEvent", in, "occurrence { id }")
		for _, p := range []string{"member", "other"} {
			r.arrange(p, "attendEvent", vars{"occurrenceId": in["occurrenceId"]}, "occurrence { id }")
		}
		return crashCall{"resident", "updateAttendance", vars{"occurrenceId": in["occurrenceId"], "guests": 0}, guestFields}
	}},
	{"updateAttendance in line", func(r *crashRig) crashCall {
		in := vars{"occurrenceId": r.date(vars{"capacity": 2}, "resident"), "guests": 1}
		r.arrange("other", "attendEvent", in, "occurrence { id }")
		return crashCall{"other", "updateAttendance", vars{"occurrenceId": in["occurrenceId"], "guests": 0}, guestFields}
	}},
	{"cancelAttendance", func(r *crashRig) crashCall {
		return crashCall{"resident", "cancelAttendance", vars{"occurrenceId": r.date(vars{"capacity": 3}, "resident")},
			"occurrence { seatsLeft viewerBooking { state } }"}
	}},
	{"cancelAttendance with a line behind", func(r *crashRig) crashCall {
		return crashCall{"resident", "cancelAttendance", vars{"occurrenceId": r.date(vars{"capacity": 1}, "resident", "member", "other")},
			"occurrence { seatsLeft viewerBooking { state } }"}
	}},
	{"cancelAttendance in line", func(r *crashRig) crashCall {
		return crashCall{"other", "cancelAttendance", vars{"occurrenceId": r.date(vars{"capacity": 1}, "resident", "other", "member")},
			"occurrence { seatsLeft viewerBooking { state } }"}
	}},
	{"cancelAttendance that is offered", func(r *crashRig) crashCall {
		occurrenceID, _, _ := id.Split(r.offered("resident", "other", "member"))
		return crashCall{"other", "cancelAttendance", vars{"occurrenceId": occurrenceID}, "occurrence { seatsLeft viewerBooking { state } }"}
	}},
	{"updateEvent that is moved under an offer", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.group(nil), vars{"capacity": 1})
		for _, p := range []string{"resident", "other", "member"} {
			r.arrange(p, "attendEvent", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
		}
		r.arrange("resident", "cancelAttendance", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
		return crashCall{"leader", "updateEvent", vars{"eventId": e, "startsAt": "2030-01-16T05:00:00"}, eventFields}
	}},
	{"cancelEvent with a line and an offer", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.group(nil), vars{"capacity": 1})
		for _, p := range []string{"resident", "member", "other"} {
			r.arrange(p, "attendEvent", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
		}
		r.arrange("resident", "cancelAttendance", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
		return crashCall{"leader", "cancelEvent", vars{"eventId": e}, "event { id state }"}
	}},
	{"updateEvent that is smaller than a party in line", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.group(nil), vars{"capacity": 3})
		for i, p := range []string{"resident", "member", "other"} {
			r.arrange(p, "attendEvent", vars{"occurrenceId": dateOf(e), "guests": 2 * (i % 2)}, "occurrence { id }")
		}
		return crashCall{"leader", "updateEvent", vars{"eventId": e, "capacity": 1}, eventFields}
	}},
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

// attendedBy is a new published event to which somebody comes.
func (r *crashRig) attendedBy(who string) string {
	r.t.Helper()
	e := r.publishedEvent(r.group(nil), nil)
	r.arrange(who, "attendEvent", vars{"occurrenceId": dateOf(e)}, "occurrence { id }")
	return e
}

// heldIn is a group whose event only members see. The event has one seat, and these members
// have signed up in that order.
func (r *crashRig) heldIn(people ...string) (groupID, eventID string) {
	groupID = r.group(nil, people...)
	r.arrange("leader", "updateGroup", vars{"groupId": groupID, "visibility": "MEMBERS"}, "group { id }")
	eventID = r.publishedEvent(groupID, vars{"capacity": 1})
	for _, p := range people {
		r.arrange(p, "attendEvent", vars{"occurrenceId": dateOf(eventID)}, "occurrence { id }")
	}
	return groupID, eventID
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

// events makes three coming events in the open group, at which resident-1 has a place, and
// cancelled ones and drafts between them.
func (w *pagesWorld) events() {
	w.pastEvents()
	for i, state := range []string{"cancelled", "draft", "published", "cancelled", "cancelled", "published", "draft", "published", "cancelled"} {
		at := time.Date(2035, 6, 1+i/2, 18, 0, 0, 0, time.UTC).Format("2006-01-02T15:04")
		end := time.Date(2035, 6, 1+i/2, 20, 0, 0, 0, time.UTC).Format("2006-01-02T15:04")
		r := w.must("leader-1", as("mutation", fmt.Sprintf(`createEvent(input: {groupId: $open, title: "Fest %d", startsAt: %q, endsAt: %q})
			{ event { id occurrences { edges { node { id } } } } }`, i, at, end)), vars{"open": w.ids["open"]})
		w.ids["event"] = r.text("createEvent", "event", "id")
		w.ids["date"] = r.text("createEvent", "event", "occurrences", "edges", 0, "node", "id")
		if state == "draft" {
			continue
		}
		w.send("leader-1", `publishEvent(input: {eventId: $event}) { event { id } }`)
		for _, p := range []string{"resident-1", "resident-2", "resident-3", "leader-1"} {
			w.send(p, `attendEvent(input: {occurrenceId: $date}) { occurrence { id } }`)
		}
		w.send("resident-3", `cancelAttendance(input: {occurrenceId: $date}) { occurrence { id } }`)
		if state == "cancelled" {
			w.send("leader-1", `cancelEvent(input: {eventId: $event}) { event { id } }`)
		} else {
			w.ids["good"], w.ids["goodDate"] = w.ids["event"], w.ids["date"]
		}
	}
	w.ids["event"], w.ids["date"] = w.ids["good"], w.ids["goodDate"]
	delete(w.ids, "good")
	delete(w.ids, "goodDate")
}

// pastEvents makes two events at which resident-1 was, long ago.
func (w *pagesWorld) pastEvents() {
	for i := range 2 {
		r := w.must("leader-1", as("mutation", fmt.Sprintf(`createEvent(input: {groupId: $open, title: "Forbi %d", startsAt: "2035-05-01T18:00", endsAt: "2035-05-01T20:00"})
			{ event { id occurrences { edges { node { id } } } } }`, i)), vars{"open": w.ids["open"]})
		w.ids["event"], w.ids["date"] = r.text("createEvent", "event", "id"), r.text("createEvent", "event", "occurrences", "edges", 0, "node", "id")
		w.send("leader-1", `publishEvent(input: {eventId: $event}) { event { id } }`)
		w.send("resident-1", `attendEvent(input: {occurrenceId: $date}) { occurrence { id } }`)
		was := time.Date(2025, 6, 1+i, 18, 0, 0, 0, time.UTC)
		past := vars{"$set": vars{"startsAt": was, "endsAt": was.Add(2 * time.Hour)}}
		for collection, one := range map[string]vars{"events": {"_id": w.ids["event"]}, "occurrences": {"_id": w.ids["date"]},
			"bookings": {"_id": w.ids["date"] + ":" + w.personID("resident-1"), "bookableId": w.ids["date"]}} {
			if _, err := w.app.DB.Collection(collection).UpdateOne(w.t.Context(), one, past); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

// checkDates checks that every date has its event and follows it, and that the event follows
// its group.
func (s crashState) checkDates(say complaint) {
	events, groups := s.byID("events"), s.byID("groups")
	dates := map[any]int{}
	for _, o := range s["occurrences"] {
		e := events[o["eventId"].(string)]
		if e == nil {
			say("date %v has no event", o["_id"])
			continue
		}
		dates[e["_id"]]++
		s.checkDate(say, o, e)
	}
	for eventID, e := range events {
		checkSeries(say, e, dates[eventID], s.byID("occurrences"))
		card := e["group"].(map[string]any)
		isPublic := checkCard(say, e, card, groups[e["groupId"].(string)])
		hosts, _ := e["coHosts"].(map[string]any)
		for coGroupID, c := range hosts {
			if c := c.(map[string]any); c["acceptedAt"] != nil && checkCard(say, e, c["group"].(map[string]any), groups[coGroupID]) {
				isPublic = true
			}
		}
		if isPublic != (e["openTo"] == "*") {
			say("event %s: open to %v, of groups of which one is PUBLIC: %v", eventID, e["openTo"], isPublic)
		}
	}
}

// checkCard checks that an event has the newest copy of a group, and reports whether everyone may see the group.
func checkCard(say complaint, e, card, g map[string]any) (isPublic bool) {
	if card["version"] != g["version"] || card["name"] != g["name"] {
		say("event %s: card %v; its group has version %v", e["_id"], card, g["version"])
	}
	return g["visibility"] == "PUBLIC"
}

// checkDate checks that a date follows its event, but for what stands by itself.
func (s crashState) checkDate(say complaint, o, e map[string]any) {
	fields, stands := []string{"openTo"}, fmt.Sprint(o["own"])
	for own, follow := range map[string][]string{"STATE": {"state"}, "PLACE": {"place"}, "TITLE": {"title"}, "CAPACITY": {"capacity"}} {
		if !strings.Contains(stands, own) {
			fields = append(fields, follow...)
		}
	}
	if e["series"] == nil {
		fields = append(fields, "startsAt", "startsAtLocal", "endsAt", "timeZone")
	} else if wasOver(o, e["publishedAt"]) || wasOver(o, e["cancelledAt"]) {
		fields = slices.DeleteFunc(fields, func(field string) bool { return field == "state" }) // it stays as it was
	}
	for _, field := range append(fields, "group") {
		if !cmp.Equal(o[field], e[field]) {
			say("date %v has %s %v, its event %v", o["_id"], field, o[field], e[field])
		}
	}
}

// wasOver reports whether a date was over at an instant.
func wasOver(o map[string]any, at any) bool {
	then, ok := at.(time.Time)
	return ok && !o["endsAt"].(time.Time).After(then)
}

// checkSeries checks that an event has as many dates as its series knows of, or one.
func checkSeries(say complaint, e map[string]any, n int, dates map[string]map[string]any) {
	series, isSeries := e["series"].(map[string]any)
	if !isSeries {
		if n != 1 {
			say("event %s has %d dates", e["_id"], n)
		}
		return
	}
	first, _ := series["firstIds"].([]any)
	if n != len(first) {
		say("event %s has %d dates, and its series knows of %d", e["_id"], n, len(first))
	}
	for _, dateID := range first {
		if o := dates[dateID.(string)]; o == nil || o["eventId"] != e["_id"] {
			say("event %s has no date %v", e["_id"], dateID)
		}
	}
	if series["ended"] != nil || series["following"] != nil || series["cutAt"] != nil {
		say("event %s was edited in part: %v", e["_id"], series)
	}
	if series["placed"] != nil {
		say("event %s has dates without their slots", e["_id"])
	}
}
