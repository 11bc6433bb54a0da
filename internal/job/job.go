// Package job runs functions again and again: sweeps and purges. It knows no domain; callers hand
// in the functions. They may run on several replicas at once, so they must be idempotent.
package job

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"faellesskab/internal/fault"
)

// Job is one function to be run again and again.
type Job struct {
	Name  string
	Every time.Duration // from the end of one run to the start of the next
	Run   func(ctx context.Context) error
}

// Runner runs jobs until told to stop.
type Runner struct {
	jobs []Job
	log  *slog.Logger
}

// NewRunner makes a runner of these jobs.
func NewRunner(log *slog.Logger, jobs ...Job) *Runner { return &Runner{jobs: jobs, log: log} }

// Run runs the jobs until ctx ends, and returns when all have ended. A job that
// fails or panics is logged and runs again at its time.
func (r *Runner) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for _, j := range r.jobs {
		wg.Go(func() { r.loop(ctx, j) })
	}
	wg.Wait()
}

func (r *Runner) loop(ctx context.Context, j Job) {
	timer := time.NewTimer(j.Every)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		if err := fault.Catch(func() error { return j.Run(ctx) }); err != nil && ctx.Err() == nil {
			r.log.ErrorContext(ctx, "job failed", "job", j.Name, "error", err, "stack", fault.StackOf(err))
		}
		timer.Reset(j.Every)
	}
}

// restAfterPanic is how long a worker rests after a panic.
const restAfterPanic = time.Second

// Keep runs a worker until ctx ends. If it panics, that is logged, and it runs again.
func Keep(ctx context.Context, log *slog.Logger, name string, work func(ctx context.Context)) {
	for ctx.Err() == nil {
		err := fault.Catch(func() error { work(ctx); return nil })
		if err == nil {
			return
		}
		log.ErrorContext(ctx, "worker failed", "worker", name, "error", err, "stack", fault.StackOf(err))
		select {
		case <-ctx.Done():
		case <-time.After(restAfterPanic):
		}
	}
}
