package booking_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
	"faellesskab/internal/testkit"
)

// asked is one event at which people and the organiser do what they like.
type asked struct {
	w        *ct.World
	event    string
	names    []string
	capacity int
	terms    booking.TermsInput
	// dying is a process that may die after any write, by the crasher.
	dying   *ct.World
	crasher *testkit.Crasher
}

// revive starts another process that may die.
func (a *asked) revive() {
	a.crasher = testkit.NewCrasher()
	a.dying = a.w.Again(testkit.WithCrasher(a.crasher))
}

// process is one that does a step, which may die in the midst of it.
func (a *asked) process(rt *rapid.T) *ct.World {
	if n := rapid.IntRange(0, 20).Draw(rt, "dies after"); n <= 6 {
		a.crasher.After(n)
		return a.dying
	}
	return a.w
}

func (a *asked) update(rt *rapid.T, in event.UpdateInput) {
	in.EventID = a.event
	if _, err := a.w.Events.Update(a.w.As("anna"), in); err != nil {
		rt.Fatal(err)
	}
}

func (a *asked) ask(rt *rapid.T) { a.update(rt, event.UpdateInput{SignUp: optional.Of(a.terms)}) }

// tolerate fails for an error that nobody should see, unless the process has died.
func (a *asked) tolerate(rt *rapid.T, err error) {
	if err != nil && !a.crasher.Crashed() && (fault.KindOf(err) == fault.KindInternal || fault.Is(err, fault.KindUnavailable)) {
		rt.Fatal(err)
	}
}

func (a *asked) bookings() []booking.Booking { return a.w.BookingsAt(ct.DateOf(a.event)) }

// check holds after every step, once everything that follows from it is done.
func (a *asked) check(rt *rapid.T) {
	if a.crasher.Crashed() {
		a.revive()
	}
	a.w.RunPending()
	a.w.Fire()
	b, taken, seen := a.w.Bookable(ct.DateOf(a.event)), 0, map[string]bool{}
	var line []booking.Booking
	for _, p := range a.bookings() {
		if seen[p.PersonID] && p.PersonID != "" {
			rt.Fatalf("%s is in twice", p.PersonID)
		}
		seen[p.PersonID] = true
		switch {
		case p.State.Holds():
			taken += 1 + p.Guests
		case p.State == booking.Waitlisted:
			line = append(line, p)
		}
		if p.State == booking.Offered && !p.OfferExpiresAt.After(a.w.Clock.Now()) {
			rt.Fatalf("%s has an offer from before", p.PersonID)
		}
	}
	if len(b.Claims) > 0 || b.Reserved < 0 || b.FreeSeats+taken+b.Reserved != *b.Capacity {
		rt.Fatalf("%d free + %d taken + %d reserved of %d, claims %v", b.FreeSeats, taken, b.Reserved, *b.Capacity, b.Claims)
	}
	if len(line) == 0 {
		return
	}
	slices.SortFunc(line, func(x, y booking.Booking) int { return x.QueuedAt.Compare(y.QueuedAt) })
	switch first := line[0]; {
	case !b.IsOpen(a.w.Clock.Now()):
		rt.Fatalf("%s waits for what has closed", first.PersonID)
	case 1+first.Guests <= b.FreeSeats:
		rt.Fatalf("%s is first in line for %d beside %d free seats", first.PersonID, 1+first.Guests, b.FreeSeats)
	}
}

// attend signs somebody up, who may answer what they are asked.
func (a *asked) attend(rt *rapid.T, name string) error {
	in := event.AttendInput{OccurrenceID: ct.DateOf(a.event), Guests: rapid.IntRange(0, 3).Draw(rt, "guests")}
	if t := a.w.Bookable(in.OccurrenceID).SignUp(); t != nil && len(t.Questions) > 0 && rapid.Bool().Draw(rt, "answers") {
		in.Answers = []booking.AnswerInput{{QuestionID: t.Questions[0].ID, IsYes: new(true)}}
	}
	_, err := a.process(rt).Events.Attend(a.w.Stranger(name), in)
	return err
}

