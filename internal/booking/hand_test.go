package booking_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
)

// byPhone signs somebody without an account up for the date of an event.
func byPhone(eventID, name string, guests int) booking.HandInput {
	date, contact := ct.DateOf(eventID), "12 34 56 78"
	return booking.HandInput{OccurrenceID: &date, GuestName: &name, Contact: &contact, Guests: &guests}
}

func TestReservedSeatsAreUsedByHandWhenNoneAreFree(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(3), booking.TermsInput{ReservedSeats: 2})
	w.MustAttend("bo", e, 0)
	if s := w.MustAttend("cara", e, 0); s != booking.Waitlisted {
		t.Errorf("a reserved seat was given out by itself: %s", s)
	}
	done := ct.Must(w.Bookings.SignUpByHand(w.As("anna"), byPhone(e, "Oda", 0)))(t)
	if done.Reserved != 1 || !done.PassedLine || done.PassedWindow {
		t.Errorf("signed up by hand: %+v", done)
	}
	_, err := w.Bookings.SignUpByHand(w.As("anna"), byPhone(e, "Ib", 1))
	ct.WantKey(t, err, "booking.hand.full")
	w.RunPending()
	if b := w.Bookable(ct.DateOf(e)); b.Reserved != 1 || b.FreeSeats != 0 || b.SeatsTaken != 2 || len(b.Claims) != 0 {
		t.Errorf("seats %+v", b.Seats)
	}
	_, err = w.Bookings.SignUpByHand(w.As("bo"), byPhone(e, "Ib", 0))
	ct.WantKey(t, err, "group.permission")
}

func TestWhoeverIsRemovedHearsWhyAndTheNextGetsTheSeat(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(1))
	w.MustAttend("bo", e, 0)
	w.MustAttend("cara", e, 0)
	reason := "Du er flyttet til et andet hold."
	ct.Must(w.Bookings.Remove(w.As("anna"), decide("bo", e, &reason)))(t)
	want(t, w, e, map[string]booking.State{"bo": booking.Cancelled, "cara": booking.Confirmed})
	w.CheckSeats(e)
	if jobs := w.Jobs(booking.NoticeBookingEnded); len(jobs) != 1 || jobs[0].Data["Reason"] != reason {
		t.Errorf("told %+v", jobs)
	}
	_, err := w.Bookings.Remove(w.As("anna"), decide("bo", e, nil))
	ct.WantKey(t, err, "booking.hand.none")
}

func TestNamesOfPeopleWithoutAnAccountGo(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(3), booking.TermsInput{})
	ct.Must(w.Bookings.SignUpByHand(w.As("anna"), byPhone(e, "Oda", 1)))(t)
	b := w.BookingsAt(ct.DateOf(e))[0]
	if b.PersonID != "" || b.State != booking.Confirmed || b.GuestName == nil || *b.GuestName != "Oda" || b.Contact == nil || b.Guests != 1 {
		t.Errorf("the booking %+v", b)
	}
	w.Clock.Advance(45 * 24 * time.Hour)
	if err := w.Bookings.ForgetGuests(t.Context()); err != nil {
		t.Fatal(err)
	}
	if b := w.BookingsAt(ct.DateOf(e))[0]; b.GuestName != nil || b.Contact != nil {
		t.Errorf("kept: %+v", b)
	}
}
