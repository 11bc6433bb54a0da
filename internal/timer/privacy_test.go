package timer_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"faellesskab/internal/id"
	"faellesskab/internal/privacy"
	"faellesskab/internal/testkit"
	"faellesskab/internal/timer"
)

// What is due soon goes on, for it may concern others too, and so does the erasure itself.
func TestTimersOfSomebodyErasedGo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.timers("a")
	anna, bo := id.Random(id.Person), id.Random(id.Person)
	set := func(key, kind string, in time.Duration, args any) {
		t.Helper()
		if err := s.Set(t.Context(), timer.New(key, kind, noon.Add(in), args)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 101 { // more than one call erases
		set(fmt.Sprintf("role:%s:%d", anna, i), "ring", time.Hour, "x")
	}
	set("by her", "ring", 31*time.Minute, map[string]string{"By": anna})
	set("soon", "ring", 10*time.Minute, "after "+anna)
	set("erase:"+anna, privacy.TimerKind, time.Hour, "x")
	set("role:"+bo, "ring", time.Hour, "x")
	entry := s.Collection()

	records := 0
	if err := entry.Export(t.Context(), anna, func(any) error { records++; return nil }); err != nil || records != 104 {
		t.Errorf("given %d records, %v", records, err)
	}
	if left, err := entry.Erase(t.Context(), anna); !left || err != nil {
		t.Errorf("the first call: %t, %v", left, err)
	}
	for range 2 {
		if left, err := entry.Erase(t.Context(), anna); left || err != nil {
			t.Errorf("another call: %t, %v", left, err)
		}
	}
	want := []string{"erase:" + anna + " _id", "erase:" + anna + " people", "soon args", "soon people"}
	if found := testkit.Mentions(t, r.db, "timers", anna); !slices.Equal(found, want) {
		t.Errorf("left: %q\nwant %q", found, want)
	}
	if found := testkit.Mentions(t, r.db, "timers", bo); len(found) != 2 {
		t.Errorf("of somebody else: %q", found)
	}
	timer.On(s, privacy.TimerKind, func(context.Context, string) error { return nil })
	r.clock.Advance(2 * time.Hour)
	fire(t, s, 3)
	if found := testkit.Mentions(t, r.db, "timers", anna); len(found) > 0 {
		t.Errorf("when all is done: %q", found)
	}
}
