package main

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/id"
)

// bookedThing is a thing with a way of signing up for it and of giving that up.
type bookedThing struct {
	name, id, noun    string
	offersSignUp      string // the action of the thing
	signUp, cancel    string
	persona, personID string
	collection        string
	change            vars // what makes the thing what its name says; nil: nothing
}

// mayDo are what the viewer may do, as viewerCan of the thing and of their booking says. Of what
// is not there they may do nothing.
func (b bookedThing) mayDo(h *harness) []any {
	r := h.do(b.persona, `query ($thing: ID!, $booking: ID!) { thing: node(id: $thing) { ... on Occurrence { can: viewerCan } ... on Course { may: viewerCan } }
		booking: node(id: $booking) { ... on Booking { viewerCan } } }`, vars{"thing": b.id, "booking": booking.IDOf(b.id, b.personID)})
	var all []any
	for _, list := range []any{r.at("thing", "can"), r.at("thing", "may"), r.at("booking", "viewerCan")} {
		some, _ := list.([]any)
		all = append(all, some...)
	}
	return all
}

// put makes the thing and the viewer's booking what they shall be, whatever has been done to
// them; an empty state is no booking.
func (b bookedThing) put(t *testing.T, h *harness, state booking.State, offerExpiresAt *time.Time) {
	t.Helper()
	if b.change != nil {
		if _, err := h.app.DB.Collection(b.collection).UpdateOne(t.Context(), vars{"_id": b.id}, vars{"$set": b.change}); err != nil {
			t.Fatal(err)
		}
	}
	list, now := h.app.DB.Collection("bookings"), h.app.DB.Now()
	bookingID := booking.IDOf(b.id, b.personID)
	if _, err := list.DeleteOne(t.Context(), vars{"_id": bookingID, "bookableId": b.id}); err != nil {
		t.Fatal(err)
	}
	if state == "" {
		return
	}
	_, err := list.InsertOne(t.Context(), &booking.Booking{ID: bookingID, BookableID: b.id, Sort: id.Prefix(b.id), PersonID: b.personID, State: state,
		StartsAt: now.Add(time.Hour), CreatedAt: now, QueuedAt: now, OfferExpiresAt: offerExpiresAt, Version: 1})
	if err != nil {
		t.Fatal(err)
	}
}

// does are the mutations, by the action that offers them.
func (b bookedThing) does() map[string]string {
	answer := `(input: {bookingId: "` + booking.IDOf(b.id, b.personID) + `"}) { booking { id } }`
	thing := `(input: {` + b.noun + `Id: "` + b.id + `"})`
	return map[string]string{
		b.offersSignUp: b.signUp + thing + ` { outcome { __typename } }`, "CANCEL": b.cancel + thing + ` { __typename }`,
		"ACCEPT_OFFER": "acceptOffer" + answer, "DECLINE_OFFER": "declineOffer" + answer,
	}
}

// viewerCan of a booking, and of what is booked, lists exactly what the server accepts, in every
// state of the booking and of the thing.
func TestViewerCanOfBookingsIsWhatTheServerAccepts(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	h.signUpPersonas()
	var offered, refused int
	for _, thing := range h.bookedThings() {
		for _, state := range append(slices.Clone(booking.States), "EXPIRED") {
			var until *time.Time
			switch at := h.app.DB.Now(); state {
			case booking.Offered:
				at = at.Add(time.Hour)
				until = &at
			case "EXPIRED":
				at = at.Add(-time.Hour)
				state, until = booking.Offered, &at
			}
			thing.put(t, h, state, until)
			can := thing.mayDo(h)
			for action, mutation := range thing.does() {
				thing.put(t, h, state, until)
				r := h.do(thing.persona, as("mutation", mutation), nil)
				accepted := len(r.Errors) == 0 && r.text(thing.signUp, "outcome", "__typename") != "BookingRefused"
				if accepted != slices.Contains(can, any(action)) {
					t.Errorf("%s, %q until %v: can %v, and %s gives %v, %v", thing.name, state, until, can, action, r.Data, r.Errors)
				}
				if accepted {
					offered++
				} else {
					refused++
				}
			}
		}
	}
	if offered < 40 || refused < 100 {
		t.Errorf("%d calls were accepted and %d refused: this proves nothing", offered, refused)
	}
}

// bookedThings are dates and courses, each in a state of its own.
func (h *harness) bookedThings() (list []bookedThing) {
	h.t.Helper()
	begun, over, cancelled := vars{"startsAt": h.app.DB.Now().Add(-time.Hour)}, vars{"state": "COMPLETED"}, vars{"state": "CANCELLED"}
	noSeats := vars{"capacity": 0, "seatsLeft": 0}
	groupID := h.must("leader-1", as("mutation", `createGroup(input: {name: "Gården", kind: HOUSING}) { group { id } }`), nil).text("createGroup", "group", "id")
	for name, change := range map[string]vars{"a date": nil, "a date that has begun": begun, "a cancelled date": cancelled, "a date for members": {"openTo": groupID}} {
		eventID := h.publishTo(groupID, name)
		list = append(list, bookedThing{name: name, id: dateOf(eventID), noun: "occurrence", offersSignUp: "ATTEND", signUp: "attendEvent", cancel: "cancelAttendance", collection: "occurrences", change: change})
	}
	for name, change := range map[string]vars{"a course": nil, "a completed course": over, "a course without seats": noSeats} {
		courseID := h.must("staff-1", as("mutation", `createCourse(input: {title: [{language: DA, text: "Kursus"}],
			sessions: [{startsAt: "2035-03-01T17:00:00", endsAt: "2035-03-01T19:00:00"}]}) { course { id } }`), nil).text("createCourse", "course", "id")
		h.must("staff-1", as("mutation", `publishCourse(input: {courseId: $course}) { course { id } }`), vars{"course": courseID})
		list = append(list, bookedThing{name: name, id: courseID, noun: "course", offersSignUp: "ENROL", signUp: "enrolInCourse", cancel: "cancelEnrolment", collection: "courses", change: change})
	}
	for i := range list {
		list[i].persona, list[i].personID = "resident-2", h.people["resident-2"]
	}
	return list
}
