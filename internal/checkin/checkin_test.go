package checkin_test

import (
	"strings"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/checkin"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
)

// party is a date of today with these people, at whose door anna stands.
func party(t *testing.T, names ...string) (*ct.World, *event.Event) {
	t.Helper()
	w := ct.New(t)
	g := w.Group("anna")
	w.Join(g.ID, names...)
	e := w.PublishedEvent("anna", g.ID, nil)
	for _, name := range names {
		w.MustAttend(name, e.ID, 0)
	}
	return w, e
}

func bookingOf(name string, e *event.Event) string {
	return booking.IDOf(ct.DateOf(e.ID), ct.PersonID(name))
}

func code(t *testing.T, w *ct.World, name string, e *event.Event) string {
	t.Helper()
	own := ct.Must(w.Bookings.OwnOf(w.As(name), []string{ct.DateOf(e.ID)}))(t)
	c := w.CheckIns.Code(w.As(name), own[ct.DateOf(e.ID)])
	if c == nil {
		t.Fatalf("%s has no code", name)
	}
	return *c
}

func scan(w *ct.World, c string, at *time.Time) (*booking.Arrived, error) {
	return w.CheckIns.CheckIn(w.As("anna"), checkin.Input{Code: &c, At: at})
}

// forged is a code with another last letter.
func forged(c string) string {
	last := "A"
	if strings.HasSuffix(c, last) {
		last = "B"
	}
	return c[:len(c)-1] + last
}

func ready(w *ct.World, e *event.Event) { w.Clock.Advance(e.StartsAt.Sub(w.DB.Now())) }

// Two who scan the same code leave one record: the second hears since when (tickets#2397).
func TestTheFirstRecordStands(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo")
	c := code(t, w, "bo", e)
	if s := w.StateOf("bo", e.ID); s != booking.Confirmed {
		t.Errorf("looking at the code made it %s", s) // verbb/events#77
	}
	ready(w, e)
	first := ct.Must(scan(w, c, nil))(t)
	w.Clock.Advance(5 * time.Minute)
	again := ct.Must(scan(w, c, nil))(t)
	if first.IsAlready || !again.IsAlready || !again.Since.Equal(*first.Since) || w.StateOf("bo", e.ID) != booking.Attended {
		t.Errorf("%+v, then %+v", first, again)
	}
	w.CheckSeats(e.ID)
}

// A code is of no use before the doors open, and after that it still is (event-tickets#2941).
func TestOutsideItsTimeACodeIsNotUsedUp(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo")
	c := code(t, w, "bo", e)
	w.Clock.Advance(e.StartsAt.Add(-3 * time.Hour).Sub(w.DB.Now()))
	_, err := scan(w, c, nil)
	ct.WantKey(t, err, "checkin.outside")
	ready(w, e)
	if in := ct.Must(scan(w, c, nil))(t); in.IsAlready {
		t.Error("the code is used up")
	}
}

// Known break 35 (zupass#392, wordcamp.org#1302): somebody who leaves and signs up anew has a new code, and the old one is
// refused. So is what nobody made.
func TestKnownBreak35OldAndForgedCodes(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo")
	old := code(t, w, "bo", e)
	if err := w.Leave("bo", e.ID); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Second)
	w.MustAttend("bo", e.ID, 0)
	ready(w, e)
	_, err := scan(w, old, nil)
	ct.WantKey(t, err, "checkin.code.old")
	_, err = scan(w, forged(old), nil)
	ct.WantKey(t, err, "checkin.code.forged")
	ct.Must(scan(w, code(t, w, "bo", e), nil))(t)
}

// A booking that had ended is refused at the door (Eventra#12578), and kept as admitted if a phone without a network
// let the person in (pretix#3187).
func TestEndedBookings(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo", "cara")
	bo, cara := code(t, w, "bo", e), code(t, w, "cara", e)
	ready(w, e)
	for _, name := range []string{"bo", "cara"} {
		if err := w.Leave(name, e.ID); err != nil {
			t.Fatal(err)
		}
	}
	_, err := scan(w, bo, nil)
	ct.WantKey(t, err, "checkin.ended")
	at := w.DB.Now()
	w.Clock.Advance(time.Hour)
	in := ct.Must(scan(w, cara, &at))(t)
	if !in.HadEnded || in.IsAlready || w.StateOf("cara", e.ID) != booking.Attended {
		t.Errorf("%+v", in)
	}
	w.CheckSeats(e.ID)
	if _, err := w.CheckIns.Undo(w.As("anna"), checkin.UndoInput{BookingID: bookingOf("cara", e)}); err != nil || w.StateOf("cara", e.ID) != booking.Cancelled {
		t.Errorf("%v, %s", err, w.StateOf("cara", e.ID))
	}
	w.CheckSeats(e.ID)
}

// Whoever was not let in has not come, and a late record still counts. What was undone stays so.
func TestCloseAndUndo(t *testing.T) {
	t.Parallel()
	w, e := party(t, "bo", "cara")
	cara := code(t, w, "cara", e)
	_, err := w.CheckIns.CloseAttendance(w.As("anna"), checkin.CloseAttendanceInput{OccurrenceID: ct.DateOf(e.ID)})
	ct.WantKey(t, err, "checkin.close.ahead")
	ready(w, e)
	ct.Must(scan(w, code(t, w, "bo", e), nil))(t)
	at := w.DB.Now()
	w.Clock.Advance(time.Hour)
	ct.Must(w.CheckIns.CloseAttendance(w.As("anna"), checkin.CloseAttendanceInput{OccurrenceID: ct.DateOf(e.ID)}))(t)
	if got := ct.Must(w.Bookings.TurnoutAt(w.As("anna"), ct.DateOf(e.ID)))(t); got != (booking.Turnout{Came: 1, Missed: 1}) {
		t.Errorf("%+v", got)
	}
	ct.Must(scan(w, cara, &at))(t)
	ct.Must(w.CheckIns.Undo(w.As("anna"), checkin.UndoInput{BookingID: bookingOf("cara", e)}))(t)
	if s := w.StateOf("cara", e.ID); s != booking.NoShow {
		t.Errorf("cara is %s", s)
	}
	_, err = scan(w, cara, &at)
	ct.WantKey(t, err, "checkin.undone")
	_, err = w.CheckIns.CheckIn(w.As("bo"), checkin.Input{Code: &cara})
	ct.WantKey(t, err, "checkin.permission")
	w.Clock.Advance(late)
	_, err = scan(w, cara, &at)
	ct.WantKey(t, err, "checkin.late")
}

const late = 73 * time.Hour
