package outbox

import (
	"context"
	"errors"
	"slices"
	"time"

	"faellesskab/internal/dead"
)

// Sweep carries out the effects that are older than grace, and those that are due
// again, in all watched collections. It returns how many documents it worked on, and
// the failures. One bad effect does not stop the others.
func (o *Outbox) Sweep(ctx context.Context, grace time.Duration) (int, error) {
	fresh := o.fresh(grace)
	n, failed, err := o.sweep(ctx, fresh, fresh.has)
	again := o.again()
	more, failedAgain, errAgain := o.sweep(ctx, again, again.has)
	return n + more, errors.Join(failed, err, failedAgain, errAgain)
}

func (o *Outbox) fresh(grace time.Duration) lane { return fresh(o.store.db.Now().Add(-grace)) }

// again is the lane of batches that are due again. The first sweep of a process takes
// all that ever failed, also those not yet due: older versions of the program may have
// left effects that this one knows, and the process must know when the rest is due.
func (o *Outbox) again() lane {
	if !o.isUnderWay.Swap(true) {
		return lane{from: waiting, before: afterAll}
	}
	return again(o.store.db.Now())
}

// sweep works through the documents of a lane, the oldest first, a page of each
// collection in turn, and carries out those of their batches that are due. A batch
// leaves its place in the lane by that: it is done, or due later.
// failed joins the errors of effects; err says what could not be read.
func (o *Outbox) sweep(ctx context.Context, l lane, due func(entry string) bool) (n int, failed, err error) {
	var walks []*walk
	for _, c := range o.collections {
		walks = append(walks, &walk{collection: c, lane: l, seen: map[string]bool{}})
	}
	for len(walks) > 0 && ctx.Err() == nil {
		walks = slices.DeleteFunc(walks, func(w *walk) bool {
			docs, ended, errPage := o.nextPage(ctx, w)
			for _, d := range docs {
				failed = errors.Join(failed, o.runAll(ctx, Ref{Collection: w.collection, ID: d.ID}, d.Pending, due))
			}
			n += len(docs)
			err = errors.Join(err, errPage)
			return ended
		})
	}
	return n, failed, errors.Join(err, ctx.Err())
}

// walk is how far a sweep has come in one collection.
type walk struct {
	lane
	collection string
	seen       map[string]bool
	stuck      int // documents worked on that are still in the lane
}

// nextPage returns the next documents of a walk. ended reports that these are the
// last.
func (o *Outbox) nextPage(ctx context.Context, w *walk) (docs []dueDoc, ended bool, err error) {
	limit := sweepPage + w.stuck
	found, err := o.store.due(ctx, w.collection, w.lane, limit)
	if err != nil {
		return nil, true, err
	}
	for _, d := range found {
		switch {
		case w.seen[d.ID]:
			continue
		case d.damaged != nil:
			o.log.WarnContext(ctx, "effects cannot be read", "collection", w.collection, "id", d.ID, "error", dead.Text(d.damaged))
		default:
			docs = append(docs, d)
		}
		w.seen[d.ID] = true
	}
	// Documents that turn up again could not be read, or the outcome of their effects
	// could not be recorded.
	stuck := len(found) - len(docs)
	ended = len(found) < limit || len(docs) == 0 && stuck <= w.stuck
	w.stuck = stuck
	return docs, ended, nil
}

// runAll carries out the batches of a document that have an entry for which want is
// true.
func (o *Outbox) runAll(ctx context.Context, doc Ref, p Pending, want func(entry string) bool) error {
	slices.Sort(p.Due)
	var errs []error
	for _, b := range p.batches(want) {
		errs = append(errs, o.run(ctx, doc, b.id, b.entries, b.effects).err)
	}
	return errors.Join(errs...)
}
