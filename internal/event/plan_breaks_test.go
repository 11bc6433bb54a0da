package event_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
	"faellesskab/internal/page"
	"faellesskab/internal/schedule"
)

// tuesdays is a series on Tuesdays from 1 September 2026 on at 18:00, and the people of these names come to some of its dates.
func tuesdays(t *testing.T, w *ct.World, rule string, names map[int]string) (*event.Event, []*event.Occurrence) {
	t.Helper()
	e := publishedSeries(t, w, w.Group("anna"), "2026-09-01T18:00:00", rule)
	dates := datesOf(t, w, e.ID)
	for i, name := range names {
		ct.Must(w.Events.Attend(w.As(name), event.AttendInput{OccurrenceID: dates[i].ID}))(t)
	}
	return e, dates
}

// without is the rule of a series without dates that it has.
func without(rule string, slots ...clock.Local) *schedule.RecurrenceInput {
	return &schedule.RecurrenceInput{Rule: rule, ExceptDates: slots}
}

// 1: an end that is an instant counts as one, and a series that is moved has as many dates as before.
func TestAnEndAsAnInstantStaysWhenTheSeriesMoves(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := publishedSeries(t, w, w.Group("anna"), "2026-09-07T19:00:00", "FREQ=WEEKLY;UNTIL=20260921T170000Z")
	dates := datesOf(t, w, e.ID)
	if got := startsOf(dates); got != "7 Sep 19:00, 14 Sep 19:00, 21 Sep 19:00" {
		t.Fatal(got)
	}
	edited(t, w, inScope(event.ScopeAll, dates[0], event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-09-07T20:00:00"))}))
	if got := startsOf(datesOf(t, w, e.ID)); got != "7 Sep 20:00, 14 Sep 20:00, 21 Sep 20:00" {
		t.Error(got)
	}
}

// 4: somebody who has signed up for 15 September still has, when 1 September is taken out, by either way.
func TestASignUpStaysAtItsDateWhenAnotherIsTakenOut(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]event.UpdateInput{
		"as an exception": {Recurrence: without("FREQ=WEEKLY;COUNT=3", "2026-09-01T18:00:00")},
		"by a later start": {StartsAt: optional.Of(clock.Local("2026-09-08T18:00:00")),
			Recurrence: without("FREQ=WEEKLY;COUNT=2")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			e, dates := tuesdays(t, w, "FREQ=WEEKLY;COUNT=3", map[int]string{2: "bo"})
			all := event.ScopeAll
			edit.EventID, edit.Scope = e.ID, &all
			edited(t, w, edit)
			now := datesOf(t, w, e.ID)
			if got := startsOf(now); got != "8 Sep 18:00, 15 Sep 18:00" || now[1].ID != dates[2].ID || now[1].SeatsTaken != 1 || now[0].SeatsTaken != 0 {
				t.Errorf("%s: %+v", got, now)
			}
		})
	}
}

