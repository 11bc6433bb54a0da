package main

import (
	"testing"
	"time"

	"faellesskab/internal/testkit"
)

// newAccessWorld makes objects of all nouns, in every visibility. leader-1 leads all groups.
// resident-1 belongs to them, has signed up for the members' event and is offered a seat at
// the hidden one. resident-3 asks to join. resident-5 belonged to all groups and is banned.
func newAccessWorld(t testing.TB, options ...harnessOption) *accessWorld {
	h := newHarness(t, append(options, withoutDemo())...)
	h.signUpPersonas()
	w := &accessWorld{harness: h, ids: map[string]string{}}
	for _, n := range nouns() {
		if n.world != nil {
			n.world(w)
		}
	}
	h.ban(h.personID("resident-5"))
	h.settled()
	w.lookNoMore()
	w.state = h.settled()
	return w
}

// lookNoMore ends what comes by the clock: the looks at what stands on the screens of phones, and what was to be taken
// off. Whenever the world is put back it would be due again.
func (w *accessWorld) lookNoMore() {
	w.t.Helper()
	jobs, recalls := w.app.DB.Collection("notify_jobs"), w.app.DB.Collection("push_recalls")
	_, err := jobs.UpdateMany(w.t.Context(), vars{"lookAt": vars{"$gt": time.Time{}}}, vars{"$unset": vars{"lookAt": ""}})
	if err == nil {
		_, err = recalls.DeleteMany(w.t.Context(), vars{"dueAt": vars{"$gt": time.Time{}}})
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// send is must with variables for the ids that the body names.
func (w *accessWorld) send(persona, body string) reply {
	w.t.Helper()
	document := as("mutation", body)
	return w.must(persona, document, w.variables(document))
}

// waitForNotice waits for a person's notice about a subject, and returns its id.
func (h *harness) waitForNotice(persona, subject string) string {
	h.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		list := h.must(persona, `{ viewer { notices { edges { node { id subject { id } } } } } }`, nil)
		edges, _ := list.at("viewer", "notices", "edges").([]any)
		for i := range edges {
			if list.text("viewer", "notices", "edges", i, "node", "subject", "id") == subject {
				return list.text("viewer", "notices", "edges", i, "node", "id")
			}
		}
	}
	h.t.Fatalf("%s hears nothing of %s", persona, subject)
	return ""
}

// settled is a snapshot of the database once nobody has anything left to be told.
func (h *harness) settled() testkit.Snapshot {
	h.t.Helper()
	return h.settledAfter(testkit.Snapshot{})
}

// settledAfter is settled for which an earlier snapshot is known. It does not read again what
// has not changed since.
func (h *harness) settledAfter(before testkit.Snapshot) testkit.Snapshot {
	h.t.Helper()
	look := func(before testkit.Snapshot) testkit.Snapshot { return before.Next(h.t, h.app.DB) }
	return atRest(h.t, before, look, h.app.DB.Now)
}

// putBack makes the world what it was. First everything comes to rest, so that nobody goes
// on with what is no longer so.
func (w *accessWorld) putBack() {
	w.t.Helper()
	w.settledAfter(w.state)
	w.state.Restore(w.t, w.app.DB)
}
