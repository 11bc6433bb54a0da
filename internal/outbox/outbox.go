package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/id"
	"faellesskab/internal/mongodb"
)

// Grace is how long a sweep leaves an effect to the request that wrote it.
const Grace = 5 * time.Second

// carryTimeout bounds the effects of one write; a client that goes away does
// not stop them.
const carryTimeout = 20 * time.Second

// Effect is one thing that must follow a write.
type Effect struct {
	Kind string `bson:"kind"`
	Args string `bson:"args"` // JSON, so that it can be read in the database
	// Clear are paths of fields of the document that are removed together with
	// the effect, such as the claim on a seat. An effect that clears something is
	// a claim: the rest of its batch waits until it is done.
	Clear []string `bson:"clear,omitempty"`
	// For are the subscribers there were when the effect was written, and Done
	// those that need not be called again.
	For  []string `bson:"for,omitempty"`
	Done []string `bson:"done,omitempty"`
}

// New makes an effect. args must marshal to JSON.
func New(kind string, args any) Effect {
	raw, err := json.Marshal(args)
	if err != nil {
		panic(fmt.Sprintf("outbox: the arguments of effect %q do not marshal: %v", kind, err))
	}
	return Effect{Kind: kind, Args: string(raw)}
}

// Pending is the part of a document that holds its effects. Documents embed it
// inline.
type Pending struct {
	// Effects by "<batch>_<number>", so that they sort in their order.
	Effects map[string]Effect `bson:"effects,omitempty" json:"-"`
	// Due are the batches with effects left: what a sweep looks for.
	Due []string `bson:"due,omitempty" json:"-"`
}

// Batch are the effects of one write.
type Batch struct {
	ID      string
	Effects []Effect

	following func(kind string) []string
}

// Pending is the batch in the form a new document embeds.
func (b Batch) Pending() Pending {
	if len(b.Effects) == 0 {
		return Pending{}
	}
	p := Pending{Effects: map[string]Effect{}, Due: []string{b.ID}}
	for i := range b.Effects {
		p.Effects[effectID(b.ID, i)] = b.effect(i)
	}
	return p
}

// effect is an effect of the batch as it is stored: with those who follow it.
func (b Batch) effect(i int) Effect {
	e := b.Effects[i]
	if b.following != nil {
		e.For = b.following(e.Kind)
	}
	return e
}

func effectID(batch string, i int) string { return fmt.Sprintf("%s_%02d", batch, i) }

// Ref names a document.
type Ref struct{ Collection, ID string }

// Outbox knows the subscribers and the collections that hold effects. Both are
// registered while the program is put together, before the first effect.
type Outbox struct {
	store       store
	subscribers map[string][]subscriber // by kind
	collections []string
	log         *slog.Logger
}

// NewOutbox makes an outbox that nobody has subscribed to.
func NewOutbox(db *mongodb.DB, log *slog.Logger) *Outbox {
	return &Outbox{store: store{db}, subscribers: map[string][]subscriber{}, log: log}
}

// Watch says that documents of these collections carry effects.
func (o *Outbox) Watch(collections ...string) {
	for _, c := range collections {
		if !slices.Contains(o.collections, c) {
			o.collections = append(o.collections, c)
		}
	}
}

// Batch gathers the effects of one write.
func (o *Outbox) Batch(effects ...Effect) Batch {
	return Batch{ID: id.NewAt(id.Effect, o.store.db.Now()), Effects: effects, following: o.following}
}

// Carry carries out the effects that a write has just left in doc. The write
// has been made, so a failure here is logged and left to the sweep. stopped
// reports that a handler has undone its effect and with it the rest.
func (o *Outbox) Carry(ctx context.Context, doc Ref, b Batch) (stopped bool) {
	if len(b.Effects) == 0 {
		return false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), carryTimeout)
	defer cancel()
	stopped, err := o.run(ctx, doc, b.ID, b.Pending().Effects)
	if err != nil {
		o.log.WarnContext(ctx, "effects left to the sweep", "collection", doc.Collection, "id", doc.ID, "error", err)
	}
	return stopped
}

// Settle carries out whatever effects doc still has, of any age. A document
// that does not exist has none.
func (o *Outbox) Settle(ctx context.Context, doc Ref) error {
	p, err := o.store.pending(ctx, doc)
	if err != nil {
		return err
	}
	return o.runAll(ctx, doc, p, func(string) bool { return true })
}

// Sweep carries out the effects that were due before now less grace, in all
// watched collections, and tells how many documents it worked on. One bad
// effect does not stop the others.
func (o *Outbox) Sweep(ctx context.Context, grace time.Duration) (int, error) {
	before := id.At(id.Effect, o.store.db.Now().Add(-grace).Add(time.Millisecond))
	var n int
	var errs []error
	for _, c := range o.collections {
		docs, err := o.store.due(ctx, c, before)
		if err != nil {
			return n, err
		}
		for _, d := range docs {
			n++
			err := o.runAll(ctx, Ref{c, d.ID}, d.Pending, func(batch string) bool { return batch < before })
			if err != nil {
				errs = append(errs, err)
			}
		}
	}
	return n, errors.Join(errs...)
}

func (o *Outbox) runAll(ctx context.Context, doc Ref, p Pending, want func(batch string) bool) error {
	slices.Sort(p.Due)
	var errs []error
	for _, batch := range slices.Compact(p.Due) {
		if !want(batch) {
			continue
		}
		effects := map[string]Effect{}
		for eid, e := range p.Effects {
			if strings.HasPrefix(eid, batch+"_") {
				effects[eid] = e
			}
		}
		if _, err := o.run(ctx, doc, batch, effects); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
