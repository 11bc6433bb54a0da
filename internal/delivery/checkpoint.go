package delivery

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/push"
)

// checkpoint records the answers and gives their permits back. If the program cannot
// act on an answer, that is an error, but all answers are recorded: people who have got
// the push must not get it again.
func (f *flight) checkpoint(ctx context.Context) error {
	errAccount := f.account(ctx)
	f.c.Open = f.unanswered()
	if err := f.store.saveChunk(ctx, f.c); err != nil {
		return errors.Join(errAccount, err)
	}
	f.pool.give(f.owed, f.isSlow)
	f.owed, f.isSlow = 0, false
	if errAccount != nil {
		return errAccount
	}
	if f.c.stop != "" {
		// The last checkpoint will count the pushes that are under way.
		return f.StopJob(ctx, f.j.Key, notify.StopBadMessage, f.c.stop)
	}
	return nil
}

// account acts on the answers, counts them and writes them into the ledger.
func (f *flight) account(ctx context.Context) error {
	var lines []inbox.Handover
	var wait time.Duration
	var errs []error
	now := f.DB.Now()
	if len(f.answered) > 0 {
		f.c.Tries = 0 // the chunk makes progress
	}
	for len(f.answered) > 0 {
		a := f.answered[0]
		f.answered = f.answered[1:]
		delete(f.open, a.device.ID)
		f.owed++
		switch a.result.Outcome {
		case push.QuotaExceeded:
			f.isSlow, wait = true, max(wait, a.result.RetryAfter)
		case push.Retry:
			f.isSlow = true
		}
		errs = append(errs, f.note(ctx, f.c, a.device, a.result))
		if a.result.Err != nil || a.result.Outcome == push.Sent || !slices.Contains(f.c.Only, a.device.ID) {
			// The ledger says only once that a platform rests.
			lines = append(lines, f.c.handover(f.j, a.device, a.result, now))
		}
	}
	if wait > 0 {
		f.wait = max(f.wait, wait)
		errs = append(errs, f.gates.close(ctx, everything, wait))
	}
	return errors.Join(append(errs, f.keeper.AddHandovers(ctx, lines))...)
}

// unanswered are the devices up to the place of the checkpoint that have no answer:
// devices on their way, and devices that an earlier worker left open and that have not
// begun again.
func (f *flight) unanswered() []string {
	ids := slices.Collect(maps.Keys(f.open))
	for _, d := range f.devices {
		if place(d) > f.c.After {
			break
		}
		ids = append(ids, d.ID)
	}
	slices.Sort(ids)
	return ids
}
