package event_test

import (
	"testing"
	"time"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/inbox"
	"faellesskab/internal/optional"
)

// edited is the event after an edit that was previewed, which has to do with its dates what the preview says.
func edited(t *testing.T, w *ct.World, in event.UpdateInput) (*event.Event, *event.EditPreview) {
	t.Helper()
	p := ct.Must(w.Events.PreviewEdit(w.As("anna"), in))(t)
	in.PlanToken = &p.PlanToken
	return ct.Must(w.Events.Update(w.As("anna"), in))(t), p
}

// inScope is an edit for a scope, from a date on.
func inScope(scope event.EditScope, o *event.Occurrence, in event.UpdateInput) event.UpdateInput {
	in.EventID, in.Scope, in.OccurrenceID = o.EventID, &scope, &o.ID
	return in
}

// Known breaks 2 and 3: a date and those behind it become an event of their own, which has as many dates as the series had
// left. Ids, what people have booked and what they have muted stay.
func TestTheFollowingDatesContinueASeries(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	for _, name := range []string{"bo", "cara"} {
		w.Person(name)
		w.Phone(name, name)
	}
	e := publishedSeries(t, w, g, "2026-09-01T18:00:00", "FREQ=WEEKLY;COUNT=6")
	dates := datesOf(t, w, e.ID)
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: dates[4].ID}))(t)
	ct.Must(w.Events.Attend(w.As("cara"), event.AttendInput{OccurrenceID: dates[4].ID}))(t)
	w.Drain()
	w.Phones.Reset()
	ct.Must(w.Settings.MuteThread(w.As("cara"), inbox.ThreadInput{SubjectID: e.ID}))(t)
	first, p := edited(t, w, inScope(event.ScopeFollowing, dates[3], event.UpdateInput{Title: optional.Of("Strik"), StartsAt: optional.Of(clock.Local("2026-09-22T19:00:00"))}))
	if p.Kept() != 3 || p.Moved() != 3 || p.Added()+p.Removed()+p.Cancelled() != 0 || p.PeopleTold != 2 {
		t.Errorf("preview %+v", p)
	}
	next := ct.Must(w.Events.Get(w.As("anna"), first.ContinuedByID))(t)
	if next.ContinuesID != e.ID || next.Title != "Strik" || next.State != event.StatePublished || next.ThreadID() != e.ID || next.OrganiserID != e.OrganiserID {
		t.Errorf("the next event: %+v", next)
	}
	before, after := datesOf(t, w, e.ID), datesOf(t, w, next.ID)
	if got := startsOf(before) + " | " + startsOf(after); got != "1 Sep 18:00, 8 Sep 18:00, 15 Sep 18:00 | 22 Sep 19:00, 29 Sep 19:00, 6 Oct 19:00" {
		t.Errorf("dates: %s", got)
	}
	for i, o := range append(before, after...) {
		if o.ID != dates[i].ID || o.SeatsTaken != dates[i].SeatsTaken && i != 4 || i == 4 && o.SeatsTaken != 2 {
			t.Errorf("date %d: %+v", i, o)
		}
	}
	if now := ct.Must(w.Events.Get(w.As("anna"), e.ID))(t); now.Recurrence().Rule != "FREQ=WEEKLY;COUNT=3" || now.Title != e.Title || next.Recurrence().Rule != "FREQ=WEEKLY;COUNT=3" {
		t.Errorf("rules %q and %q", now.Recurrence().Rule, next.Recurrence().Rule)
	}
	w.Clock.Advance(3 * time.Minute)
	w.Fire()
	w.Drain()
	if bo, cara := w.Phones.Count("bo"), w.Phones.Count("cara"); bo != 1 || cara != 0 {
		t.Errorf("pushed to bo %d times, to cara, who has muted it, %d times", bo, cara)
	}
	if len(w.Notices("cara")) == 0 {
		t.Error("cara finds nothing in the inbox")
	}
}

// An event that was continued can be edited and continued again, and so can the one that continues it. The chain stays whole,
// a mute of any of it is one of all, and the dates of the first are no longer those of the others.
func TestAChainOfEventsStaysWhole(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e, dates := tuesdays(t, w, "FREQ=WEEKLY;COUNT=6", map[int]string{3: "bo"})
	first, _ := edited(t, w, inScope(event.ScopeFollowing, dates[4], event.UpdateInput{Title: optional.Of("Tre")}))
	third := first.ContinuedByID
	first, _ = edited(t, w, inScope(event.ScopeFollowing, dates[2], event.UpdateInput{Title: optional.Of("To")}))
	second := ct.Must(w.Events.Get(w.As("anna"), first.ContinuedByID))(t)
	last := ct.Must(w.Events.Get(w.As("anna"), third))(t)
	if second.ContinuesID != e.ID || second.ContinuedByID != third || last.ContinuesID != second.ID || last.ContinuedByID != "" || last.ThreadID() != e.ID {
		t.Errorf("chain: %+v, %+v", second, last)
	}
	// The dates of the first are moved beyond the cut, and stay its own.
	edited(t, w, inScope(event.ScopeAll, dates[0], event.UpdateInput{StartsAt: optional.Of(clock.Local("2026-09-22T10:00:00"))}))
	for id, want := range map[string]string{e.ID: "22 Sep 10:00, 29 Sep 10:00", second.ID: "15 Sep 18:00, 22 Sep 18:00", third: "29 Sep 18:00, 6 Oct 18:00"} {
		if got := startsOf(datesOf(t, w, id)); got != want {
			t.Errorf("%s has %s, want %s", id, got, want)
		}
	}
	settings := ct.Must(w.Settings.MuteThread(w.As("bo"), inbox.ThreadInput{SubjectID: third}))(t)
	if ids := settings.ThreadIDs(); len(ids) != 1 || ids[0] != e.ID {
		t.Errorf("muted: %v", ids)
	}
	if settings = ct.Must(w.Settings.UnmuteThread(w.As("bo"), inbox.ThreadInput{SubjectID: second.ID}))(t); len(settings.ThreadIDs()) != 0 {
		t.Errorf("still muted: %v", settings.ThreadIDs())
	}
}

// Whoever edits the first date and those behind it edits the event.
func TestAllThatFollowsTheFirstDateIsTheSeries(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e, dates := tuesdays(t, w, "FREQ=WEEKLY;COUNT=3", nil)
	now, p := edited(t, w, inScope(event.ScopeFollowing, dates[0], event.UpdateInput{Title: optional.Of("Strik"), StartsAt: optional.Of(clock.Local("2026-09-01T19:00:00"))}))
	if now.ContinuedByID != "" || now.Title != "Strik" || p.Moved() != 3 || startsOf(datesOf(t, w, e.ID)) != "1 Sep 19:00, 8 Sep 19:00, 15 Sep 19:00" {
		t.Errorf("%+v, %+v", now, p)
	}
}
