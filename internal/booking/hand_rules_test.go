package booking_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
)

// byName signs a person with an account up for the date of an event.
func byName(eventID, name string) booking.HandInput {
	date, person := ct.DateOf(eventID), ct.PersonID(name)
	return booking.HandInput{OccurrenceID: &date, PersonID: &person}
}

// atTheDoor is in, checked in at once.
func atTheDoor(in booking.HandInput) booking.HandInput {
	in.CheckIn = true
	return in
}

// wantField checks the field of a fault.
func wantField(t *testing.T, err error, key, field string) {
	t.Helper()
	ct.WantKey(t, err, key)
	if f, isFault := errors.AsType[*fault.Error](err); !isFault || f.Field != field {
		t.Errorf("%v is not said of %s", err, field)
	}
}

func TestWhoeverIsSignedUpByHandIsThereAndMayCome(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna", func(in *group.CreateInput) { in.Visibility = group.VisibilityMembers })
	e := w.PublishedEvent("anna", g.ID, ct.Seats(5)).ID
	w.Join(g.ID, "bo", "cara", "dan")
	w.Person("eva") // does not belong to the group
	w.Set(t.Context(), "persons", ct.PersonID("cara"), map[string]any{"bannedAt": w.Clock.Now()})
	w.Entomb("dan")
	for _, name := range []string{"cara", "dan", "eva"} {
		_, err := w.Bookings.SignUpByHand(w.As("anna"), byName(e, name))
		wantField(t, err, "booking.hand.person", "input.personId")
	}
	nobody := byName(e, "bo")
	*nobody.PersonID = id.Random(id.Person)
	_, err := w.Bookings.SignUpByHand(w.As("anna"), nobody)
	wantField(t, err, "booking.hand.person", "input.personId")
	ct.Must(w.Bookings.SignUpByHand(w.As("anna"), byName(e, "bo")))(t)
	_, err = w.Bookings.SignUpByHand(w.As("anna"), byName(e, "bo"))
	ct.WantKey(t, err, "booking.hand.already")
	if b := w.CheckSeats(e); b.SeatsTaken != 1 {
		t.Errorf("%d seats are taken", b.SeatsTaken)
	}
}

func TestWhoeverWaitsIsGivenTheSeatByHand(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(2), booking.TermsInput{ReservedSeats: 1})
	for _, name := range []string{"cara", "eva"} {
		w.Person(name)
	}
	w.MustAttend("bo", e, 0)
	w.MustAttend("cara", e, 0)
	if done := ct.Must(w.Bookings.SignUpByHand(w.As("anna"), byName(e, "cara")))(t); done.PassedLine || done.Reserved != 1 {
		t.Errorf("the first in line: %+v", done)
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Confirmed})
	w.CheckSeats(e)
	// The next free seat is given at once.
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	if s := w.MustAttend("dan", e, 0); s != booking.Confirmed {
		t.Errorf("dan is %s beside a free seat and an empty line", s)
	}
	w.CheckSeats(e)

	ask(t, w, e, booking.TermsInput{NeedsApproval: true})
	if err := w.Leave("dan", e); err != nil {
		t.Fatal(err)
	}
	if s := w.MustAttend("eva", e, 0); s != booking.PendingApproval {
		t.Fatalf("eva is %s", s)
	}
	two := byName(e, "eva")
	two.Guests = new(2)
	_, err := w.Bookings.SignUpByHand(w.As("anna"), two)
	wantField(t, err, "booking.hand.guests", "input.guests")
	ct.Must(w.Bookings.SignUpByHand(w.As("anna"), byName(e, "eva")))(t)
	// Whoever has given up a seat gets another one.
	if err := w.Leave("eva", e); err != nil {
		t.Fatal(err)
	}
	ct.Must(w.Bookings.SignUpByHand(w.As("anna"), byName(e, "eva")))(t)
	want(t, w, e, map[string]booking.State{"eva": booking.Confirmed})
	w.CheckSeats(e)
}

