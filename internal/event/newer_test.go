package event_test

import (
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
)

// An event in a state that only a newer version knows is shown to nobody, and is left as it
// is.
func TestAnEventInAStateOfANewerVersionIsLeftAlone(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	e := w.PublishedEvent("anna", w.Group("anna").ID, nil)
	w.RunPending()
	w.Set(t.Context(), "events", e.ID, map[string]any{"state": "POSTPONED", "later": "kept"})
	w.Set(t.Context(), "occurrences", ct.DateOf(e.ID), map[string]any{"state": "POSTPONED"})
	anna := w.As("anna")
	_, err := w.Events.Get(anna, e.ID)
	ct.WantKind(t, err, fault.KindNotFound)
	_, err = w.Events.Cancel(anna, event.CancelInput{EventID: e.ID})
	ct.WantKind(t, err, fault.KindNotFound)
	if _, err := w.Attend("bo", e.ID, 0); err == nil {
		t.Error("somebody signed up")
	}
	w.RunPending()
	if left := ct.All[map[string]any](w, "events", map[string]any{"_id": e.ID})[0]; left["state"] != "POSTPONED" || left["later"] != "kept" {
		t.Errorf("left: %v", left)
	}
}
