package main

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/community"
)

// bookingNoun has the rows of bookings and of offered seats.
func bookingNoun() noun {
	return noun{
		nudges: map[string]nudge{
			"Booking": {"bookings", vars{"guests": 4}, "guests", 4.0},
		},
		name: "booking", access: bookingAccess, crash: slices.Concat(bookingCrash, handCrash),
		repair: func(ctx context.Context, c *community.Community) ([]string, error) {
			return repairsOf(c.Bookings.Repair(ctx))
		},
		sentAgain: []accessCall{
			does("declineOffer of the HIDDEN group", `declineOffer(input: {bookingId: $offer}) { booking { id } }`).ofOneself(),
		},
		badInputs: handBadInputs,
		notices: []noticeCase{
			{"SEAT_OFFERED", "other", func(r *crashRig) { r.offered("resident", "other") }},
			{"SIGNED_UP_BY_HAND", "resident", func(r *crashRig) {
				r.arrange("leader", "signUpByHand", byHand(r.date(nil), "resident", nil), "booking { id }")
			}},
		},
		taps: []tapCase{
			{"SEAT_OFFERED", "ACCEPT_OFFER", "booking { id state }", afterwards, "CONFLICT"},
			{"SEAT_OFFERED", "DECLINE_OFFER", "booking { id state }", afterwards, "CONFLICT"},
		},
		stored: map[string]enums{"bookings": {"state": "BookingState", "endedBecause": "EndedBecause", "endedFrom": "BookingState", "checkIn.was": "BookingState", "checkIn.because": "EndedBecause", "answers.kind": "SignUpQuestionKind"}},
		questions: map[string]string{
			"bookings: bookableId= state= guests< | queuedAt _id":       "who is first in line and fits",
			"bookings: bookableId= state= | createdAt _id":              "who comes, in the order of signing up",
			"bookings: bookableId= state= personId> | personId":         "whom to tell",
			"bookings: personId= sort= state= startsAt> | startsAt _id": "the coming dates that somebody has booked",
			"bookings: personId= sort= | createdAt _id":                 "all courses that somebody has enrolled in",
			"bookings: hasNames= startsAt<":                             "whose guests' names are to be forgotten",
		},
	}
}

var bookingAccess = []accessCall{
	does("acceptOffer of the HIDDEN group", `acceptOffer(input: {bookingId: $offer}) { booking { id } }`),
	does("acceptOffer of what is not offered", `acceptOffer(input: {bookingId: $attendance}) { booking { id } }`),
	does("declineOffer of the HIDDEN group", `declineOffer(input: {bookingId: $offer}) { booking { id } }`),
	does("signUpByHand of an open event", `signUpByHand(input: {occurrenceId: $publishedDate, guestName: "Oda"}) { booking { id } }`),
	does("signUpByHand of the MEMBERS group", `signUpByHand(input: {occurrenceId: $date, guestName: "Oda"}) { booking { id } }`),
	does("signUpByHand of the HIDDEN group", `signUpByHand(input: {occurrenceId: $hiddenDate, guestName: "Oda", contact: "12345678"}) { booking { id } }`),
	does("signUpByHand of somebody who is in", `signUpByHand(input: {occurrenceId: $date, personId: $member}) { booking { id } }`),
	does("signUpByHand of a course", `signUpByHand(input: {courseId: $course, guestName: "Oda"}) { booking { id } }`),
	does("removeBooking of the MEMBERS group", `removeBooking(input: {bookingId: $attendance, reason: "a"}) { booking { id } }`),
	does("removeBooking of the HIDDEN group", `removeBooking(input: {bookingId: $offer}) { booking { id } }`),
	does("removeBooking of a course", `removeBooking(input: {bookingId: $enrolment}) { booking { id } }`),
}

const offerFields = `booking { ... on Attendance { id state guests offerExpiresAt occurrence { seatsLeft } } ... on Enrolment { id state offerExpiresAt course { seatsLeft } } }`

