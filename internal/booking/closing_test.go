package booking_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
)

// pretix#1031, #681: nobody is promoted after sign-up has closed, and who waits is told.
func TestKnownBreak37NobodyIsPromotedAfterClosing(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(1), booking.TermsInput{ClosesAt: onWall("2026-05-03T14:00:00")})
	for _, name := range []string{"bo", "cara", "dan"} {
		w.Person(name)
		w.MustAttend(name, e, 0)
		w.Clock.Advance(time.Second)
	}
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Offered, "dan": booking.Waitlisted})
	if err := w.Accept("cara", e); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(48 * time.Hour)
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Confirmed, "dan": booking.Cancelled})
	wantEnded(t, w, "dan", e, booking.EndedClosed)
	if jobs := w.Jobs(booking.NoticeBookingEnded); len(jobs) != 1 || jobs[0].Audiences[0].IDs[0] != ct.PersonID("dan") {
		t.Errorf("told of the end: %+v", jobs)
	}
	if err := w.Leave("cara", e); err != nil {
		t.Fatal(err)
	}
	if b := w.CheckSeats(e); b.FreeSeats != 1 || b.SeatsTaken != 0 {
		t.Errorf("%d free, %d taken", b.FreeSeats, b.SeatsTaken)
	}
}

// An offer never outlasts sign-up, also if that is closed earlier than it was to be.
func TestOffersEndWhenSignUpCloses(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(1), booking.TermsInput{ClosesAt: onWall("2026-05-01T19:00:00")})
	w.MustAttend("bo", e, 0)
	w.MustAttend("cara", e, 0)
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	closes := time.Date(2026, 5, 1, 17, 0, 0, 0, time.UTC)
	offer := func() *booking.Booking {
		for _, b := range w.BookingsAt(ct.DateOf(e)) {
			if b.State == booking.Offered {
				return &b
			}
		}
		return nil
	}
	if b := offer(); b == nil || !b.OfferExpiresAt.Equal(closes) {
		t.Fatalf("the offer %+v", b)
	}
	ask(t, w, e, booking.TermsInput{ClosesAt: onWall("2026-05-01T16:00:00")})
	if b := offer(); b == nil || !b.OfferExpiresAt.Equal(closes.Add(-3*time.Hour)) {
		t.Fatalf("the offer after sign-up closes earlier %+v", b)
	}
	w.Clock.Advance(3 * time.Hour)
	w.Fire()
	want(t, w, e, map[string]booking.State{"cara": booking.Cancelled})
	w.CheckSeats(e)
}

// Where too little time is left for an offer before sign-up closes, the seat is given at once.
func TestSeatsAreGrantedJustBeforeClosing(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(1), booking.TermsInput{ClosesAt: onWall("2026-05-01T15:30:00")})
	w.MustAttend("bo", e, 0)
	w.MustAttend("cara", e, 0)
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Confirmed})
}

// Organisers decide until the start; who is not answered by then is told.
func TestApprovalAfterClosingAndUntilTheStart(t *testing.T) {
	t.Parallel()
	w, e := asking(t, ct.Noon.Add(72*time.Hour), ct.Seats(1), booking.TermsInput{NeedsApproval: true, ClosesAt: onWall("2026-05-02T14:00:00")})
	for _, name := range []string{"bo", "cara", "dan"} {
		w.Person(name)
		w.MustAttend(name, e, 0)
	}
	w.Clock.Advance(48 * time.Hour)
	w.Fire()
	want(t, w, e, map[string]booking.State{"bo": booking.PendingApproval, "cara": booking.PendingApproval})
	ct.Must(w.Bookings.Approve(w.As("anna"), decide("bo", e, nil)))(t)
	_, err := w.Bookings.Approve(w.As("anna"), decide("cara", e, nil))
	ct.WantKey(t, err, "booking.approve.full")
	if err := w.Leave("dan", e); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(24 * time.Hour)
	w.Fire()
	want(t, w, e, map[string]booking.State{"bo": booking.Confirmed, "cara": booking.Cancelled, "dan": booking.Cancelled})
	wantEnded(t, w, "cara", e, booking.EndedOver)
	if jobs := w.Jobs(booking.NoticeBookingEnded); len(jobs) != 1 || jobs[0].Audiences[0].IDs[0] != ct.PersonID("cara") {
		t.Errorf("told of the end: %+v", jobs)
	}
	_, err = w.Bookings.Approve(w.As("anna"), decide("cara", e, nil))
	ct.WantKey(t, err, "booking.not_pending")
	w.CheckSeats(e)
}