// Whatever people and organisers do, and wherever a process dies that does it, the numbers of seats add up once the sweep
// has finished what was left, nobody is in twice, and while sign-up is open the first in line does not fit.
func TestSeatsAddUpUnderAnyTerms(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	a := &asked{w: w, names: []string{"bo", "cara", "dan", "eva", "finn"}}
	a.revive()
	for _, name := range a.names {
		w.Person(name)
	}
	rapid.Check(t, func(rt *rapid.T) {
		a.capacity, a.terms = rapid.IntRange(0, 5).Draw(rt, "capacity"), booking.TermsInput{}
		start := w.Clock.Now().Truncate(time.Second).Add(time.Duration(rapid.IntRange(30, 120).Draw(rt, "start")) * time.Hour)
		a.event = w.PublishedAt("anna", g.ID, start, &a.capacity).ID
		who := func(rt *rapid.T) string { return rapid.SampledFrom(a.names).Draw(rt, "who") }
		onBooking := func(name string) string { return booking.IDOf(ct.DateOf(a.event), ct.PersonID(name)) }
		rt.Repeat(map[string]func(*rapid.T){
			"attend": func(rt *rapid.T) {
				a.tolerate(rt, a.attend(rt, who(rt)))
			},
			"decline an offer": func(rt *rapid.T) { a.tolerate(rt, a.process(rt).Decline(who(rt), a.event)) },
			"promote": func(rt *rapid.T) {
				a.tolerate(rt, a.process(rt).Bookings.Promote(rt.Context(), ct.DateOf(a.event)))
			},
			"leave":  func(rt *rapid.T) { a.tolerate(rt, a.process(rt).Leave(who(rt), a.event)) },
			"accept": func(rt *rapid.T) { a.tolerate(rt, a.process(rt).Accept(who(rt), a.event)) },
			"bring": func(rt *rapid.T) {
				a.tolerate(rt, a.process(rt).Bring(who(rt), a.event, rapid.IntRange(0, 3).Draw(rt, "guests")))
			},
			"approve": func(rt *rapid.T) {
				_, err := a.process(rt).Bookings.Approve(w.As("anna"), booking.DecideInput{BookingID: onBooking(who(rt))})
				a.tolerate(rt, err)
			},
			"decline": func(rt *rapid.T) {
				_, err := a.process(rt).Bookings.DeclineBooking(w.As("anna"), booking.DecideInput{BookingID: onBooking(who(rt))})
				a.tolerate(rt, err)
			},
			"sign up by hand": func(rt *rapid.T) {
				in := byName(a.event, who(rt))
				if rapid.Bool().Draw(rt, "brings guests") {
					in.Guests = new(rapid.IntRange(0, 3).Draw(rt, "guests"))
				}
				_, err := a.process(rt).Bookings.SignUpByHand(w.As("anna"), in)
				a.tolerate(rt, err)
			},
			"sign up somebody who phones": func(rt *rapid.T) {
				_, err := a.process(rt).Bookings.SignUpByHand(w.As("anna"), byPhone(a.event, "Oda", rapid.IntRange(0, 3).Draw(rt, "guests")))
				a.tolerate(rt, err)
			},
			"remove": func(rt *rapid.T) {
				if all := a.bookings(); len(all) > 0 {
					which := rapid.IntRange(0, len(all)-1).Draw(rt, "which")
					_, err := a.process(rt).Bookings.Remove(w.As("anna"), booking.DecideInput{BookingID: all[which].ID})
					a.tolerate(rt, err)
				}
			},
			"change capacity": func(rt *rapid.T) {
				a.capacity = rapid.IntRange(a.terms.ReservedSeats, 6).Draw(rt, "capacity")
				a.update(rt, event.UpdateInput{Capacity: optional.Of(a.capacity)})
			},
			"reserve": func(rt *rapid.T) {
				a.terms.ReservedSeats = rapid.IntRange(0, a.capacity).Draw(rt, "reserved")
				a.ask(rt)
			},
			"ask for approval or not": func(rt *rapid.T) {
				a.terms.NeedsApproval = !a.terms.NeedsApproval
				a.ask(rt)
			},
			"ask something or nothing": func(rt *rapid.T) {
				if a.terms.Questions == nil {
					a.terms.Questions = []booking.QuestionInput{{Text: "Spiser du med?", Kind: booking.QuestionYesNo, IsRequired: true}}
				} else {
					a.terms.Questions = nil
				}
				a.ask(rt)
			},
			"close or open": func(rt *rapid.T) {
				if a.terms.ClosesAt == nil {
					a.terms.ClosesAt = onWall(clock.LocalOf(w.Clock.Now(), clock.Copenhagen))
				} else {
					a.terms.ClosesAt = nil
				}
				a.ask(rt)
			},
			"wait until offers expire": func(rt *rapid.T) {
				d := time.Duration(rapid.IntRange(1, 13).Draw(rt, "hours")) * time.Hour
				if start.Sub(w.Clock.Now()) < d+time.Hour {
					rt.Skip("the evening begins")
				}
				w.Clock.Advance(d)
			},
			"": func(rt *rapid.T) {
				w.Clock.Advance(time.Millisecond)
				a.check(rt)
			},
		})
		wantNothing(t, w)
	})
}

