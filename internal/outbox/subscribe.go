package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Call says which effect is being carried out, and which document holds it.
type Call struct {
	Doc      Ref
	Batch    string
	EffectID string
	// Siblings are the ids of all effects of the batch, this one among them.
	Siblings []string

	args string // JSON
	// as is the id under which the effect is counted if it was given a newer one, as the
	// caller knows it.
	as *string
}

func (c Call) countedAs() string {
	if c.as == nil {
		return ""
	}
	return *c.as
}

// ErrStop returned by a handler says that the effect has been undone and the
// rest of its batch must not be carried out.
var ErrStop = errors.New("the batch stops here")

// subscriber is a function that follows a kind of effect under a name.
type subscriber struct {
	name   string
	handle func(ctx context.Context, call Call) error
}

// On lets a named subscriber follow a kind of effect, whose arguments are Args.
// Several may follow one kind: each is called until it has succeeded once, and none
// of them stops or repeats another. follow must be idempotent. The name is stored
// with effects under way, so it must stay the same when code moves. Two subscribers
// of one name are a mistake in the program.
func On[Args any](o *Outbox, kind, subscriberName string, follow func(ctx context.Context, call Call, a Args) error) {
	if subscriberName == "" {
		panic("outbox: a subscriber of " + kind + " has no name")
	}
	for _, other := range o.subscribers[kind] {
		if other.name == subscriberName {
			panic("outbox: two subscribers of " + kind + " are called " + subscriberName)
		}
	}
	o.subscribers[kind] = append(o.subscribers[kind], subscriber{subscriberName, func(ctx context.Context, call Call) error {
		var a Args
		if err := json.Unmarshal([]byte(call.args), &a); err != nil {
			return fmt.Errorf("decode effect %s of %s: %w", call.EffectID, call.Doc.ID, err)
		}
		return follow(ctx, call, a)
	}})
}

// following are the names of the subscribers of a kind.
func (o *Outbox) following(kind string) []string {
	var names []string
	for _, s := range o.subscribers[kind] {
		names = append(names, s.name)
	}
	slices.Sort(names)
	return names
}
