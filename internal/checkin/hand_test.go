package checkin_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/checkin"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
)

// Whoever is signed up by hand at the door is in as if they had been checked in, whatever they had before.
func TestWalkInsAreCheckedIn(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo", "cara", "dan")
	for _, name := range []string{"eva", "finn"} {
		w.Person(name)
	}
	date := ct.DateOf(e.ID)
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Capacity: optional.Of(7), SignUp: optional.Of(booking.TermsInput{ReservedSeats: 4})}))(t)
	w.RunPending()
	if s := w.MustAttend("eva", e.ID, 1); s != booking.Waitlisted { // three free seats are kept back
		t.Fatalf("eva is %s", s)
	}
	if err := w.Leave("bo", e.ID); err != nil {
		t.Fatal(err)
	}
	ready(w, e)
	w.Set(t.Context(), "bookings", bookingOf("cara", e), map[string]any{"state": booking.Offered, "offerExpiresAt": w.Clock.Now().Add(time.Hour)})
	oda := "Oda"
	walkIn := func(name string) booking.HandInput {
		person := ct.PersonID(name)
		return booking.HandInput{OccurrenceID: &date, PersonID: &person, CheckIn: true}
	}
	at := func(bookingID string) booking.Booking {
		list := w.BookingsAt(date)
		return list[slices.IndexFunc(list, func(b booking.Booking) bool { return b.ID == bookingID })]
	}
	for who, in := range map[string]booking.HandInput{
		"cancelled": walkIn("bo"), "offered": walkIn("cara"), "in line": walkIn("eva"), "new": walkIn("finn"),
		"without an account": {OccurrenceID: &date, GuestName: &oda, CheckIn: true},
	} {
		came := w.Clock.Now()
		done := ct.Must(w.Bookings.SignUpByHand(w.As("anna"), in))(t)
		w.Clock.Advance(time.Minute)
		if b := at(done.BookingID); b.State != booking.Attended || b.CheckIn == nil || !b.CheckIn.At.Equal(came) || b.CheckIn.Was != booking.Confirmed || b.HadEnded() || b.OfferExpiresAt != nil {
			t.Errorf("%s: %+v, let in %+v", who, b, b.CheckIn)
		}
		again := ct.Must(w.CheckIns.CheckIn(w.As("anna"), checkin.Input{BookingID: &done.BookingID}))(t)
		if !again.IsAlready || again.Since == nil || !again.Since.Equal(came) || again.HadEnded {
			t.Errorf("%s is checked in once more: %+v", who, again)
		}
		ct.Must(w.CheckIns.Undo(w.As("anna"), checkin.UndoInput{BookingID: done.BookingID}))(t)
		if b := at(done.BookingID); b.State != booking.Confirmed || b.CheckIn != nil {
			t.Errorf("%s, after it is undone: %+v", who, b)
		}
	}
	w.CheckSeats(e.ID)
	// Somebody at the door who does not decide who comes signs up those who stand there, and nobody else.
	_, err := w.Bookings.SignUpByHand(w.As("bo"), booking.HandInput{OccurrenceID: &date, GuestName: &oda, CheckIn: true})
	ct.WantKey(t, err, "checkin.permission")
}

// People without an account stay on the list of a course until 30 days after its last session, however long ago the first was.
func TestNamesStayWhileACourseGoesOn(t *testing.T) {
	t.Parallel()
	w, staff, c := school(t)
	name, contact := "Oda", "12 34 56 78"
	ct.Must(w.Bookings.SignUpByHand(staff, booking.HandInput{CourseID: &c.ID, GuestName: &name, Contact: &contact}))(t)
	w.RunPending()
	last := c.Sessions[0].StartsAt.Add(60 * 24 * time.Hour)
	w.Set(t.Context(), "courses", c.ID, map[string]any{"endsAt": last})
	for _, row := range []struct {
		at     time.Time
		isKept bool
	}{{c.Sessions[0].StartsAt.Add(31 * 24 * time.Hour), true}, {last.Add(29 * 24 * time.Hour), true}, {last.Add(31 * 24 * time.Hour), false}} {
		w.Clock.Advance(row.at.Sub(w.DB.Now()))
		if err := w.Bookings.ForgetGuests(t.Context()); err != nil {
			t.Fatal(err)
		}
		if b := w.BookingsAt(c.ID)[0]; (b.GuestName != nil && b.Contact != nil) != row.isKept {
			t.Errorf("at %v: %+v", row.at, b)
		}
	}
}
