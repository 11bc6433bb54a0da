package timer_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
	"faellesskab/internal/testkit"
	"faellesskab/internal/timer"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

type rig struct {
	clock *clock.Manual
	db    *mongodb.DB
	calls []string
	fail  bool
}

func indexes() []mongodb.Index { return append(timer.Indexes(), dead.Indexes()...) }

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{clock: clock.NewManual(noon)}
	r.db = testkit.DB(t, testkit.WithIndexes(indexes()))
	r.db.SetClock(r.clock)
	return r
}

func (r *rig) timers(owner string) *timer.Timers {
	log := slog.New(slog.DiscardHandler)
	s := timer.NewTimers(r.db, outbox.NewOutbox(r.db, log), log, owner)
	timer.On(s, "ring", func(_ context.Context, name string) error {
		if r.fail {
			return errors.New("not now")
		}
		r.calls = append(r.calls, name)
		return nil
	})
	return s
}

func fire(t *testing.T, s *timer.Timers, want int) {
	t.Helper()
	if n, err := s.Fire(t.Context()); err != nil || n != want {
		t.Errorf("%d fired (%v), want %d", n, err, want)
	}
}

// The database keeps whole milliseconds. If that made a timer fire too early, a
// handler that checks the time would do nothing, and the timer would be gone.
func TestATimerNeverFiresTooEarly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.timers("a")
	if err := s.Set(t.Context(), timer.New("k", "ring", noon.Add(time.Second+time.Nanosecond), "k")); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(time.Second)
	fire(t, s, 0)
	r.clock.Advance(time.Millisecond)
	fire(t, s, 1)
}

func TestTimersFireOnceAtTheirTime(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a, b := r.timers("a"), r.timers("b")
	for _, s := range []*timer.Timers{a, b} { // the same timer from two replicas is one
		if err := s.Set(t.Context(), timer.New("k", "ring", noon.Add(time.Hour), "late")); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Set(t.Context(), timer.New("l", "ring", noon, "early")); err != nil {
		t.Fatal(err)
	}
	fire(t, a, 1)
	fire(t, b, 0)
	r.clock.Advance(time.Hour)
	fire(t, b, 1)
	fire(t, a, 0)
	if len(r.calls) != 2 || r.calls[0] != "early" || r.calls[1] != "late" {
		t.Errorf("calls %q", r.calls)
	}
}

func TestAFailedTimerIsPutOffAndStopsNoOther(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.timers("a")
	timer.On(s, "boom", func(context.Context, int) error { panic("oh no") })
	for _, timer := range []timer.Timer{timer.New("x", "boom", noon, 1), timer.New("k", "ring", noon.Add(time.Second), "k")} {
		if err := s.Set(t.Context(), timer); err != nil {
			t.Fatal(err)
		}
	}
	r.clock.Advance(time.Second)
	if n, err := s.Fire(t.Context()); n != 1 || err == nil {
		t.Errorf("%d fired, %v", n, err)
	}
	fire(t, s, 0) // put off
	if err := s.Set(t.Context(), timer.New("l", "ring", noon.Add(3*time.Second), "l")); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(6 * time.Second)
	if n, err := s.Fire(t.Context()); n != 1 || err == nil {
		t.Errorf("%d fired, %v: the timer that panics is lost", n, err)
	}
}

func TestATimerThatFailsForEverIsPutAsideAndTriedAgainWhenAsked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.timers("a")
	r.fail = true
	if err := s.Set(t.Context(), timer.New("k", "ring", noon, "k")); err != nil {
		t.Fatal(err)
	}
	for range dead.MaxTries {
		if _, err := s.Fire(t.Context()); err == nil {
			t.Fatal("nothing failed")
		}
		r.clock.Advance(time.Hour)
	}
	fire(t, s, 0)
	list, err := s.Letters().List(t.Context(), 10)
	if err != nil || len(list) != 1 || list[0].ID != "timer/k" || list[0].Kind != "ring" || list[0].Error != "not now" {
		t.Fatalf("%+v, %v", list, err)
	}
	r.fail = false
	fire(t, s, 0) // not by itself
	if err := s.Letters().Retry(t.Context(), "timer/k"); err != nil {
		t.Fatal(err)
	}
	fire(t, s, 1)
	if list, err = s.Letters().List(t.Context(), 10); len(list) != 0 || err != nil {
		t.Errorf("left: %v, %v", list, err)
	}
	if err := s.Letters().Retry(t.Context(), "timer/k"); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("a second time: %v", err)
	}
}

// Timers of a kind that only a newer version knows are left alone and stop no others,
// however long they have been due; the newer version finds them at once.
func TestATimerOfANewerVersionIsLeftAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.timers("a")
	for _, timer := range []timer.Timer{timer.New("x", "later", noon.Add(-time.Hour), 1), timer.New("k", "ring", noon, "k")} {
		if err := s.Set(t.Context(), timer); err != nil {
			t.Fatal(err)
		}
	}
	fire(t, s, 1)
	for range 2 * dead.MaxTries {
		r.clock.Advance(time.Hour)
		fire(t, s, 0)
	}
	newer, known := r.timers("b"), 0
	timer.On(newer, "later", func(context.Context, any) error { known++; return nil })
	fire(t, newer, 1)
	if known != 1 {
		t.Errorf("carried out %d times", known)
	}
}

// A worker whose handler has outlived its lease leaves the timer to the next.
func TestALateWorkerTouchesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a, b := r.timers("a"), r.timers("b")
	timer.On(a, "slow", func(context.Context, int) error {
		r.clock.Advance(time.Minute) // the worker sleeps past its lease
		timer.On(b, "slow", func(context.Context, int) error { return errors.New("not now") })
		if n, err := b.Fire(t.Context()); n != 0 || err == nil {
			t.Errorf("the next worker: %d, %v", n, err)
		}
		return errors.New("too late")
	})
	if err := a.Set(t.Context(), timer.New("k", "slow", noon, 1)); err != nil {
		t.Fatal(err)
	}
	if n, err := a.Fire(t.Context()); n != 0 || err == nil || strings.Contains(err.Error(), mongodb.ErrFenced.Error()) {
		t.Errorf("%d fired, %v", n, err)
	}
	if got := r.failures(t, "k"); got != 1 {
		t.Errorf("%d failures, want those of the worker that held it", got)
	}
}

// A worker that dies in the middle leaves the timer to the next.
func TestATimerOutlivesItsWorker(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	crasher := testkit.NewCrasher()
	dying := &rig{clock: r.clock, db: testkit.Reopen(t, r.db, testkit.WithIndexes(indexes()), testkit.WithCrasher(crasher))}
	dying.db.SetClock(r.clock)
	a, b := dying.timers("a"), r.timers("b")
	if err := a.Set(t.Context(), timer.New("k", "ring", noon, "k")); err != nil {
		t.Fatal(err)
	}
	crasher.After(1) // claimed, and carried out, but not removed
	if _, err := a.Fire(t.Context()); err == nil {
		t.Error("the dead worker noticed nothing")
	}
	fire(t, b, 0)
	r.clock.Advance(31 * time.Second)
	fire(t, b, 1)
	if len(r.calls)+len(dying.calls) != 2 {
		t.Errorf("calls %q and %q", dying.calls, r.calls)
	}
}