var bookingCrash = []crashCase{
	{"acceptOffer", func(r *crashRig) crashCall {
		return crashCall{"other", "acceptOffer", vars{"bookingId": r.offered("resident", "other", "member")}, offerFields}
	}},
	{"acceptOffer of a course", func(r *crashRig) crashCall {
		c := r.course(1, "resident", "member")
		r.arrange("resident", "cancelEnrolment", vars{"courseId": c}, "course { id }")
		return crashCall{"member", "acceptOffer", vars{"bookingId": c + ":" + crashPerson("member")}, offerFields}
	}},
	{"declineOffer with a line behind", func(r *crashRig) crashCall {
		return crashCall{"other", "declineOffer", vars{"bookingId": r.offered("resident", "other", "member")}, offerFields}
	}},
	{"declineOffer", func(r *crashRig) crashCall {
		return crashCall{"other", "declineOffer", vars{"bookingId": r.offered("resident", "other")}, offerFields}
	}},
}

// byHand is somebody whom an organiser signs up for a date: one of the people, or a guest with that name.
func byHand(occurrenceID, who string, more vars) vars {
	in := vars{"occurrenceId": occurrenceID}
	if _, isPerson := crashPeople[who]; isPerson {
		in["personId"] = crashPerson(who)
	} else {
		in["guestName"], in["contact"] = who, "12 34 56 78"
	}
	maps.Copy(in, more)
	return in
}

const handFields = `booking { ... on Attendance { id state guests guestName contact occurrence { seatsLeft } } ... on Enrolment { id state course { seatsLeft } } } reservedSeatsUsed passedLine passedWindow`

var handCrash = []crashCase{
	{"signUpByHand of a person", func(r *crashRig) crashCall {
		return crashCall{"leader", "signUpByHand", byHand(r.date(vars{"capacity": 2}), "resident", vars{"guests": 1}), handFields}
	}},
	{"signUpByHand of a guest with a reserved seat", func(r *crashRig) crashCall {
		date := r.date(vars{"capacity": 2, "signUp": vars{"reservedSeats": 1}}, "other", "resident")
		return crashCall{"leader", "signUpByHand", byHand(date, "Oda", nil), handFields}
	}},
	{"signUpByHand of somebody in line", func(r *crashRig) crashCall {
		date := r.date(vars{"capacity": 3, "signUp": vars{"reservedSeats": 2}}, "other", "resident", "member")
		return crashCall{"leader", "signUpByHand", byHand(date, "member", nil), handFields}
	}},
	{"signUpByHand of somebody with an offer", func(r *crashRig) crashCall {
		date := dateOfBooking(r.offered("resident", "other", "member"))
		return crashCall{"leader", "signUpByHand", byHand(date, "other", nil), handFields}
	}},
	{"signUpByHand of somebody who waits for approval", func(r *crashRig) crashCall {
		date := dateOfBooking(r.requested(2, "resident"))
		return crashCall{"leader", "signUpByHand", byHand(date, "resident", nil), handFields}
	}},
	{"signUpByHand at the door", func(r *crashRig) crashCall {
		date := r.date(vars{"capacity": 2, "endsAt": "2030-06-01T23:30:00"})
		r.later(time.Date(2030, 6, 1, 16, 30, 0, 0, time.UTC).Sub(r.clock.Now()))
		return crashCall{"leader", "signUpByHand", byHand(date, "resident", vars{"checkIn": true}), handFields}
	}},
	{"signUpByHand of a course", func(r *crashRig) crashCall {
		return crashCall{"staff", "signUpByHand", vars{"courseId": r.course(1), "personId": crashPerson("resident")}, handFields}
	}},
	{"removeBooking with a line behind", func(r *crashRig) crashCall {
		date := r.date(vars{"capacity": 1}, "resident", "other")
		return crashCall{"leader", "removeBooking", vars{"bookingId": date + ":" + crashPerson("resident"), "reason": "Dobbelt tilmeldt"}, offerFields}
	}},
	{"removeBooking of somebody in line", func(r *crashRig) crashCall {
		date := r.date(vars{"capacity": 1}, "resident", "other")
		return crashCall{"leader", "removeBooking", vars{"bookingId": date + ":" + crashPerson("other")}, offerFields}
	}},
	{"removeBooking of a guest", func(r *crashRig) crashCall {
		made := r.arrange("leader", "signUpByHand", byHand(r.date(vars{"capacity": 1}), "Oda", nil), "booking { id }")
		return crashCall{"leader", "removeBooking", vars{"bookingId": made.text("signUpByHand", "booking", "id")}, offerFields}
	}},
	{"removeBooking of a course", func(r *crashRig) crashCall {
		return crashCall{"staff", "removeBooking", vars{"bookingId": r.course(1, "resident", "other") + ":" + crashPerson("resident")}, offerFields}
	}},
}