// Guests are named where the organiser asks for it, and forgotten 30 days after the end.
func TestGuestsAreNamedAndForgotten(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(5), booking.TermsInput{NamesGuests: true, MaxGuests: ct.Seats(2)})
	_, err := w.Attend("bo", e, 3)
	ct.WantField(t, err, "input.guests")
	_, err = w.Attend("bo", e, 2)
	ct.WantField(t, err, "input.guestNames")
	_, err = attend(w, "bo", e, func(in *event.AttendInput) { in.Guests, in.GuestNames = 2, []string{"Ida"} })
	ct.WantField(t, err, "input.guestNames")
	_, err = attend(w, "bo", e, func(in *event.AttendInput) {
		in.Guests, in.GuestNames, in.GuestAgeBands = 2, []string{"Ida", "Per"}, []booking.AgeBand{booking.Age3To6}
	})
	ct.WantField(t, err, "input.guestAgeBands")
	_, err = attend(w, "bo", e, func(in *event.AttendInput) {
		in.Guests, in.GuestNames, in.GuestAgeBands = 2, []string{"Ida", "Per"}, []booking.AgeBand{booking.Age3To6, booking.AgeGrownUp}
	})
	if err != nil {
		t.Fatal(err)
	}
	named := func() []booking.NamedGuest { return w.BookingsAt(ct.DateOf(e))[0].NamedGuests }
	if got := named(); len(got) != 2 || got[0].Name != "Ida" || *got[1].AgeBand != booking.AgeGrownUp {
		t.Errorf("guests %+v", got)
	}
	if err := w.Bring("bo", e, 1); err != nil || len(named()) != 1 {
		t.Errorf("with one guest: %v, %+v", err, named())
	}
	ct.WantField(t, w.Bring("bo", e, 2), "input.guestNames")
	w.Clock.Advance(43 * 24 * time.Hour)
	if err := w.Bookings.ForgetGuests(t.Context()); err != nil || len(named()) != 1 {
		t.Errorf("29 days after the start: %v, %+v", err, named())
	}
	w.Clock.Advance(48 * time.Hour)
	if err := w.Bookings.ForgetGuests(t.Context()); err != nil || len(named()) != 0 {
		t.Errorf("31 days after the start: %v, %+v", err, named())
	}
	w.CheckSeats(e)
	plain := w.PublishedEvent("anna", w.Group("anna").ID, nil).ID
	_, err = attend(w, "cara", plain, func(in *event.AttendInput) { in.Guests, in.GuestNames = 1, []string{"Ida"} })
	ct.WantField(t, err, "input.guestNames")
}

// Summit-Events-App#504: one person with three guests takes four of five seats.
func TestKnownBreak41GuestsCount(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(5))
	w.MustAttend("bo", e, 3)
	if left := w.CheckSeats(e).SeatsLeft(); *left != 1 {
		t.Errorf("%d seats are left", *left)
	}
}

// Rock#2510: capacity is checked when the seats are taken. Cap 2; A asks for 2, B takes 1, A confirms 2.
func TestKnownBreak38CapacityIsCheckedWhenSeatsAreTaken(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(2))
	if left := w.Bookable(ct.DateOf(e)).SeatsLeft(); *left != 2 {
		t.Fatalf("A is shown %d seats", *left)
	}
	w.MustAttend("b", e, 0)
	if s := w.MustAttend("a", e, 1); s != booking.Waitlisted {
		t.Errorf("A is %s", s)
	}
	if b := w.CheckSeats(e); b.SeatsTaken != 1 {
		t.Errorf("%d seats are taken", b.SeatsTaken)
	}
}

