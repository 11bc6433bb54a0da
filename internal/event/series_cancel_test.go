package event_test

import (
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
)

// w3c/calendar#92: a date that was cancelled is brought back under its id, and calendars hear of both. Those who had a seat are
// asked whether they still come, and nobody takes their seats meanwhile.
func TestKnownBreak16WhoHadASeatIsAsked(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	for _, name := range []string{"bo", "cara", "dan", "eva"} {
		w.Person(name)
	}
	e := publishedSeries(t, w, g, inDays(w, 5), "FREQ=WEEKLY;COUNT=3", func(in *event.CreateInput) { in.Capacity = ct.Seats(2) })
	dates := idsOf(datesOf(t, w, e.ID))
	for _, name := range []string{"bo", "cara", "dan"} {
		ct.Must(w.Events.Attend(w.As(name), event.AttendInput{OccurrenceID: dates[1]}))(t)
	}
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: dates[2]}))(t)
	reason := "Storm"
	if err := w.Events.CancelOccurrence(w.As("anna"), event.CancelOccurrenceInput{OccurrenceID: dates[1], Reason: &reason}); err != nil {
		t.Fatal(err)
	}
	off := datesOf(t, w, e.ID)
	if off[1].State != event.StateCancelled || off[1].Sequence != 1 || *off[1].CancelReason != reason || off[0].State != event.StatePublished || off[0].Sequence != 0 {
		t.Errorf("cancelled: %+v", off[1])
	}
	w.Drain()
	for name, want := range map[string]int{"bo": 1, "cara": 1, "dan": 1, "eva": 0} {
		if n := noticesOf(w, name, event.NoticeCancelled); n != want {
			t.Errorf("%s has %d notices of the cancelled date, want %d", name, n, want)
		}
	}
	// 6: the date stays cancelled when the event is changed.
	w.Join(g.ID, "eva")
	ct.Must(w.Events.AddCoOrganiser(w.As("anna"), event.AddCoOrganiserInput{EventID: e.ID, PersonID: ct.PersonID("eva")}))(t)
	if o := datesOf(t, w, e.ID)[1]; o.State != event.StateCancelled {
		t.Errorf("after a change of the event the date is %s", o.State)
	}
	if err := w.Events.RestoreOccurrence(w.As("anna"), event.RestoreOccurrenceInput{OccurrenceID: dates[1]}); err != nil {
		t.Fatal(err)
	}
	on := datesOf(t, w, e.ID)
	if on[1].ID != dates[1] || on[1].State != event.StatePublished || on[1].Sequence != 2 || on[1].CancelReason != nil {
		t.Errorf("brought back: %+v", on[1])
	}
	for name, want := range map[string]booking.State{"bo": booking.Offered, "cara": booking.Offered, "dan": booking.Cancelled} {
		if got := stateAt(w, dates[1], name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if got := stateAt(w, dates[2], "bo"); got != booking.Confirmed {
		t.Errorf("at another date bo is %s", got)
	}
	if r := ct.Must(w.Events.Attend(w.As("eva"), event.AttendInput{OccurrenceID: dates[1]}))(t); r.Gave != booking.Waitlisted {
		t.Errorf("eva got %s %s", r.Gave, r.Refusal)
	}
	w.Drain()
	ct.Must(w.Bookings.AcceptOffer(w.As("bo"), booking.OfferInput{BookingID: booking.IDOf(dates[1], ct.PersonID("bo"))}))(t)
	ct.Must(w.Bookings.DeclineOffer(w.As("cara"), booking.OfferInput{BookingID: booking.IDOf(dates[1], ct.PersonID("cara"))}))(t)
	w.Drain()
	for name, want := range map[string]booking.State{"bo": booking.Confirmed, "eva": booking.Offered} {
		if got := stateAt(w, dates[1], name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if n := noticesOf(w, "bo", booking.NoticeSeatOffered); n != 1 {
		t.Errorf("bo was asked %d times", n)
	}
	if n := noticesOf(w, "dan", event.NoticeRestored); n != 1 {
		t.Errorf("dan, who was in line, has %d notices", n)
	}
}

// Near the start there is no time for asking: people keep their seats, and hear that they have them.
func TestADateThatIsBroughtBackShortlyBefore(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Person("bo")
	e := w.PublishedAt("anna", g.ID, w.Clock.Now().Add(5*time.Hour), nil)
	dateID := ct.DateOf(e.ID)
	ct.Must(w.Events.Attend(w.As("bo"), event.AttendInput{OccurrenceID: dateID}))(t)
	for range 2 {
		if err := w.Events.CancelOccurrence(w.As("anna"), event.CancelOccurrenceInput{OccurrenceID: dateID}); err != nil {
			t.Fatal(err)
		}
		if err := w.Events.RestoreOccurrence(w.As("anna"), event.RestoreOccurrenceInput{OccurrenceID: dateID}); err != nil {
			t.Fatal(err)
		}
	}
	w.Drain()
	if got := stateAt(w, dateID, "bo"); got != booking.Confirmed {
		t.Errorf("bo is %s", got)
	}
	if n := noticesOf(w, "bo", event.NoticeRestored); n != 2 {
		t.Errorf("bo has %d notices", n)
	}
	if o := datesOf(t, w, e.ID)[0]; o.Sequence != 4 || o.State != event.StatePublished {
		t.Errorf("%s, sequence %d", o.State, o.Sequence)
	}
}

// The server accepts what viewerCan says, and nothing else.
func TestWhoMayCancelADate(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	w.Person("bo")
	e := publishedSeries(t, w, g, inDays(w, 5), "FREQ=WEEKLY;COUNT=2")
	dates := idsOf(datesOf(t, w, e.ID))
	in := event.CancelOccurrenceInput{OccurrenceID: dates[0]}
	if err := w.Events.CancelOccurrence(w.As("bo"), in); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("bo: %v", err)
	}
	back := event.RestoreOccurrenceInput{OccurrenceID: dates[0]}
	if err := w.Events.RestoreOccurrence(w.As("anna"), back); !fault.Is(err, fault.KindConflict) {
		t.Errorf("a date that is not cancelled: %v", err)
	}
	if err := w.Events.CancelOccurrence(w.As("anna"), in); err != nil {
		t.Fatal(err)
	}
	if err := w.Events.CancelOccurrence(w.As("anna"), in); !fault.Is(err, fault.KindConflict) {
		t.Errorf("twice: %v", err)
	}
	w.Clock.Advance(6 * 24 * time.Hour)
	if err := w.Events.RestoreOccurrence(w.As("anna"), back); !fault.Is(err, fault.KindConflict) {
		t.Errorf("a date that has begun: %v", err)
	}
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e.ID}))(t)
	if err := w.Events.CancelOccurrence(w.As("anna"), event.CancelOccurrenceInput{OccurrenceID: dates[1]}); !fault.Is(err, fault.KindConflict) {
		t.Errorf("of a cancelled event: %v", err)
	}
}

// stateAt is the state of somebody's booking of a date; empty if they have none.
func stateAt(w *ct.World, dateID, name string) booking.State {
	w.T.Helper()
	for _, b := range w.BookingsAt(dateID) {
		if b.PersonID == ct.PersonID(name) {
			return b.State
		}
	}
	return ""
}

// noticesOf is how many notices of a kind somebody has.
func noticesOf(w *ct.World, name string, k notify.Kind) int {
	w.T.Helper()
	n := 0
	for _, notice := range w.Notices(name) {
		if notice.Kind == k {
			n++
		}
	}
	return n
}
