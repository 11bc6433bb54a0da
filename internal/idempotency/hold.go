package idempotency

import (
	"context"
	"errors"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
)

const (
	// lease is how long a call may hold its record before a repeat may take its place. It
	// is longer than a mutation's deadline.
	lease = 15 * time.Second
	// patience is how long a repeat waits for a call still under way.
	patience = 3 * time.Second
	// lastWord is the end of a caller's time, which is kept for letting the record go, and
	// for the answer.
	lastWord = time.Second
)

// hold is a call that holds a record, or wants to.
type hold struct {
	record    string
	owner     string // different for each call, so that no call lets go what another holds
	operation string
	hash      string
	on        []outbox.Ref
	until     time.Time // when another call may take its place
	again     bool      // it has taken the place of another, which ended without an outcome
	waits     bool      // the change has been made, and its outcome waits for another try
}

// ahead is a context that ends a moment before the caller's time does.
func ahead(ctx context.Context) (context.Context, context.CancelFunc) {
	until, isLimited := ctx.Deadline()
	if !isLimited {
		return ctx, func() {}
	}
	return context.WithDeadline(ctx, until.Add(-lastWord))
}

// take takes the record of a call, or returns the outcome that stands there.
func (k *Keys) take(ctx context.Context, h *hold) (outcome string, err error) {
	isFirst, err := k.store.start(ctx, h)
	if err != nil || isFirst {
		return "", err
	}
	h.again = true
	return k.await(ctx, h)
}

// await waits for the outcome of the call that holds the record. An empty outcome
// means that the caller has taken over and must carry the mutation out.
func (k *Keys) await(ctx context.Context, h *hold) (string, error) {
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var last record // as it was read the time before
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, 250*time.Millisecond) {
		r, err := k.look(ctx, h)
		switch {
		case fault.Is(err, fault.KindNotFound):
			// The call was refused, and has removed the record.
			return "", fault.Unavailable("mutation_id.in_flight", nil)
		case errors.Is(err, context.DeadlineExceeded):
			// The caller's time ran out while we were asking once more.
			return "", k.inFlight(last, err)
		case err != nil:
			return "", err
		case r.Hash != h.hash:
			return "", &fault.Error{Kind: fault.KindConflict, Code: fault.CodeIdempotencyKeyReused,
				Key: "mutation_id.reused", Field: "input.clientMutationId"}
		case r.Outcome != "":
			return r.Outcome, nil
		}
		last = r
		if k.timeLeft(r) <= 0 {
			if h.waits {
				return "", k.inFlight(r, nil)
			}
			taken, err := k.store.takeOver(ctx, r, h)
			if err != nil || taken {
				return "", err
			}
			continue
		}
		select {
		case <-waiting.Done():
			return "", k.inFlight(r, waiting.Err())
		case <-time.After(pause):
		}
	}
}

// look carries out what the call has left in the documents that decide it, and reads the
// record.
func (k *Keys) look(ctx context.Context, h *hold) (record, error) {
	h.waits = false
	for _, doc := range h.on {
		waits, err := k.outbox.RunPendingOf(ctx, doc, h.record)
		if err != nil {
			return record{}, err
		}
		h.waits = h.waits || waits
	}
	return k.store.get(ctx, h.record)
}

// timeLeft is how long the holder of a record may still take.
func (k *Keys) timeLeft(r record) time.Duration { return r.HeldUntil.Sub(k.store.db.Now()) }

// inFlight says that a call is under way, and when another may take its place. If the
// record could not be read, that is the longest it can take.
func (k *Keys) inFlight(r record, cause error) error {
	left := lease
	if r.ID != "" {
		left = k.timeLeft(r)
	}
	if left <= 0 { // the call has ended, and its outcome waits for another try
		left = patience
	}
	return fault.Unavailable("mutation_id.in_flight", cause).After(left)
}

// end lets the record go that a call holds, after an error. If the call was refused,
// the record is removed, so that the person can correct the input. If it is not known
// whether its write was made, the record stays, and a repeat finds out. Returns the
// outcome if another call under the same key has one, whose change may be the cause of the
// refusal, and otherwise the error.
func (k *Keys) end(ctx context.Context, h *hold, why error) (outcome string, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), k.store.db.Span(lastWord))
	defer cancel()
	switch fault.KindOf(why) {
	case fault.KindUnavailable, fault.KindInternal:
		return "", k.letGo(ctx, h, why)
	}
	// If the record is not removed, and nobody else has taken it, it stays until the lease
	// ends: a repeat then has to wait, but gets no wrong answer.
	if !h.again {
		if gone, err := k.store.forget(ctx, h); gone || err != nil {
			return "", why
		}
	}
	r, err := k.look(ctx, h)
	switch {
	case err == nil && r.Outcome != "" && r.Hash == h.hash:
		return r.Outcome, nil
	case err == nil && h.waits:
		return "", k.inFlight(r, why)
	case fault.UnlessNotFound(err) != nil: // a repeat finds out
		return "", k.letGo(ctx, h, fault.Unavailable("database.unavailable", errors.Join(err, why)))
	}
	_, _ = k.store.forget(ctx, h)
	return "", why
}

// letGo lets the next call under the key go on at once. It returns the call's error. If
// the record cannot be written, the error says when the next call may go on.
func (k *Keys) letGo(ctx context.Context, h *hold, why error) error {
	if k.store.letGo(ctx, h) == nil || fault.KindOf(why) != fault.KindUnavailable {
		return why
	}
	f, ok := errors.AsType[*fault.Error](why)
	if !ok {
		f = fault.Unavailable("request.timeout", nil)
	}
	return f.Because(why).After(h.until.Sub(k.store.db.Now()))
}
