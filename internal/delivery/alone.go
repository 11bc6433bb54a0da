package delivery

import (
	"context"
	"time"
)

// lookAlone is how often a worker looks if it knows of all work: in case it is
// wrong.
const lookAlone = 10 * time.Minute

// lookWaiting is how often it looks while something waits for its time: the clock may
// have been set, and a machine that was put to sleep has not counted the time.
const lookWaiting = 15 * time.Second

// untilNext is how long a worker that found nothing waits before it looks again.
// Where others write too that is a moment. Who is the only one to write is told of
// what is new, and waits for what was put off or is held by a process that has died.
func (n *Notifier) untilNext(ctx context.Context, moment time.Duration) time.Duration {
	able, err := n.DB.Capabilities(ctx)
	if err != nil || !able.SoleWriter {
		return moment
	}
	next, err := n.store.nextDue(ctx)
	switch {
	case err != nil:
		return moment
	case next.IsZero():
		return lookAlone
	}
	return max(moment, min(lookWaiting, next.Sub(n.DB.Now())))
}