// offered is the place of the second of these people at a new date with one seat, which the
// first has given back.
func (r *crashRig) offered(people ...string) string {
	occurrenceID := r.date(vars{"capacity": 1}, people...)
	r.arrange(people[0], "cancelAttendance", vars{"occurrenceId": occurrenceID}, "occurrence { id }")
	return occurrenceID + ":" + crashPerson(people[1])
}

// holding are the states of a place that has a seat.
var holding = []string{"CONFIRMED", "OFFERED", "ATTENDED", "NO_SHOW"}

// checkSeats checks that the seats taken are those of the places, that none is given out twice,
// and that nobody waits for a seat that is free.
func (s crashState) checkSeats(say complaint, bookables string) {
	for _, b := range s[bookables] {
		taken, waiting, least := 0, 0, 1<<20
		for _, p := range s["bookings"] {
			if p["bookableId"] != b["_id"] {
				continue
			}
			seats := 1 + p["guests"].(int)
			switch st := p["state"].(string); {
			case slices.Contains(holding, st):
				taken += seats
			case st == "WAITLISTED":
				waiting, least = waiting+1, min(least, seats)
			}
			if !p["startsAt"].(time.Time).Equal(b["startsAt"].(time.Time)) {
				say("booking %v starts at another time than its %s", p["_id"], bookables)
			}
		}
		if waiting > 0 && (b["state"] == "COMPLETED" || b["state"] == "CANCELLED") {
			say("%s %v: %d wait for what is over", bookables, b["_id"], waiting)
		}
		left := b["seatsLeft"].(int)
		if b["seatsTaken"] != taken {
			say("%s %v: %v seats taken, the bookings hold %d", bookables, b["_id"], b["seatsTaken"], taken)
		}
		// People keep their seats when the capacity is lowered.
		isLowered := b["capacityVersion"] != nil
		reserved, _ := b["reserved"].(int)
		if c, limited := b["capacity"].(int); limited && (left != c-taken-reserved || left < 0 && !isLowered) {
			say("%s %v: %d seats left of %d with %d taken", bookables, b["_id"], left, c, taken)
		}
		if hasQueue, _ := b["hasQueue"].(bool); waiting > 0 && !hasQueue {
			say("%s %v: %d wait without a line", bookables, b["_id"], waiting)
		}
		// Free seats may wait for a larger party at the head of the line.
		kept, _ := b["kept"].(map[string]any)
		if b["state"] == "PUBLISHED" && waiting > 0 && left >= least && kept["since"] == nil {
			say("%s %v: %d wait though %d seats are free", bookables, b["_id"], waiting, left)
		}
	}
}

const (
	signUpByHandDoc  = `mutation ($input: SignUpByHandInput!) { signUpByHand(input: $input) { booking { id } } }`
	removeBookingDoc = `mutation ($input: DecideBookingInput!) { removeBooking(input: $input) { booking { id } } }`
)

