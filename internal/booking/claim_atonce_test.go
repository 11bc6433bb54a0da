package booking_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/testkit"
)

// dieAfterTaking lets somebody sign up in a process that dies when it has taken the seat.
func dieAfterTaking(t *testing.T, w *ct.World, name, eventID string) {
	t.Helper()
	w.Person(name)
	crasher := testkit.NewCrasher()
	dying := w.Again(testkit.WithCrasher(crasher))
	crasher.After(1)
	if _, err := dying.Attend(name, eventID, 0); err == nil {
		t.Fatal("the process did not die")
	}
}

// A process has taken a seat for bo and has not written his booking yet, when the event is
// cancelled. He is told.
func TestWhoIsAboutToHaveASeatHearsOfACancellation(t *testing.T) {
	t.Parallel()
	w, e := evening(t, ct.Seats(2))
	dieAfterTaking(t, w, "bo", e)
	ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e}))(t)
	w.Drain()
	w.RunPending()
	w.Drain()
	if bo := w.StateOf("bo", e); bo != booking.Confirmed {
		t.Fatalf("bo is %q", bo)
	}
	if !slices.ContainsFunc(w.Notices("bo"), func(n inbox.Notice) bool { return n.Kind == event.NoticeCancelled }) {
		t.Error("bo has a seat at an event that is cancelled, and is not told")
	}
}

// A seat is taken for bo, and his booking could not be written, neither before the event was cancelled
// nor by that. He is told of it, once, whatever becomes of his booking.
func TestWhoseClaimWaitsHearsOfACancellation(t *testing.T) {
	t.Parallel()
	for _, isAside := range []bool{false, true} {
		for _, isDone := range []bool{true, false} {
			w, e := evening(t, ct.Seats(2))
			w.Person("cara")
			w.MustAttend("cara", e, 0)
			dieAfterTaking(t, w, "bo", e)
			if isAside {
				putAside(w, "occurrences", ct.DateOf(e))
			} else {
				hold(t, w, ct.DateOf(e), 5*time.Second)
			}
			ct.Must(w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: e}))(t)
			if bo := w.StateOf("bo", e); bo != "" {
				t.Fatalf("bo is %q", bo)
			}
			finish := func() {
				w.Clock.Advance(6 * time.Second)
				w.RunPending()
			}
			if isDone { // before the audience is walked
				finish()
			}
			w.Drain()
			finish()
			w.Drain()
			for _, name := range []string{"bo", "cara"} {
				told := 0
				for _, n := range w.Notices(name) {
					if n.Kind == event.NoticeCancelled && n.Rule != notify.RuleUntrue {
						told++
					}
				}
				if told != 1 {
					t.Errorf("put aside %t, done %t: %s is told %d times", isAside, isDone, name, told)
				}
			}
		}
	}
}

// offerDies is an event at which anna has a seat and bo is in line, and a process that died when it had
// taken a free seat to offer it to him.
func offerDies(t *testing.T) (*ct.World, string) {
	t.Helper()
	for n := 2; n < 8; n++ { // the seat is given up and counted first
		w, e := party(t, 2, "anna", "cara", "bo")
		crasher := testkit.NewCrasher()
		dying := w.Again(testkit.WithCrasher(crasher))
		crasher.After(n)
		_ = dying.Leave("cara", e)
		if len(w.Bookable(ct.DateOf(e)).Claims) > 0 {
			return w, e
		}
	}
	t.Fatal("no seat is taken for bo")
	return nil, ""
}

// A seat becomes free, and is taken to be offered to bo, who is in line; the process dies then. He has no
// seat, and is told nothing as if he had one.
func TestWhoseOfferWaitsHasNoSeat(t *testing.T) {
	t.Parallel()
	w, e := offerDies(t)
	for range 2 {
		seated := ct.Must(w.Bookings.Seated(t.Context(), ct.DateOf(e), "", 10))(t)
		if len(seated) != 1 || seated[0].PersonID != ct.PersonID("anna") {
			t.Errorf("seated are %v", seated)
		}
		concerned := ct.Must(w.Bookings.Concerned(t.Context(), ct.DateOf(e), "", 10))(t)
		if len(concerned) != 2 {
			t.Errorf("concerned are %v", concerned)
		}
		w.RunPending()
	}
	want(t, w, e, map[string]booking.State{"bo": booking.Offered})
}

// The booking of a claim could not be written, and is tried again soon. Meanwhile bo, whose claim
// it is, is neither told that he has no booking, nor put in line behind his own seat.
func TestAClaimThatWaitsIsNotDenied(t *testing.T) {
	t.Parallel()
	for _, seats := range []int{1, 2} {
		w, e := evening(t, ct.Seats(seats))
		dieAfterTaking(t, w, "bo", e)
		hold(t, w, ct.DateOf(e), 5*time.Second)
		_, err := w.Attend("bo", e, 0)
		ct.WantKind(t, err, fault.KindUnavailable)
		ct.WantKind(t, w.Leave("bo", e), fault.KindUnavailable)
		w.Clock.Advance(6 * time.Second)
		w.RunPending()
		want(t, w, e, map[string]booking.State{"bo": booking.Confirmed})
		leave(t, w, "bo", e)
		w.CheckSeats(e)
	}
}

// A seat is taken for cara, the first in line, and her booking could not be written yet. Seats that
// become free meanwhile go to those behind her.
func TestAClaimThatWaitsHoldsUpNobodyInLine(t *testing.T) {
	t.Parallel()
	w, e := party(t, 2, "bo", "eva", "cara", "dan")
	crasher := testkit.NewCrasher()
	dying := w.Again(testkit.WithCrasher(crasher))
	crasher.After(3) // bo's booking, the release, and the seat for cara
	_ = dying.Leave("bo", e)
	if b := w.Bookable(ct.DateOf(e)); !crasher.Crashed() || len(b.Claims) != 1 {
		t.Fatalf("no claim is left: %+v", b)
	}
	hold(t, w, ct.DateOf(e), 5*time.Second)
	leave(t, w, "eva", e)
	want(t, w, e, map[string]booking.State{"cara": booking.Waitlisted, "dan": booking.Offered})
	if b := w.Bookable(ct.DateOf(e)); !b.HasQueue {
		t.Error("cara is in line, and newcomers may pass her")
	}
	leave(t, w, "dan", e) // nobody is left for whom nothing is taken
	w.Clock.Advance(6 * time.Second)
	w.RunPending()
	want(t, w, e, map[string]booking.State{"cara": booking.Offered})
	w.CheckSeats(e)
	wantNothing(t, w)
}

// hold lets what a date still has to do wait, as after a failure.
func hold(t *testing.T, w *ct.World, dateID string, wait time.Duration) {
	t.Helper()
	for eid := range ct.All[struct{ Effects map[string]any }](w, "occurrences", map[string]any{"_id": dateID})[0].Effects {
		w.Set(t.Context(), "occurrences", dateID, map[string]any{"effects." + eid + ".notBefore": w.Clock.Now().Add(wait)})
	}
}
