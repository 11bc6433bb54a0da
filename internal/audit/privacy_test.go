package audit_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/audit"
	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/id"
	"faellesskab/internal/testkit"
)

// The record stays as it is, and says by id alone who it was. It has an end.
func TestTheRecordOutlivesThePerson(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	admin := w.As("anna")
	bo := ct.PersonID("bo")
	for entryID, e := range map[string]audit.Entry{
		"1": {Action: "toBo", Subject: bo},
		"2": {Action: "aboutBo", Subject: "grp_1", Details: map[string]string{"person": bo, "reason": "som aftalt"}},
		"3": {Action: "else", Subject: "grp_1"},
	} {
		if err := w.Audit.Record(admin, entryID, e.Action, e.Subject, e.Details); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Audit.Record(auth.WithViewer(t.Context(), auth.Viewer{PersonID: bo}), "4", "byBo", ct.PersonID("cara"), map[string]string{"of": "role:" + ct.PersonID("cara")}); err != nil {
		t.Fatal(err)
	}
	entry := w.Audit.Part().Collections[0]
	var actions []string
	err := entry.Export(t.Context(), bo, func(record any) error {
		r := record.(map[string]any)
		actions = append(actions, r["action"].(string))
		if r["byYou"] != (r["action"] == "byBo") {
			t.Errorf("who did it: %v", r)
		}
		raw, err := json.Marshal(r)
		if told := id.PeopleIn(string(raw)); err != nil || slices.ContainsFunc(told, func(personID string) bool { return personID != bo }) {
			t.Errorf("another's id is told: %s, %v", raw, err)
		}
		return nil
	})
	slices.Sort(actions)
	if want := []string{"aboutBo", "byBo", "toBo"}; err != nil || !slices.Equal(actions, want) {
		t.Errorf("given %q, %v; want %q", actions, err, want)
	}
	if left, err := entry.Erase(t.Context(), bo); left || err != nil {
		t.Errorf("%t, %v", left, err)
	}
	if n := w.Count("audit_entries"); n != 4 {
		t.Errorf("%d entries are left", n)
	}
	if found := testkit.Mentions(t, w.DB, "audit_entries", bo); len(found) != 6 {
		t.Errorf("mentions: %q", found)
	}
	w.Clock.Advance(audit.Keep + time.Second)
	if err := w.Audit.Purge(t.Context()); err != nil || w.Count("audit_entries") != 0 {
		t.Errorf("after five years %d entries are left, %v", w.Count("audit_entries"), err)
	}
}
