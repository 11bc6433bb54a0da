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
	// batchTime bounds the effects of one write, callTime one of their handlers: one
	// that hangs leaves the others their time. A client that goes away stops neither.
	batchTime = 20 * time.Second
	callTime  = 8 * time.Second
	// writeTime is for writing down what came of it.
	writeTime = 5 * time.Second
	// lookAgain is how long an effect is left alone that only a newer version of the
	// program knows how to carry out.
	lookAgain = 5 * time.Minute
	// awaitSubscriber is how long an effect waits for a subscriber that this version
	// does not know: a newer version has it, or it is gone for good.
	awaitSubscriber = 24 * time.Hour
)

// errUnknown says that this version does not know who follows the effect.
var errUnknown = errors.New("nobody here knows this effect")

// outcome is what came of carrying out a batch.
type outcome struct {
	stopped bool
	gone    []string // effects that are done, or undone
	clear   []string // what they held
	claims  []string // those of them that held something
	late    []string // those of them that may have been put aside already
	changed map[string]change
	aside   []*parcel // what is put aside
	next    time.Time // when what is left is due again; zero: nothing is left
	err     error
}

// change is what is new about an effect that is left.
type change struct {
	Effect
	done []string // the subscribers that have succeeded
}

// run carries out a batch and writes down what came of it. One effect that fails
// does not stop the others, unless it is a claim: what follows a claim waits for
// it.
func (o *Outbox) run(ctx context.Context, doc Ref, batch string, entries []string, effects map[string]Effect) outcome {
	r := o.carryOut(ctx, doc, batch, effects)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.store.db.Span(writeTime))
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

func (o *Outbox) carryOut(ctx context.Context, doc Ref, batch string, effects map[string]Effect) outcome {
	ctx, cancel := context.WithTimeout(ctx, o.store.db.Span(batchTime))
	defer cancel()
	r := outcome{changed: map[string]change{}}
	ids := slices.Sorted(maps.Keys(effects))
	var claim *parcel // a claim put aside takes along what waits for it
	for _, eid := range ids {
		e := effects[eid]
		if claim != nil {
			claim.Effects[eid] = e
			continue
		}
		if r.stopped {
			r.finished(eid, e)
			continue
		}
		call := Call{Doc: doc, Batch: batch, EffectID: eid, Siblings: ids, args: e.Args}
		again, letter := o.try(ctx, &r, e, call)
		if len(e.Clear) == 0 || again.IsZero() && letter == nil {
			continue
		}
		if letter == nil {
			break // what waits for the claim is due with it
		}
		claim = letter
	}
	return r
}

// try carries out one effect, or not, and notes in r what came of it. again is
// when it is due again; letter is it, put aside.
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
		return r.dueAgain(now.Add(Grace)), nil // this process stops: that is no failure
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

// call calls those who follow an effect and have not yet succeeded, and tells
// which have now, if one has not.
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

// mustWait reports whether a newer version of the program has to carry out what is
// left of an effect.
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
		r.late = append(r.late, eid) // its process may have died between letter and effect
	}
	if len(e.Clear) > 0 {
		r.clear = append(r.clear, e.Clear...)
		r.claims = append(r.claims, eid)
	}
}

// dueAgain notes that something is left until an instant.
func (r *outcome) dueAgain(t time.Time) time.Time {
	if r.next.IsZero() || t.Before(r.next) {
		r.next = t
	}
	return t
}

// finish writes down what came of a batch: first what would be lost otherwise.
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
