package outbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
)

const (
	// batchTime bounds all effects of one write, and callTime a single handler, so that
	// one that hangs leaves the others their time. A client that goes away stops
	// neither. In a request all of them end with the request's time.
	batchTime = 20 * time.Second
	callTime  = 8 * time.Second
	// writeTime bounds the write that records the outcome, and overtime what it may take
	// beyond the request's time.
	writeTime = 5 * time.Second
	overtime  = time.Second
	// lookAgain is how long an effect is left alone that only a newer version of the
	// program knows how to carry out.
	lookAgain = 5 * time.Minute
	// awaitSubscriber is how long an effect waits for a subscriber that this version
	// does not know: a newer version has it, or it is gone for good.
	awaitSubscriber = 24 * time.Hour
)

// errUnknown says that this version does not know a subscriber of the effect.
var errUnknown = errors.New("nobody here knows this effect")

// outcome is the result of carrying out a batch.
type outcome struct {
	stopped bool
	gone    []string // effects that are done or undone, which leave the document
	clear   []string // paths of what they claimed
	claims  []string // those of gone that are claims
	late    []string // those of gone that may have been put aside already
	changed map[string]change
	aside   []*parcel // effects to put aside
	next    time.Time // when the rest is due again; zero: nothing is left
	err     error
}

// change is what is new about an effect that stays in its document.
type change struct {
	Effect
	done []string // the subscribers that have succeeded
}

// run carries out a batch and records the outcome. An effect that fails does not stop
// the others, unless they wait for it: see Effect.
func (o *Outbox) run(ctx context.Context, doc Ref, batch string, entries []string, effects map[string]Effect) outcome {
	r := o.carryOut(ctx, doc, batch, effects)
	ctx, leave := outlive(ctx, overtime)
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, o.store.db.Span(writeTime))
	defer cancel()
	if err := o.finish(ctx, doc, batch, entries, r); err != nil {
		o.log.WarnContext(ctx, "effects left to the sweep", "collection", doc.Collection, "id", doc.ID, "batch", batch, "error", err)
		r.err = errors.Join(r.err, err)
		o.known.add(batch, o.store.db.Now().Add(Grace))
		return r
	}
	if r.next.IsZero() {
		o.known.remove(batch)
	} else {
		o.known.add(batch, r.next)
	}
	return r
}

// outlive is a context that goes on when the caller goes away. It ends with the caller's
// time, if that is limited, and some overtime.
func outlive(ctx context.Context, more time.Duration) (context.Context, context.CancelFunc) {
	whole := context.WithoutCancel(ctx)
	until, isLimited := ctx.Deadline()
	if !isLimited {
		return whole, func() {}
	}
	return context.WithDeadline(whole, until.Add(more))
}

func (o *Outbox) carryOut(ctx context.Context, doc Ref, batch string, effects map[string]Effect) outcome {
	ctx, cancel := context.WithTimeout(ctx, o.store.db.Span(batchTime))
	defer cancel()
	r := outcome{changed: map[string]change{}}
	ids := slices.Sorted(maps.Keys(effects))
	var leader *parcel // a claim that is put aside; it takes along the effects after it
	for n, eid := range ids {
		e := effects[eid]
		if leader != nil {
			leader.Effects[eid] = e
			continue
		}
		if r.stopped {
			r.finished(eid, e)
			continue
		}
		call := Call{Doc: doc, Batch: batch, EffectID: eid, Siblings: ids, args: e.Args, as: &e.As}
		again, letter := o.try(ctx, &r, e, call)
		if !e.holdsUp() || again.IsZero() && letter == nil {
			continue
		}
		if letter != nil && len(e.Clear) > 0 {
			leader = letter
			continue
		}
		if letter != nil && n < len(ids)-1 {
			// Nothing is lost by it once the letter is written, so what waits for it goes on then.
			r.dueAgain(o.store.db.Now())
		}
		break // the effects that wait for it are due with it
	}
	return r
}