// 5: day 3 of a series at 10:00 is taken out. All are moved to 10:30 and back, and it does not come back.
func TestADateThatWasTakenOutStaysOut(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := publishedSeries(t, w, w.Group("anna"), "2026-09-01T10:00:00", "FREQ=DAILY;COUNT=5")
	dates := datesOf(t, w, e.ID)
	edited(t, w, inScope(event.ScopeAll, dates[0], event.UpdateInput{Recurrence: without("FREQ=DAILY;COUNT=5", "2026-09-03T10:00:00")}))
	for _, at := range []string{"10:30", "10:00"} {
		edited(t, w, inScope(event.ScopeAll, dates[0], event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-09-01T" + at + ":00"))}))
		if got, want := startsOf(datesOf(t, w, e.ID)), strings.ReplaceAll("1 Sep #, 2 Sep #, 4 Sep #, 5 Sep #", "#", at); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// 6, 7, 8: a date is moved from 19 to 25 August, in two edits, and another cancelled. Both survive another title of all dates,
// and there is one date on 25 August and none on the 19th.
func TestWhatWasEditedOfOneDateSurvives(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := publishedSeries(t, w, w.Group("anna"), "2026-08-05T18:00:00", "FREQ=WEEKLY;COUNT=4")
	dates := datesOf(t, w, e.ID)
	for _, to := range []clock.Local{"2026-08-24T18:00:00", "2026-08-25T18:00:00"} {
		edited(t, w, inScope(event.ScopeThis, dates[2], event.UpdateInput{StartsAt: optional.Of(to)}))
	}
	if err := w.Events.CancelOccurrence(w.As("anna"), event.CancelOccurrenceInput{OccurrenceID: dates[1].ID}); err != nil {
		t.Fatal(err)
	}
	edited(t, w, inScope(event.ScopeThis, dates[3], event.UpdateInput{Title: optional.Of("Fest")}))
	edited(t, w, inScope(event.ScopeAll, dates[0], event.UpdateInput{Title: optional.Of("Strik")}))
	next, _ := edited(t, w, inScope(event.ScopeFollowing, dates[1], event.UpdateInput{Description: optional.Of("Tag garn med.")}))
	now := append(datesOf(t, w, e.ID), datesOf(t, w, next.ContinuedByID)...)
	if got := startsOf(now); got != "5 Aug 18:00, 12 Aug 18:00, 25 Aug 18:00, 26 Aug 18:00" {
		t.Fatal(got)
	}
	if now[1].State != event.StateCancelled || now[2].ID != dates[2].ID || now[2].State != event.StatePublished || now[2].Title != "Strik" || now[3].Title != "Fest" {
		t.Errorf("dates %+v", now)
	}
}

// 7: a date that was moved from 19 to 25 August is found in the days of its new start, and not in those of its slot.
func TestAMovedDateIsFoundWhenItIs(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := publishedSeries(t, w, w.Group("anna"), "2026-08-05T18:00:00", "FREQ=WEEKLY;COUNT=3")
	dates := datesOf(t, w, e.ID)
	edited(t, w, inScope(event.ScopeThis, dates[2], event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-08-25T18:00:00"))}))
	for day, want := range map[int]int{19: 0, 25: 1} {
		from := time.Date(2026, 8, day, 0, 0, 0, 0, time.UTC)
		to := from.AddDate(0, 0, 1)
		list := ct.Must(w.Events.Dates(w.As("anna"), &event.OccurrenceFilter{From: &from, To: &to}, nil, page.Args{First: 10}))(t)
		if len(list.Edges) != want || want == 1 && list.Edges[0].Node.ID != dates[2].ID {
			t.Errorf("%d August: %d dates, want %d", day, len(list.Edges), want)
		}
	}
}

// 2: a series that is split at 15 September ends with 8 September, and the other half begins with that date.
func TestASplitTakesItsDateAlong(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := publishedSeries(t, w, w.Group("anna"), "2026-09-01T18:00:00", "FREQ=WEEKLY;COUNT=4")
	first, _ := edited(t, w, inScope(event.ScopeFollowing, datesOf(t, w, e.ID)[2], event.UpdateInput{Title: optional.Of("Strik")}))
	if got := startsOf(datesOf(t, w, e.ID)) + " | " + startsOf(datesOf(t, w, first.ContinuedByID)); got != "1 Sep 18:00, 8 Sep 18:00 | 15 Sep 18:00, 22 Sep 18:00" {
		t.Error(got)
	}
}

// 10: a date of every night at 02:30 is left out in the night in which there is no such time, and the next is there again.
func TestANightWithoutItsTimeIsLeftOut(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := series(t, w, w.Group("anna"), "2027-03-27T02:30:00", schedule.RecurrenceInput{Rule: "FREQ=DAILY;COUNT=3"})
	dates := datesOf(t, w, e.ID)
	if got := startsOf(dates); got != "27 Mar 02:30, 29 Mar 02:30" || dates[1].StartsAt.UTC().Format("2 15:04") != "29 00:30" {
		t.Errorf("%s; %s", got, dates[1].StartsAt.UTC())
	}
}

// 18: sign-up closes three days before the date. When that is moved from 5 to 12 December, so is the end of sign-up.
func TestTheEndOfSignUpMovesWithTheDate(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	closes := clock.Local("2026-12-02T18:00:00")
	e := publishedSeries(t, w, w.Group("anna"), "2026-12-05T18:00:00", "FREQ=WEEKLY;COUNT=3", func(in *event.CreateInput) { in.SignUp = &booking.TermsInput{ClosesAt: &closes} })
	dates := datesOf(t, w, e.ID)
	edited(t, w, inScope(event.ScopeThis, dates[0], event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-12-12T19:00:00"))}))
	next, _ := edited(t, w, inScope(event.ScopeFollowing, dates[2], event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-12-20T18:00:00"))}))
	ends := map[string]string{}
	for _, o := range append(datesOf(t, w, e.ID), datesOf(t, w, next.ContinuedByID)...) {
		ends[o.ID] = string(clock.LocalOf(*o.SignUp().ClosesAt, clock.Copenhagen))
	}
	if ends[dates[0].ID] != "2026-12-09T19:00:00" || ends[dates[1].ID] != "2026-12-09T18:00:00" || ends[dates[2].ID] != "2026-12-17T18:00:00" {
		t.Errorf("sign-up ends %v", ends)
	}
}

// 20: the news of a date that is moved to 25 August names that day.
func TestNewsOfAMoveNamesTheNewDate(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	w.Person("bo")
	e := publishedSeries(t, w, w.Group("anna"), "2026-08-05T18:00:00", "FREQ=WEEKLY;COUNT=4")
	dates := datesOf(t, w, e.ID)
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: dates[2].ID}))(t)
	edited(t, w, inScope(event.ScopeThis, dates[2], event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-08-25T18:00:00"))}))
	w.Clock.Advance(3 * time.Minute)
	w.Fire()
	w.Drain()
	var said []string
	for _, n := range w.Notices("bo") {
		if title, body := w.Read("bo", n); n.Kind == event.NoticeMoved {
			said = append(said, title+" "+body)
		}
	}
	if len(said) != 1 || !strings.Contains(said[0], "25. august") {
		t.Errorf("bo reads %q", said)
	}
}

// Dates with people that a new rule does not have stay, or are cancelled if the editor says so; those to which nobody comes go.
func TestDatesWithPeopleStayOrAreCancelled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		cancels                             bool
		kept, removed, cancelled, told, all int
	}{"kept": {false, 2, 1, 0, 0, 2}, "cancelled": {true, 1, 1, 1, 1, 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			e, dates := tuesdays(t, w, "FREQ=WEEKLY;COUNT=3", map[int]string{2: "bo"})
			_, p := edited(t, w, inScope(event.ScopeAll, dates[0], event.UpdateInput{CancelsBooked: c.cancels, Recurrence: without("FREQ=WEEKLY;COUNT=1")}))
			if p.Kept() != c.kept || p.Removed() != c.removed || p.Cancelled() != c.cancelled || p.PeopleTold != c.told || p.Added()+p.Moved() != 0 {
				t.Errorf("preview %+v", p)
			}
			now := datesOf(t, w, e.ID)
			if len(now) != c.all || now[1].ID != dates[2].ID || (now[1].State == event.StateCancelled) != c.cancels {
				t.Fatalf("dates %+v", now)
			}
			w.Drain()
			if n := len(w.Jobs(event.NoticeCancelled)); n != c.told {
				t.Errorf("%d pieces of news of a cancellation", n)
			}
		})
	}
}

// Dates are put in and taken out singly, for all and for those behind one.
func TestSingleDatesArePutInAndTakenOut(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e, dates := tuesdays(t, w, "FREQ=WEEKLY;COUNT=4", nil)
	edited(t, w, inScope(event.ScopeAll, dates[0], event.UpdateInput{Recurrence: &schedule.RecurrenceInput{Rule: "FREQ=WEEKLY;COUNT=4", ExtraDates: []clock.Local{"2026-09-17T10:00:00"}, ExceptDates: []clock.Local{"2026-09-08T18:00:00"}}}))
	if got := startsOf(datesOf(t, w, e.ID)); got != "1 Sep 18:00, 15 Sep 18:00, 17 Sep 10:00, 22 Sep 18:00" {
		t.Errorf("of all: %s", got)
	}
	next, _ := edited(t, w, inScope(event.ScopeFollowing, dates[2], event.UpdateInput{Recurrence: &schedule.RecurrenceInput{Rule: "FREQ=WEEKLY;COUNT=2", ExtraDates: []clock.Local{"2026-09-24T10:00:00"}}}))
	if got := startsOf(datesOf(t, w, e.ID)) + " | " + startsOf(datesOf(t, w, next.ContinuedByID)); got != "1 Sep 18:00 | 15 Sep 18:00, 22 Sep 18:00, 24 Sep 10:00" {
		t.Errorf("of those behind one: %s", got)
	}
}

// The zone and whole days are changed for all dates: the clock on the wall stays, and the instants follow.
func TestTheZoneAndWholeDaysAreEdited(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e, dates := tuesdays(t, w, "FREQ=WEEKLY;COUNT=3", map[int]string{1: "bo"})
	_, p := edited(t, w, inScope(event.ScopeAll, dates[0], event.UpdateInput{TimeZone: optional.Of(clock.Zone("Atlantic/Faroe"))}))
	now := datesOf(t, w, e.ID)
	if p.Moved() != 3 || startsOf(now) != startsOf(dates) || now[1].ID != dates[1].ID || !now[1].StartsAt.Equal(dates[1].StartsAt.Add(time.Hour)) {
		t.Errorf("in another zone: %+v, %s", p, startsOf(now))
	}
	edited(t, w, inScope(event.ScopeAll, dates[0], event.UpdateInput{IsAllDay: optional.Of(true)}))
	now = datesOf(t, w, e.ID)
	if got := startsOf(now); got != "1 Sep 00:00, 8 Sep 00:00, 15 Sep 00:00" || !now[1].IsAllDay || now[1].ID != dates[1].ID || now[1].EndsAtLocal != "2026-09-09T00:00:00" {
		t.Errorf("whole days: %s, %+v", got, now[1])
	}
}

// Whoever edits by a plan that is old is refused, and nothing changes: somebody was the first to sign up for a date. One more
// person there changes nothing.
func TestAPlanIsOldWhenADateGetsItsFirstPerson(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e, dates := tuesdays(t, w, "FREQ=WEEKLY;COUNT=3", map[int]string{1: "bo"})
	for _, scope := range []event.EditScope{event.ScopeAll, event.ScopeFollowing, event.ScopeThis} {
		in := inScope(scope, dates[1], event.UpdateInput{Title: optional.Of("Strik " + string(scope))})
		old := ct.Must(w.Events.PreviewEdit(w.As("anna"), in))(t).PlanToken
		ct.Must(w.Events.Attend(w.As("cara"), event.AttendInput{OccurrenceID: dates[1].ID}))(t)
		if same := ct.Must(w.Events.PreviewEdit(w.As("anna"), in))(t).PlanToken; same != old {
			t.Errorf("%s: the token changes with the second person", scope)
		}
		ct.Must(w.Events.Attend(w.As("dan"), event.AttendInput{OccurrenceID: dates[2].ID}))(t)
		in.PlanToken = &old
		_, err := w.Events.Update(w.As("anna"), in)
		if f := faultOf(err); f == nil || f.Code != fault.CodeVersionConflict || f.Field != "input.planToken" {
			t.Errorf("%s: %v", scope, err)
		}
		in.PlanToken = nil
		if _, err := w.Events.Update(w.As("anna"), in); faultOf(err) == nil || faultOf(err).Field != "input.planToken" {
			t.Errorf("%s without a token: %v", scope, err)
		}
		if now := ct.Must(w.Events.Get(w.As("anna"), e.ID))(t); now.Title != e.Title || now.Version != e.Version {
			t.Errorf("%s: half an edit: %+v", scope, now)
		}
		for name, date := range map[string]int{"cara": 1, "dan": 2} {
			ct.Must(w.Events.Leave(w.As(name), event.LeaveInput{OccurrenceID: dates[date].ID}))(t)
		}
	}
}

// A date that has begun is not edited, and a date of another event is none.
func TestADateThatHasBegunIsNotEdited(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	_, dates := tuesdays(t, w, "FREQ=WEEKLY;COUNT=3", nil)
	other, _ := tuesdays(t, w, "FREQ=WEEKLY;COUNT=3", nil)
	w.Clock.Advance(dates[1].StartsAt.Sub(w.Clock.Now()))
	for _, scope := range []event.EditScope{event.ScopeAll, event.ScopeFollowing, event.ScopeThis} {
		in := inScope(scope, dates[1], event.UpdateInput{Title: optional.Of("Strik")})
		_, errPlan := w.Events.PreviewEdit(w.As("anna"), in)
		_, err := w.Events.Update(w.As("anna"), in)
		for _, err := range []error{errPlan, err} {
			if f := faultOf(err); f == nil || f.Key != "event.date_begun" || f.Field != "input.occurrenceId" {
				t.Errorf("%s: %v", scope, err)
			}
		}
		in.EventID = other.ID
		if _, err := w.Events.Update(w.As("anna"), in); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("%s of another event: %v", scope, err)
		}
	}
}

// faultOf is the only fault of an error.
func faultOf(err error) *fault.Error {
	if list, ok := errors.AsType[fault.Problems](err); ok && len(list) == 1 {
		return list[0]
	}
	f, _ := errors.AsType[*fault.Error](err)
	return f
}
