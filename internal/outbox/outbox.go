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
	// the effect, such as the claim on a seat.
	Clear []string `bson:"clear,omitempty"`
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
}

// Pending is the batch in the form a new document embeds.
func (b Batch) Pending() Pending {
	if len(b.Effects) == 0 {
		return Pending{}
	}
	p := Pending{Effects: map[string]Effect{}, Due: []string{b.ID}}
	for i, e := range b.Effects {
		p.Effects[effectID(b.ID, i)] = e
	}
	return p
}

func effectID(batch string, i int) string { return fmt.Sprintf("%s_%02d", batch, i) }

// Ref names a document.
type Ref struct{ Collection, ID string }

// Call is an effect being carried out: which, of which document.
type Call struct {
	Doc      Ref
	Batch    string
	EffectID string
	// Siblings are the ids of all effects of the batch, this one among them.
	Siblings []string
	Args     json.RawMessage
}

// Decode reads the arguments into v.
func (c Call) Decode(v any) error {
	if err := json.Unmarshal(c.Args, v); err != nil {
		return fmt.Errorf("decode effect %s of %s: %w", c.EffectID, c.Doc.ID, err)
	}
	return nil
}

// ErrStop returned by a handler says that the effect has been undone and the
// rest of its batch must not be carried out.
var ErrStop = errors.New("the batch stops here")

// Handler carries out one kind of effect. It must be idempotent.
type Handler func(ctx context.Context, call Call) error

// Outbox knows the handlers and the collections that hold effects. Handlers
// and collections are registered while the program is put together, before the
// first effect.
type Outbox struct {
	store       store
	handlers    map[string]Handler
	collections []string
	log         *slog.Logger
}

// NewOutbox makes an outbox without handlers.
func NewOutbox(db *mongodb.DB, log *slog.Logger) *Outbox {
	return &Outbox{store: store{db}, handlers: map[string]Handler{}, log: log}
}

// Handle registers the handler of a kind of effect. Two handlers for one kind
// are a mistake in the program.
func (o *Outbox) Handle(kind string, h Handler) {
	if _, ok := o.handlers[kind]; ok {
		panic("outbox: two handlers for " + kind)
	}
	o.handlers[kind] = h
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
	return Batch{ID: id.NewAt(id.Effect, o.store.db.Now()), Effects: effects}
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
			return err
		}
	}
	return nil
}

func (o *Outbox) run(ctx context.Context, doc Ref, batch string, effects map[string]Effect) (stopped bool, err error) {
	ids := make([]string, 0, len(effects))
	var clear []string
	for eid, e := range effects {
		ids = append(ids, eid)
		clear = append(clear, e.Clear...)
	}
	slices.Sort(ids)
	for _, eid := range ids {
		e := effects[eid]
		h, ok := o.handlers[e.Kind]
		if !ok {
			return false, fmt.Errorf("effect %s of %s: no handler for kind %q", eid, doc.ID, e.Kind)
		}
		err := h(ctx, Call{Doc: doc, Batch: batch, EffectID: eid, Siblings: ids, Args: json.RawMessage(e.Args)})
		if errors.Is(err, ErrStop) {
			stopped = true
			break
		}
		if err != nil {
			return false, fmt.Errorf("effect %s (%s) of %s: %w", eid, e.Kind, doc.ID, err)
		}
	}
	return stopped, o.store.done(ctx, doc, batch, ids, clear)
}
