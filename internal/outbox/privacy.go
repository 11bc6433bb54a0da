package outbox

import (
	"context"
	"errors"
	"slices"
	"strings"

	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
	"faellesskab/internal/privacy"
)

// Collection is the entry of effects in the register of privacy. They are kept within the documents of
// other collections.
func (o *Outbox) Collection() privacy.Collection {
	return privacy.Collection{
		Name: "*: effects",
		Purpose: "What must follow a change, such as a copy, a seat or a notice, written into the changed document by the same write, so that it " +
			"is not lost when a machine stops. They stand in the fields effects and due of any document.",
		Basis:     privacy.PublicTask,
		Whose:     "That of the people it is about, by their random ids, and with the words of the news that is to be sent.",
		Retention: "Milliseconds; up to " + privacy.UpTo(dead.Trying()) + " if it fails again and again.",
		Ends:      "Being carried out; what fails ten times becomes a dead letter.",
		Kept: "What fails is tried for up to " + privacy.UpTo(dead.Trying()) + " more, since it may concern others too. By the second look, " +
			privacy.For(privacy.LooksAgain) + " later, it is done or " +
			"a dead letter, which is removed then.",
		AskAll: map[string]string{"due": "a sweep finishes what any process has left, wherever it lies"},
		Export: o.exportEffects,
		Erase:  o.eraseEffects,
	}
}

func (o *Outbox) exportEffects(ctx context.Context, personID string, keep func(record any) error) error {
	return o.mentioning(ctx, personID, func(doc Ref, b batch, _ Pending) error {
		for _, e := range b.effects {
			if err := keep(map[string]any{"collection": doc.Collection, "effect": e.Kind}); err != nil {
				return err
			}
		}
		return nil
	})
}

// eraseEffects carries out the remaining effects that mention a person, and the person's claims that
// were put aside. Failures are in the log, and these effects are due again.
func (o *Outbox) eraseEffects(ctx context.Context, personID string) (left bool, err error) {
	unsettled := o.settleClaims(ctx, personID)
	if fault.Is(unsettled, fault.KindUnavailable) || ctx.Err() != nil {
		return false, unsettled
	}
	return false, errors.Join(unsettled, o.mentioning(ctx, personID, func(doc Ref, b batch, p Pending) error {
		_ = o.runAll(ctx, doc, p, func(entry string) bool { return batchOf(entry) == b.id })
		return ctx.Err()
	}))
}

// mentioning calls do for each remaining batch, in any document, that mentions a person. It looks at all
// remaining batches, which are few at any time.
func (o *Outbox) mentioning(ctx context.Context, personID string, do func(doc Ref, b batch, p Pending) error) error {
	for _, c := range o.collections {
		w := &walk{collection: c, lane: lane{before: afterAll}, seen: map[string]bool{}}
		for ended := false; !ended; {
			var docs []dueDoc
			var err error
			if docs, ended, err = o.nextPage(ctx, w); err != nil {
				return err
			}
			for _, d := range docs {
				for _, b := range d.batches(func(string) bool { return true }) {
					if !b.mentions(d.ID, personID) {
						continue
					}
					if err := do(Ref{Collection: c, ID: d.ID}, b, d.Pending); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// mentions reports whether a batch mentions a person. In the person's own document every batch does.
func (b batch) mentions(docID, personID string) bool {
	if docID == personID {
		return true
	}
	for _, e := range b.effects {
		if strings.Contains(e.Args, personID) || slices.ContainsFunc(e.Clear, func(path string) bool { return strings.Contains(path, personID) }) {
			return true
		}
	}
	return false
}
