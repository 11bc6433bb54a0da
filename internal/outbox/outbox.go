package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/mongodb"
)

// Grace is how long a sweep leaves an effect to the request that wrote it.
const Grace = 5 * time.Second

// Effect is one thing that must follow a write.
type Effect struct {
	Kind string `bson:"kind"`
	Args string `bson:"args"` // JSON, so that it can be read in the database
	// Clear are paths of fields of the document that are removed together with
	// the effect, such as the claim on a seat. An effect that clears something is
	// a claim: the rest of its batch waits until it is done.
	Clear []string `bson:"clear,omitempty"`
	// Leads says that the rest of the batch waits until it is done or put aside.
	Leads bool `bson:"leads,omitempty"`
	// For are the subscribers that existed when the effect was written, and Done
	// those that need not be called again.
	For  []string `bson:"for,omitempty"`
	Done []string `bson:"done,omitempty"`
	// Tries is how often it has failed, Error the last failure, and NotBefore the
	// instant from which it may be tried again.
	Tries     int       `bson:"tries,omitempty"`
	Error     string    `bson:"error,omitempty"`
	NotBefore time.Time `bson:"notBefore,omitempty"`
	// As is the newer id under which the effect is counted: see Counter.
	As string `bson:"as,omitempty"`
	// Rest holds the fields that a newer version of the program has added.
	Rest rest `bson:",inline" json:",omitempty"`

	caller string
}

// By names the call whose outcome the effect is, for RunPendingOf.
func (e Effect) By(caller string) Effect {
	e.caller = caller
	return e
}

// InOrder makes each of the effects of a batch wait until those before it are done, or put aside. It is
// for a last effect that removes the document, and with it all that is still in it.
func InOrder(effects ...Effect) []Effect {
	for i := range effects {
		effects[i].Leads = true
	}
	return effects
}

// holdsUp reports whether the rest of the batch waits for the effect.
func (e Effect) holdsUp() bool { return e.Leads || len(e.Clear) > 0 }

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
	// Due has an entry, which sweeps look for, for each batch with effects left.
	Due []string `bson:"due,omitempty" json:"-"`
}

// Beside are the ids of the batches that still have effects beside one, the oldest first.
func (p Pending) Beside(batch string) []string {
	var others []string
	for _, e := range p.Due {
		if batchOf(e) != batch {
			others = append(others, batchOf(e))
		}
	}
	slices.Sort(others)
	return slices.Compact(others)
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
	b.check()
	p := Pending{Effects: map[string]Effect{}, Due: []string{b.ID}}
	for i := range b.Effects {
		p.Effects[effectID(b.ID, i)] = b.effect(i)
	}
	return p
}

// effect is an effect of the batch as it is stored, with the names of its
// subscribers.
func (b Batch) effect(i int) Effect {
	e := b.Effects[i]
	if b.following != nil {
		e.For = b.following(e.Kind)
	}
	return e
}

// maxEffects is how many effects one write may have. Reads of a batch look for no more.
const maxEffects = 32

func (b Batch) check() {
	if len(b.Effects) > maxEffects {
		panic(fmt.Sprintf("outbox: %d effects of one write, the first a %q", len(b.Effects), b.Effects[0].Kind))
	}
}

func effectID(batch string, i int) string { return fmt.Sprintf("%s_%02d", batch, i) }

// Ref names a document.
type Ref = mongodb.Ref

// Outbox knows the subscribers and the collections that hold effects. Both are
// registered while the program is put together, before the first effect.
type Outbox struct {
	store       store
	subscribers map[string][]subscriber // by kind
	collections []string
	letters     dead.Store
	isUnderWay  atomic.Bool // whether a sweep has begun since the process started
	known       known
	pace        pace
	log         *slog.Logger

	// Wrote is called with each document that Commit has written, once its effects were tried, and
	// must not block. Nil: nobody hears of it.
	Wrote func(doc Ref)
}

// NewOutbox makes an outbox that nobody has subscribed to.
func NewOutbox(db *mongodb.DB, log *slog.Logger) *Outbox {
	return &Outbox{store: store{db, map[string]string{}}, subscribers: map[string][]subscriber{}, letters: dead.NewStore(db),
		known: known{batches: map[string]time.Time{}}, pace: usualPace, log: log}
}

// Watch says that documents of these collections carry effects.
func (o *Outbox) Watch(collections ...string) {
	for _, c := range collections {
		o.WatchOwned(c, "")
	}
}

// WatchOwned says that documents of a collection carry effects, and have their owner in the
// field by: see mongodb.Owned.
func (o *Outbox) WatchOwned(collection, by string) {
	if !slices.Contains(o.collections, collection) {
		o.collections = append(o.collections, collection)
	}
	o.store.owners[collection] = by
}

// Batch gathers the effects of one write.
func (o *Outbox) Batch(effects ...Effect) Batch {
	now := o.store.db.Now()
	b := Batch{ID: id.NewAt(id.Effect, now), Effects: effects, following: o.following}
	for _, e := range effects {
		if e.caller != "" {
			b.ID = b.ID[:len(b.ID)-markLength] + mark(e.caller)
		}
	}
	o.known.add(b.ID, now.Add(Grace))
	return b
}

// ErrUndone says that a handler has undone its effect, and so the write that Commit
// made.
var ErrUndone = errors.New("the write was undone")

// Commit makes the write of doc that decides a use case, together with its effects,
// and then runs the effects. write must put the batch into doc: Stamp adds it to an
// update, and a new document embeds it as Pending. Returns the error of write, and
// what Follow returns.
func (o *Outbox) Commit(ctx context.Context, doc Ref, effects []Effect, write func(b Batch) error) error {
	return o.CommitBatch(ctx, doc, o.Batch(effects...), write)
}

// CommitBatch is Commit for effects that refer to the id of their batch.
func (o *Outbox) CommitBatch(ctx context.Context, doc Ref, b Batch, write func(b Batch) error) error {
	if err := write(b); err != nil {
		return err
	}
	err := o.Follow(ctx, doc, b)
	if o.Wrote != nil {
		o.Wrote(doc)
	}
	return err
}

// Collections are the collections whose documents carry effects.
func (o *Outbox) Collections() []string { return slices.Clone(o.collections) }

// Follow carries out the effects that a write has just left in doc, as far as the caller's
// time goes. The write has been made, so a failure here is logged, and a sweep tries again. But
// a claim that has failed may still be undone, and so the write. Returns Unavailable then, and
// ErrUndone if a handler has undone the write.
func (o *Outbox) Follow(ctx context.Context, doc Ref, b Batch) error {
	if len(b.Effects) == 0 {
		return nil
	}
	ctx, cancel := outlive(ctx, 0)
	defer cancel()
	r := o.run(ctx, doc, b.ID, []string{b.ID}, b.Pending().Effects)
	switch {
	case r.stopped:
		return ErrUndone
	case len(r.claims) < b.claims():
		return fault.Unavailable("database.unavailable", r.err)
	}
	return nil
}

// claims is how many of the effects are claims.
func (b Batch) claims() (n int) {
	for _, e := range b.Effects {
		if len(e.Clear) > 0 {
			n++
		}
	}
	return n
}
