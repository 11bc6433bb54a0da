package main

import (
	"fmt"
	"time"
)

// checkInNoun has the rows of what is done at the door.
func checkInNoun() noun {
	return noun{
		name: "checkin", access: checkInAccess, crash: checkInCrash, badInputs: checkInBadInputs,
	}
}

var checkInAccess = []accessCall{
	does("checkIn at the MEMBERS group", `checkIn(input: {bookingId: $attendance}) { already }`),
	does("checkIn at the HIDDEN group", `checkIn(input: {bookingId: $offer}) { already }`),
	does("undoCheckIn at the MEMBERS group", `undoCheckIn(input: {bookingId: $attendance}) { booking { id } }`),
	does("undoCheckIn at the HIDDEN group", `undoCheckIn(input: {bookingId: $offer}) { booking { id } }`),
	does("closeAttendance at the MEMBERS group", `closeAttendance(input: {occurrenceId: $date}) { came missed }`),
	does("closeAttendance at the HIDDEN group", `closeAttendance(input: {occurrenceId: $hiddenDate}) { came missed }`),
	does("closeAttendance of a group for all", `closeAttendance(input: {occurrenceId: $publishedDate}) { came missed }`),
	asks("node of members date: list of who comes", `node(id: $date) { ... on Occurrence { attendanceList { expiresAt } } }`, ""),
}

const (
	checkInDoc         = `mutation ($input: CheckInInput!) { checkIn(input: $input) { already } }`
	undoCheckInDoc     = `mutation ($input: UndoCheckInInput!) { undoCheckIn(input: $input) { booking { id } } }`
	closeAttendanceDoc = `mutation ($input: CloseAttendanceInput!) { closeAttendance(input: $input) { came } }`
)

var checkInBadInputs = []badInput{
	{"neither a booking nor a code", "leader", checkInDoc, vars{}, "BAD_USER_INPUT", "input.bookingId"},
	{"a code that nobody made", "leader", checkInDoc, vars{"code": "O7ZZZZZZZZZZZZZZZZZZZZZZZZZ7ZZZZZZZZZZZZZZZZZZZZZZZZZ0MZZZZZZZAAAAAAAAAAAAAAAAAAAAAAAA"}, "BAD_USER_INPUT", "input.code"},
	{"what is no code", "leader", checkInDoc, vars{"code": "æøå"}, "BAD_USER_INPUT", "input.code"},
	{"an arrival that is to come", "leader", checkInDoc, vars{"bookingId": "$date:$member", "at": "2034-12-01T00:00:00Z"}, "BAD_USER_INPUT", "input.at"},
	{"an arrival of last week", "leader", checkInDoc, vars{"bookingId": "$date:$member", "at": "2020-01-01T00:00:00Z"}, "CONFLICT", "input.at"},
	{"an arrival before the doors open", "leader", checkInDoc, vars{"bookingId": "$date:$member"}, "CONFLICT", "input.bookingId"},
	{"a session that is no session", "leader", checkInDoc, vars{"bookingId": "$date:$member", "sessionId": "$date"}, "BAD_ID", "input.sessionId"},
	{"undoing what was not done", "leader", undoCheckInDoc, vars{"bookingId": "$date:$member"}, "CONFLICT", "input.bookingId"},
	{"closing what has not begun", "leader", closeAttendanceDoc, vars{"occurrenceId": "$date"}, "CONFLICT", "input.occurrenceId"},
}

const checkInFields = `already isFlagged booking { id state ... on Enrolment { sessionsAttended { id } } }`