// pretix#1238: a reservation that is given up while too many people have seats gives none that are not there.
func TestKnownBreak37AReservationOfNothingFreesNothing(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(5), booking.TermsInput{})
	for i := range 5 {
		w.MustAttend(fmt.Sprint("p", i), e, 0)
	}
	ask(t, w, e, booking.TermsInput{ReservedSeats: 2})
	w.MustAttend("bo", e, 0)
	want(t, w, e, map[string]booking.State{"bo": booking.Waitlisted})
	ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e, Capacity: optional.Of(3)}))(t)
	ask(t, w, e, booking.TermsInput{})
	want(t, w, e, map[string]booking.State{"bo": booking.Waitlisted})
	if b := w.CheckSeats(e); b.FreeSeats != -2 || b.Reserved != 0 {
		t.Errorf("%d free, %d reserved", b.FreeSeats, b.Reserved)
	}
}

// Reserved seats are lowered, and go to the line; raised, and the next seats that become free are kept back.
func TestReservedSeatsLoweredAndRaised(t *testing.T) {
	t.Parallel()
	w, e := asking(t, ct.Noon.Add(20*time.Hour), ct.Seats(3), booking.TermsInput{ReservedSeats: 2})
	w.MustAttend("bo", e, 0)
	w.Clock.Advance(time.Second)
	w.MustAttend("cara", e, 0)
	w.Clock.Advance(time.Second)
	w.MustAttend("dan", e, 0)
	want(t, w, e, map[string]booking.State{"bo": booking.Confirmed, "cara": booking.Waitlisted, "dan": booking.Waitlisted})
	ask(t, w, e, booking.TermsInput{ReservedSeats: 1})
	want(t, w, e, map[string]booking.State{"cara": booking.Confirmed, "dan": booking.Waitlisted})
	ask(t, w, e, booking.TermsInput{ReservedSeats: 3})
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	if b := w.CheckSeats(e); b.Reserved != 3 || b.FreeSeats != -1 {
		t.Errorf("%d free, %d reserved", b.FreeSeats, b.Reserved)
	}
	want(t, w, e, map[string]booking.State{"dan": booking.Waitlisted})
	for _, row := range []struct {
		reserved int
		capacity *int
	}{{4, ct.Seats(3)}, {1, nil}} {
		in := event.UpdateInput{EventID: e, SignUp: optional.Of(booking.TermsInput{ReservedSeats: row.reserved})}
		if row.capacity == nil {
			in.Capacity = optional.Null[int]()
		}
		_, err := w.Events.Update(w.As("anna"), in)
		ct.WantField(t, err, "input.signUp.reservedSeats")
	}
}
