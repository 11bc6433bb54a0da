package main

import (
	"fmt"
	"hash/crc32"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/community/communitytest"
	"faellesskab/internal/testkit"
)

// crashWorkers is how many rigs work at once. While a crashed call waits for its database,
// others go on.
const crashWorkers = 8

// TestCrashAtEveryWriteOfEveryMutation stops the database after the n-th write
// of a mutation, for every n, and starts again. What must hold in any state is
// checked after the sweep; the retry must get the answer, and leave the state,
// of a run without a crash.
//
// With CRASHES=full (make crashes) it is every write, and every state is taken up by a retry that
// comes soon and by one that comes late. Without, it is every fourth write, from one of the first
// four on by the name of the case, and the two ways of taking up take turns.
func TestCrashAtEveryWriteOfEveryMutation(t *testing.T) {
	t.Parallel()
	cases := crashCases()
	var tried atomic.Int64
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
						rig.tried = &tried
					}
					rig.t = ct
					rig.crashEverywhere(c)
				})
			}
		})
	}
	workers.Wait()
	t.Logf("%d cases, %d crashes taken up", len(cases), tried.Load())
}

// crashCase is one mutation in one situation. Its name begins with the
// mutation's; prepare makes the situation and returns the call.
type crashCase struct {
	name    string
	prepare func(r *crashRig) crashCall
}

func (c crashCase) field() string { return strings.Fields(c.name)[0] }

// crashDeath is the death of a process: the answer its caller got, how many writes had been
// answered, and the state they left.
type crashDeath struct {
	after  int // the write after which it had to die; -1: it lived
	heard  crashAnswer
	writes int
	left   testkit.Snapshot
}

// crashRun is the end of one run.
type crashRun struct {
	answer crashAnswer
	state  []string
	pushes map[string]int
}

// After the crash the retry comes either at once, before any sweep, or late, after the sweeps
// have done what they can.
const (
	retrySoon = 20 * time.Second
	retryLate = 2 * time.Hour
)

// crashesInFull is whether nothing is left out.
var crashesInFull = os.Getenv("CRASHES") == "full"

// crashAt is one crash: after which write it comes, and when its retries do.
type crashAt struct {
	write   int
	retries []time.Duration
}

// crashesOf are the crashes of a case with that many writes that are tried. There is nothing to sweep after none of the writes,
// and after the last.
func crashesOf(name string, writes int) []crashAt {
	stride, first := crashStride, int(crc32.ChecksumIEEE([]byte(name)))%crashStride
	if crashesInFull {
		stride, first = 1, 0
	}
	var list []crashAt
	for n := min(first, writes); n <= writes; n += stride {
		retries := []time.Duration{retrySoon, retryLate}
		switch isLate := n/stride%2 == 1; {
		case n == 0 || n == writes:
			retries = retries[:1]
		case !crashesInFull && isLate:
			retries = retries[1:]
		case !crashesInFull:
			retries = retries[:1]
		}
		list = append(list, crashAt{n, retries})
	}
	return list
}

// crashEverywhere tries one case. The process dies once after each write, and each state it
// leaves is taken up by a retry that comes soon, or by one that comes late, or by each.
func (r *crashRig) crashEverywhere(c crashCase) {
	r.t.Helper()
	m := r.arrangeCase(c)
	whole := r.die(m, -1)
	want := r.takeUp(m, whole, retrySoon)
	if want.answer.code != "" {
		r.t.Fatalf("without a crash: %s", want.answer.code)
	}
	if whole.writes < 2 {
		r.t.Fatalf("only %d writes: nothing is tested", whole.writes)
	}
	var k keeping
	for _, at := range crashesOf(c.name, whole.writes) {
		dead := r.die(m, at.write)
		k.look(r)
		for _, after := range at.retries {
			r.compare(want, r.takeUp(m, dead, after), fmt.Sprintf("a crash after write %d of %d and a retry after %v", at.write, whole.writes, after))
			r.tried.Add(1)
		}
	}
	if why := rowsBy(func(n noun) map[string]string { return n.keepsNoOutcome })[m.field]; crashesInFull && k.isLoose() != (why != "") {
		r.t.Errorf("it changes something: %t; its outcome stands beside the change: %t; it need not, since %q", k.changes, k.keeps, why)
	}
}

// keeping tells whether a mutation keeps its outcome in the write that decides it. If it does
// not, a repeat after a crash does the mutation again, over whatever others have done since.
type keeping struct {
	changes bool // some death left a change
	keeps   bool // some death left the outcome in a document, to be stored
}

func (k keeping) isLoose() bool { return k.changes && !k.keeps }

// look looks at the state that a death has left.
func (k *keeping) look(r *crashRig) {
	r.t.Helper()
	left := r.from.Next(r.t, r.db)
	for _, name := range left.Collections() {
		if name == "idempotency_keys" || left.Shares(r.from, name) {
			continue
		}
		k.changes = true
		for _, doc := range left.Docs(r.t, name) {
			effects, _ := doc["effects"].(map[string]any)
			for _, e := range effects {
				k.keeps = k.keeps || e.(map[string]any)["kind"] == "idempotency.outcome"
			}
		}
	}
}

// arrangeCase makes the situation of a case and keeps a snapshot of it.
func (r *crashRig) arrangeCase(c crashCase) crashCall {
	r.t.Helper()
	r.base.Restore(r.t, r.db)
	r.clock.Advance(crashStart.Sub(r.clock.Now()))
	m := c.prepare(r)
	if m.field != c.field() {
		r.t.Fatalf("%s calls %s", c.name, m.field)
	}
	p := r.process(r.db)
	r.restart(p)
	r.recall(p)
	r.lookNoMore()
	r.phone.reset()
	r.from, r.at, r.lines = testkit.Take(r.t, r.db), r.clock.Now(), map[string][]string{}
	return m
}