// A seat comes free while the first in line is given another one: it goes to the next.
func TestASeatComesFreeWhileTheFirstIsSignedUpByHand(t *testing.T) {
	t.Parallel()
	for _, before := range []struct{ command, collection string }{{"update", "occurrences"}, {"update", "bookings"}} {
		w, e, m := momentous(t, ct.Seats(2))
		ask(t, w, e, booking.TermsInput{ReservedSeats: 1, NamesGuests: true})
		w.Person("cara")
		for _, name := range []string{"bo", "cara", "dan"} {
			w.MustAttend(name, e, 0)
			w.Clock.Advance(time.Second)
		}
		m.Before(before.command, before.collection, func() {
			if err := w.Leave("bo", e); err != nil {
				t.Error(err)
			}
		})
		_, err := w.Bookings.SignUpByHand(w.As("anna"), byName(e, "cara"))
		if err != nil {
			ct.WantKey(t, err, "booking.hand.already")
		}
		want(t, w, e, map[string]booking.State{"bo": booking.Cancelled, "cara": booking.Confirmed})
		w.CheckSeats(e)
		wantNothing(t, w)
	}
}

func TestAnOfferedSeatIsGivenByHand(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := w.PublishedAt("anna", w.Group("anna").ID, inTwoWeeks, ct.Seats(1)).ID
	w.Person("cara")
	w.MustAttend("bo", e, 0)
	w.MustAttend("cara", e, 0)
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Offered})
	ct.Must(w.Bookings.SignUpByHand(w.As("anna"), byName(e, "cara")))(t)
	want(t, w, e, map[string]booking.State{"cara": booking.Confirmed})
	w.Clock.Advance(48 * time.Hour)
	w.Fire() // the offer has no deadline any more
	want(t, w, e, map[string]booking.State{"cara": booking.Confirmed})
	w.CheckSeats(e)
}

func TestSigningUpByHandHasItsTime(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	try := func(in booking.HandInput) error {
		_, err := w.Bookings.SignUpByHand(w.As("anna"), in)
		return err
	}
	ct.WantKey(t, try(byPhone(w.Draft("anna", g.ID, nil).ID, "Oda", 0)), "booking.hand.draft")
	off := w.PublishedEvent("anna", g.ID, nil).ID
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: off}))(t)
	ct.WantKey(t, try(byPhone(off, "Oda", 0)), "booking.hand.cancelled")

	e := w.PublishedAt("anna", g.ID, ct.Noon.Add(3*time.Hour), nil).ID // ends two hours later
	wantField(t, try(atTheDoor(byPhone(e, "Oda", 0))), "booking.hand.early", "input.checkIn")
	w.Clock.Advance(time.Hour)
	if err := try(atTheDoor(byPhone(e, "Oda", 0))); err != nil {
		t.Errorf("two hours before the start: %v", err)
	}
	w.Clock.Advance(8 * time.Hour)
	if err := try(byPhone(e, "Ib", 0)); err != nil {
		t.Errorf("in the evening of the day: %v", err)
	}
	w.Clock.Advance(time.Hour) // it is midnight in Copenhagen
	ct.WantKey(t, try(byPhone(e, "Eli", 0)), "booking.hand.over")
	w.CheckSeats(e)
}

