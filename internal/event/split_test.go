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