func (r *crashRig) compare(want, got crashRun, at string) {
	r.t.Helper()
	if got.answer != want.answer {
		r.t.Errorf("%s: answered %+v\nwithout a crash %+v", at, got.answer, want.answer)
	}
	if !slices.Equal(want.state, got.state) {
		r.t.Errorf("%s: the state is not that of a run without a crash (-want +got):\n%s", at, cmp.Diff(want.state, got.state))
	}
	if !maps.Equal(got.pushes, want.pushes) {
		r.t.Errorf("%s: pushed %v\nwithout a crash %v", at, got.pushes, want.pushes)
	}
}

// crashMutationID is the clientMutationId of the call and of its retries.
var crashMutationID = crashKey("the mutation")

// die calls from a process that dies after its n-th write; -1: it lives.
func (r *crashRig) die(m crashCall, n int) crashDeath {
	r.t.Helper()
	var heard crashAnswer
	d := r.dieDoing(n, func(p *crashProcess) { heard = r.call(p, m, crashMutationID) })
	d.heard = heard
	return d
}

// dieDoing lets a process do something and die after its n-th write; -1: it lives.
func (r *crashRig) dieDoing(n int, do func(p *crashProcess)) crashDeath {
	r.t.Helper()
	r.from.Restore(r.t, r.db)
	r.clock.Advance(r.at.Sub(r.clock.Now()))
	crasher := testkit.NewCrasher()
	db := testkit.Reopen(r.t, r.db, append(communitytest.WatchedAgain(), testkit.WithCrasher(crasher))...)
	db.SetClock(r.clock)
	dying := r.process(db)
	crasher.Revive() // starts the count of writes
	if n >= 0 {
		crasher.After(n)
	}
	do(dying)
	return crashDeath{after: n, writes: crasher.Writes(), left: testkit.Keep(r.t, r.db)}
}

// takeUp starts a process on the state that a dead one left, and repeats the call twice after a
// while.
func (r *crashRig) takeUp(m crashCall, dead crashDeath, after time.Duration) crashRun {
	r.t.Helper()
	dead.left.Restore(r.t, r.db)
	r.clock.Advance(r.at.Add(after).Sub(r.clock.Now()))
	again := r.process(r.db)
	if after == retryLate {
		r.restart(again)
		r.checkInvariants(fmt.Sprintf("after write %d, before the retry", dead.after))
	}
	run := crashRun{answer: r.call(again, m, crashMutationID)}
	if dead.heard.code == "" && dead.heard != run.answer {
		r.t.Errorf("after write %d: acknowledged as %+v, the retry got %+v", dead.after, dead.heard, run.answer)
	}
	r.restart(again)
	if second := r.call(again, m, crashMutationID); second != run.answer {
		r.t.Errorf("after write %d: the second retry got %+v, the first %+v", dead.after, second, run.answer)
	}
	r.recall(again)
	s := r.checkInvariants(fmt.Sprintf("after write %d and the retry", dead.after))
	if wrong := repairsOfAll(r.t, again.Community); len(wrong) > 0 {
		r.t.Errorf("after write %d and the retry: %q", dead.after, wrong)
	}
	run.state, run.pushes = r.describe(s), r.phone.reset()
	for what, times := range run.pushes {
		if times != 1 {
			r.t.Errorf("after write %d: %d pushes of %s", dead.after, times, what)
		}
	}
	return run
}

// restart does what a process does by itself: it sweeps, tells people and tidies up.
//
// It starts the sweep and the notifier only if the state shows that they have something to
// do: each would query every collection, some thousand times.
func (r *crashRig) restart(p *crashProcess) {
	r.t.Helper()
	ctx := r.t.Context()
	now := r.from.Next(r.t, r.db)
	for tries := 0; tries < 10 && len(effectsLeft(r.stateOf(now))) > 0; tries++ {
		if _, err := p.Outbox.Sweep(ctx, 0); err != nil {
			r.t.Errorf("sweep: %v", err)
			break
		}
		now = now.Next(r.t, r.db)
	}
	if err := p.Events.SweepOrphans(ctx); err != nil {
		r.t.Errorf("sweep orphans: %v", err)
	}
	if now = now.Next(r.t, r.db); len(newsLeft(r.stateOf(now), r.clock.Now())) == 0 {
		return
	}
	if err := p.Notifier.Drain(ctx); err != nil {
		r.t.Errorf("drain: %v", err)
	}
}

// lookNoMore ends the looks at the news of the arrangement. They come by the clock, and the runs of a case take different
// times.
func (r *crashRig) lookNoMore() {
	r.t.Helper()
	isLookedAt := vars{"lookAt": vars{"$gt": time.Time{}}}
	if _, err := r.db.Collection("notify_jobs").UpdateMany(r.t.Context(), isLookedAt, vars{"$unset": vars{"lookAt": ""}}); err != nil {
		r.t.Fatal(err)
	}
}

// recall lets what was read go away from the phones, if there is anything, which happens a while after the call.
func (r *crashRig) recall(p *crashProcess) {
	r.t.Helper()
	if now := r.from.Next(r.t, r.db); len(r.stateOf(now)["push_recalls"]) == 0 {
		return
	}
	r.clock.Advance(time.Minute)
	r.restart(p)
}

func (r *crashRig) stateOf(s testkit.Snapshot) crashState { return stateAt(r.t, s, r.clock.Now()) }
