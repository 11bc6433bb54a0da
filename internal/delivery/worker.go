package delivery

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"faellesskab/internal/clock"
	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
)

const (
	// lookMoment is how often a worker looks for work by itself, if other processes
	// write to the database too.
	lookMoment = time.Second
	// afterError is how long a worker waits after an error.
	afterError = 2 * time.Second
)

// Run expands causes and sends chunks until ctx ends, and goes on after errors.
func (n *Notifier) Run(ctx context.Context) error {
	chunks := []chan struct{}{make(chan struct{}, 1), make(chan struct{}, 1)}

	var g errgroup.Group
	g.Go(func() error {
		n.loop(ctx, n.wake, n.untilNext, func() (bool, error) {
			worked, err := n.expandNext(ctx)
			for _, c := range chunks {
				if worked {
					wake(c)
				}
			}
			return worked, err
		})
		return nil
	})
	for i, l := range []lane{{urgentOnly: true}, {}} {
		g.Go(func() error {
			n.loop(ctx, chunks[i], n.untilNext, func() (bool, error) { return n.sendNext(ctx, l) })
			return nil
		})
	}
	g.Go(func() error {
		n.loop(ctx, n.recall, n.untilRecall, func() (bool, error) { return n.recallNext(ctx) })
		return nil
	})
	g.Go(func() error {
		n.loop(ctx, n.sent.wake, n.untilLook, func() (bool, error) { return n.lookAndRest(ctx) })
		return nil
	})
	return g.Wait()
}

// untilWork says how long a worker that found no work waits before it looks again by itself.
type untilWork func(ctx context.Context, moment time.Duration) time.Duration

func (n *Notifier) loop(ctx context.Context, wake <-chan struct{}, until untilWork, work func() (bool, error)) {
	for ctx.Err() == nil {
		worked := false
		err := fault.Catch(func() (err error) {
			worked, err = work()
			return err
		})
		if err != nil && ctx.Err() == nil {
			n.Log.ErrorContext(ctx, "notification work goes on later", "error", err, "stack", fault.StackOf(err))
		}
		if worked && err == nil {
			continue
		}
		pause := afterError
		if err == nil {
			pause = until(ctx, lookMoment)
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-time.After(pause):
		}
	}
}

// keepDone is how long finished jobs and chunks are kept. A cause that is queued again
// within this time is not told again.
const keepDone = 7 * 24 * time.Hour

// Purge removes the push slots of past days, pauses that are over, and finished jobs and
// chunks.
func (n *Notifier) Purge(ctx context.Context) error {
	now := n.DB.Now()
	if err := n.store.removePushSlots(ctx, clock.Day(now.Add(-keepSlots), clock.Copenhagen)); err != nil {
		return err
	}
	if err := n.store.removeGates(ctx, now); err != nil {
		return err
	}
	if err := n.store.removeEnded(ctx, now.Add(-dead.Keep), stateDead); err != nil {
		return err
	}
	return n.store.removeEnded(ctx, now.Add(-keepDone), stateDone, stateStopped)
}

// Drain works until nothing is due. It is for tests and tools.
func (n *Notifier) Drain(ctx context.Context) error {
	for {
		expanded, err := n.expandNext(ctx)
		if err != nil {
			return err
		}
		sent, err := n.sendNext(ctx, lane{})
		if err != nil {
			return err
		}
		recalled, err := n.recallNext(ctx)
		if err != nil {
			return err
		}
		looked, err := n.lookNext(ctx)
		if err != nil {
			return err
		}
		if !expanded && !sent && !recalled && !looked {
			return nil
		}
	}
}
