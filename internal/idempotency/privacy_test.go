package idempotency_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/testkit"
)

func TestOutcomesOfSomebodyErasedGo(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	var ran atomic.Int64
	for i := range 3 {
		key := fmt.Sprintf("11111111-1111-4111-8111-%012d", i)
		for _, name := range []string{"anna", "bo"} {
			if _, err := do(w.Stranger(name), w, key, "x", &ran, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	anna, bo := ct.PersonID("anna"), ct.PersonID("bo")
	entry := w.Keys.Collection()
	records := 0
	if err := entry.Export(t.Context(), anna, func(any) error { records++; return nil }); err != nil || records != 3 {
		t.Errorf("given %d records, %v", records, err)
	}
	for range 2 {
		if left, err := entry.Erase(t.Context(), anna); left || err != nil {
			t.Errorf("%t, %v", left, err)
		}
	}
	if found := testkit.Mentions(t, w.DB, "idempotency_keys", anna); len(found) > 0 {
		t.Errorf("left: %q", found)
	}
	if found := testkit.Mentions(t, w.DB, "idempotency_keys", bo); len(found) != 3 {
		t.Errorf("of somebody else: %q", found)
	}
}
