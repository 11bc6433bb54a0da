package main

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/testkit"
)

// TestCrashAtEveryWriteOfMakingDates stops the process after each write by which it makes the next dates of a series. The
// next look at the series makes what is missing, once.
func TestCrashAtEveryWriteOfMakingDates(t *testing.T) {
	t.Parallel()
	r := newCrashRig(t)
	r.base.Restore(t, r.db)
	eventID := r.publishedEvent(r.group(nil, "member"), vars{"recurrence": vars{"rule": "FREQ=MONTHLY;COUNT=20"}})
	r.arrange("resident", "attendEvent", vars{"occurrenceId": r.firstDates(eventID, 1)[0]}, "occurrence { id }")
	r.restart(r.process(r.db))
	r.phone.reset()
	r.clock.Advance(time.Date(2030, 9, 2, 12, 0, 0, 0, time.UTC).Sub(r.clock.Now()))
	r.from, r.at, r.lines = testkit.Take(t, r.db), r.clock.Now(), map[string][]string{}
	look := func(p *crashProcess) { _ = p.Events.LookAtSeries(t.Context()) }
	whole := r.dieDoing(-1, look)
	want := r.endLook(whole)
	if whole.writes < 2 || len(r.firstDates(eventID, 17)) != 17 {
		t.Fatalf("only %d writes: nothing is tested", whole.writes)
	}
	for n := range whole.writes {
		if got := r.endLook(r.dieDoing(n, look)); !slices.Equal(want, got) {
			t.Errorf("a crash after write %d of %d leaves something else (-want +got):\n%s", n, whole.writes, cmp.Diff(want, got))
		}
	}
	t.Logf("%d writes", whole.writes)
}

// looks rises with each look at a series.
var looks = regexp.MustCompile(`^events \S+ series\.looks `)

// endLook is what is left when another process has looked at the series that a dead one was looking at.
func (r *crashRig) endLook(dead crashDeath) []string {
	r.t.Helper()
	dead.left.Restore(r.t, r.db)
	r.clock.Advance(r.at.Add(2 * time.Hour).Sub(r.clock.Now()))
	p := r.process(r.db)
	if err := p.Events.LookAtSeries(r.t.Context()); err != nil {
		r.t.Errorf("after write %d: %v", dead.after, err)
	}
	r.restart(p)
	return slices.DeleteFunc(r.describe(r.checkInvariants(fmt.Sprintf("after write %d of making dates", dead.after))), looks.MatchString)
}
