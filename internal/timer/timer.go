// Package timer does things at their time. It is the one scheduler of reminders,
// changes that are held back, evening summaries and offers of seats.
//
// A timer is a document with an instant, a kind and arguments. When it is due, one of
// the replicas claims it under a lease by the database's time, calls the kind's
// handler, and removes it. A handler may be called again after a crash, so it must be
// idempotent. Setting a timer whose key exists already changes nothing, so a key
// names everything that makes two timers different: an occurrence, an offset and a
// start, say.
package timer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
	"faellesskab/internal/job"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

// EffectKind is the kind of the effect by which a domain's write sets a timer.
const EffectKind = "timer"

const (
	// hold is how long a worker keeps a timer before another takes over.
	hold = 30 * time.Second
	// CallTime is how long a timer's handler may take, which is well below that.
	CallTime = 20 * time.Second
	// pollEvery is how often a replica looks for timers that are due.
	pollEvery = time.Second
	// pollAlone is how often it looks although it knows of all timers, in case it
	// has missed one.
	pollAlone = 10 * time.Minute
)

// Timer is one thing to be done at its time.
type Timer struct {
	Key  string    `bson:"_id"`
	Kind string    `bson:"kind"`
	At   time.Time `bson:"at"`
	Args string    `bson:"args"` // JSON, so that it can be read in the database
	// People are the people whom the key or the arguments name, so that timers are found
	// when somebody is erased. Set fills it in.
	People []string `bson:"people,omitempty" json:"-"`

	mongodb.Lease `bson:",inline"`
	Failures      int    `bson:"failures"`
	Error         string `bson:"error,omitempty"` // the last failure
}

// New describes a timer that fires at an instant or later, never earlier. args must
// marshal to JSON.
func New(key, kind string, at time.Time, args any) Timer {
	raw, err := json.Marshal(args)
	if err != nil {
		panic(fmt.Sprintf("timer: the arguments of %q do not marshal: %v", kind, err))
	}
	return Timer{Key: key, Kind: kind, At: clock.Ceil(at), Args: string(raw)}
}

// Effect is the effect that sets the timer.
func Effect(t Timer) outbox.Effect { return outbox.New(EffectKind, t) }

// Timers knows the handlers, which are registered while the program is put
// together.
type Timers struct {
	store    store
	handlers map[string]handler // by kind
	letters  dead.Store
	alarm    job.Alarm
	owner    string
	log      *slog.Logger
}

// NewTimers makes timers without handlers and registers their effect. owner
// names this process in leases.
func NewTimers(db *mongodb.DB, o *outbox.Outbox, log *slog.Logger, owner string) *Timers {
	s := &Timers{store: store{db}, handlers: map[string]handler{}, letters: dead.NewStore(db), owner: owner, log: log}
	outbox.On(o, EffectKind, "timer.timers", func(ctx context.Context, _ outbox.Call, t Timer) error {
		return s.Set(ctx, t)
	})
	return s
}

type handler func(ctx context.Context, t *Timer) error

// On registers the handler of a kind of timers, whose arguments are Args. The handler
// must be idempotent. Two handlers for one kind are a mistake in the program.
func On[Args any](s *Timers, kind string, do func(ctx context.Context, a Args) error) {
	if _, ok := s.handlers[kind]; ok {
		panic("timer: two handlers for " + kind)
	}
	s.handlers[kind] = func(ctx context.Context, t *Timer) error {
		var a Args
		if err := json.Unmarshal([]byte(t.Args), &a); err != nil {
			return fmt.Errorf("decode timer: %w", err)
		}
		return do(ctx, a)
	}
}

// Set sets a timer. If there is one with that key, it stays as it is.
func (s *Timers) Set(ctx context.Context, t Timer) error {
	err := s.store.insert(ctx, t)
	s.alarm.Set(t.At)
	return err
}

// Fire calls the handlers of all timers that are due and returns how many succeeded.
// A timer whose handler fails does not stop the others: it is due again later, and is
// put aside after too many failures. Timers of a kind that only a newer version of
// the program knows are left alone.
func (s *Timers) Fire(ctx context.Context) (int, error) {
	n, failed, err := s.fireAll(ctx)
	return n, errors.Join(failed, err)
}

// fireAll is Fire with two errors: failed joins those of handlers, and err is what
// kept it from going on.
func (s *Timers) fireAll(ctx context.Context) (n int, failed, err error) {
	for ctx.Err() == nil {
		t, err := s.store.claim(ctx, s.owner, slices.Sorted(maps.Keys(s.handlers)))
		if err != nil || t == nil {
			return n, failed, err
		}
		if err := s.fire(ctx, t); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		n++
	}
	return n, failed, ctx.Err()
}

func (s *Timers) fire(ctx context.Context, t *Timer) error {
	err := fault.Catch(func() error {
		ctx, cancel := context.WithTimeout(ctx, CallTime)
		defer cancel()
		return s.handlers[t.Kind](ctx, t)
	})
	switch {
	case err == nil:
		return s.store.remove(ctx, t)
	case ctx.Err() != nil:
		return fmt.Errorf("timer %s: %w", t.Key, err) // this process is stopping, so the timer has not failed
	}
	t.Failures++
	t.Error = dead.Text(err)
	s.log.WarnContext(ctx, "timer failed", "timer", t.Key, "kind", t.Kind, "failures", t.Failures, "error", err, "stack", fault.StackOf(err))
	return errors.Join(fmt.Errorf("timer %s: %w", t.Key, err), s.putOff(ctx, t))
}

// putOff makes a timer due again later, or puts it aside after too many failures. It
// leaves the timer alone if another worker has taken it over meanwhile.
func (s *Timers) putOff(ctx context.Context, t *Timer) error {
	now := s.store.db.Now()
	if t.Failures < dead.MaxTries {
		err := s.store.putOff(ctx, t, now.Add(dead.Wait(t.Failures)))
		if errors.Is(err, mongodb.ErrFenced) {
			return nil
		}
		return err
	}
	l := t.letter(now)
	if err := s.letters.Put(ctx, l); err != nil {
		return err
	}
	l.Raise(ctx, s.log)
	return s.store.remove(ctx, t)
}

// Run fires timers until ctx ends, and goes on after errors. If other processes set
// timers too, it looks every second, otherwise when the first timer is due.
func (s *Timers) Run(ctx context.Context) {
	for ctx.Err() == nil {
		pause, err := s.round(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "timers put off", "error", err)
			pause = pollEvery
		}
		s.alarm.Wait(ctx, s.store.db.Now, pause)
	}
}

// round fires the timers that are due and returns how long to wait at most before the
// next round.
func (s *Timers) round(ctx context.Context) (time.Duration, error) {
	if _, _, err := s.fireAll(ctx); err != nil {
		return pollEvery, err
	}
	able, err := s.store.db.Capabilities(ctx)
	if err != nil || !able.SoleWriter {
		return pollEvery, err
	}
	next, err := s.store.next(ctx, slices.Sorted(maps.Keys(s.handlers)))
	if err != nil || next == nil {
		return pollAlone, err
	}
	if !next.At.After(s.store.db.Now()) {
		return pollEvery, nil // a process that has died still holds the timer
	}
	s.alarm.Set(next.At)
	return pollAlone, nil
}
