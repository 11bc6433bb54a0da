package timer_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"faellesskab/internal/clock"
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

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{clock: clock.NewManual(noon)}
	r.db = testkit.DB(t, testkit.WithIndexes(timer.Indexes()))
	r.db.SetClock(r.clock)
	return r
}

func (r *rig) timers(owner string) *timer.Timers {
	log := slog.New(slog.DiscardHandler)
	s := timer.NewTimers(r.db, outbox.NewOutbox(r.db, log), log, owner)
	s.Handle("ring", func(_ context.Context, args json.RawMessage) error {
		var name string
		if err := json.Unmarshal(args, &name); err != nil {
			return err
		}
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
	for _, timer := range []timer.Timer{timer.New("x", "nobody", noon, 1), timer.New("k", "ring", noon.Add(time.Second), "k")} {
		if err := s.Set(t.Context(), timer); err != nil {
			t.Fatal(err)
		}
	}
	r.clock.Advance(time.Second)
	if n, err := s.Fire(t.Context()); n != 1 || err == nil {
		t.Errorf("%d fired, %v", n, err)
	}
	fire(t, s, 0) // put off
	r.clock.Advance(6 * time.Second)
	if n, err := s.Fire(t.Context()); n != 0 || err == nil {
		t.Errorf("%d fired, %v: the timer without a handler is lost", n, err)
	}
}

// A worker that dies in the middle leaves the timer to the next.
func TestATimerOutlivesItsWorker(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	crasher := testkit.NewCrasher()
	dying := &rig{clock: r.clock, db: testkit.Reopen(t, r.db, testkit.WithIndexes(timer.Indexes()), testkit.WithCrasher(crasher))}
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
