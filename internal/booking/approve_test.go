package booking_test

import (
	"testing"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
)

func decide(name, eventID string, reason *string) booking.DecideInput {
	return booking.DecideInput{BookingID: booking.IDOf(ct.DateOf(eventID), ct.PersonID(name)), Reason: reason}
}

func TestApprovalHoldsNoSeatUntilItIsGiven(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(1), booking.TermsInput{NeedsApproval: true})
	for _, name := range []string{"bo", "cara", "dan"} {
		w.Person(name)
		if s := w.MustAttend(name, e, 0); s != booking.PendingApproval {
			t.Errorf("%s is %s", name, s)
		}
	}
	if b := w.CheckSeats(e); b.SeatsTaken != 0 {
		t.Errorf("%d seats are taken by people who wait for approval", b.SeatsTaken)
	}
	if jobs := w.Jobs(booking.NoticeRequested); len(jobs) != 3 {
		t.Errorf("the organiser is told %d times", len(jobs))
	}
	for range 2 {
		_, err := w.Bookings.Approve(w.As("bo"), decide("bo", e, nil))
		ct.WantKey(t, err, "group.permission")
	}
	ct.Must(w.Bookings.Approve(w.As("anna"), decide("bo", e, nil)))(t)
	ct.Must(w.Bookings.Approve(w.As("anna"), decide("cara", e, nil)))(t)
	reason := "Der er ikke flere hjælpere."
	ct.Must(w.Bookings.DeclineBooking(w.As("anna"), decide("dan", e, &reason)))(t)
	want(t, w, e, map[string]booking.State{"bo": booking.Confirmed, "cara": booking.Waitlisted, "dan": booking.Declined})
	for _, b := range w.BookingsAt(ct.DateOf(e)) {
		if b.PersonID == ct.PersonID("dan") && (b.EndedBecause == nil || *b.EndedBecause != booking.EndedNotApproved || *b.EndedReason != reason) {
			t.Errorf("dan's booking %+v", b)
		}
	}
	for name, action := range map[string]string{"bo": "booking.approved", "cara": "booking.approved", "dan": "booking.declined"} {
		entries := ct.Must(w.Audit.Of(t.Context(), booking.IDOf(ct.DateOf(e), ct.PersonID(name))))(t)
		if len(entries) != 1 || entries[0].Action != action || entries[0].Actor != ct.PersonID("anna") {
			t.Errorf("recorded about %s: %+v", name, entries)
		}
	}
	for _, name := range []string{"bo", "cara", "dan"} {
		_, err := w.Bookings.Approve(w.As("anna"), decide(name, e, nil))
		ct.WantKey(t, err, "booking.not_pending")
	}
	if approved, ended := w.Jobs(booking.NoticeApproved), w.Jobs(booking.NoticeBookingEnded); len(approved) != 2 || len(ended) != 1 || ended[0].Data["Reason"] != reason {
		t.Errorf("told of approvals %+v, of the end %+v", approved, ended)
	}
	if b := w.CheckSeats(e); b.SeatsTaken != 1 {
		t.Errorf("%d seats are taken", b.SeatsTaken)
	}
}

// Whoever asked before a required question was there has not answered it. Approved, they are offered the seat, with what is
// still to be answered, as others are whose turn comes.
func TestApprovedWithoutAnswersIsOfferedNotGranted(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(1), booking.TermsInput{NeedsApproval: true})
	if s := w.MustAttend("bo", e, 0); s != booking.PendingApproval {
		t.Fatalf("bo is %s", s)
	}
	ask(t, w, e, booking.TermsInput{NeedsApproval: true, Questions: questions()})
	ct.Must(w.Bookings.Approve(w.As("anna"), decide("bo", e, nil)))(t)
	w.RunPending()
	want(t, w, e, map[string]booking.State{"bo": booking.Offered})
	ct.WantField(t, w.Accept("bo", e), "input.answers")
	ct.Must(w.Bookings.AcceptOffer(w.As("bo"), booking.OfferInput{BookingID: booking.IDOf(ct.DateOf(e), ct.PersonID("bo")), Answers: answers(w, e)}))(t)
	want(t, w, e, map[string]booking.State{"bo": booking.Confirmed})
	w.CheckSeats(e)
}
