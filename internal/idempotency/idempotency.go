package idempotency

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

const (
	// Retention is how long an outcome is kept.
	Retention = 24 * time.Hour
	// effectOutcome stores the outcome of a mutation.
	effectOutcome = "idempotency.outcome"
)

// Keys keeps the records of mutations that are under way or done.
type Keys struct {
	store  store
	outbox *outbox.Outbox
	newID  id.Maker
	shows  map[reflect.Type]any // how objects are looked up, by their types: see Shows
}

// New makes Keys and registers its effect with the outbox.
func New(db *mongodb.DB, o *outbox.Outbox, newID id.Maker) *Keys {
	k := &Keys{store: store{db}, outbox: o, newID: newID, shows: map[reflect.Type]any{}}
	outbox.On(o, effectOutcome, "idempotency.outcomes", func(ctx context.Context, _ outbox.Call, a outcomeArgs) error {
		return k.store.finish(ctx, a.Key, a.Outcome)
	})
	return k
}

// Purge removes the records whose time has passed, for databases that do not do so
// themselves.
func (k *Keys) Purge(ctx context.Context) error { return k.store.purge(ctx) }

// Call is one mutation as a client has asked for it.
type Call struct {
	Operation string
	Key       *string // the clientMutationId; nil or empty: no idempotency asked
	Input     any     // everything by which this call differs from others
	// On are the documents whose writes decide the mutation. A repeat first carries
	// out the effects that the interrupted call has left there, and no others.
	On []outbox.Ref
}

// Token is what Do hands to a use case, so that its write can store the outcome.
type Token struct {
	record string
	seal   seal
	used   *bool
}

type outcomeArgs struct {
	Key     string
	Outcome string // sealed
}

// Outcome is the effect that stores the result; there is none without a key. It must
// be the last effect of the deciding write.
func (t Token) Outcome(result any) []outbox.Effect {
	if t.record == "" {
		return nil
	}
	*t.used = true
	raw, err := json.Marshal(result)
	if err != nil {
		panic(fmt.Sprintf("idempotency: the result does not marshal: %v", err))
	}
	return []outbox.Effect{outbox.New(effectOutcome, outcomeArgs{Key: t.record, Outcome: t.seal.close(raw)}).By(t.record)}
}

// NewID makes the id of a document that a mutation of the viewer creates. Under a key
// it is always the same id, so that a repeat meets the document of the first call.
func (k *Keys) NewID(ctx context.Context, key *string, prefix string) string {
	if key == nil || *key == "" {
		return k.newID(prefix)
	}
	return id.Derive(prefix, auth.FromContext(ctx).PersonID+":"+strings.ToLower(*key), prefix)
}

// CheckKey refuses a clientMutationId that is not a UUID. It writes the key in lower case,
// since a UUID is the same in both. Returns Invalid.
func CheckKey(key *string) *fault.Error {
	if key == nil || *key == "" {
		return nil
	}
	if _, err := uuid.Parse(*key); err != nil || len(*key) != 36 {
		return fault.Invalid("input.clientMutationId", "mutation_id.bad")
	}
	if lower := strings.ToLower(*key); lower != *key {
		*key = lower
	}
	return nil
}

// Do carries out a mutation once. Without a key it just calls fn. A repeat gets the kept outcome,
// with its object as it is now (see Shows). Returns what
// fn returns, or BAD_USER_INPUT for a malformed key, IDEMPOTENCY_KEY_REUSED for
// a key that was used with another input, Forbidden for the key of a button on somebody else's push, and Unavailable while another call
// under the same key is still under way. If the caller's time is limited, fn gets a
// moment less, so that the caller hears how the call has ended.
func Do[T any](ctx context.Context, k *Keys, c Call, fn func(ctx context.Context, t Token) (T, error)) (T, error) {
	var none T
	used := false
	if wrong := checkValues(c.Input); wrong != nil {
		return none, wrong
	}
	if err := checkShows[T](k); err != nil {
		return none, err
	}
	ctx, cancel := ahead(ctx)
	defer cancel()
	if c.Key == nil || *c.Key == "" {
		return fn(ctx, Token{used: &used})
	}
	if problem := CheckKey(c.Key); problem != nil {
		return none, problem
	}
	if problem := checkOwner(ctx, *c.Key); problem != nil {
		return none, problem
	}
	if err := ctx.Err(); err != nil {
		return none, fault.Unavailable("request.timeout", err)
	}
	s := sealOf(ctx, *c.Key)
	h := &hold{record: recordID(ctx, *c.Key), owner: strings.ToLower(rand.Text()), operation: c.Operation, hash: s.print(c.asked()), on: c.On}
	outcome, err := k.take(ctx, h)
	if err != nil {
		return none, err
	}
	if outcome != "" {
		kept, err := decode[T](s, outcome)
		return asNow(ctx, k, kept, err)
	}
	result, err := fn(ctx, Token{record: h.record, seal: s, used: &used})
	if err != nil {
		if outcome, err = k.end(ctx, h, err); err != nil {
			return none, err
		}
		kept, err := decode[T](s, outcome)
		return asNow(ctx, k, kept, err)
	}
	if !used {
		raw, err := json.Marshal(result)
		if err != nil {
			return none, fmt.Errorf("marshal outcome: %w", err)
		}
		if err := k.store.finish(ctx, h.record, s.close(raw)); err != nil {
			return none, err
		}
	}
	return result, nil
}

func decode[T any](s seal, outcome string) (T, error) {
	var result T
	plain, err := s.open(outcome)
	if err != nil {
		return result, err
	}
	if err := json.Unmarshal(plain, &result); err != nil {
		return result, fmt.Errorf("decode stored outcome: %w", err)
	}
	return result, nil
}

// asked is everything by which this call differs from others, as bytes.
func (c Call) asked() []byte {
	raw, err := json.Marshal(c.Input)
	if err != nil {
		panic(fmt.Sprintf("idempotency: the input of %s does not marshal: %v", c.Operation, err))
	}
	return append([]byte(c.Operation+"\x00"), raw...)
}