// try carries out one effect if it is due, and notes the outcome in r. again is when
// it is due again; letter is set if it has to be put aside.
func (o *Outbox) try(ctx context.Context, r *outcome, e Effect, call Call) (again time.Time, letter *parcel) {
	now := o.store.db.Now()
	if e.NotBefore.After(now) || ctx.Err() != nil {
		again = e.NotBefore
		if !again.After(now) {
			again = now.Add(Grace)
		}
		return r.dueAgain(again), nil
	}
	done, err := o.call(ctx, e, call)
	e.As = call.countedAs()
	switch {
	case err == nil:
		r.finished(call.EffectID, e)
		return time.Time{}, nil
	case errors.Is(err, ErrStop):
		r.stopped = true
		r.finished(call.EffectID, e)
		return time.Time{}, nil
	case errors.Is(err, errUnknown):
		r.changed[call.EffectID] = change{e, done}
		return r.dueAgain(now.Add(lookAgain)), nil
	case errors.Is(ctx.Err(), context.Canceled):
		return r.dueAgain(now.Add(Grace)), nil // this process is stopping, so the effect has not failed
	}
	r.err = errors.Join(r.err, fmt.Errorf("effect %s (%s) of %s: %w", call.EffectID, e.Kind, call.Doc.ID, err))
	e.Tries++
	e.Error, e.NotBefore = dead.Text(err), now.Add(dead.Wait(e.Tries))
	o.log.WarnContext(ctx, "effect failed", "effect", call.EffectID, "kind", e.Kind, "collection", call.Doc.Collection, "id", call.Doc.ID,
		"tries", e.Tries, "error", err, "stack", fault.StackOf(err))
	if e.Tries < dead.MaxTries {
		r.changed[call.EffectID] = change{e, done}
		return r.dueAgain(e.NotBefore), nil
	}
	e.Done = append(slices.Clone(e.Done), done...)
	letter = newParcel(call, e, now)
	r.aside = append(r.aside, letter)
	return time.Time{}, letter
}

// call calls the subscribers of an effect that have not yet succeeded. If one of them
// fails, done names those that have succeeded by now.
func (o *Outbox) call(ctx context.Context, e Effect, call Call) (done []string, err error) {
	var errs []error
	subscribers := o.subscribers[e.Kind]
	for _, s := range subscribers {
		if slices.Contains(e.Done, s.name) {
			continue
		}
		err := fault.Catch(func() error {
			ctx, cancel := context.WithTimeout(ctx, o.store.db.Span(callTime))
			defer cancel()
			return s.handle(ctx, call)
		})
		if err != nil {
			errs = append(errs, err)
			continue
		}
		done = append(done, s.name)
	}
	if len(errs) == 0 && o.mustWait(e, call.Batch) {
		errs = append(errs, errUnknown)
	}
	return done, errors.Join(errs...)
}

// mustWait reports whether the effect has to wait for a newer version of the program.
func (o *Outbox) mustWait(e Effect, batch string) bool {
	if len(o.subscribers[e.Kind]) == 0 {
		return true
	}
	here := o.following(e.Kind)
	isUnknown := func(name string) bool { return !slices.Contains(here, name) && !slices.Contains(e.Done, name) }
	return slices.ContainsFunc(e.For, isUnknown) && !writtenBefore(batch, o.store.db.Now().Add(-awaitSubscriber))
}

func (r *outcome) finished(eid string, e Effect) {
	r.gone = append(r.gone, eid)
	if e.Tries >= dead.MaxTries-1 {
		r.late = append(r.late, eid) // its process may have died after writing the letter and before removing the effect
	}
	if len(e.Clear) > 0 {
		r.clear = append(r.clear, e.Clear...)
		r.claims = append(r.claims, eid)
	}
}

// dueAgain notes that an effect stays, and is due again at an instant.
func (r *outcome) dueAgain(t time.Time) time.Time {
	if r.next.IsZero() || t.Before(r.next) {
		r.next = t
	}
	return t
}

// finish records the outcome of a batch. It writes letters first, since the effects in
// them would be lost if the process died after removing these from the document.
func (o *Outbox) finish(ctx context.Context, doc Ref, batch string, entries []string, r outcome) error {
	for _, p := range r.aside {
		l := p.letter()
		if err := o.letters.Put(ctx, l); err != nil {
			return err
		}
		l.Raise(ctx, o.log)
		r.gone = append(r.gone, slices.Collect(maps.Keys(p.Effects))...)
	}
	for _, eid := range r.late {
		if err := o.letters.Remove(ctx, letterID(eid)); err != nil {
			return err
		}
	}
	for eid, c := range r.changed {
		if err := o.store.mark(ctx, doc, eid, c); err != nil {
			return err
		}
	}
	again := ""
	if !r.next.IsZero() {
		again = entry(r.next, batch)
	}
	return o.store.finish(ctx, doc, r, entries, again)
}
