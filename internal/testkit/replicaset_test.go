package testkit

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"
)

// Fatalf ends the goroutine, as that of a test does.
func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// A primary may wait longer for the others than calls to the database usually may take, so the
// command to step down has a limit of its own. What it does is seen only on a replica set.
func TestSteppingDownMayTakeItsTime(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var catchUpPeriod, stays, most time.Duration
	db := DB(t, WithMonitor(&event.CommandMonitor{Started: func(ctx context.Context, e *event.CommandStartedEvent) {
		if e.CommandName != "replSetStepDown" {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		wait, _ := e.Command.Lookup("secondaryCatchUpPeriodSecs").AsInt64OK()
		stay, _ := e.Command.Lookup("replSetStepDown").AsInt64OK()
		limit, _ := e.Command.Lookup("maxTimeMS").AsInt64OK()
		catchUpPeriod, stays, most = time.Duration(wait)*time.Second, time.Duration(stay)*time.Second, time.Duration(limit)*time.Millisecond
	}}))
	if able, err := db.Capabilities(t.Context()); err != nil || able.ChangeStreams {
		t.Skipf("a replica set would step down, and other tests would feel it (%v)", err)
	}
	r := &recorder{TB: t}
	var ended sync.WaitGroup
	ended.Go(func() { StepDown(r, db) })
	ended.Wait()
	mu.Lock()
	defer mu.Unlock()
	if len(r.complaints) != 1 {
		t.Errorf("a database without members has stepped down: %q", r.complaints)
	}
	if catchUpPeriod < 9*time.Second || most < catchUpPeriod+5*time.Second {
		t.Errorf("it may take %v, and the primary may wait %v for the others", most, catchUpPeriod)
	}
	if stays <= catchUpPeriod {
		t.Errorf("the server refuses to wait %v and stay down %v", catchUpPeriod, stays)
	}
}
