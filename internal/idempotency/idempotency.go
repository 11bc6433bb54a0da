package idempotency

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	// lease is how long a call may take before a repeat may take its place. It is
	// longer than a mutation's deadline.
	lease = 15 * time.Second
	// patience is how long a repeat waits for a call still under way.
	patience = 3 * time.Second
	// effectOutcome stores the outcome of a mutation.
	effectOutcome = "idempotency.outcome"
)

// Keys keeps the records of mutations that are under way or done.
type Keys struct {
	store  store
	outbox *outbox.Outbox
	newID  id.Maker
}

// New makes Keys and registers its effect with the outbox.
func New(db *mongodb.DB, o *outbox.Outbox, newID id.Maker) *Keys {
	k := &Keys{store: store{db}, outbox: o, newID: newID}
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
	again  bool
}

// TookOver reports that an earlier call under the same key has ended without an
// outcome. That call may have made the change already.
func (t Token) TookOver() bool { return t.again }

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
	return id.Derive(prefix, auth.FromContext(ctx).PersonID+":"+*key, prefix)
}

// CheckKey refuses a clientMutationId that is not a UUID. Returns Invalid.
func CheckKey(key *string) *fault.Error {
	if key == nil || *key == "" {
		return nil
	}
	if _, err := uuid.Parse(*key); err != nil || len(*key) != 36 {
		return fault.Invalid("input.clientMutationId", "mutation_id.bad")
	}
	return nil
}

// Do carries out a mutation once. Without a key it just calls fn. Returns what
// fn returns, or BAD_USER_INPUT for a malformed key, IDEMPOTENCY_KEY_REUSED for
// a key that was used with another input, and Unavailable while another call
// under the same key is still under way.
func Do[T any](ctx context.Context, k *Keys, c Call, fn func(ctx context.Context, t Token) (T, error)) (T, error) {
	var none T
	used := false
	if wrong := checkValues(c.Input); wrong != nil {
		return none, wrong
	}
	if c.Key == nil || *c.Key == "" {
		return fn(ctx, Token{used: &used})
	}
	if problem := CheckKey(c.Key); problem != nil {
		return none, problem
	}
	record := recordID(ctx, *c.Key)
	s := sealOf(ctx, *c.Key)
	hash := s.print(c.asked())
	fresh, err := k.store.start(ctx, record, c.Operation, hash)
	if err != nil {
		return none, err
	}
	if !fresh {
		outcome, err := k.await(ctx, record, hash, c.On)
		if err != nil {
			return none, err
		}
		if outcome != "" {
			return decode[T](s, outcome)
		}
	}
	result, err := fn(ctx, Token{record: record, seal: s, used: &used, again: !fresh})
	if err != nil {
		k.release(ctx, record, err)
		return none, err
	}
	if !used {
		raw, err := json.Marshal(result)
		if err != nil {
			return none, fmt.Errorf("marshal outcome: %w", err)
		}
		if err := k.store.finish(ctx, record, s.close(raw)); err != nil {
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

// await waits for the outcome of the call that holds the record. An empty outcome
// means that the caller has taken over and must carry the mutation out.
func (k *Keys) await(ctx context.Context, record, hash string, on []outbox.Ref) (string, error) {
	waited, pause := time.Duration(0), 10*time.Millisecond
	for {
		for _, doc := range on {
			if err := k.outbox.RunPendingOf(ctx, doc, record); err != nil {
				return "", err
			}
		}
		r, err := k.store.get(ctx, record)
		switch {
		case fault.Is(err, fault.KindNotFound):
			// The call was refused, and has removed the record.
			return "", fault.Unavailable("mutation_id.in_flight", nil)
		case errors.Is(err, context.DeadlineExceeded):
			// The caller's time ran out while we were asking once more.
			return "", fault.Unavailable("mutation_id.in_flight", err)
		case err != nil:
			return "", err
		case r.Hash != hash:
			return "", &fault.Error{Kind: fault.KindConflict, Code: fault.CodeIdempotencyKeyReused,
				Key: "mutation_id.reused", Field: "input.clientMutationId"}
		case r.Outcome != "":
			return r.Outcome, nil
		}
		if k.store.db.Now().Sub(r.StartedAt) > lease {
			taken, err := k.store.takeOver(ctx, r)
			if err != nil || taken {
				return "", err
			}
			continue
		}
		if waited > patience {
			return "", fault.Unavailable("mutation_id.in_flight", nil)
		}
		select {
		case <-ctx.Done():
			return "", fault.Unavailable("mutation_id.in_flight", ctx.Err())
		case <-time.After(pause):
			waited += pause
			pause = min(2*pause, 250*time.Millisecond)
		}
	}
}

// release removes the record of a call that was refused, so that the person can
// correct the input. If it is not known whether the write was made, the record stays
// and a repeat finds out.
func (k *Keys) release(ctx context.Context, record string, err error) {
	switch fault.KindOf(err) {
	case fault.KindUnavailable, fault.KindInternal:
		return
	}
	// If this fails, the record stays until its lease ends: a repeat then has to
	// wait, but gets no wrong answer.
	_ = k.store.forget(context.WithoutCancel(ctx), record)
}

// asked is everything by which this call differs from others, as bytes.
func (c Call) asked() []byte {
	raw, err := json.Marshal(c.Input)
	if err != nil {
		panic(fmt.Sprintf("idempotency: the input of %s does not marshal: %v", c.Operation, err))
	}
	return append([]byte(c.Operation+"\x00"), raw...)
}
