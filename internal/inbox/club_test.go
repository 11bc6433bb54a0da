package inbox_test

import (
	"slices"
	"testing"
	"time"

	"faellesskab/internal/clock"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
)

// club is a world with a group of anna's that has these members, each with a phone of
// the same name.
func club(t *testing.T, members ...string) (*ct.World, *group.Group) {
	t.Helper()
	w := ct.New(t)
	g := w.Group("anna")
	w.Phone("anna", "anna")
	for _, name := range members {
		w.Join(g.ID, name)
		w.Phone(name, name)
	}
	return w, g
}

// until moves the clock of a world to a local time of Copenhagen.
func until(t *testing.T, w *ct.World, local string) {
	t.Helper()
	w.Clock.Advance(copenhagen(t, local).Sub(w.Clock.Now()))
}

func copenhagen(t *testing.T, local string) time.Time {
	t.Helper()
	return ct.Must(ct.Must(clock.ParseLocal(local))(t).In(clock.Copenhagen))(t)
}

// work fires the timers that are due, and then does the work that they cause.
func work(w *ct.World) {
	w.T.Helper()
	w.Fire()
	w.Drain()
}

// later publishes an event of a group three days ahead.
func later(w *ct.World, g *group.Group) *event.Event {
	w.T.Helper()
	return publishAt(w, g, w.Clock.Now().Add(72*time.Hour))
}

func publishAt(w *ct.World, g *group.Group, starts time.Time) *event.Event {
	w.T.Helper()
	e := w.DraftAt("anna", g.ID, starts)
	return ct.Must(w.Events.Publish(w.As("anna"), event.PublishInput{EventID: e.ID}))(w.T)
}

// put gives a person settings that differ from the defaults.
func put(w *ct.World, name string, change func(*notify.Settings)) {
	w.T.Helper()
	s := notify.Settings{PersonID: ct.PersonID(name), Version: 1}
	change(&s)
	if err := w.Settings.Put(w.T.Context(), []notify.Settings{s}); err != nil {
		w.T.Fatal(err)
	}
}

func wantPushed(t *testing.T, w *ct.World, names ...string) {
	t.Helper()
	var to []string
	for _, p := range w.Phones.Pushes() {
		if len(p.Removes) == 0 {
			to = append(to, p.Device)
		}
	}
	slices.Sort(to)
	slices.Sort(names)
	if !slices.Equal(to, names) {
		t.Errorf("pushes to %v, want %v", to, names)
	}
}
