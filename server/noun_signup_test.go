package main

import "strings"

// signUpNoun has the rows of what organisers ask of those who sign up.
func signUpNoun() noun {
	return noun{
		name: "signup", access: signUpAccess, crash: signUpCrash,
		notices: []noticeCase{
			{"BOOKING_REQUESTED", "leader", func(r *crashRig) { r.requested(2, "resident") }},
			{"BOOKING_APPROVED", "resident", func(r *crashRig) {
				r.arrange("leader", "approveBooking", vars{"bookingId": r.requested(2, "resident")}, "booking { id }")
			}},
		},
		taps: []tapCase{
			{"BOOKING_REQUESTED", "APPROVE_BOOKING", "booking { id state }", already("leader", "declineBooking", "booking { id }"), "CONFLICT"},
			{"BOOKING_REQUESTED", "DECLINE_BOOKING", "booking { id state }", already("leader", "approveBooking", "booking { id }"), "CONFLICT"},
		},
	}
}

var signUpAccess = []accessCall{
	does("approveBooking of the HIDDEN group", `approveBooking(input: {bookingId: $offer}) { booking { id } }`),
	does("approveBooking of what does not wait", `approveBooking(input: {bookingId: $attendance}) { booking { id } }`),
	does("declineBooking of the HIDDEN group", `declineBooking(input: {bookingId: $offer}) { booking { id } }`),
	does("declineBooking of what does not wait", `declineBooking(input: {bookingId: $attendance}) { booking { id } }`),
}

var signUpCrash = []crashCase{
	{"approveBooking", func(r *crashRig) crashCall {
		return crashCall{"leader", "approveBooking", vars{"bookingId": r.requested(2, "resident")}, offerFields}
	}},
	{"approveBooking that is full", func(r *crashRig) crashCall {
		bookingID := r.requested(1, "other", "resident")
		r.arrange("leader", "approveBooking", vars{"bookingId": dateOfBooking(bookingID) + ":" + crashPerson("other")}, "booking { id }")
		return crashCall{"leader", "approveBooking", vars{"bookingId": bookingID}, offerFields}
	}},
	{"declineBooking", func(r *crashRig) crashCall {
		return crashCall{"leader", "declineBooking", vars{"bookingId": r.requested(2, "resident"), "reason": "Fuldt bord"}, offerFields}
	}},
	{"attendEvent that needs approval", func(r *crashRig) crashCall {
		date := dateOfBooking(r.requested(2, "other"))
		return crashCall{"resident", "attendEvent", vars{"occurrenceId": date, "guests": 1}, attendFields}
	}},
}

// requested is the booking of the last of these people, who have asked to come to a new date that needs approval.
func (r *crashRig) requested(capacity int, people ...string) string {
	date := r.date(vars{"capacity": capacity, "signUp": vars{"needsApproval": true}}, people...)
	return date + ":" + crashPerson(people[len(people)-1])
}

func dateOfBooking(bookingID string) string {
	date, _, _ := strings.Cut(bookingID, ":")
	return date
}
