package main

import (
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/testkit"
)

// crashWorkers is how many rigs work at once: a crashed call waits for its
// database a while, and meanwhile others can go on.
const crashWorkers = 8

// TestCrashAtEveryWriteOfEveryMutation stops the database after the n-th write
// of a mutation, for every n, and starts again. What must hold in any state is
// checked after the sweep; the retry must get the answer, and leave the state,
// of a run without a crash.
func TestCrashAtEveryWriteOfEveryMutation(t *testing.T) {
	t.Parallel()
	cases := crashCases()
	queue := make(chan crashCase, len(cases))
	for _, c := range cases {
		queue <- c
	}
	close(queue)
	var workers sync.WaitGroup
	for range crashWorkers {
		workers.Go(func() {
			var rig *crashRig
			for c := range queue {
				t.Run(c.name, func(ct *testing.T) {
					if rig == nil {
						rig = newCrashRig(t)
					}
					rig.t = ct
					rig.crashEverywhere(c)
				})
			}
		})
	}
	workers.Wait()
}

// crashCase is one mutation in one situation. Its name begins with the
// mutation's; prepare makes the situation and returns the call.
type crashCase struct {
	name    string
	prepare func(r *crashRig) crashCall
}

func (c crashCase) field() string { return strings.Fields(c.name)[0] }

// crashRun is how one run ended.
type crashRun struct {
	answer crashAnswer
	state  []string
	pushes map[string]int
	writes int
}

// After the crash the retry comes at once, before any sweep; or late, after the
// sweeps have done what they can.
const (
	retrySoon = 20 * time.Second
	retryLate = 2 * time.Hour
)

func (r *crashRig) crashEverywhere(c crashCase) {
	r.t.Helper()
	r.base.Restore(r.t, r.db)
	r.clock.Advance(crashStart.Sub(r.clock.Now()))
	m := c.prepare(r)
	r.restart(r.process(r.db))
	r.phone.reset()
	from, at := testkit.Take(r.t, r.db), r.clock.Now()
	if m.field != c.field() {
		r.t.Fatalf("%s calls %s", c.name, m.field)
	}

	want := r.crashOnce(m, from, at, -1, retrySoon)
	if want.answer.code != "" {
		r.t.Fatalf("without a crash: %s", want.answer.code)
	}
	if want.writes < 2 {
		r.t.Fatalf("only %d writes: nothing is tested", want.writes)
	}
	for n := 0; n <= want.writes; n += crashStride {
		for _, after := range []time.Duration{retrySoon, retryLate} {
			if after == retryLate && (n == 0 || n == want.writes) {
				continue // there is nothing that could be swept
			}
			got := r.crashOnce(m, from, at, n, after)
			at := fmt.Sprintf("a crash after write %d of %d and a retry after %v", n, want.writes, after)
			if got.answer != want.answer {
				r.t.Errorf("%s: answered %+v\nwithout a crash %+v", at, got.answer, want.answer)
			}
			if diff := cmp.Diff(want.state, got.state); diff != "" {
				r.t.Errorf("%s: the state is not that of a run without a crash (-want +got):\n%s", at, diff)
			}
			if !maps.Equal(got.pushes, want.pushes) {
				r.t.Errorf("%s: pushed %v\nwithout a crash %v", at, got.pushes, want.pushes)
			}
		}
	}
}

// crashOnce is one run: the call dies after its n-th write (-1: it lives), the
// process starts again, and the call is repeated after a while, twice.
func (r *crashRig) crashOnce(m crashCall, from testkit.Snapshot, at time.Time, n int, after time.Duration) crashRun {
	r.t.Helper()
	from.Restore(r.t, r.db)
	r.clock.Advance(at.Sub(r.clock.Now()))
	key := crashKey("the mutation")
	crasher := testkit.NewCrasher()
	db := testkit.Reopen(r.t, r.db, testkit.WithCrasher(crasher), testkit.WithDeclared(r.indexes))
	db.SetClock(r.clock)
	dying := r.process(db)
	crasher.Revive() // the count starts here
	if n >= 0 {
		crasher.After(n)
	}
	first := r.call(dying, m, key)
	run := crashRun{writes: crasher.Writes()}

	what := fmt.Sprintf("after write %d, before the retry", n)
	r.clock.Advance(after)
	again := r.process(r.db)
	if after == retryLate {
		r.restart(again)
		r.checkInvariants(what)
	}
	run.answer = r.call(again, m, key)
	if first.code == "" && first != run.answer {
		r.t.Errorf("after write %d: acknowledged as %+v, the retry got %+v", n, first, run.answer)
	}
	r.restart(again)
	if second := r.call(again, m, key); second != run.answer {
		r.t.Errorf("after write %d: the second retry got %+v, the first %+v", n, second, run.answer)
	}
	s := r.checkInvariants(fmt.Sprintf("after write %d and the retry", n))
	run.state, run.pushes = r.describe(s), r.phone.reset()
	for what, times := range run.pushes {
		if times != 1 {
			r.t.Errorf("after write %d: %d pushes of %s", n, times, what)
		}
	}
	return run
}

// restart is what a process does of itself: it sweeps, tells and tidies.
func (r *crashRig) restart(p *crashProcess) {
	r.t.Helper()
	ctx := r.t.Context()
	for range 10 {
		n, err := p.Outbox.Sweep(ctx, 0)
		if err != nil {
			r.t.Errorf("sweep: %v", err)
		}
		if n == 0 || err != nil {
			break
		}
	}
	if err := p.Events.SweepOrphans(ctx); err != nil {
		r.t.Errorf("sweep orphans: %v", err)
	}
	if err := p.Notifier.Drain(ctx); err != nil {
		r.t.Errorf("drain: %v", err)
	}
}
