package job_test

import (
	"context"
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
		waits(time.Hour) // set to no time
		a.Set(time.Now().Add(10 * time.Minute))
		a.Set(time.Now().Add(20 * time.Minute))
		waits(10 * time.Minute)
		waits(time.Hour) // it rings once
		a.Set(start)
		waits(0)
		time.AfterFunc(time.Minute, func() { a.Set(time.Now().Add(time.Minute)) })
		time.AfterFunc(90*time.Second, func() { a.Set(time.Now()) })
		waits(90 * time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		a.Set(time.Now().Add(time.Minute))
		a.Wait(ctx, time.Now, time.Hour)
		waits(time.Minute - time.Second) // who was called away has missed nothing
	})
}
