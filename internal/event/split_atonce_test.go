package event_test

import (
	"testing"
	"time"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
	"faellesskab/internal/testkit"
)

// Somebody signs up for a date after it was planned to take it out, and before that is done: the date stays with them.
func TestADateThatGetsAPersonMeanwhileIsNotTakenOut(t *testing.T) {
	t.Parallel()
	for _, scope := range []event.EditScope{event.ScopeAll, event.ScopeFollowing} {
		t.Run(string(scope), func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			e, dates := tuesdays(t, w, "FREQ=WEEKLY;COUNT=4", nil)
			key := lateKey
			in := inScope(scope, dates[1], event.UpdateInput{ClientMutationID: &key, CancelsBooked: true, Recurrence: without("FREQ=WEEKLY;COUNT=1")})
			if scope == event.ScopeAll {
				in.OccurrenceID = nil
			}
			lateDate(w, e.ID, func(dying *ct.World) error {
				_, err := dying.Events.Update(dying.As("anna"), in)
				return err
			})
			ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: dates[3].ID}))(t)
			later(w)
			kept := ct.Must(w.Events.Occurrence(w.As("bo"), dates[3].ID))(t)
			if kept.State != event.StatePublished || kept.SeatsTaken != 1 {
				t.Errorf("the date of bo: %+v", kept)
			}
			if _, err := w.Events.Occurrence(w.As("bo"), dates[2].ID); err == nil {
				t.Error("the date of nobody is still there")
			}
			if now := ct.Must(w.Events.Get(w.As("anna"), kept.EventID))(t); scope == event.ScopeFollowing && now.ContinuesID != e.ID {
				t.Errorf("the date is of %+v", now)
			}
		})
	}
}

// Somebody signs up for a date between the moment at which it was read that nobody comes, and its removal.
func TestADateThatGetsAPersonRightBeforeItsRemovalStays(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	e, dates := tuesdays(t, w, "FREQ=WEEKLY;COUNT=3", nil)
	w.Person("bo")
	isTried := false
	m.Before("delete", "occurrences", func() {
		isTried = true
		ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: dates[2].ID}))(t)
	})
	edited(t, w, inScope(event.ScopeAll, dates[0], event.UpdateInput{Recurrence: without("FREQ=WEEKLY;COUNT=1")}))
	if got := startsOf(datesOf(t, w, e.ID)); !isTried || got != "1 Sep 18:00, 15 Sep 18:00" {
		t.Errorf("%s; somebody signed up in between: %t", got, isTried)
	}
}

const lookLater = time.Hour

// later lets an hour pass, after which what waited is done.
func later(w *ct.World) {
	w.T.Helper()
	w.Clock.Advance(2 * lookLater)
	w.RunPending()
}

// A process dies at one of several points of an edit that gives dates to an event of their own: right after the write that
// decides, and while the event is written and gets its dates. Whoever looks after that finds the whole edit, and so does a
// repeat of the call: each date once, with its people, in the right event.
func TestACrashEndsInTheWholeSplit(t *testing.T) {
	t.Parallel()
	for _, point := range []int{2, 4, 6, 8} {
		w := ct.New(t)
		e, dates := tuesdays(t, w, "FREQ=WEEKLY;COUNT=4", map[int]string{2: "bo"})
		key := lateKey
		in := inScope(event.ScopeFollowing, dates[2], event.UpdateInput{ClientMutationID: &key, Title: optional.Of("Strik"), StartsAt: optional.Of(clock.Local("2026-09-15T19:00:00"))})
		in.PlanToken = &ct.Must(w.Events.PreviewEdit(w.As("anna"), in))(t).PlanToken
		crasher := testkit.NewCrasher()
		dying := w.Again(testkit.WithCrasher(crasher))
		crasher.After(point)
		if _, err := dying.Events.Update(dying.As("anna"), in); !crasher.Crashed() {
			t.Fatalf("point %d: the process lives: %v", point, err)
		}
		later(w)
		first := ct.Must(w.Events.Update(w.As("anna"), in))(t)
		tail := datesOf(t, w, first.ContinuedByID)
		if got := startsOf(datesOf(t, w, e.ID)) + " | " + startsOf(tail); got != "1 Sep 18:00, 8 Sep 18:00 | 15 Sep 19:00, 22 Sep 19:00" || tail[0].ID != dates[2].ID || tail[0].SeatsTaken != 1 || tail[0].Title != "Strik" {
			t.Fatalf("point %d: %s: %+v", point, got, tail)
		}
		if n := len(ct.All[event.Event](w, "events", map[string]any{})); n != 2 {
			t.Fatalf("point %d: %d events", point, n)
		}
	}
}
