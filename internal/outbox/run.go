package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// outcome is what came of carrying out a batch.
type outcome struct {
	stopped bool
	gone    []string            // effects that are done, or undone
	clear   []string            // what they held
	claims  []string            // those of them that held something
	left    map[string][]string // effects that are not done: the subscribers that are
	err     error
}

// run carries out the effects of a batch. One that fails does not stop the
// others, unless it is a claim: what follows a claim waits for it.
func (o *Outbox) run(ctx context.Context, doc Ref, batch string, effects map[string]Effect) (stopped bool, err error) {
	r := o.carryOut(ctx, doc, batch, effects)
	return r.stopped, errors.Join(r.err, o.store.finish(ctx, doc, batch, r))
}

func (o *Outbox) carryOut(ctx context.Context, doc Ref, batch string, effects map[string]Effect) outcome {
	r := outcome{left: map[string][]string{}}
	ids := slices.Sorted(maps.Keys(effects))
	waiting := false
	for _, eid := range ids {
		e := effects[eid]
		if waiting {
			r.left[eid] = nil
			continue
		}
		var done []string
		var err error
		if !r.stopped {
			done, err = o.call(ctx, e, Call{Doc: doc, Batch: batch, EffectID: eid, Siblings: ids, Args: json.RawMessage(e.Args)})
		}
		switch {
		case errors.Is(err, ErrStop):
			r.stopped = true
			fallthrough
		case err == nil:
			r.gone = append(r.gone, eid)
			if len(e.Clear) > 0 {
				r.clear = append(r.clear, e.Clear...)
				r.claims = append(r.claims, eid)
			}
		default:
			r.left[eid] = done
			r.err = errors.Join(r.err, fmt.Errorf("effect %s (%s) of %s: %w", eid, e.Kind, doc.ID, err))
			waiting = len(e.Clear) > 0
		}
	}
	return r
}

// call calls those who follow an effect and have not yet succeeded, and tells
// which have now, if one has not.
func (o *Outbox) call(ctx context.Context, e Effect, call Call) (done []string, err error) {
	subscribers := o.subscribers[e.Kind]
	if len(subscribers) == 0 {
		return nil, fmt.Errorf("no handler for kind %q", e.Kind)
	}
	var errs []error
	for _, s := range subscribers {
		if slices.Contains(e.Done, s.name) {
			continue
		}
		if err := s.handle(ctx, call); err != nil {
			errs = append(errs, err)
			continue
		}
		done = append(done, s.name)
	}
	return done, errors.Join(errs...)
}
