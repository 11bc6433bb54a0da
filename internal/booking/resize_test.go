package booking_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/testkit"
)

// wantParty checks a person's state and number of guests.
func wantParty(t *testing.T, w *ct.World, name, eventID string, state booking.State, guests int) {
	t.Helper()
	if b := bookingOf(w, name, eventID); b.State != state || b.Guests != guests {
		t.Errorf("%s is %s with %d guests, want %s with %d", name, b.State, b.Guests, state, guests)
	}
}

// Who brings more or fewer guests keeps their seat, and the seats of guests who stay at home go to the
// line.
func TestGuestsChangeAndTheSeatStays(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(4))
	w.Person("cara")
	w.MustAttend("bo", e, 0)
	if err := w.Bring("bo", e, 2); err != nil {
		t.Fatal(err)
	}
	wantParty(t, w, "bo", e, booking.Confirmed, 2)
	w.MustAttend("cara", e, 1)
	wantParty(t, w, "cara", e, booking.Waitlisted, 1)
	if err := w.Bring("bo", e, 1); err != nil {
		t.Fatal(err)
	}
	wantParty(t, w, "bo", e, booking.Confirmed, 1)
	if cara := bookingOf(w, "cara", e); cara.State == booking.Waitlisted {
		t.Error("cara waits beside the two seats that she needs")
	}
	if b := w.CheckSeats(e); b.SeatsTaken != 4 {
		t.Errorf("%d seats are taken, want 4", b.SeatsTaken)
	}
}

// More guests than there are free seats, or seats for which others wait, are refused, and nothing has
// changed.
func TestMoreGuestsThanFitAreRefused(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(4))
	w.Person("cara")
	w.MustAttend("bo", e, 1)
	w.MustAttend("cara", e, 0)
	ct.WantKey(t, w.Bring("bo", e, 3), "booking.no_more")
	ct.WantKey(t, w.Bring("bo", e, 4), "booking.party")
	w.MustAttend("dan", e, 2)
	ct.WantKey(t, w.Bring("bo", e, 2), "booking.no_more") // one seat is free, and dan waits
	wantParty(t, w, "bo", e, booking.Confirmed, 1)
	wantParty(t, w, "dan", e, booking.Waitlisted, 2)
	w.CheckSeats(e)
}

// A person in line may come with fewer people, and gets seats as soon as they fit, at their old place.
func TestAPartyInLineChanges(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(3))
	w.Person("cara")
	w.MustAttend("bo", e, 1)
	w.MustAttend("cara", e, 2)
	if err := w.Bring("cara", e, 1); err != nil {
		t.Fatal(err)
	}
	wantParty(t, w, "cara", e, booking.Waitlisted, 1)
	answered := ct.Must(w.Events.UpdateAttendance(w.As("cara"), event.UpdateAttendanceInput{OccurrenceID: ct.DateOf(e), Guests: 0}))(t)
	if cara := bookingOf(w, "cara", e); cara.State != answered.State {
		t.Errorf("cara is %s, and was told %s", cara.State, answered.State)
	}
	if cara := bookingOf(w, "cara", e); cara.State == booking.Waitlisted || cara.Guests != 0 {
		t.Errorf("cara is %s with %d guests beside a free seat", cara.State, cara.Guests)
	}
	ct.WantKey(t, w.Bring("eva", e, 0), "booking.none")
	w.CheckSeats(e)
}

// Nobody changes their guests at what has started or is cancelled.
func TestGuestsAreFixedFromTheStart(t *testing.T) {
	t.Parallel()
	w, e := evening(t, nil)
	other := w.PublishedEvent("anna", w.Group("anna").ID, nil).ID
	for _, eventID := range []string{e, other} {
		w.MustAttend("bo", eventID, 1)
	}
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: other}))(t)
	ct.WantKey(t, w.Bring("bo", other, 0), "booking.guests.cancelled")
	w.Clock.Advance(w.Bookable(ct.DateOf(e)).StartsAt.Sub(w.Clock.Now()) + time.Minute)
	ct.WantKey(t, w.Bring("bo", e, 0), "booking.guests.started")
	wantParty(t, w, "bo", e, booking.Confirmed, 1)
}

// A process has taken seats for bo's guests and dies before it writes his booking. Bo gives up his seat
// meanwhile. The seats of the guests become free too, and those of nobody else.
func TestSeatsOfGuestsAreGivenBackIfTheBookingHasEnded(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(4))
	w.Person("cara")
	w.MustAttend("bo", e, 0)
	w.MustAttend("cara", e, 0)
	crasher := testkit.NewCrasher()
	dying := w.Again(testkit.WithCrasher(crasher))
	crasher.After(1)
	if err := dying.Bring("bo", e, 2); err == nil {
		t.Fatal("the process did not die")
	}
	if b := w.Bookable(ct.DateOf(e)); b.SeatsTaken != 4 {
		t.Fatalf("%d seats are taken, want 4: the test rests on that", b.SeatsTaken)
	}
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	w.RunPending()
	if b := w.CheckSeats(e); b.SeatsTaken != 1 {
		t.Errorf("%d seats are taken, want cara's", b.SeatsTaken)
	}
}
