package testkit

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// crashSelection is how long a process that is "dead" looks for its database:
// short, so that a crashed mutation fails at once.
const crashSelection = 300 * time.Millisecond

// connectTime is how long a busy machine may need until it connects, and dropTime
// until it has dropped a database.
const (
	connectTime = 30 * time.Second
	dropTime    = time.Minute
)

// Option changes what DB gives.
type Option func(*setup)

type setup struct {
	indexes  []mongodb.Index
	declared []mongodb.Index
	allowed  []string
	monitors []*event.CommandMonitor
	crasher  *Crasher
}

// WithIndexes makes these indexes, and lets the query guard count on them.
func WithIndexes(indexes []mongodb.Index) Option {
	return func(s *setup) { s.indexes = append(s.indexes, indexes...) }
}

// WithDeclared lets the query guard count on indexes that are there already:
// for a Reopen that must be quick.
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

// WithCrasher lets c cut the connections. The database is prepared through
// connections that c knows nothing of.
func WithCrasher(c *Crasher) Option { return func(s *setup) { s.crasher = c } }

// DB gives the test a new database with a name of its own, dropped when the
// test ends. Queries that no declared index serves fail the test.
func DB(t testing.TB, opts ...Option) *mongodb.DB {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text())
	plain := open(t, setup{}, name)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), dropTime)
		defer cancel()
		if err := plain.Drop(ctx); err != nil {
			t.Errorf("testkit: drop %s: %v", name, err)
		}
		close_(t, plain)
	})
	var s setup
	for _, o := range opts {
		o(&s)
	}
	s.makeIndexes(t, plain)
	return guarded(t, s, name)
}

// Reopen connects once more to the same database: as another process would,
// or the same one after a restart. Options do not carry over; indexes named
// here are declared to the guard, and are made if they are missing.
func Reopen(t testing.TB, db *mongodb.DB, opts ...Option) *mongodb.DB {
	t.Helper()
	var s setup
	for _, o := range opts {
		o(&s)
	}
	again := guarded(t, s, db.Name())
	s.makeIndexes(t, again)
	return again
}

// makeIndexes makes those that are missing. No document expires by them: a database
// removes by the real time, and tests have a clock of their own.
func (s setup) makeIndexes(t testing.TB, db *mongodb.DB) {
	t.Helper()
	if len(s.indexes) == 0 {
		return
	}
	made := slices.Clone(s.indexes)
	for i := range made {
		made[i].ExpireAfter = nil
	}
	if _, err := mongodb.SyncIndexes(t.Context(), db, made); err != nil {
		t.Fatalf("testkit: make indexes: %v", err)
	}
}

// guarded opens the database with a query guard that speaks up at the end.
func guarded(t testing.TB, s setup, name string) *mongodb.DB {
	t.Helper()
	g := newGuard(slices.Concat(s.indexes, s.declared), s.allowed)
	s.monitors = append(slices.Clone(s.monitors), g.monitor())
	db := open(t, s, name)
	t.Cleanup(func() {
		if s.crasher == nil {
			g.explainAll(t, db)
		} else {
			s.crasher.Revive() // a dead client waits for its sessions to end
		}
		close_(t, db)
		g.report(t)
	})
	return db
}

func open(t testing.TB, s setup, name string) *mongodb.DB {
	t.Helper()
	at := theServer(t)
	o := mongodb.Options{
		URI:       at.uri,
		Database:  name,
		AppName:   "test",
		Dialer:    at.dialer,
		Monitor:   join(s.monitors),
		SmallPool: true,
		Able:      at.able,
		Patience:  callPatience,
	}
	if s.crasher != nil {
		at.mustBePlain(t)
		o.Dialer = s.crasher.Dialer(at.dialer)
		o.ServerSelectionTimeout = crashSelection
	}
	// With a crasher the patience is short, and a busy machine may need longer to
	// connect at all.
	patient, cancel := context.WithTimeout(t.Context(), connectTime)
	defer cancel()
	for {
		db, err := mongodb.Connect(t.Context(), o)
		if err == nil {
			return db
		}
		if patient.Err() != nil {
			t.Fatalf("testkit: %v", err)
		}
	}
}

func close_(t testing.TB, db *mongodb.DB) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := db.Close(ctx); err != nil {
		t.Errorf("testkit: close %s: %v", db.Name(), err)
	}
}

// join makes one monitor of many: the driver takes only one.
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

// place is where a database server is.
type place struct {
	uri    string
	dialer options.ContextDialer // nil: plain TCP
	says   string
	able   *mongodb.Capabilities // asked once for all tests
}

// mustBePlain skips a test, and says so, where a crasher cannot read what is sent.
func (p place) mustBePlain(t testing.TB) {
	t.Helper()
	for _, cipher := range []string{"mongodb+srv:", "tls=true", "ssl=true", "compressors="} {
		if strings.Contains(p.uri, cipher) {
			t.Skipf("testkit: a crash at a chosen write needs connections that can be read, and MONGODB_URI says %s", cipher)
		}
	}
}

func (p place) String() string { return fmt.Sprintf("testkit: the tests use %s", p.says) }
