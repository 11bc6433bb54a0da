package booking_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
)

// party is a world with a published event three days away, at which these people
// have signed up one after the other.
func party(t *testing.T, seats int, names ...string) (*ct.World, string) {
	t.Helper()
	w := ct.New(t)
	return w, partyIn(w, seats, names...)
}

func partyIn(w *ct.World, seats int, names ...string) string {
	w.T.Helper()
	e := w.PublishedAt("anna", w.Group("anna").ID, w.Clock.Now().Add(72*time.Hour), ct.Seats(seats)).ID
	for _, name := range names {
		w.MustAttend(name, e, 0)
		w.Clock.Advance(time.Second)
	}
	return e
}

func leave(t *testing.T, w *ct.World, name, eventID string) {
	t.Helper()
	if err := w.Leave(name, eventID); err != nil {
		t.Fatalf("%s leaves: %v", name, err)
	}
}

// deadlineOf is the deadline of a person's offer.
func deadlineOf(w *ct.World, name, eventID string) time.Time {
	w.T.Helper()
	for _, p := range w.BookingsAt(ct.DateOf(eventID)) {
		if p.PersonID == ct.PersonID(name) && p.OfferExpiresAt != nil {
			return *p.OfferExpiresAt
		}
	}
	w.T.Fatalf("%s is offered nothing", name)
	return time.Time{}
}

func TestFreedSeatIsOfferedToTheFirstInLine(t *testing.T) {
	t.Parallel()
	w, e := party(t, 1, "bo", "cara", "dan")
	leave(t, w, "bo", e)
	want(t, w, e, map[string]booking.State{"cara": booking.Offered, "dan": booking.Waitlisted})
	if b := w.CheckSeats(e); b.SeatsTaken != 1 || *b.SeatsLeft() != 0 {
		t.Errorf("an offered seat is not held: %+v", b.Seats)
	}
	if s := w.MustAttend("eva", e, 0); s != booking.Waitlisted {
		t.Errorf("a newcomer is %s beside an offered seat", s)
	}
	deadline := deadlineOf(w, "cara", e)
	if expected, ok := booking.OfferDeadline(w.Clock.Now(), ct.Noon.Add(72*time.Hour), usual); !ok || !deadline.Equal(expected) {
		t.Errorf("the deadline is %v, want %v", deadline, expected)
	}
	jobs := w.Jobs(booking.NoticeSeatOffered)
	if len(jobs) != 1 || jobs[0].Audiences[0].IDs[0] != ct.PersonID("cara") || !jobs[0].ExpiresAt.Equal(deadline) ||
		jobs[0].Data["DeadlineAt"] != "2026-05-02T08:00:00Z" || len(w.Jobs(booking.NoticeSeatGranted)) != 0 {
		t.Errorf("news %+v", jobs)
	}

	if err := w.Accept("cara", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Confirmed})
	w.Clock.Advance(24 * time.Hour)
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Confirmed, "dan": booking.Waitlisted})
	if b := w.CheckSeats(e); b.SeatsTaken != 1 {
		t.Errorf("%d seats taken", b.SeatsTaken)
	}
	ct.WantKey(t, w.Accept("cara", e), "booking.no_offer")
}

func TestDeclinedSeatGoesToTheNext(t *testing.T) {
	t.Parallel()
	w, e := party(t, 1, "bo", "cara", "dan", "eva")
	leave(t, w, "bo", e)
	if err := w.Decline("cara", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Declined, "dan": booking.Offered, "eva": booking.Waitlisted})
	w.CheckSeats(e)
	leave(t, w, "dan", e) // dan declines his offer by leaving
	want(t, w, e, map[string]booking.State{"dan": booking.Declined, "eva": booking.Offered})
	w.CheckSeats(e)
	for name, key := range map[string]string{"cara": "booking.no_offer", "dan": "booking.no_offer", "bo": "booking.no_offer", "finn": "booking.none"} {
		ct.WantKey(t, w.Accept(name, e), key)
		ct.WantKey(t, w.Decline(name, e), key)
	}
	// A person who has declined may come again, behind the others.
	if s := w.MustAttend("cara", e, 0); s != booking.Waitlisted {
		t.Errorf("again after declining: %s", s)
	}
	w.CheckSeats(e)
}

func TestOfferRunsOut(t *testing.T) {
	t.Parallel()
	w, e := party(t, 1, "bo", "cara", "dan")
	leave(t, w, "bo", e)
	first := deadlineOf(w, "cara", e)
	w.Clock.Advance(first.Sub(w.Clock.Now()) - time.Millisecond)
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Offered})
	w.Clock.Advance(time.Millisecond)
	ct.WantKey(t, w.Accept("cara", e), "booking.no_offer") // the timer is late
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Cancelled, "dan": booking.Offered})
	wantEnded(t, w, "cara", e, booking.EndedOfferLapsed)
	w.CheckSeats(e)
	if got := deadlineOf(w, "dan", e); !got.After(first) {
		t.Errorf("the next has until %v", got)
	}
	w.Clock.Advance(48 * time.Hour)
	w.Fire()
	want(t, w, e, map[string]booking.State{"dan": booking.Cancelled})
	if b := w.CheckSeats(e); b.SeatsTaken != 0 || b.HasQueue {
		t.Errorf("nobody is left in line: %+v", b.Seats)
	}
	if jobs := w.Jobs(booking.NoticeSeatOffered); len(jobs) != 2 {
		t.Errorf("%d pieces of news", len(jobs))
	}
}

