package mongodb

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
)

func TestTranslate(t *testing.T) {
	t.Parallel()
	own := fault.Forbidden("x")
	duplicate := mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: 11000}}}
	for name, c := range map[string]struct {
		err  error
		want fault.Kind
	}{
		"a fault stays":       {own, fault.KindForbidden},
		"not primary":         {mongo.CommandError{Code: 10107}, fault.KindUnavailable},
		"stepping down":       {mongo.CommandError{Code: 11602}, fault.KindUnavailable},
		"no majority":         {mongo.WriteException{WriteConcernError: &mongo.WriteConcernError{Code: 64}}, fault.KindUnavailable},
		"network":             {mongo.CommandError{Labels: []string{"NetworkError"}}, fault.KindUnavailable},
		"too slow":            {mongo.CommandError{Code: 50}, fault.KindUnavailable},
		"disk full":           {mongo.CommandError{Code: 1, Message: "database or disk is full (13)"}, fault.KindUnavailable},
		"disconnected":        {mongo.ErrClientDisconnected, fault.KindUnavailable},
		"duplicate":           {duplicate, fault.KindConflict},
		"nothing":             {mongo.ErrNoDocuments, fault.KindNotFound},
		"a mistake of ours":   {mongo.CommandError{Code: 2}, fault.KindInternal},
		"the caller has left": {context.Canceled, fault.KindInternal},
	} {
		got := Translate("save group", c.err)
		if fault.KindOf(got) != c.want {
			t.Errorf("%s: %v", name, got)
		}
		if c.err == own {
			continue
		}
		if !strings.Contains(got.Error(), "save group") {
			t.Errorf("%s: the operation is not named: %v", name, got)
		}
		if errors.Unwrap(got) == nil {
			t.Errorf("%s: the cause is lost", name)
		}
	}
	if Translate("x", nil) != nil {
		t.Error("nothing went wrong, and that is an error")
	}
}

// What a server says because of a failover, a moved shard or a session that it no longer knows well is no mistake
// of the program. It is not known whether the write was made, or it was not made now.
func TestTroubleOfTheServerIsUnavailable(t *testing.T) {
	t.Parallel()
	for code, name := range map[int32]string{
		24: "LockTimeout", 46: "LockBusy", 112: "WriteConflict", 117: "ConflictingOperationInProgress", 150: "StaleEpoch",
		206: "NoSuchSession", 215: "DatabaseDropPending", 216: "ElectionInProgress", 217: "IncompleteTransactionHistory", 225: "TransactionTooOld",
		228: "SessionTransferIncomplete", 246: "SnapshotUnavailable", 249: "StaleDbVersion", 250: "StaleChunkHistory", 251: "NoSuchTransaction",
		261: "TooManyLogicalSessions", 264: "TooManyFilesOpen", 267: "PreparedTransactionInProgress", 272: "MigrationConflict",
		279: "ClientDisconnect", 290: "TransactionExceededLifetimeLimitSeconds", 314: "ObjectIsBusy", 319: "MovePrimaryInProgress", 342: "ReshardingCriticalSectionTimeout",
		343: "ShardCannotRefreshDueToLocksHeld", 355: "InterruptedDueToStorageChange", 356: "TxnRetryCounterTooOld",
		358: "InternalTransactionNotSupported", 363: "RetryableTransactionInProgress", 365: "TemporarilyUnavailable",
		371: "UserWritesBlocked", 402: "ResourceExhausted", 406: "MigrationBlockingOperationCoordinatorCleaningUp",
		407: "PooledConnectionAcquisitionExceededTimeLimit", 412: "UpdatesStillPending", 433: "AdmissionQueueOverflow",
		449: "RateLimitExceeded", 13388: "StaleConfig",
	} {
		said := mongo.CommandError{Code: code, Name: name}
		beside := mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: int(code)}}}
		many := mongo.BulkWriteException{WriteErrors: []mongo.BulkWriteError{{WriteError: mongo.WriteError{Code: int(code)}}}}
		for _, err := range []error{said, beside, many} {
			if got := Translate("save group", err); !fault.Is(got, fault.KindUnavailable) {
				t.Errorf("%d %s: %v", code, name, got)
			}
		}
	}
}

// An index leaves out what it can, and holds all where the database refuses conditions.
func TestAnIndexOfFew(t *testing.T) {
	t.Parallel()
	of := Index{Keys: bson.D{{Key: "groupId", Value: 1}, {Key: "roles.key", Value: 1}}, Having: "roles.key"}
	for _, able := range []Capabilities{{}, {Partial: true}} {
		var made options.IndexOptions
		for _, set := range of.model(able).Options.List() {
			if err := set(&made); err != nil {
				t.Fatal(err)
			}
		}
		var want any
		if able.Partial {
			want = bson.D{{Key: "roles.key", Value: bson.D{{Key: "$exists", Value: true}}}}
		}
		if diff := cmp.Diff(want, made.PartialFilterExpression); diff != "" {
			t.Errorf("%+v: %s", able, diff)
		}
	}
}

