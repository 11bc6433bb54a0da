package booking_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
)

// edit edits a series as a preview of it says.
func edit(t *testing.T, w *ct.World, eventID string, scope event.EditScope, date string, in event.UpdateInput) (*event.Event, error) {
	t.Helper()
	in.EventID, in.Scope = eventID, &scope
	if date != "" {
		in.OccurrenceID = &date
	}
	p, err := w.Events.PreviewEdit(w.As("anna"), in)
	if err != nil {
		return nil, err
	}
	in.PlanToken = &p.PlanToken
	return w.Events.Update(w.As("anna"), in)
}

// One date of a series asks for something of its own. The others do not, it keeps that when the series is edited, and its
// window moves with it.
func TestOneDateHasTermsOfItsOwn(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e, dates := weekly(t, w, booking.TermsInput{})
	own := booking.TermsInput{ClosesAt: onWall("2026-05-08T18:00:00"), ReservedSeats: 1, Questions: questions()[:1]}
	ct.Must(edit(t, w, e, event.ScopeThis, dates[1], event.UpdateInput{SignUp: optional.Of(own), Capacity: optional.Of(2)}))(t)
	asked := w.Bookable(dates[1])
	if got := asked.SignUp(); got == nil || got.ReservedSeats != 1 || asked.FreeSeats != 1 || !got.ClosesAt.Equal(time.Date(2026, 5, 8, 16, 0, 0, 0, time.UTC)) {
		t.Fatalf("of the date: %+v", got)
	}
	if w.Bookable(dates[0]).SignUp() != nil || w.Bookable(dates[2]).SignUp() != nil {
		t.Error("the other dates ask too")
	}
	question := asked.SignUp().Questions[0].ID
	ct.Must(edit(t, w, e, event.ScopeAll, "", event.UpdateInput{SignUp: optional.Of(booking.TermsInput{NeedsApproval: true}), Title: optional.Of("Strik")}))(t)
	if got := w.Bookable(dates[1]).SignUp(); got == nil || got.NeedsApproval || got.Questions[0].ID != question {
		t.Errorf("after the series is edited: %+v", got)
	}
	if got := w.Bookable(dates[2]).SignUp(); got == nil || !got.NeedsApproval {
		t.Errorf("of another date: %+v", got)
	}
	ct.Must(edit(t, w, e, event.ScopeThis, dates[1], event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-05-10T18:00:00"))}))(t)
	if got := w.Bookable(dates[1]).SignUp().ClosesAt; !got.Equal(time.Date(2026, 5, 9, 16, 0, 0, 0, time.UTC)) {
		t.Errorf("moved by a day it closes at %v", got)
	}
	ct.Must(edit(t, w, e, event.ScopeThis, dates[3], event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-05-24T18:00:00")), SignUp: optional.Null[booking.TermsInput]()}))(t)
	if got := w.Bookable(dates[3]).SignUp(); got != nil {
		t.Errorf("nothing is asked at the last date: %+v", got)
	}
}

// What one date cannot ask for is refused, and nothing is written.
func TestOneDateWithBadTerms(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e, dates := weekly(t, w, booking.TermsInput{ReservedSeats: 1})
	for field, in := range map[string]event.UpdateInput{
		"input.signUp.closesAt":      {SignUp: optional.Of(booking.TermsInput{ClosesAt: onWall("2026-05-09T18:00:01")})},
		"input.signUp.reservedSeats": {SignUp: optional.Of(booking.TermsInput{ReservedSeats: 2})},
		"input.capacity":             {Capacity: optional.Of(0)},
	} {
		_, err := edit(t, w, e, event.ScopeThis, dates[1], in)
		ct.WantField(t, err, field)
	}
	_, err := edit(t, w, e, event.ScopeAll, "", event.UpdateInput{Capacity: optional.Null[int]()})
	ct.WantField(t, err, "input.capacity")
	if b := w.Bookable(dates[1]); *b.Capacity != 1 || b.SignUp().ReservedSeats != 1 || b.FreeSeats != 0 {
		t.Errorf("the date: %+v", b.Seats)
	}
}

// Those left out at the last date before a split come first in line at the first date behind it.
func TestFairnessGoesOnOverASplit(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e, dates := weekly(t, w, booking.TermsInput{IsFair: true})
	attendDate(t, w, "bo", dates[0])
	attendDate(t, w, "cara", dates[0])
	w.Clock.Advance(2 * 24 * time.Hour)
	w.Fire()
	first := ct.Must(edit(t, w, e, event.ScopeFollowing, dates[1], event.UpdateInput{Title: optional.Of("Strik")}))(t)
	next := ct.Must(w.Events.Get(w.As("anna"), first.ContinuedByID))(t)
	edges := ct.Must(w.Events.Occurrences(w.As("anna"), next, page.Args{First: 50}))(t).Edges
	if len(edges) != 3 || edges[0].Node.ID != dates[1] {
		t.Fatalf("the dates behind the split: %d", len(edges))
	}
	attendDate(t, w, "eva", dates[1])
	attendDate(t, w, "finn", dates[1])
	if r := attendDate(t, w, "cara", dates[1]); r.Position != 1 {
		t.Errorf("cara's position is %d", r.Position)
	}
}

// decidim#14492: who waits is in no list of participants.
func TestKnownBreak40WhoWaitsIsNoParticipant(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(1))
	w.MustAttend("bo", e, 0)
	w.MustAttend("cara", e, 0)
	for name, list := range map[string][]booking.Booking{
		"people with a seat": ct.Must(w.Bookings.Seated(t.Context(), ct.DateOf(e), "", 10))(t),
		"the list":           listed(t, w, e),
	} {
		if len(list) != 1 || list[0].PersonID != ct.PersonID("bo") {
			t.Errorf("%s: %+v", name, list)
		}
	}
}

func listed(t *testing.T, w *ct.World, eventID string) (list []booking.Booking) {
	t.Helper()
	for _, edge := range ct.Must(w.Bookings.List(w.As("anna"), ct.DateOf(eventID), nil, page.Args{First: 10}))(t).Edges {
		list = append(list, *edge.Node)
	}
	return list
}

// humhub/calendar#91: an event that is full can be left.
func TestKnownBreak40AFullEventCanBeLeft(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(1))
	w.MustAttend("bo", e, 0)
	w.MustAttend("cara", e, 0)
	for _, name := range []string{"cara", "bo"} {
		if err := w.Leave(name, e); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b := w.CheckSeats(e); b.SeatsTaken != 0 || b.FreeSeats != 1 {
		t.Errorf("%d taken, %d free", b.SeatsTaken, b.FreeSeats)
	}
}

// pretix#1031: nobody is promoted after the start.
func TestKnownBreak37NobodyIsPromotedAfterTheStart(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(1), booking.TermsInput{})
	w.MustAttend("bo", e, 0)
	w.MustAttend("cara", e, 0)
	w.Clock.Advance(14*24*time.Hour + time.Minute)
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	w.Fire()
	want(t, w, e, map[string]booking.State{"bo": booking.Cancelled, "cara": booking.Cancelled})
	wantEnded(t, w, "cara", e, booking.EndedOver)
	w.CheckSeats(e)
}

// huddlz#171: somebody in line who may not take the seat does not hold up the next.
func TestKnownBreak39WhoMayNotTakeItHoldsUpNobody(t *testing.T) {
	t.Parallel()
	w, e := asking(t, inTwoWeeks, ct.Seats(1), booking.TermsInput{})
	for _, name := range []string{"bo", "cara", "dan"} {
		w.Person(name)
		w.MustAttend(name, e, 0)
		w.Clock.Advance(time.Second)
	}
	w.Set(t.Context(), "persons", ct.PersonID("cara"), map[string]any{"bannedAt": w.Clock.Now()})
	if err := w.Leave("bo", e); err != nil {
		t.Fatal(err)
	}
	want(t, w, e, map[string]booking.State{"cara": booking.Cancelled, "dan": booking.Offered})
	w.CheckSeats(e)
}