// Eventra#13345: cap + 3 promotes three. huddlz#171: somebody who may not take it does not hold up the next.
func TestKnownBreak39MoreSeatsPromoteAsMany(t *testing.T) {
	t.Parallel()
	w, e := asking(t, ct.Noon.Add(20*time.Hour), ct.Seats(1), booking.TermsInput{})
	for _, name := range []string{"bo", "cara", "dan", "eva", "finn"} {
		w.Person(name)
		w.MustAttend(name, e, 0)
		w.Clock.Advance(time.Second)
	}
	w.Set(t.Context(), "persons", ct.PersonID("cara"), map[string]any{"bannedAt": w.Clock.Now()})
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e, Capacity: optional.Of(4)}))(t)
	want(t, w, e, map[string]booking.State{"cara": booking.Cancelled, "dan": booking.Confirmed, "eva": booking.Confirmed, "finn": booking.Confirmed})
}

// pretix#1163, #1405: who was promoted and cancels does not keep the offer.
func TestKnownBreak37WhoCancelsAnOfferLosesIt(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(1), booking.TermsInput{})
	for _, name := range []string{"bo", "cara", "dan"} {
		w.MustAttend(name, e, 0)
		w.Clock.Advance(time.Second)
	}
	for _, name := range []string{"bo", "cara"} {
		if err := w.Leave(name, e); err != nil {
			t.Fatal(err)
		}
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Declined, "dan": booking.Offered})
	ct.WantKey(t, w.Accept("cara", e), "booking.no_offer")
	w.CheckSeats(e)
}

// No offer ends in the night of its person, also where sign-up closes in it, or the start is near. Noon is 14:00 on the wall,
// and their night lasts from 21:00 to 08:00.
func TestNoOfferEndsInTheNightWhenSignUpCloses(t *testing.T) {
	t.Parallel()
	asks := []booking.QuestionInput{{Text: "Spiser du med?", Kind: booking.QuestionYesNo, IsRequired: true}}
	for _, row := range []struct {
		name, start, closes string
		after               time.Duration // from noon until the seat is free
		asks                []booking.QuestionInput
		want                string // empty: the seat is granted
	}{
		{"closes at midnight", "2026-05-15T18:00", "2026-05-02T00:00", 0, nil, "2026-05-01T20:00"},
		{"too little of the evening is left", "2026-05-15T18:00", "2026-05-02T00:00", 5 * time.Hour, nil, ""},
		{"who must answer has until midnight", "2026-05-15T18:00", "2026-05-02T00:00", 5 * time.Hour, asks, "2026-05-02T00:00"},
		{"closes before breakfast", "2026-05-15T18:00", "2026-05-02T08:30", 8 * time.Hour, nil, ""},
		{"who must answer, near the start", "2026-05-02T12:00", "", 5 * time.Hour, asks, "2026-05-02T10:00"},
		{"who must answer, nearer to it", "2026-05-02T09:00", "", 5 * time.Hour, asks, "2026-05-02T09:00"},
		{"who must answer, before a start in the night", "2026-05-02T05:00", "", 0, asks, "2026-05-01T17:00"},
		{"who must answer, with an evening left", "2026-05-02T12:00", "", 0, asks, "2026-05-01T20:00"},
	} {
		in := booking.TermsInput{Questions: row.asks}
		if row.closes != "" {
			in.ClosesAt = onWall(clock.Local(row.closes + ":00"))
		}
		w, e := asking(t, local(t, row.start), ct.Seats(1), booking.TermsInput{})
		w.MustAttend("bo", e, 0)
		w.MustAttend("cara", e, 0)
		ask(t, w, e, in)
		w.Clock.Advance(row.after)
		if err := w.Leave("bo", e); err != nil {
			t.Fatal(err)
		}
		w.RunPending()
		if row.want == "" {
			want(t, w, e, map[string]booking.State{"cara": booking.Confirmed})
			continue
		}
		if got := deadlineOf(w, "cara", e); !got.Equal(local(t, row.want)) {
			t.Errorf("%s: until %s; want %s", row.name, clock.LocalOf(got, clock.Copenhagen), row.want)
		}
	}
}