func TestTwoByHandAtTheLastSeat(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(3))
	w.MustAttend("bo", e, 1)
	names := []string{"Oda", "Ib", "Eli", "Åse"}
	for _, name := range []string{"cara", "dan", "eva"} {
		w.Person(name)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for _, name := range names {
		wg.Go(func() {
			_, err := w.Bookings.SignUpByHand(w.As("anna"), byPhone(e, name, 0))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if fault.KindOf(err) != fault.KindConflict {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	for _, name := range []string{"cara", "dan", "eva"} {
		wg.Go(func() {
			r, err := w.Attend(name, e, 0)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if r.Booking.State == booking.Confirmed {
				won++
			}
		})
	}
	wg.Wait()
	if b := w.CheckSeats(e); won != 1 || b.SeatsTaken != 3 || b.FreeSeats != 0 {
		t.Errorf("%d people got the last seat: %+v", won, b.Seats)
	}
}

// Somebody takes the last seat between the look and the write: one gets it.
func TestTheLastSeatIsTakenMeanwhile(t *testing.T) {
	t.Parallel()
	for who, take := range map[string]func(w *ct.World, eventID string) error{
		"in the app": func(w *ct.World, eventID string) error {
			_, err := w.Attend("bo", eventID, 0)
			return err
		},
		"by hand": func(w *ct.World, eventID string) error {
			_, err := w.Bookings.SignUpByHand(w.As("anna"), byPhone(eventID, "Ib", 0))
			return err
		},
	} {
		for _, reserved := range []int{0, 1} {
			w, e, m := momentous(t, ct.Seats(1))
			ask(t, w, e, booking.TermsInput{ReservedSeats: reserved, NamesGuests: true})
			m.Before("update", "occurrences", func() {
				if err := take(w, e); err != nil {
					t.Errorf("%s: %v", who, err)
				}
			})
			_, err := w.Bookings.SignUpByHand(w.As("anna"), byPhone(e, "Oda", 0))
			if isHandsOnly := reserved > 0 && who == "in the app"; isHandsOnly && err != nil {
				t.Errorf("the reserved seat: %v", err)
			} else if !isHandsOnly {
				ct.WantKey(t, err, "booking.hand.full")
			}
			if b := w.CheckSeats(e); b.SeatsTaken != 1 || b.FreeSeats != 0 || b.Reserved != 0 {
				t.Errorf("%s, %d reserved: %+v", who, reserved, b.Seats)
			}
		}
	}
}

func TestARepeatedSignUpByHandIsOnePerson(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(5))
	in, key := byPhone(e, "Oda", 1), "6b1d1f52-3d0f-4f77-9a5e-4f0a4a0a9d11"
	in.ClientMutationID = &key
	first := ct.Must(w.Bookings.SignUpByHand(w.As("anna"), in))(t)
	second := ct.Must(w.Bookings.SignUpByHand(w.As("anna"), in))(t)
	if first.BookingID != second.BookingID {
		t.Errorf("%s and %s", first.BookingID, second.BookingID)
	}
	ct.Must(w.Bookings.SignUpByHand(w.As("anna"), byPhone(e, "Oda", 1)))(t) // another Oda
	if b := w.CheckSeats(e); b.SeatsTaken != 4 || b.HandGuests != 2 {
		t.Errorf("seats %+v", b.Seats)
	}
}

func TestWhoeverWasRemovedMaySignUpAgain(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(1))
	w.MustAttend("bo", e, 0)
	ct.Must(w.Bookings.Remove(w.As("anna"), decide("bo", e, nil)))(t)
	if s := w.MustAttend("bo", e, 0); s != booking.Confirmed {
		t.Errorf("bo is %s", s)
	}
	for _, b := range w.BookingsAt(ct.DateOf(e)) {
		if b.EndedBecause != nil || b.EndedReason != nil {
			t.Errorf("the booking still says why it ended: %+v", b)
		}
	}
	_, err := w.Bookings.Remove(w.As("bo"), decide("bo", e, nil))
	ct.WantKey(t, err, "group.permission")
	w.MustAttend("anna", e, 0)
	_, err = w.Bookings.Remove(w.As("anna"), decide("anna", e, nil))
	ct.WantKey(t, err, "booking.hand.own")
	w.CheckSeats(e)
}

func TestSomebodyWithoutAnAccountIsRemovedAndNobodyIsTold(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(2))
	done := ct.Must(w.Bookings.SignUpByHand(w.As("anna"), byPhone(e, "Oda", 1)))(t)
	w.MustAttend("bo", e, 0)
	ct.Must(w.Bookings.Remove(w.As("anna"), booking.DecideInput{BookingID: done.BookingID}))(t)
	want(t, w, e, map[string]booking.State{"bo": booking.Confirmed})
	if told := append(w.Jobs(booking.NoticeBookingEnded), w.Jobs(booking.NoticeSignedUp)...); len(told) != 0 {
		t.Errorf("told %+v", told)
	}
	w.CheckSeats(e)
}

// News that somebody was signed up by hand is true until the end, also for those who come after the start.
func TestNewsOfBeingSignedUpLastsUntilTheEnd(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := w.PublishedAt("anna", w.Group("anna").ID, ct.Noon.Add(time.Hour), nil).ID
	for _, name := range []string{"bo", "cara"} {
		w.Person(name)
	}
	ct.Must(w.Bookings.SignUpByHand(w.As("anna"), byName(e, "bo")))(t)
	w.Drain()
	w.Clock.Advance(2 * time.Hour)
	ct.Must(w.Bookings.SignUpByHand(w.As("anna"), atTheDoor(byName(e, "cara"))))(t)
	w.Drain()
	for name, body := range map[string]string{
		"bo":   "fredag den 1. maj kl. 15.00 · Arrangøren har tilmeldt dig. Meld afbud, hvis du ikke kan komme.",
		"cara": "Arrangøren har tilmeldt dig ved døren.",
	} {
		list := w.Notices(name)
		if len(list) != 1 || list[0].Kind != booking.NoticeSignedUp || list[0].Channel != notify.Push {
			t.Fatalf("%s heard %+v", name, list)
		}
		if _, got := w.Read(name, list[0]); got != body {
			t.Errorf("%s reads %q", name, got)
		}
	}
	if job := w.Jobs(booking.NoticeSignedUp)[1]; job.Counts.Drops != 0 || job.ExpiresAt == nil || !job.ExpiresAt.Equal(ct.Noon.Add(3*time.Hour)) {
		t.Errorf("the news %+v", job)
	}
}

// News of being signed up for one date of a series says when that one is.
func TestNewsOfBeingSignedUpIsOfItsDate(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	_, dates := weekly(t, w, booking.TermsInput{})
	w.Person("bo")
	bo := ct.PersonID("bo")
	ct.Must(w.Bookings.SignUpByHand(w.As("anna"), booking.HandInput{OccurrenceID: &dates[2], PersonID: &bo}))(t)
	w.Drain()
	list := w.Notices("bo")
	if len(list) != 1 {
		t.Fatalf("bo heard %+v", list)
	}
	if _, body := w.Read("bo", list[0]); !strings.HasPrefix(body, "lørdag den 16. maj") {
		t.Errorf("bo reads %q", body)
	}
}

func TestSomebodyWithoutAnAccountIsInNobodysExport(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(5))
	ct.Must(w.Bookings.SignUpByHand(w.As("anna"), byPhone(e, "Oda", 1)))(t)
	ct.Must(w.Bookings.SignUpByHand(w.As("anna"), byName(e, "anna")))(t)
	for _, b := range w.BookingsAt(ct.DateOf(e)) {
		if b.PersonID == "" && (b.GuestName == nil || *b.GuestName != "Oda") {
			t.Errorf("the booking %+v", b)
		}
	}
	for _, c := range w.Bookings.Part().Collections {
		err := c.Export(t.Context(), ct.PersonID("anna"), func(record any) error {
			if r, isBooking := record.(*booking.Record); isBooking && r.Booking != booking.IDOf(ct.DateOf(e), ct.PersonID("anna")) {
				t.Errorf("anna gets %+v", r)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Whoever writes again how many seats of one date are still kept back changes nothing.
func TestSeatsGivenByHandAtOneDateAreNotKeptBackAgain(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e, dates := weekly(t, w, booking.TermsInput{})
	keep := func(n int) {
		t.Helper()
		ct.Must(edit(t, w, e, event.ScopeThis, dates[1], event.UpdateInput{SignUp: optional.Of(booking.TermsInput{ReservedSeats: n, NamesGuests: true}), Capacity: optional.Of(2)}))(t)
	}
	keep(2)
	oda := "Oda"
	ct.Must(w.Bookings.SignUpByHand(w.As("anna"), booking.HandInput{OccurrenceID: &dates[1], GuestName: &oda}))(t)
	for _, n := range []int{1, 1, 0} {
		if keep(n); w.Bookable(dates[1]).SignUp().ReservedSeats != n {
			t.Errorf("%d seats are kept back, want %d", w.Bookable(dates[1]).Reserved, n)
		}
	}
}