// A database in a container beside this one may have its name and its process's id.
func TestADatabaseBesideIsNotInside(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	here := process{Host: host, Program: filepath.Base(program), PID: int64(os.Getpid())}
	if !here.isThis() {
		t.Errorf("%+v is not taken for this process", here)
	}
	for _, beside := range []process{{}, {host, "mongod", here.PID}, {host + "-2", here.Program, here.PID}, {host, here.Program, here.PID + 1}} {
		if beside.isThis() {
			t.Errorf("%+v is taken for this process", beside)
		}
	}
}

func TestDuplicatesAmongOtherErrors(t *testing.T) {
	t.Parallel()
	mixed := mongo.BulkWriteException{WriteErrors: []mongo.BulkWriteError{
		{WriteError: mongo.WriteError{Index: 0, Code: 11000}},
		{WriteError: mongo.WriteError{Index: 1, Code: 2}},
	}}
	for _, err := range []error{mixed, errors.New("x"), mongo.BulkWriteException{WriteConcernError: &mongo.WriteConcernError{Code: 64}}} {
		if _, ok := Duplicates(err); ok {
			t.Errorf("%v passes for duplicates only", err)
		}
	}
	if indexes, ok := Duplicates(nil); !ok || len(indexes) > 0 {
		t.Error("no error is not no duplicates")
	}
}

// elsewhere is a database 50 ms away, with a clock that is ahead of ours.
type elsewhere struct {
	mu    sync.Mutex
	ahead time.Duration
	fails error
	asked int
}

func (e *elsewhere) ask(context.Context) (time.Time, error) {
	time.Sleep(50 * time.Millisecond)
	e.mu.Lock()
	now, err := time.Now().Add(e.ahead), e.fails
	e.asked++
	e.mu.Unlock()
	time.Sleep(50 * time.Millisecond)
	return now, err
}

func (e *elsewhere) set(ahead time.Duration, fails error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ahead, e.fails = ahead, fails
}

func TestTimeFollowsTheDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var there elsewhere
		there.set(time.Hour, nil)
		var clock databaseTime
		clock.start(there.ask)
		defer clock.stop()
		if err := clock.refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		// isAhead reads the clock, and then lets the database answer the
		// question that reading may have caused.
		isAhead := func(want time.Duration, questions int) {
			t.Helper()
			if got := time.Until(clock.now()); got != want {
				t.Errorf("the clock is %v ahead, want %v", got, want)
			}
			time.Sleep(200 * time.Millisecond)
			there.mu.Lock()
			defer there.mu.Unlock()
			if there.asked != questions {
				t.Errorf("the database was asked %d times, want %d", there.asked, questions)
			}
		}
		isAhead(time.Hour, 1)
		there.set(2*time.Hour, nil)
		time.Sleep(29 * time.Second)
		isAhead(time.Hour, 1) // the answer is still fresh
		time.Sleep(2 * time.Second)
		isAhead(time.Hour, 2) // the clock answers at once, and asks
		isAhead(2*time.Hour, 2)

		there.set(0, errors.New("no answer"))
		time.Sleep(31 * time.Second)
		isAhead(2*time.Hour, 3)
		isAhead(2*time.Hour, 3) // the clock keeps what it knew
		time.Sleep(2 * time.Second)
		isAhead(2*time.Hour, 4) // the clock asks again soon
	})
}

func TestTimeStopsWithADatabaseThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var clock databaseTime
		clock.start(func(ctx context.Context) (time.Time, error) {
			<-ctx.Done()
			return time.Time{}, ctx.Err()
		})
		time.Sleep(time.Second)
		clock.now()
		clock.stop() // if it hung here, the synctest bubble would say so
		clock.now()
	})
}

// If a single call may take six times as long, so may a sequence of calls.
func TestASpanIsAsLongAsItsCalls(t *testing.T) {
	t.Parallel()
	usual, patient := &DB{patience: operationTimeout}, &DB{patience: 6 * operationTimeout}
	if got := usual.Span(8 * time.Second); got != 8*time.Second {
		t.Errorf("usually %s", got)
	}
	if got := patient.Span(8 * time.Second); got != 48*time.Second {
		t.Errorf("with patience %s", got)
	}
}
