package job

import (
	"context"
	"sync"
	"time"
)

// lookAtClock is how often a waiting worker looks at the clock, since the clock may have been set, or
// the machine put to sleep.
const lookAtClock = 15 * time.Second

// Alarm wakes a worker when there is something to do, so that it need not look again and again. The
// zero value is set to no time.
type Alarm struct {
	mu   sync.Mutex
	next time.Time
	set  chan struct{} // closed when next comes nearer
}

// Set wakes the worker at an instant, unless the alarm is set to an earlier one already.
func (a *Alarm) Set(at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.next.IsZero() && !at.Before(a.next) {
		return
	}
	a.next = at
	if a.set != nil {
		close(a.set)
		a.set = nil
	}
}

// Wait waits for the instant to which the alarm is set, by the clock now, but no longer than atMost,
// and only until ctx ends. Afterwards the alarm is set to no time: the worker looks at everything
// that is due, and sets the alarm again.
func (a *Alarm) Wait(ctx context.Context, now func() time.Time, atMost time.Duration) {
	deadline := time.NewTimer(atMost)
	defer deadline.Stop()
	for a.waitOnce(ctx, now, deadline.C) {
	}
	if ctx.Err() != nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next = time.Time{}
}

// waitOnce waits until the alarm's time has come. It returns true if it must be called again, because
// it waited only for a while, or the alarm was set to another time.
func (a *Alarm) waitOnce(ctx context.Context, now func() time.Time, deadline <-chan time.Time) (again bool) {
	next, changed := a.state()
	var ring <-chan time.Time
	if !next.IsZero() {
		wait := next.Sub(now())
		if wait <= 0 {
			return false
		}
		timer := time.NewTimer(min(wait, lookAtClock))
		defer timer.Stop()
		ring = timer.C
	}
	select {
	case <-changed:
		return true
	case <-ring:
		return true
	case <-ctx.Done():
	case <-deadline:
	}
	return false
}

func (a *Alarm) state() (next time.Time, changed <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.set == nil {
		a.set = make(chan struct{})
	}
	return a.next, a.set
}
