package job_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"faellesskab/internal/job"
)

func TestAnAlarmWakesAtTheEarliestTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var a job.Alarm
		waits := func(want time.Duration) {
			t.Helper()
			before := time.Now()
			a.Wait(t.Context(), time.Now, time.Hour)
			if got := time.Since(before); got != want {
				t.Errorf("waited %v, want %v", got, want)
			}
		}
		waits(time.Hour) // the alarm is set to no time
		a.Set(time.Now().Add(10 * time.Minute))
		a.Set(time.Now().Add(20 * time.Minute))
		waits(10 * time.Minute)
		waits(time.Hour) // the alarm rings once
		a.Set(start)
		waits(0)
		time.AfterFunc(time.Minute, func() { a.Set(time.Now().Add(time.Minute)) })
		time.AfterFunc(90*time.Second, func() { a.Set(time.Now()) })
		waits(90 * time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		a.Set(time.Now().Add(time.Minute))
		a.Wait(ctx, time.Now, time.Hour)
		waits(time.Minute - time.Second) // a worker that was busy has missed nothing
	})
}

// A worker that waits for an hour wakes if the clock is set forward by an hour, or the machine has
// slept for one.
func TestAnAlarmFollowsTheClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var a job.Alarm
		var ahead atomic.Int64
		now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
		a.Set(now().Add(time.Hour))
		time.AfterFunc(time.Minute, func() { ahead.Store(int64(time.Hour)) })
		before := time.Now()
		a.Wait(t.Context(), now, 10*time.Hour)
		if got := time.Since(before); got > 90*time.Second {
			t.Errorf("woke %v after the clock was set", got-time.Minute)
		}
	})
}
