package mongodb

import (
	"context"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
)

// These durations say how the database's clock is followed.
const (
	timeFresh     = 30 * time.Second // how long an answer is good
	timeRetry     = time.Second      // how long to wait after a failure
	timeAskFor    = 2 * time.Second  // how long to wait for an answer
	timeTolerable = time.Second      // a longer round trip tells too little
)

// Now is the present instant by the database's clock. It implements
// clock.Clock. It never waits for the database: the difference between the two
// clocks is asked for at most every 30 s, in the background, and applied to
// this machine's monotonic clock. It may step by some milliseconds when the
// difference has changed.
func (db *DB) Now() time.Time {
	db.mu.Lock()
	injected := db.injected
	db.mu.Unlock()
	if injected != nil {
		return injected.Now()
	}
	return db.time.now()
}

// SetClock replaces the database's clock, for tests; nil restores it.
func (db *DB) SetClock(c clock.Clock) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.injected = c
}

// askTime asks the database for its time.
func (db *DB) askTime(ctx context.Context) (time.Time, error) {
	var reply struct {
		LocalTime time.Time `bson:"localTime"`
	}
	hello := bson.D{{Key: "hello", Value: 1}}
	err := db.client.Database("admin").RunCommand(ctx, hello).Decode(&reply)
	return reply.LocalTime, err
}

// databaseTime follows a clock elsewhere.
type databaseTime struct {
	ask    func(context.Context) (time.Time, error)
	ctx    context.Context // ends with stop
	cancel context.CancelFunc
	asking sync.WaitGroup

	mu      sync.Mutex
	here    time.Time // a moment by this machine, with its monotonic reading
	there   time.Time // the same moment by the database
	due     time.Time // when to ask again, by this machine
	isAsked bool
	stopped bool
}

func (t *databaseTime) start(ask func(context.Context) (time.Time, error)) {
	t.ask = ask
	t.ctx, t.cancel = context.WithCancel(context.Background())
	t.here = time.Now()
	t.there = t.here
}

func (t *databaseTime) stop() {
	t.mu.Lock()
	t.stopped = true
	t.mu.Unlock()
	t.cancel()
	t.asking.Wait()
}

func (t *databaseTime) now() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	here := time.Now()
	if !t.stopped && !t.isAsked && here.After(t.due) {
		t.isAsked = true
		t.asking.Add(1)
		go func() {
			defer t.asking.Done()
			ctx, cancel := context.WithTimeout(t.ctx, timeAskFor)
			defer cancel()
			_ = t.refresh(ctx) // if the database is gone, the next read or write fails too
		}()
	}
	return clock.Trim(t.there.Add(here.Sub(t.here)))
}

// refresh asks once. The database looked at its clock somewhere between
// question and answer; the middle is the best guess.
func (t *databaseTime) refresh(ctx context.Context) error {
	asked := time.Now()
	var there time.Time
	err := fault.Catch(func() (err error) { there, err = t.ask(ctx); return err })
	trip := time.Since(asked)

	t.mu.Lock()
	defer t.mu.Unlock()
	first := t.due.IsZero()
	t.isAsked = false
	if err != nil || (trip > timeTolerable && !first) {
		t.due = time.Now().Add(timeRetry)
		return err
	}
	t.due = asked.Add(trip + timeFresh)
	if !there.IsZero() {
		t.here = asked.Add(trip / 2)
		t.there = there
	}
	return nil
}
