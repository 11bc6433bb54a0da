package event_test

import (
	"testing"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/optional"
)

// show makes a group public, members' or hidden.
func show(t *testing.T, w *ct.World, groupID string, v group.Visibility) {
	t.Helper()
	ct.Must(w.Groups.Update(w.As("anna"), group.UpdateInput{GroupID: groupID, Visibility: optional.Of(v)}))(t)
}

// wantOpenTo fails the test unless an event and its date are open to that circle.
func wantOpenTo(t *testing.T, w *ct.World, eventID, want string) {
	t.Helper()
	e := ct.Must(w.Events.Load(t.Context(), eventID))(t)
	if date := w.Bookable(ct.DateOf(eventID)).OpenTo; e.OpenTo != want || date != want {
		t.Errorf("the event is open to %q and its date to %q, want %q", e.OpenTo, date, want)
	}
}

// While an event is being created, its group is hidden before the hiding can find the
// event: between any two writes, once or back and forth.
func TestAnEventMadeWhileItsGroupHidesIsHidden(t *testing.T) {
	t.Parallel()
	hides, back := []group.Visibility{group.VisibilityHidden}, []group.Visibility{group.VisibilityHidden, group.VisibilityPublic}
	for name, c := range map[string]struct {
		before string // the collection that is written next
		to     []group.Visibility
		hidden bool
	}{
		"before the date":                {"occurrences", hides, true},
		"before the event":               {"events", hides, true},
		"before the event, and is shown": {"events", back, false},
		"shown, and hides again":         {"events", append(back, group.VisibilityMembers), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &ct.Moment{}
			w := ct.New(t, m.Option())
			g := w.Group("anna")
			m.Before("insert", c.before, func() {
				for _, v := range c.to {
					show(t, w, g.ID, v)
				}
			})
			e := w.Draft("anna", g.ID, nil)
			want := group.Everyone
			if c.hidden {
				want = g.ID
			}
			wantOpenTo(t, w, e.ID, want)
			ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(t)
			wantOpenTo(t, w, e.ID, want)
			if _, err := w.Events.Get(t.Context(), e.ID); fault.Is(err, fault.KindNotFound) != c.hidden {
				t.Errorf("a stranger: %v", err)
			}
		})
	}
}

// The process that made the event died before it had looked at the group again. If the event
// is published before the sweep runs, it is still not open to everybody.
func TestADraftThatMissedTheHidingIsPublishedHidden(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	g := w.Group("anna")
	e := w.Draft("anna", g.ID, nil)
	show(t, w, g.ID, group.VisibilityHidden)
	missed := map[string]any{"openTo": group.Everyone, "group.visibility": group.VisibilityPublic, "group.version": g.Version}
	w.Set(t.Context(), "events", e.ID, missed)
	w.Set(t.Context(), "occurrences", ct.DateOf(e.ID), map[string]any{"openTo": group.Everyone, "groupVersion": g.Version})
	ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(t)
	wantOpenTo(t, w, e.ID, g.ID)
	_, err := w.Events.Get(t.Context(), e.ID)
	ct.WantKind(t, err, fault.KindNotFound)
}

// The group is hidden between any two steps of publishing, changing and cancelling.
func TestAnEventChangedWhileItsGroupHidesIsHidden(t *testing.T) {
	t.Parallel()
	title := "Sommerfest"
	for name, change := range map[string]func(w *ct.World, eventID string) error{
		"publish": func(w *ct.World, eventID string) error {
			_, err := w.Events.Publish(w.As("anna"), event.PublishInput{EventID: eventID})
			return err
		},
		"update": func(w *ct.World, eventID string) error {
			_, err := w.Events.Update(w.As("anna"), event.UpdateInput{EventID: eventID, Title: optional.Of(title)})
			return err
		},
		"cancel": func(w *ct.World, eventID string) error {
			_, err := w.Events.Cancel(w.As("anna"), event.CancelInput{EventID: eventID})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &ct.Moment{}
			w := ct.New(t, m.Option())
			g := w.Group("anna")
			e := w.Draft("anna", g.ID, nil)
			if name != "publish" {
				ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(t)
			}
			m.Before("update", "events", func() { show(t, w, g.ID, group.VisibilityHidden) })
			if err := change(w, e.ID); err != nil {
				t.Fatal(err)
			}
			wantOpenTo(t, w, e.ID, g.ID)
			_, err := w.Events.Get(t.Context(), e.ID)
			ct.WantKind(t, err, fault.KindNotFound)
		})
	}
}

// A process that reads the group, sleeps, and wakes after the group has been shown and
// hidden again does not open the event.
func TestALateLookAtTheGroupOpensNothing(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	g := w.Group("anna")
	// The event is made from the group's first state. Its look finds the group public for
	// the second time, and stalls before it writes that.
	m.Before("insert", "events", func() {
		show(t, w, g.ID, group.VisibilityHidden)
		show(t, w, g.ID, group.VisibilityPublic)
		m.Before("update", "events", func() { show(t, w, g.ID, group.VisibilityHidden) })
	})
	e := w.Draft("anna", g.ID, nil)
	w.RunPending()
	wantOpenTo(t, w, e.ID, g.ID)
}
