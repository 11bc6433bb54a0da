package delivery

import (
	"context"
	"time"
)

// lookAlone is how often a worker looks although it knows of all work, in case it has
// missed some.
const lookAlone = 10 * time.Minute

// lookWaiting is how often it looks while work waits for its time, since the clock may
// have been set, or the machine put to sleep.
const lookWaiting = 15 * time.Second

// untilNext is how long a worker that found no work waits before it looks again. If
// other processes write to the database too, that is moment. If not, the worker is told
// of new work, and waits only for work that was put off or that a dead process holds.
func (n *Notifier) untilNext(ctx context.Context, moment time.Duration) time.Duration {
	return n.untilDue(ctx, moment, n.store.nextDue)
}

// untilRecall is untilNext for who carries recalls out.
func (n *Notifier) untilRecall(ctx context.Context, moment time.Duration) time.Duration {
	return n.untilDue(ctx, moment, n.store.nextRecall)
}

func (n *Notifier) untilDue(ctx context.Context, moment time.Duration, nextDue func(ctx context.Context) (time.Time, error)) time.Duration {
	able, err := n.DB.Capabilities(ctx)
	if err != nil || !able.SoleWriter {
		return moment
	}
	next, err := nextDue(ctx)
	switch {
	case err != nil:
		return moment
	case next.IsZero():
		return lookAlone
	}
	return max(moment, min(lookWaiting, next.Sub(n.DB.Now())))
}
