package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

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

// subscriber is one of those who follow a kind of effect.
type subscriber struct {
	name   string
	handle Handler
}

// On lets a named subscriber follow a kind of effect. Several may follow one
// kind: each is called until it has succeeded once, and none of them stops or
// repeats another. The name is stored with effects under way, so it stays when
// the code moves. Two subscribers of one name are a mistake in the program.
func On[Args any](o *Outbox, kind, subscriberName string, follow func(ctx context.Context, call Call, a Args) error) {
	if subscriberName == "" {
		panic("outbox: a subscriber of " + kind + " has no name")
	}
	o.subscribe(kind, subscriber{subscriberName, func(ctx context.Context, call Call) error {
		var a Args
		if err := call.Decode(&a); err != nil {
			return err
		}
		return follow(ctx, call, a)
	}})
}

// Handle registers the one handler of a kind of effect that nobody else follows.
func (o *Outbox) Handle(kind string, h Handler) { o.subscribe(kind, subscriber{"", h}) }

func (o *Outbox) subscribe(kind string, s subscriber) {
	for _, other := range o.subscribers[kind] {
		if other.name == s.name || other.name == "" || s.name == "" {
			panic("outbox: two handlers for " + kind)
		}
	}
	o.subscribers[kind] = append(o.subscribers[kind], s)
}

// following are the names of those who follow a kind.
func (o *Outbox) following(kind string) []string {
	var names []string
	for _, s := range o.subscribers[kind] {
		if s.name != "" {
			names = append(names, s.name)
		}
	}
	slices.Sort(names)
	return names
}
