// Package timer does things at their time: the one scheduler of reminders,
// changes that are held back, evening summaries and offers of seats.
//
// A timer is a document with an instant, a kind and arguments. Any replica whose
// turn it is claims it under a lease by the database's time, calls the kind's
// handler, and removes it. A handler may be called again after a crash, so it is
// idempotent. Setting a timer that is there already changes nothing, so keys
// name what makes a timer another one: an occurrence, a rung and a start, say.
package timer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

// EffectKind is the kind of the effect by which a domain's write sets a timer.
const EffectKind = "timer"

const (
	// hold is how long one call of a handler may take before another worker
	// takes over.
	hold = 30 * time.Second
	// pollEvery is how often a replica looks for timers that are due.
	pollEvery = time.Second
	// retryAfter is how long a timer waits whose handler failed, times the number
	// of failures, at most maxRetry.
	retryAfter = 5 * time.Second
	maxRetry   = 10 * time.Minute
)

// Timer is one thing to be done at its time.
type Timer struct {
	Key  string    `bson:"_id"`
	Kind string    `bson:"kind"`
	At   time.Time `bson:"at"`
	Args string    `bson:"args"` // JSON, so that it can be read in the database

	mongodb.Lease `bson:",inline"`
	Failures      int `bson:"failures"`
}

// New describes a timer. args must marshal to JSON.
func New(key, kind string, at time.Time, args any) Timer {
	raw, err := json.Marshal(args)
	if err != nil {
		panic(fmt.Sprintf("timer: the arguments of %q do not marshal: %v", kind, err))
	}
	return Timer{Key: key, Kind: kind, At: at, Args: string(raw)}
}

// Effect is the effect that sets the timer.
func Effect(t Timer) outbox.Effect { return outbox.New(EffectKind, t) }

// Handler does what a timer was set for. It must be idempotent.
type Handler func(ctx context.Context, args json.RawMessage) error

// Timers knows the handlers, which are registered while the program is put
// together.
type Timers struct {
	store    store
	handlers map[string]Handler
	owner    string
	log      *slog.Logger
}

// NewTimers makes timers without handlers and registers their effect. owner
// names this process in leases.
func NewTimers(db *mongodb.DB, o *outbox.Outbox, log *slog.Logger, owner string) *Timers {
	s := &Timers{store: store{db}, handlers: map[string]Handler{}, owner: owner, log: log}
	o.Handle(EffectKind, func(ctx context.Context, call outbox.Call) error {
		var t Timer
		if err := call.Decode(&t); err != nil {
			return err
		}
		return s.Set(ctx, t)
	})
	return s
}

// Handle registers the handler of a kind. Two handlers for one kind are a
// mistake in the program.
func (s *Timers) Handle(kind string, h Handler) {
	if _, ok := s.handlers[kind]; ok {
		panic("timer: two handlers for " + kind)
	}
	s.handlers[kind] = h
}

// Set sets a timer; one with that key stays as it is.
func (s *Timers) Set(ctx context.Context, t Timer) error { return s.store.insert(ctx, t) }

// Fire calls the handlers of all timers that are due and tells how many went
// well. A timer whose handler fails is put off and does not stop the others.
func (s *Timers) Fire(ctx context.Context) (int, error) {
	var n int
	var errs []error
	for ctx.Err() == nil {
		t, err := s.store.claim(ctx, s.owner)
		if err != nil || t == nil {
			return n, errors.Join(append(errs, err)...)
		}
		if err := s.fire(ctx, t); err != nil {
			errs = append(errs, err)
			continue
		}
		n++
	}
	return n, errors.Join(append(errs, ctx.Err())...)
}

func (s *Timers) fire(ctx context.Context, t *Timer) error {
	h, ok := s.handlers[t.Kind]
	err := fmt.Errorf("no handler for kind %q", t.Kind)
	if ok {
		callCtx, cancel := context.WithTimeout(ctx, hold)
		err = h(callCtx, json.RawMessage(t.Args))
		cancel()
	}
	if err == nil {
		return s.store.remove(ctx, t)
	}
	err = fmt.Errorf("timer %s: %w", t.Key, err)
	t.Failures++
	if errPutOff := s.store.putOff(ctx, t, min(retryAfter*time.Duration(t.Failures), maxRetry)); errPutOff != nil {
		err = errors.Join(err, errPutOff)
	}
	return err
}

// Run fires timers until ctx ends, and goes on after errors by itself.
func (s *Timers) Run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if _, err := s.Fire(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "timers put off", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
