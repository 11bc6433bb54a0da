package main

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/community"
)

// bookingNoun has the rows of bookings and of offered seats.
func bookingNoun() noun {
	return noun{
		nudges: map[string]nudge{
			"Booking": {"bookings", vars{"guests": 4}, "guests", 4.0},
		},
		name: "booking", access: bookingAccess, crash: bookingCrash,
		repair: func(ctx context.Context, c *community.Community) ([]string, error) {
			return repairsOf(c.Bookings.Repair(ctx))
		},
		sentAgain: []accessCall{
			does("declineOffer of the HIDDEN group", `declineOffer(input: {bookingId: $offer}) { booking { id } }`).ofOneself(),
		},
		notices: []noticeCase{
			{"SEAT_OFFERED", "other", func(r *crashRig) { r.offered("resident", "other") }},
		},
		taps: []tapCase{
			{"SEAT_OFFERED", "ACCEPT_OFFER", "booking { id state }", afterwards, "CONFLICT"},
			{"SEAT_OFFERED", "DECLINE_OFFER", "booking { id state }", afterwards, "CONFLICT"},
		},
		stored: map[string]enums{"bookings": {"state": "BookingState", "endedBecause": "EndedBecause", "endedFrom": "BookingState"}},
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
