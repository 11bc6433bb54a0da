package outbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"faellesskab/internal/dead"
)

// RunPendingClaim carries out the remaining effects of one write: the batch whose id
// stands at the path in doc, such as the claim on a seat ("claims.<person>"). It reads
// only that path and that batch. A sweep tries again what fails: waits reports whether the
// claim still stands. An error says that doc could not be read. For a document without the
// claim there is nothing to do.
func (o *Outbox) RunPendingClaim(ctx context.Context, doc Ref, path string) (waits bool, err error) {
	id, err := o.store.claim(ctx, doc, path)
	if err != nil || id == "" {
		return false, err
	}
	if err := o.runPending(ctx, doc, id); err != nil {
		return false, err
	}
	left, err := o.store.claim(ctx, doc, path)
	return left == id, err
}

// RunPendingOf carries out the remaining effects of a call's own writes to doc: those
// whose outcome is an effect By this caller. It reads only the ids of other batches. A
// sweep tries again what fails: waits reports whether something is left. An error says that
// doc could not be read.
func (o *Outbox) RunPendingOf(ctx context.Context, doc Ref, caller string) (waits bool, err error) {
	isOwn := func(entry string) bool { return strings.HasSuffix(entry, mark(caller)) }
	due, err := o.store.entries(ctx, doc)
	if err != nil || !slices.ContainsFunc(due, isOwn) {
		return false, err
	}
	for _, e := range due {
		if !isOwn(e) {
			continue
		}
		if err := o.runPending(ctx, doc, batchOf(e)); err != nil {
			return false, err
		}
	}
	left, err := o.store.entries(ctx, doc)
	return slices.ContainsFunc(left, isOwn), err
}

// RunPendingAll carries out all effects that a document holds. It returns an error if some are left
// then, because they failed and are due again later, or only a newer version of the program knows
// them. Code that removes a document must call it first, because the effects would go with the
// document.
func (o *Outbox) RunPendingAll(ctx context.Context, doc Ref) error {
	p, err := o.store.read(ctx, doc, pendingFields)
	if err != nil || len(p.Due) == 0 {
		return err
	}
	whole, cancel := outlive(ctx, 0)
	defer cancel()
	if err := o.runAll(whole, doc, p, func(string) bool { return true }); err != nil {
		return err
	}
	left, err := o.store.entries(ctx, doc)
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("%s %s: %d writes still have effects", doc.Collection, doc.ID, len(left))
	}
	return err
}

// RunPendingEach carries out what is left of some of a document's batches, given by their ids. It
// returns an error if something of them is left then. It reads only the ids of other batches.
func (o *Outbox) RunPendingEach(ctx context.Context, doc Ref, batches []string) error {
	mine := func(entry string) bool { return slices.Contains(batches, batchOf(entry)) }
	due, err := o.store.entries(ctx, doc)
	if err != nil || !slices.ContainsFunc(due, mine) {
		return err
	}
	for _, e := range due {
		if !mine(e) {
			continue
		}
		if err := o.runPending(ctx, doc, batchOf(e)); err != nil {
			return err
		}
	}
	left, err := o.store.entries(ctx, doc)
	if err == nil && slices.ContainsFunc(left, mine) {
		err = fmt.Errorf("%s %s: a write still has effects", doc.Collection, doc.ID)
	}
	return err
}

func (o *Outbox) runPending(ctx context.Context, doc Ref, id string) error {
	p, err := o.store.batch(ctx, doc, id)
	if err != nil {
		return err
	}
	// Failures are in the log, and their effects are due again.
	ctx, cancel := outlive(ctx, 0)
	defer cancel()
	_ = o.runAll(ctx, doc, p, func(entry string) bool { return batchOf(entry) == id })
	return nil
}

// IsPending reports whether an effect of doc may still be carried out, also because
// it was put aside. As long as it may, the record that keeps it from happening twice
// must stay. It looks into doc once more after looking for a letter, since an operator
// may have put the effect back in between.
func (o *Outbox) IsPending(ctx context.Context, doc Ref, effectID string) (bool, error) {
	for _, look := range []func() (bool, error){
		func() (bool, error) { return o.store.hasEffect(ctx, doc, effectID) },
		func() (bool, error) { return o.letters.Has(ctx, letterID(effectID)) },
		func() (bool, error) { return o.store.hasEffect(ctx, doc, effectID) },
	} {
		if pending, err := look(); err != nil || pending {
			return pending, err
		}
	}
	return false, nil
}

// IsAnyPending reports whether a document has effects left.
func (o *Outbox) IsAnyPending(ctx context.Context, doc Ref) (bool, error) {
	due, err := o.store.entries(ctx, doc)
	return len(due) > 0, err
}

// maxAside is how many effects that were put aside one look takes.
const maxAside = 1000

// AroundPutAside looks at something while no effect of these documents is put aside, since an
// operator may have it carried out at any time. It asks before the look, so that what was put back
// is seen to be under way or done, and after it, for what was put aside meanwhile. aside is true if
// an effect was; then the look is worth nothing. The ids may also be only beginnings of ids.
func (o *Outbox) AroundPutAside(ctx context.Context, look func() error, docs ...Ref) (aside bool, err error) {
	if aside, err := o.isAnyPutAside(ctx, docs); err != nil || aside {
		return aside, err
	}
	if err := look(); err != nil {
		return false, err
	}
	return o.isAnyPutAside(ctx, docs)
}

// isAnyPutAside reports whether an effect of one of these documents was put aside, so that an
// operator may have it carried out later.
func (o *Outbox) isAnyPutAside(ctx context.Context, docs []Ref) (bool, error) {
	list, err := o.letters.List(ctx, letterSource, maxAside)
	return len(list) == maxAside || slices.ContainsFunc(list, func(l dead.Letter) bool {
		return slices.ContainsFunc(docs, func(doc Ref) bool { return strings.HasPrefix(l.About, about(doc)) })
	}), err
}
