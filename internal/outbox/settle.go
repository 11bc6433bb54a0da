package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/dead"
)

// settleClaims gives a person's claims that were put aside one more try, since their letters are removed
// by the erasure, and nobody could finish the claims afterwards. A claim that fails again is no longer
// the person's: its document forgets whose it was, and what it took stays taken. A letter that cannot be
// read, or a document that cannot be written, keeps no other.
func (o *Outbox) settleClaims(ctx context.Context, personID string) error {
	list, err := o.letters.Naming(ctx, letterSource, personID)
	if err != nil {
		return err
	}
	var failed []error
	for _, l := range list {
		if err := o.settleLetter(ctx, l, personID); err != nil {
			failed = append(failed, fmt.Errorf("dead letter %s: %w", l.ID, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(failed...)
}

func (o *Outbox) settleLetter(ctx context.Context, l dead.Letter, personID string) error {
	var p parcel
	if err := json.Unmarshal([]byte(l.Body), &p); err != nil {
		return err
	}
	if !p.isClaimOf(personID) {
		return nil
	}
	return o.settle(ctx, &p)
}

// isClaimOf reports whether the effect that failed is a claim of that person.
func (p *parcel) isClaimOf(personID string) bool {
	return slices.ContainsFunc(p.Effects[p.Effect].Clear, func(path string) bool { return strings.Contains(path, personID) })
}

// settle puts a claim back into its document for one try, and then removes what it has claimed.
func (o *Outbox) settle(ctx context.Context, p *parcel) error {
	for eid, e := range p.Effects {
		e.Tries, e.NotBefore = dead.MaxTries-1, time.Time{}
		p.Effects[eid] = e
	}
	ok, err := o.store.putBack(ctx, p, entry(o.store.db.Now(), p.Batch))
	if err != nil || !ok {
		return err
	}
	if err := o.runPending(ctx, p.Doc, p.Batch); err != nil {
		return err
	}
	return o.store.unclaim(ctx, p)
}