// The deadline of an offer that was declined does not end a later offer to the same person.
func TestEachOfferHasItsOwnDeadline(t *testing.T) {
	t.Parallel()
	w, e := party(t, 1, "bo", "cara")
	leave(t, w, "bo", e)
	first := deadlineOf(w, "cara", e)
	w.Clock.Advance(11 * time.Hour)
	if err := w.Decline("cara", e); err != nil {
		t.Fatal(err)
	}
	w.MustAttend("dan", e, 0)
	w.MustAttend("cara", e, 0)
	leave(t, w, "dan", e)
	second := deadlineOf(w, "cara", e)
	if !second.After(first) {
		t.Fatalf("until %v and then until %v: nothing is tested", first, second)
	}
	w.Clock.Advance(first.Sub(w.Clock.Now()))
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Offered})
	w.Clock.Advance(second.Sub(w.Clock.Now()))
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Cancelled})
	w.CheckSeats(e)
}

func TestNearTheStartASeatIsGranted(t *testing.T) {
	t.Parallel()
	w, e := party(t, 1, "bo", "cara", "dan")
	leave(t, w, "bo", e)
	w.Clock.Advance(49 * time.Hour) // past cara's deadline, with less than a day to go
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Cancelled, "dan": booking.Confirmed})
	w.CheckSeats(e)
	if jobs := w.Jobs(booking.NoticeSeatGranted); len(jobs) != 1 || jobs[0].Audiences[0].IDs[0] != ct.PersonID("dan") {
		t.Errorf("news %+v", jobs)
	}
}

func TestMoreSeatsAreSeveralOffers(t *testing.T) {
	t.Parallel()
	w, e := party(t, 1, "bo", "cara", "dan", "eva")
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e, Capacity: optional.Of(3)}))(t)
	want(t, w, e, map[string]booking.State{"bo": booking.Confirmed, "cara": booking.Offered, "dan": booking.Offered, "eva": booking.Waitlisted})
	w.CheckSeats(e)
	// Lowering the capacity takes no offer back.
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e, Capacity: optional.Of(1)}))(t)
	if err := w.Accept("dan", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Offered, "dan": booking.Confirmed})
	leave(t, w, "cara", e)
	want(t, w, e, map[string]booking.State{"eva": booking.Waitlisted})
	if b := w.CheckSeats(e); b.FreeSeats != -1 {
		t.Errorf("seats %+v", b.Seats)
	}
}

func TestOffersEndWithWhatIsCancelled(t *testing.T) {
	t.Parallel()
	w, e := party(t, 1, "bo", "cara", "dan")
	leave(t, w, "bo", e)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e}))(t)
	ct.WantKey(t, w.Accept("cara", e), "booking.cancelled")
	w.Clock.Advance(48 * time.Hour)
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Cancelled, "dan": booking.Cancelled})
	wantEnded(t, w, "cara", e, booking.EndedOver)
	wantEnded(t, w, "dan", e, booking.EndedOver)
	w.CheckSeats(e)
	if jobs := w.Jobs(booking.NoticeSeatOffered); len(jobs) != 1 {
		t.Errorf("%d pieces of news", len(jobs))
	}
}

func TestMovedStartShortensOffers(t *testing.T) {
	t.Parallel()
	w, e := party(t, 1, "bo", "cara", "dan")
	leave(t, w, "bo", e)
	move := func(start time.Time) {
		t.Helper()
		from, to := clock.LocalOf(start, clock.Copenhagen), clock.LocalOf(start.Add(time.Hour), clock.Copenhagen)
		ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e, StartsAt: optional.Of(from), EndsAt: optional.Of(to)}))(t)
	}
	first := deadlineOf(w, "cara", e)
	move(w.Clock.Now().Add(120 * time.Hour))
	if got := deadlineOf(w, "cara", e); !got.Equal(first) {
		t.Errorf("later: %v, want %v", got, first)
	}
	move(ct.Noon.Add(20 * time.Hour)) // 10:00: twelve hours before is 22:00
	evening := time.Date(2026, 5, 1, 18, 0, 0, 0, time.UTC)
	if got := deadlineOf(w, "cara", e); !got.Equal(evening) {
		t.Errorf("nearer: %v, want %v", got, evening)
	}
	w.RunPending()
	if got := deadlineOf(w, "cara", e); !got.Equal(evening) {
		t.Errorf("after the sweep: %v, want %v", got, evening)
	}
	start := ct.Noon.Add(3 * time.Hour)
	move(start)
	if got := deadlineOf(w, "cara", e); !got.Equal(start) {
		t.Errorf("soon: %v, want %v", got, start)
	}
	w.Clock.Advance(start.Sub(w.Clock.Now()))
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Cancelled})
	wantEnded(t, w, "dan", e, booking.EndedOver)
	w.CheckSeats(e)
}

func TestOnlyOnesOwnOffer(t *testing.T) {
	t.Parallel()
	w, e := party(t, 1, "bo", "cara", "dan")
	leave(t, w, "bo", e)
	caras := booking.IDOf(ct.DateOf(e), ct.PersonID("cara"))
	for bookingID, kind := range map[string]fault.Kind{
		caras: fault.KindNotFound, ct.DateOf(e): fault.KindInvalid, e + ":" + ct.PersonID("dan"): fault.KindInvalid,
		"": fault.KindInvalid, ":": fault.KindInvalid, ct.DateOf(e) + ":" + ct.DateOf(e): fault.KindInvalid,
	} {
		in := booking.OfferInput{BookingID: bookingID}
		_, err := w.Bookings.AcceptOffer(w.Stranger("dan"), in)
		ct.WantKind(t, err, kind)
		_, err = w.Bookings.DeclineOffer(w.Stranger("dan"), in)
		ct.WantKind(t, err, kind)
	}
	_, err := w.Bookings.AcceptOffer(t.Context(), booking.OfferInput{BookingID: caras})
	ct.WantKind(t, err, fault.KindUnauthenticated)
	want(t, w, e, map[string]booking.State{"cara": booking.Offered})
}
