package job

import (
	"context"
	"sync"
	"time"
)

// lookAtClock is how often whoever waits looks at the clock again: it may have been set,
// and a machine that was put to sleep has not counted the time.
const lookAtClock = 15 * time.Second

// Alarm tells a worker when there is something to do, so that it need not look
// again and again. Its zero value is set to no time.
type Alarm struct {
	mu   sync.Mutex
	next time.Time
	set  chan struct{} // closed when next comes nearer
}

// Set lets the worker look at an instant, or earlier if it was set to an earlier
// one.
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

// Wait waits for the instant the alarm is set to, by the clock now, at most for
// that long, and until ctx ends. The alarm is set to no time then: whoever looks
// finds what it was set for, and sets it again.
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

// waitOnce waits until the alarm's time has come; or for a while, or until the alarm is
// set to another time: true.
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
