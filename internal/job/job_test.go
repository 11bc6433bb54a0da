package job_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"faellesskab/internal/job"
)

// A job that fails or panics is logged and runs again; all end with the context.
func TestJobsRunAgainAndAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var steady, slow int
		var bad int
		r := job.NewRunner(slog.New(slog.NewTextHandler(&log, nil)),
			job.Job{Name: "steady", Every: time.Minute, Run: func(context.Context) error { steady++; return nil }},
			job.Job{Name: "slow", Every: time.Minute, Run: func(ctx context.Context) error {
				slow++
				select {
				case <-ctx.Done():
				case <-time.After(9 * time.Minute):
				}
				return nil
			}},
			job.Job{Name: "bad", Every: 4 * time.Minute, Run: func(context.Context) error {
				bad++
				if bad == 1 {
					panic("oh no")
				}
				return errors.New("not today")
			}})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute+30*time.Second)
		defer cancel()
		r.Run(ctx) // returns when all have ended
		if steady != 10 || slow != 1 || bad != 2 {
			t.Errorf("ran %d, %d, %d times, want 10, 1, 2", steady, slow, bad)
		}
		for _, want := range []string{"panic: oh no", "job_test.go", "not today"} {
			if strings.Count(log.String(), want) != 1 {
				t.Errorf("the log does not say %q once:\n%s", want, log.String())
			}
		}
	})
}

// A worker that panics goes on.
func TestAWorkerThatPanicsGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		ran := 0
		job.Keep(t.Context(), slog.New(slog.NewTextHandler(&log, nil)), "worker", func(context.Context) {
			if ran++; ran < 3 {
				panic("oh no")
			}
		})
		if ran != 3 || strings.Count(log.String(), "panic: oh no") != 2 {
			t.Errorf("ran %d times:\n%s", ran, log.String())
		}
	})
}