var checkInCrash = []crashCase{
	{"checkIn", func(r *crashRig) crashCall {
		return crashCall{"leader", "checkIn", vars{"bookingId": r.atDoor("resident")}, checkInFields}
	}},
	{"checkIn of somebody who has left", func(r *crashRig) crashCall {
		bookingID := r.atDoor("resident")
		r.arrange("resident", "cancelAttendance", vars{"occurrenceId": dateOfBooking(bookingID)}, "occurrence { id }")
		at := r.clock.Now()
		r.later(time.Hour)
		return crashCall{"leader", "checkIn", vars{"bookingId": bookingID, "at": at}, checkInFields}
	}},
	{"checkIn at a session", func(r *crashRig) crashCall {
		c := r.course(2, "resident")
		r.later(time.Date(2030, 3, 1, 16, 0, 0, 0, time.UTC).Sub(r.clock.Now()))
		return crashCall{"staff", "checkIn", vars{"bookingId": c + ":" + crashPerson("resident")}, checkInFields}
	}},
	{"undoCheckIn", func(r *crashRig) crashCall {
		bookingID := r.atDoor("resident")
		r.arrange("leader", "checkIn", vars{"bookingId": bookingID}, "already")
		return crashCall{"leader", "undoCheckIn", vars{"bookingId": bookingID}, "booking { id state }"}
	}},
	{"undoCheckIn after closing", func(r *crashRig) crashCall {
		bookingID := r.atDoor("resident")
		r.arrange("leader", "checkIn", vars{"bookingId": bookingID}, "already")
		r.arrange("leader", "closeAttendance", vars{"occurrenceId": dateOfBooking(bookingID)}, "came")
		return crashCall{"leader", "undoCheckIn", vars{"bookingId": bookingID}, "booking { id state }"}
	}},
	{"undoCheckIn at a session", func(r *crashRig) crashCall {
		c := r.course(2, "resident")
		r.later(time.Date(2030, 3, 1, 16, 0, 0, 0, time.UTC).Sub(r.clock.Now()))
		r.arrange("staff", "checkIn", vars{"bookingId": c + ":" + crashPerson("resident")}, "already")
		return crashCall{"staff", "undoCheckIn", vars{"bookingId": c + ":" + crashPerson("resident"), "sessionId": r.sessionOf(c)}, "booking { id state }"}
	}},
	{"closeAttendance", func(r *crashRig) crashCall {
		bookingID := r.atDoor("resident", "other")
		r.arrange("leader", "checkIn", vars{"bookingId": bookingID}, "already")
		return crashCall{"leader", "closeAttendance", vars{"occurrenceId": dateOfBooking(bookingID)}, "came missed occurrence { id state }"}
	}},
}

// atDoor is the booking of the first of these people, who have signed up for a new date, when it starts.
func (r *crashRig) atDoor(people ...string) string {
	date := r.date(nil, people...)
	r.later(time.Date(2030, 6, 1, 16, 0, 0, 0, time.UTC).Sub(r.clock.Now()))
	return date + ":" + crashPerson(people[0])
}

// canAtDoor are the cases of bookings while people are let in.
func canAtDoor() []canCase {
	var cases []canCase
	for _, state := range []string{"CONFIRMED", "ATTENDED", "NO_SHOW", "CANCELLED"} {
		cases = append(cases, canCase{fmt.Sprintf("at the door, %s", state), func(r *crashRig) canThing {
			bookingID := r.atDoor("resident", "other")
			switch state {
			case "ATTENDED":
				r.arrange("leader", "checkIn", vars{"bookingId": bookingID}, "already")
			case "NO_SHOW":
				r.arrange("leader", "closeAttendance", vars{"occurrenceId": dateOfBooking(bookingID)}, "came")
			case "CANCELLED":
				r.arrange("resident", "cancelAttendance", vars{"occurrenceId": dateOfBooking(bookingID)}, "occurrence { id }")
			}
			return canThing{id: bookingID, ids: map[string]string{"thing": dateOfBooking(bookingID)}}
		}, []string{"", "resident", "member", "leader", "staff", "admin"}})
	}
	return cases
}

// canAtSession are the same at a session of a course.
func canAtSession() []canCase {
	var cases []canCase
	for _, isIn := range []bool{false, true} {
		cases = append(cases, canCase{fmt.Sprintf("at a session, in: %t", isIn), func(r *crashRig) canThing {
			c := r.course(2, "resident")
			r.later(time.Date(2030, 3, 1, 16, 0, 0, 0, time.UTC).Sub(r.clock.Now()))
			bookingID := c + ":" + crashPerson("resident")
			if isIn {
				r.arrange("staff", "checkIn", vars{"bookingId": bookingID}, "already")
			}
			return canThing{id: bookingID, ids: map[string]string{"thing": c, "session": r.sessionOf(c)}}
		}, []string{"", "resident", "member", "staff", "admin"}})
	}
	return cases
}