var handBadInputs = []badInput{
	{"nothing to sign up for", "leader", signUpByHandDoc, vars{"guestName": "Oda"}, "BAD_USER_INPUT", "input.occurrenceId"},
	{"a date and a course", "leader", signUpByHandDoc, vars{"occurrenceId": "$date", "courseId": "$course", "guestName": "Oda"}, "BAD_USER_INPUT", "input.occurrenceId"},
	{"nobody to sign up", "leader", signUpByHandDoc, vars{"occurrenceId": "$date"}, "BAD_USER_INPUT", "input.personId"},
	{"a person and a guest", "leader", signUpByHandDoc, vars{"occurrenceId": "$date", "personId": "$other", "guestName": "Oda"}, "BAD_USER_INPUT", "input.personId"},
	{"a person who does not exist", "leader", signUpByHandDoc, vars{"occurrenceId": "$date", "personId": "$unknown.per"}, "NOT_FOUND", "input.personId"},
	{"a person who is banned", "leader", signUpByHandDoc, vars{"occurrenceId": "$date", "personId": "$banned"}, "NOT_FOUND", "input.personId"},
	{"a person who is in already", "leader", signUpByHandDoc, vars{"occurrenceId": "$date", "personId": "$member"}, "CONFLICT", ""},
	{"how to reach a person with an account", "leader", signUpByHandDoc, vars{"occurrenceId": "$date", "personId": "$other", "contact": "12345678"}, "BAD_USER_INPUT", "input.contact"},
	{"a guest without a name", "leader", signUpByHandDoc, vars{"occurrenceId": "$date", "guestName": " "}, "BAD_USER_INPUT", "input.guestName"},
	{"a guest with too long a name", "leader", signUpByHandDoc, vars{"occurrenceId": "$date", "guestName": strings.Repeat("a", 61)}, "BAD_USER_INPUT", "input.guestName"},
	{"a guest with a name of two lines", "leader", signUpByHandDoc, vars{"occurrenceId": "$date", "guestName": "Oda\nIb"}, "BAD_USER_INPUT", "input.guestName"},
	{"eleven guests of a guest", "leader", signUpByHandDoc, vars{"occurrenceId": "$date", "guestName": "Oda", "guests": 11}, "BAD_USER_INPUT", "input.guests"},
	{"more people than seats", "leader", signUpByHandDoc, vars{"occurrenceId": "$date", "guestName": "Oda", "guests": 5}, "CONFLICT", ""},
	{"somebody at the door months ahead", "leader", signUpByHandDoc, vars{"occurrenceId": "$date", "guestName": "Oda", "checkIn": true}, "CONFLICT", "input.checkIn"},
	{"somebody for a cancelled date", "leader", signUpByHandDoc, vars{"occurrenceId": "$cancelledDate", "guestName": "Oda"}, "CONFLICT", ""},
	{"somebody for a date one may not see", "member", signUpByHandDoc, vars{"occurrenceId": "$hiddenDate", "guestName": "Oda"}, "NOT_FOUND", ""},
	{"somebody by whoever does not organise", "member", signUpByHandDoc, vars{"occurrenceId": "$date", "guestName": "Oda"}, "FORBIDDEN", ""},
	{"guests on a course", "leader", signUpByHandDoc, vars{"courseId": "$course", "guestName": "Oda", "guests": 1}, "BAD_USER_INPUT", "input.guests"},
	{"somebody at the door of a course", "leader", signUpByHandDoc, vars{"courseId": "$course", "guestName": "Oda", "checkIn": true}, "BAD_USER_INPUT", "input.checkIn"},
	{"removing nobody", "leader", removeBookingDoc, vars{"bookingId": "$date:$other"}, "NOT_FOUND", ""},
	{"removing what is no booking", "leader", removeBookingDoc, vars{"bookingId": "$date"}, "BAD_ID", "input.bookingId"},
	{"removing with a novel", "leader", removeBookingDoc, vars{"bookingId": "$date:$member", "reason": strings.Repeat("a", 501)}, "BAD_USER_INPUT", "input.reason"},
	{"removing by whoever does not organise", "member", removeBookingDoc, vars{"bookingId": "$date:$member"}, "FORBIDDEN", ""},
}
