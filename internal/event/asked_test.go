package event_test

import (
	"testing"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
)

// askedFor is a series of three Tuesdays to which people come if the organisers let them. Bo asks for the last.
func askedFor(t *testing.T) (*ct.World, *event.Event, []*event.Occurrence) {
	t.Helper()
	w := ct.New(t)
	e := publishedSeries(t, w, w.Group("anna"), "2026-09-01T18:00:00", "FREQ=WEEKLY;COUNT=3", func(in *event.CreateInput) {
		in.SignUp = &booking.TermsInput{NeedsApproval: true}
	})
	dates := datesOf(t, w, e.ID)
	w.Person("bo")
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: dates[2].ID}))(t)
	return w, e, dates
}

// bookingAt is what a person has at a date.
func bookingAt(w *ct.World, dateID, name string) booking.Booking {
	w.T.Helper()
	list := ct.All[booking.Booking](w, "bookings", map[string]any{"_id": booking.IDOf(dateID, ct.PersonID(name))})
	if len(list) != 1 {
		w.T.Fatalf("%d bookings of %s", len(list), name)
	}
	return list[0]
}

// A date for which somebody waits to be let in is not taken out behind their back, though no seat of it is taken: it stays,
// or it is cancelled, and they are told.
func TestADateThatSomebodyAsksForIsNotTakenOut(t *testing.T) {
	t.Parallel()
	for _, cancels := range []bool{false, true} {
		w, e, dates := askedFor(t)
		_, p := edited(t, w, inScope(event.ScopeAll, dates[0], event.UpdateInput{Recurrence: without("FREQ=WEEKLY;COUNT=1"), CancelsBooked: cancels}))
		if got := startsOf(datesOf(t, w, e.ID)); got != "1 Sep 18:00, 15 Sep 18:00" || p.Removed() != 1 || p.Dates[2].People != 1 {
			t.Errorf("cancels %t: %s; preview %+v", cancels, got, p)
		}
		w.RunPending()
		w.Drain()
		state, told := booking.PendingApproval, 0
		if cancels {
			state, told = booking.Cancelled, 1
		}
		if is := bookingAt(w, dates[2].ID, "bo"); is.State != state {
			t.Errorf("cancels %t: bo has %+v", cancels, is)
		}
		if got := titlesOf(w, "bo", event.NoticeCancelled); len(got) != told {
			t.Errorf("cancels %t: bo is told %q", cancels, got)
		}
	}
}

// Who has only asked to come hears that the series is cancelled, and asks for nothing any more.
func TestWhoAsksHearsThatASeriesIsCancelled(t *testing.T) {
	t.Parallel()
	w, e, dates := askedFor(t)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
	w.RunPending()
	w.Drain()
	if is := bookingAt(w, dates[2].ID, "bo"); is.State != booking.Cancelled {
		t.Errorf("bo has %+v", is)
	}
	if got := titlesOf(w, "bo", event.NoticeCancelled); len(got) != 1 {
		t.Errorf("bo is told %q", got)
	}
}
