package outbox

import (
	"context"
	"errors"
	"sync"
	"time"

	"faellesskab/internal/job"
)

// pace is how often a process looks for effects that are left.
type pace struct {
	beside time.Duration // where others write too
	alone  time.Duration // where nobody else writes, in case the process has missed something
	pause  time.Duration // between two looks while the process knows of effects that are due
}

var usualPace = pace{beside: 2 * time.Second, alone: 10 * time.Minute, pause: 10 * time.Second}

// Run carries out effects that are left until ctx ends, and goes on after errors.
// Effects that fail are in the log, and due again. If other processes write to the
// database too, it looks every two seconds; otherwise it looks when it starts, and
// then when an effect that it knows of is due.
func (o *Outbox) Run(ctx context.Context) {
	job.Keep(ctx, o.log, "outbox", func(ctx context.Context) {
		able, err := o.store.db.Capabilities(ctx)
		for err != nil && ctx.Err() == nil {
			o.log.WarnContext(ctx, "whether others write is not known", "error", err)
			pause(ctx, o.pace.beside)
			able, err = o.store.db.Capabilities(ctx)
		}
		if able.SoleWriter {
			o.runAlone(ctx)
			return
		}
		o.runBesideOthers(ctx)
	})
}

// runBesideOthers has two loops. One looks for effects that nobody has tried, because
// their process died; the other for effects that have failed and are due again. Many
// slow failures therefore do not delay new effects.
func (o *Outbox) runBesideOthers(ctx context.Context) {
	poll := func(name string, next func() lane) func() {
		return func() {
			job.Keep(ctx, o.log, name, func(ctx context.Context) {
				for ctx.Err() == nil {
					known, l := o.known.upTo(o.store.db.Now()), next()
					_, _, err := o.sweep(ctx, l, l.has)
					o.warn(ctx, err)
					o.known.forget(known) // a later look finds what this one has missed
					pause(ctx, o.pace.beside)
				}
			})
		}
	}
	var both sync.WaitGroup
	both.Go(poll("outbox: fresh effects", func() lane { return o.fresh(Grace) }))
	both.Go(poll("outbox: effects that failed", o.again))
	both.Wait()
}

// runAlone looks at everything once, and then when an effect is due that this process
// has written and not carried out.
func (o *Outbox) runAlone(ctx context.Context) {
	var looked time.Time
	for ctx.Err() == nil {
		now := o.store.db.Now()
		if now.Sub(looked) < o.pace.alone && !o.known.isDue(now) {
			o.known.alarm.Wait(ctx, o.store.db.Now, o.pace.alone)
			continue
		}
		known, fresh, again := o.known.upTo(now), fresh(now.Add(-Grace)), again(now)
		first := looked.IsZero()
		_, _, err := o.sweep(ctx, lane{before: afterAll}, func(entry string) bool {
			return first || fresh.has(entry) || again.has(entry)
		})
		o.warn(ctx, err)
		if err == nil {
			looked = now
			o.known.forget(known)
		}
		pause(ctx, o.pace.pause)
	}
}

func (o *Outbox) warn(ctx context.Context, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		o.log.WarnContext(ctx, "effects left to the next sweep", "error", err)
	}
}

// known remembers the batches that this process has made and may not have carried
// out, with the instant when to look. A look may find nothing, since the write may
// have been refused.
type known struct {
	alarm job.Alarm

	mu      sync.Mutex
	batches map[string]time.Time
}

func (k *known) add(batch string, at time.Time) {
	k.mu.Lock()
	k.batches[batch] = at
	k.mu.Unlock()
	k.alarm.Set(at)
}

func (k *known) remove(batch string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.batches, batch)
}

// isDue reports whether a batch is due by now. If not, it sets the alarm for the one
// that is due first.
func (k *known) isDue(now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, at := range k.batches {
		if !at.After(now) {
			return true
		}
	}
	for _, at := range k.batches {
		k.alarm.Set(at)
	}
	return false
}

// upTo are the batches that are due by now.
func (k *known) upTo(now time.Time) map[string]time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	due := map[string]time.Time{}
	for batch, at := range k.batches {
		if !at.After(now) {
			due[batch] = at
		}
	}
	return due
}

// forget forgets the batches that a sweep has looked for, and sets the alarm for the
// others.
func (k *known) forget(looked map[string]time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for batch, at := range k.batches {
		if known, ok := looked[batch]; ok && known.Equal(at) {
			delete(k.batches, batch)
			continue
		}
		k.alarm.Set(at)
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
