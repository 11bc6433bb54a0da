package booking_test

import (
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/dead"
	"faellesskab/internal/event"
	"faellesskab/internal/optional"
	"faellesskab/internal/testkit"
)

// putAside makes a dead letter of all that a document still has to do, as ten failures of the first
// effect would. It returns the letter's id.
func putAside(w *ct.World, collection, docID string) string {
	w.T.Helper()
	doc := ct.All[struct {
		Due     []string
		Effects map[string]struct {
			Kind  string
			Args  string
			Clear []string
		}
	}](w, collection, map[string]any{"_id": docID})[0]
	ids := slices.Sorted(maps.Keys(doc.Effects))
	if len(doc.Due) != 1 || len(ids) == 0 {
		w.T.Fatalf("%s has %+v", docID, doc)
	}
	effects := map[string]any{}
	for _, eid := range ids {
		e := doc.Effects[eid]
		effects[eid] = map[string]any{"Kind": e.Kind, "Args": e.Args, "Clear": e.Clear, "Tries": dead.MaxTries}
	}
	body, err := json.Marshal(map[string]any{"Doc": map[string]any{"Collection": collection, "ID": docID},
		"Batch": doc.Due[0], "Effect": ids[0], "Effects": effects})
	if err != nil {
		w.T.Fatal(err)
	}
	l := dead.Letter{ID: "effect/" + ids[0], Kind: doc.Effects[ids[0]].Kind, About: collection + "/" + docID, Tries: dead.MaxTries,
		Error: "not now", At: w.Clock.Now(), Body: string(body)}
	if err := dead.NewStore(w.DB).Put(w.T.Context(), l); err != nil {
		w.T.Fatal(err)
	}
	w.Set(w.T.Context(), collection, docID, map[string]any{"effects": map[string]any{}, "due": []string{}})
	return l.ID
}

// A claim, or a release, was put aside. While a repair counts, an operator has it tried again: it is
// done, or it is about to be, when the repair looks for what was put aside.
func TestARepairMeetsAnEffectThatIsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, isClaim := range []bool{true, false} {
		for _, isDone := range []bool{true, false} {
			for _, at := range [][2]string{{"find", "bookings"}, {"find", "dead_letters"}, {"update", "occurrences"}} {
				w, e := evening(t, ct.Seats(2))
				w.MustAttend("cara", e, 0)
				w.Person("bo")
				crasher := testkit.NewCrasher()
				dying := w.Again(testkit.WithCrasher(crasher))
				collection, docID := "occurrences", ct.DateOf(e)
				if isClaim {
					crasher.After(1)
					_, _ = dying.Attend("bo", e, 0)
				} else {
					w.MustAttend("bo", e, 0)
					collection, docID = bookings, bookingOf(w, "bo", e).ID
					crasher.After(1)
					_ = dying.Leave("bo", e)
				}
				letter := putAside(w, collection, docID)
				late, m := asleep(w)
				again := sync.OnceFunc(func() {
					if err := w.Outbox.Letters().Retry(t.Context(), letter); err != nil {
						t.Error(err)
					}
					if isDone {
						w.RunPending()
					}
				})
				m.Before(at[0], at[1], again)
				ct.Must(late.Community.Bookings.Repair(t.Context()))(t)
				again() // a repair that has seen the letter does nothing
				if b := w.CheckSeats(e); t.Failed() {
					t.Fatalf("claim %t, done %t, before %v: %+v", isClaim, isDone, at, b.Seats)
				}
				wantNothing(t, w)
			}
		}
	}
}

// A date from before there were versions of numbers is repaired too.
func TestARepairMendsADateWithoutAVersion(t *testing.T) {
	t.Parallel()
	w, e := party(t, 2, "bo", "cara")
	w.Set(t.Context(), "occurrences", ct.DateOf(e), map[string]any{"seatsTaken": 1, "seatsLeft": 1})
	w.Unset("occurrences", ct.DateOf(e), "seatsVersion")
	if found := ct.Must(w.Community.Bookings.Repair(t.Context()))(t); len(found) == 0 {
		t.Error("nothing is found")
	}
	w.CheckSeats(e)
	wantNothing(t, w)
}

// A repair looks before every command by which an event is moved, gets more seats and is cancelled,
// and finds nothing wrong.
func TestARepairAmidChangesOfAnEventChangesNothing(t *testing.T) {
	t.Parallel()
	for _, at := range [][2]string{{"update", bookings}, {"update", "occurrences"}, {"findAndModify", "occurrences"}, {"find", "occurrences"}, {"find", bookings}, {"update", "events"}} {
		w, e := party(t, 1, "bo", "cara", "dan")
		busy, m := asleep(w)
		busy.As("anna")
		var look func()
		looks := 0
		look = func() {
			looks++
			if found := ct.Must(w.Community.Bookings.Repair(t.Context()))(t); len(found) > 0 {
				t.Errorf("before %v: %+v", at, found)
			}
			m.Before(at[0], at[1], look)
		}
		m.Before(at[0], at[1], look)
		start := w.Bookable(ct.DateOf(e)).StartsAt.Add(24 * time.Hour)
		from, to := clock.LocalOf(start, clock.Copenhagen), clock.LocalOf(start.Add(time.Hour), clock.Copenhagen)
		ct.Must(busy.Events.Update(busy.As("anna"), event.UpdateInput{EventID: e, StartsAt: optional.Of(from), EndsAt: optional.Of(to), Capacity: optional.Of(2)}))(t)
		w.CheckSeats(e)
		wantStarts(w, e)
		want(t, w, e, map[string]booking.State{"cara": booking.Offered, "dan": booking.Waitlisted})
		ct.Must(busy.Events.Cancel(busy.As("anna"), event.CancelInput{EventID: e}))(t)
		want(t, w, e, map[string]booking.State{"cara": booking.Cancelled, "dan": booking.Cancelled})
		wantNothing(t, w)
		if looks == 0 {
			t.Errorf("%v: no looks", at)
		}
	}
}
