package event_test

import (
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/optional"
)

// A process that stalls with an older version of the group does not open dates that have
// been hidden since.
func TestALateProcessOpensNoHiddenDate(t *testing.T) {
	t.Parallel()
	for name, stalls := range map[string]func(t *testing.T, w *ct.World, e *event.Event){
		"following the group": func(t *testing.T, w *ct.World, e *event.Event) {
			name := "Fælleshaven"
			ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: e.GroupID, Name: optional.Of(name)}))(t)
		},
		"following the event": func(t *testing.T, w *ct.World, e *event.Event) {
			title := "Sommerfest"
			ct.Must(w.Events.Update(w.As("anna"), event.UpdateInput{EventID: e.ID, Title: optional.Of(title)}))(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &ct.Moment{}
			w := ct.New(t, m.Option())
			g := w.Group("anna")
			e := w.PublishedEvent("anna", g.ID, nil)
			hidden := group.VisibilityHidden
			seen := false
			m.Before("update", "occurrences", func() {
				seen = true
				ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, Visibility: optional.Of(hidden)}))(t)
			})
			stalls(t, w, e)
			if got := w.Bookable(ct.DateOf(e.ID)).OpenTo; !seen || got != g.ID {
				t.Errorf("the date is for %q", got)
			}
			w.RunPending()
			if got := w.Bookable(ct.DateOf(e.ID)).OpenTo; got != g.ID {
				t.Errorf("after the sweep the date is for %q", got)
			}
		})
	}
}

// Dates of older programs, which kept no version of the group, follow the group too.
func TestAnOldDateFollowsTheGroup(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := w.PublishedEvent("anna", g.ID, nil)
	w.Set(t.Context(), "occurrences", ct.DateOf(e.ID), map[string]any{"groupVersion": nil})
	hidden := group.VisibilityHidden
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: g.ID, Visibility: optional.Of(hidden)}))(t)
	if got := w.Bookable(ct.DateOf(e.ID)).OpenTo; got != g.ID {
		t.Errorf("the date is for %q", got)
	}
}
