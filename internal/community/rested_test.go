package community_test

import (
	"testing"

	ct "faellesskab/internal/community/communitytest"
)

// A sweep's index holds what is due, and nothing of the documents that are at rest: otherwise it
// grew with everything that was ever written, and the embedded database read all of that.
func TestADocumentAtRestHasNothingDue(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna").ID
	w.Join(g, "bo")
	w.PublishedEvent("anna", g, nil)
	for _, name := range []string{"bo", "carl"} {
		w.Phone(name, name+"-phone")
	}
	w.Drain()
	w.RunPending()
	seen := 0
	for _, i := range ct.Indexes() {
		if i.Keys[0].Key != "due" {
			continue
		}
		if i.Having != "due" {
			t.Errorf("the index of what is due in %s has an entry for each document", i.Collection)
		}
		docs, entries := ct.All[map[string]any](w, i.Collection, nil), 0
		for _, doc := range docs {
			if _, has := doc["due"]; has {
				entries++
			}
		}
		if entries > 0 {
			t.Errorf("%d of %d documents of %s are at rest, and have an entry in the index of what is due", entries, len(docs), i.Collection)
		}
		seen += len(docs)
	}
	if seen < 8 {
		t.Errorf("%d documents have been looked at", seen)
	}
}
