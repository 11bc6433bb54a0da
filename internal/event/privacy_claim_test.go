package event_test

import (
	"encoding/json"
	"testing"

	"faellesskab/internal/booking"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/dead"
	"faellesskab/internal/testkit"
)

// If a person's claim on a seat was put aside, the erasure finishes the claim and gives the seat back. If the
// claim fails once more, the date forgets it all the same.
func TestAClaimThatWasPutAsideIsErased(t *testing.T) {
	t.Parallel()
	for name, fails := range map[string]bool{"the reason is mended": false, "it fails again": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, crasher := ct.New(t), testkit.NewCrasher()
			e := w.PublishedEvent("anna", w.Group("anna").ID, ct.Seats(1)).ID
			w.Person("bo")
			dying := w.Again(testkit.WithCrasher(crasher))
			crasher.After(1)
			_, _ = dying.Attend("bo", e, 0)
			putAside(w, ct.DateOf(e), fails)
			if b := w.Bookable(ct.DateOf(e)); b.SeatsTaken != 1 || len(b.Claims) != 1 || w.Count("bookings") != 0 {
				t.Fatalf("no seat is on its way: %+v", b)
			}

			if err := w.Erase(t.Context(), ct.PersonID("bo")); err != nil {
				t.Fatal(err)
			}
			for _, collection := range []string{"occurrences", "bookings", "dead_letters"} {
				if found := testkit.Mentions(t, w.DB, collection, ct.PersonID("bo")); len(found) > 0 {
					t.Errorf("%s still names bo: %v", collection, found)
				}
			}
			if b := w.Bookable(ct.DateOf(e)); !fails && (b.SeatsTaken != 0 || b.FreeSeats != 1) {
				t.Errorf("the seat is still taken: %+v", b)
			}
		})
	}
}

// putAside makes a dead letter of all that a date still has to do, as ten failures would. If it fails, its
// arguments cannot be read.
func putAside(w *ct.World, dateID string, fails bool) {
	w.T.Helper()
	doc := ct.All[struct {
		Effects map[string]struct {
			Kind  string
			Args  string
			Clear []string
		}
	}](w, "occurrences", map[string]any{"_id": dateID})[0]
	effects, claim := map[string]any{}, ""
	for effectID, e := range doc.Effects {
		if len(e.Clear) > 0 {
			claim = effectID
			if fails {
				e.Args = `["` + ct.PersonID("bo") + `"]`
			}
		}
		effects[effectID] = map[string]any{"Kind": e.Kind, "Args": e.Args, "Clear": e.Clear, "Tries": dead.MaxTries}
	}
	b := ct.All[booking.Bookable](w, "occurrences", map[string]any{"_id": dateID})[0]
	body, err := json.Marshal(map[string]any{"Doc": map[string]any{"Collection": "occurrences", "ID": dateID},
		"Batch": b.Claims[ct.PersonID("bo")], "Effect": claim, "Effects": effects})
	if err != nil || claim == "" {
		w.T.Fatal(err, doc)
	}
	l := dead.Letter{ID: "effect/" + claim, Kind: "booking.claim", About: "occurrences/" + dateID, Tries: dead.MaxTries, Error: "not now", At: ct.Noon, Body: string(body)}
	if err := dead.NewStore(w.DB).Put(w.T.Context(), l); err != nil {
		w.T.Fatal(err)
	}
	w.Set(w.T.Context(), "occurrences", dateID, map[string]any{"effects": map[string]any{}, "due": []string{}})
}
