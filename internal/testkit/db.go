package testkit

import (
	"context"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"

	"faellesskab/internal/mongodb"
)

// crashSelection is how long a "dead" process looks for its database. It is short, so that a crashed
// mutation fails soon.
const crashSelection = 300 * time.Millisecond

// connectTime is how long a busy machine may need until it connects, and dropTime
// until it has dropped a database.
const (
	connectTime = 30 * time.Second
	dropTime    = time.Minute
)

// Option changes the database that DB returns.
type Option func(*setup)

type setup struct {
	indexes  []mongodb.Index
	declared []mongodb.Index
	allowed  []string
	shards   Shards
	monitors []*event.CommandMonitor
	crasher  *Crasher
	around   func(Dialer) Dialer
	patience time.Duration
	alone    bool
}

// WithIndexes makes these indexes and declares them to the query guard.
func WithIndexes(indexes []mongodb.Index) Option {
	return func(s *setup) { s.indexes = append(s.indexes, indexes...) }
}

// WithDeclared declares indexes that exist already to the query guard, for a Reopen that must be
// quick.
func WithDeclared(indexes []mongodb.Index) Option {
	return func(s *setup) { s.declared = append(s.declared, indexes...) }
}

// WithoutGuard exempts collections from the query guard.
func WithoutGuard(collections ...string) Option {
	return func(s *setup) { s.allowed = append(s.allowed, collections...) }
}

// WithCounter lets c count the commands.
func WithCounter(c *Counter) Option { return WithMonitor(c.Monitor()) }

// WithMonitor lets m see the commands.
func WithMonitor(m *event.CommandMonitor) Option {
	return func(s *setup) { s.monitors = append(s.monitors, m) }
}

// WithCrasher lets c cut the connections. The database is prepared through other connections, which c
// does not count.
func WithCrasher(c *Crasher) Option { return func(s *setup) { s.crasher = c } }

// WithDialer lets a dialer of the test's own make the connections, around the one that finds the server.
func WithDialer(around func(Dialer) Dialer) Option { return func(s *setup) { s.around = around } }

// WithPatience gives calls a minute, for tests that keep the database busy on purpose and count what it is
// asked.
func WithPatience() Option { return func(s *setup) { s.patience = time.Minute } }

// WithSoleWriter takes the database to be written by this process alone, as an embedded one is in production.
func WithSoleWriter() Option { return func(s *setup) { s.alone = true } }

// DB gives the test an empty database of its own. Queries that no declared index serves fail the
// test.
func DB(t testing.TB, opts ...Option) *mongodb.DB {
	t.Helper()
	var s setup
	for _, o := range opts {
		o(&s)
	}
	return guarded(t, s, theServers(t).next().database(t, s.indexes))
}

// Reopen connects once more to the same database, as another process would, or the same one after a
// restart. Options do not carry over. Indexes that are named here are declared to the guard, and
// made if they are missing.
func Reopen(t testing.TB, db *mongodb.DB, opts ...Option) *mongodb.DB {
	t.Helper()
	var s setup
	for _, o := range opts {
		o(&s)
	}
	again := guarded(t, s, db.Name())
	makeIndexes(t, again, s.indexes)
	return again
}

// makeIndexes makes those that are missing.
func makeIndexes(t testing.TB, db *mongodb.DB, indexes []mongodb.Index) {
	t.Helper()
	if len(indexes) == 0 {
		return
	}
	if _, err := mongodb.SyncIndexes(t.Context(), db, plainly(indexes)); err != nil {
		t.Fatalf("testkit: make indexes: %v", err)
	}
}

// plainly are the same indexes without expiry, since the database would remove documents by the real
// time, and tests have a clock of their own.
func plainly(indexes []mongodb.Index) []mongodb.Index {
	plain := slices.Clone(indexes)
	for i := range plain {
		plain[i].ExpireAfter = nil
	}
	return plain
}

// guarded opens the database with a query guard that reports at the end of the test.
func guarded(t testing.TB, s setup, name string) *mongodb.DB {
	t.Helper()
	g := newGuard(s)
	s.monitors = append(slices.Clone(s.monitors), g.monitor())
	db := theServers(t).with(name).open(t, s, name)
	t.Cleanup(func() {
		if s.crasher == nil {
			g.explainAll(t, db)
		} else {
			s.crasher.Revive() // otherwise closing the client would wait for its sessions
		}
		close_(t, db)
		g.report(t)
	})
	return db
}

func close_(t testing.TB, db *mongodb.DB) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := db.Close(ctx); err != nil {
		t.Errorf("testkit: close %s: %v", db.Name(), err)
	}
}

// join makes one monitor of many, since the driver takes only one.
func join(monitors []*event.CommandMonitor) *event.CommandMonitor {
	return &event.CommandMonitor{
		Started: func(ctx context.Context, e *event.CommandStartedEvent) {
			for _, m := range monitors {
				if m.Started != nil {
					m.Started(ctx, e)
				}
			}
		},
		Succeeded: func(ctx context.Context, e *event.CommandSucceededEvent) {
			for _, m := range monitors {
				if m.Succeeded != nil {
					m.Succeeded(ctx, e)
				}
			}
		},
		Failed: func(ctx context.Context, e *event.CommandFailedEvent) {
			for _, m := range monitors {
				if m.Failed != nil {
					m.Failed(ctx, e)
				}
			}
		},
	}
}
