package delivery_test

import (
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
)

// A worker that alone writes to the database waits for the work that is due first, and
// not for work that is done.
func TestTheNextWorkIsKnown(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	next := func(want time.Time) {
		t.Helper()
		if got := ct.Must(w.Notifier.NextDue(t.Context()))(t); !got.Equal(want) {
			t.Errorf("due at %v, want %v", got, want)
		}
	}
	at := func(hours int) time.Time { return w.Clock.Now().Add(time.Duration(hours) * time.Hour) }
	put := func(collection, id, state string, lease, notBefore time.Time) {
		t.Helper()
		doc := map[string]any{"_id": id, "state": state, "leaseUntil": lease, "notBefore": notBefore}
		if _, err := w.DB.Collection(collection).InsertOne(t.Context(), doc); err != nil {
			t.Fatal(err)
		}
	}
	next(time.Time{})
	put("notify_chunks", "done", "DONE", time.Time{}, at(1))
	next(time.Time{})
	put("notify_chunks", "morning", "QUEUED", time.Time{}, at(8))
	next(at(8))
	put("notify_chunks", "held", "QUEUED", at(7), at(-1))
	next(at(7))
	put("notify_jobs", "put off", "QUEUED", at(2), time.Time{})
	next(at(2))
}
