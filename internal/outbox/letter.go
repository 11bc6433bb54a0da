package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"faellesskab/internal/dead"
)

// letterSource is the part before the slash of the ids of effects put aside.
const letterSource = "effect"

func about(doc Ref) string { return doc.Collection + "/" + doc.ID }

func letterID(effectID string) string { return letterSource + "/" + effectID }

// parcel is an effect that is put aside; a claim takes along the effects that wait for
// it. The effects are taken out of their document, so that a document that everybody
// uses does not grow with each failure.
type parcel struct {
	Doc     Ref
	Batch   string
	Effect  string // the id of the effect that failed
	Effects map[string]Effect

	at time.Time
}

func newParcel(call Call, e Effect, at time.Time) *parcel {
	return &parcel{Doc: call.Doc, Batch: call.Batch, Effect: call.EffectID, Effects: map[string]Effect{call.EffectID: e}, at: at}
}

func (p *parcel) letter() dead.Letter {
	body, err := json.Marshal(p)
	if err != nil {
		panic(fmt.Sprintf("outbox: an effect does not marshal: %v", err))
	}
	e := p.Effects[p.Effect]
	return dead.Letter{ID: letterID(p.Effect), Kind: e.Kind, About: about(p.Doc),
		Tries: e.Tries, Error: e.Error, At: p.at, Body: string(body)}
}

// Letters are the effects that were put aside.
func (o *Outbox) Letters() dead.Source {
	return letters{dead.Shelf{Store: o.letters, Of: letterSource}, o}
}

type letters struct {
	dead.Shelf
	*Outbox
}

// Retry puts an effect back into its document, for the next sweep; if the document
// is gone, the effect is carried out at once. Returns NotFound if no such effect was
// put aside.
func (l letters) Retry(ctx context.Context, id string) error {
	var p parcel
	if err := l.Open(ctx, id, &p); err != nil {
		return err
	}
	for eid, e := range p.Effects {
		e.Tries, e.Error, e.NotBefore = 0, "", time.Time{}
		p.Effects[eid] = e
	}
	l.known.add(p.Batch, l.store.db.Now())
	ok, err := l.store.putBack(ctx, &p, entry(l.store.db.Now(), p.Batch))
	if err != nil {
		return err
	}
	if !ok {
		r := l.carryOut(ctx, p.Doc, p.Batch, p.Effects)
		if r.err != nil || !r.next.IsZero() {
			return errors.Join(fmt.Errorf("the document %s of %s is gone, and the effect cannot be carried out without it",
				p.Doc.ID, p.Doc.Collection), r.err)
		}
	}
	return l.Remove(ctx, id)
}
