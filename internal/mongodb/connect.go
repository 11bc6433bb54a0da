package mongodb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"faellesskab/internal/clock"
)

// These limits apply to every connection.
const (
	operationTimeout = 5 * time.Second
	selectionTimeout = 5 * time.Second
	maxConnecting    = 8
	warmConnections  = 10
)

// Options say which database to connect to, and how.
type Options struct {
	// URI is the address. Timeouts and pool sizes in it are ignored.
	URI string
	// Database is the name of the database to use.
	Database string
	// AppName is the name the database's own log shows.
	AppName string
	// Dialer makes the connections; nil is plain TCP. The embedded database
	// needs its own.
	Dialer options.ContextDialer
	// Monitor sees every command; nil is none.
	Monitor *event.CommandMonitor
	// ServerSelectionTimeout is how long to look for a server that can take a
	// command; zero is 5 s.
	ServerSelectionTimeout time.Duration
	// Patience is the time limit of calls that have no deadline of their own; zero is
	// 5 s.
	Patience time.Duration
	// SmallPool keeps no connections ready. It is for tests and for the embedded
	// database, which takes one command at a time anyway.
	SmallPool bool
	// Able is what the server can do, if the caller knows; nil: it is asked.
	Able *Capabilities
}

// DB is one database of one server. Safe for concurrent use.
type DB struct {
	client   *mongo.Client
	database *mongo.Database
	time     databaseTime
	patience time.Duration

	mu       sync.Mutex
	injected clock.Clock
	able     *Capabilities // nil until asked
}

// Connect finds the database, asks it for the time and fails with Unavailable
// if it does not answer.
//
// Writes are acknowledged when a majority of the servers has them on disk;
// reads are from the primary. Times are decoded in UTC. A nil slice or map is
// stored as null, not as empty: a struct that wants $push or $addToSet on a
// list must store an empty one.
func Connect(ctx context.Context, o Options) (*DB, error) {
	o.Patience = cmp.Or(o.Patience, operationTimeout)
	client, err := mongo.Connect(o.client())
	if err != nil {
		return nil, fmt.Errorf("connect to database: %w", err)
	}
	db := &DB{client: client, database: client.Database(o.Database), patience: o.Patience, able: o.Able}
	db.time.start(db.askTime)
	if err := db.time.refresh(ctx); err != nil {
		db.Close(ctx)
		return nil, Translate("connect to database", err)
	}
	return db, nil
}

func (o Options) client() *options.ClientOptions {
	ready := uint64(warmConnections)
	if o.SmallPool {
		ready = 0
	}
	onDisk := true
	c := options.Client().ApplyURI(o.URI).
		SetAppName(o.AppName).
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &onDisk}).
		SetReadPreference(readpref.Primary()).
		SetTimeout(o.Patience).
		SetServerSelectionTimeout(cmp.Or(o.ServerSelectionTimeout, selectionTimeout)).
		SetMaxConnecting(maxConnecting).
		SetMinPoolSize(ready).
		SetRegistry(registry()).
		SetBSONOptions(&options.BSONOptions{
			UseLocalTimeZone: false, // UTC
			NilSliceAsEmpty:  false,
			NilMapAsEmpty:    false,
		})
	if o.Dialer != nil {
		c.SetDialer(o.Dialer)
	}
	if o.Monitor != nil {
		c.SetMonitor(o.Monitor)
	}
	return c
}

// Close ends all connections and background work.
func (db *DB) Close(ctx context.Context) error {
	db.time.stop()
	if err := db.client.Disconnect(ctx); err != nil {
		return fmt.Errorf("disconnect from database: %w", err)
	}
	return nil
}

// Span is the time limit of a sequence of calls that usually gets d. It is longer in
// proportion where a single call may take longer than usual.
func (db *DB) Span(d time.Duration) time.Duration {
	return time.Duration(float64(d) * cmp.Or(db.patience, operationTimeout).Seconds() / operationTimeout.Seconds())
}

// Collection is one collection of the database, by name.
func (db *DB) Collection(name string) *mongo.Collection {
	return db.database.Collection(name)
}

// Watch opens a change stream of the whole database, where there are change
// streams.
func (db *DB) Watch(ctx context.Context, pipeline any, opts ...options.Lister[options.ChangeStreamOptions]) (*mongo.ChangeStream, error) {
	return db.database.Watch(ctx, pipeline, opts...)
}

// Name is the database's name.
func (db *DB) Name() string { return db.database.Name() }

// Ping asks whether the primary answers: nil, or Unavailable.
func (db *DB) Ping(ctx context.Context) error {
	return Translate("ping", db.client.Ping(ctx, readpref.Primary()))
}

// Drop removes the whole database.
func (db *DB) Drop(ctx context.Context) error {
	return Translate("drop database", db.database.Drop(ctx))
}

// IsEmpty reports whether no collection holds a document.
func (db *DB) IsEmpty(ctx context.Context) (bool, error) {
	names, err := db.Collections(ctx)
	if err != nil {
		return false, err
	}
	for _, name := range names {
		one := options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})
		err := db.Collection(name).FindOne(AllowScan(ctx), bson.D{}, one).Err()
		if err == nil {
			return false, nil
		}
		if !errors.Is(err, mongo.ErrNoDocuments) {
			return false, Translate("look into "+name, err)
		}
	}
	return true, nil
}

// DropAll removes every document; collections and their indexes stay.
func (db *DB) DropAll(ctx context.Context) error {
	names, err := db.Collections(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := db.Collection(name).DeleteMany(AllowScan(ctx), bson.D{}); err != nil {
			return Translate("empty "+name, err)
		}
	}
	return nil
}

// DropCollection removes a collection with everything in it.
func (db *DB) DropCollection(ctx context.Context, name string) error {
	return Translate("drop "+name, db.Collection(name).Drop(ctx))
}

// Collections are the names of the existing collections, sorted. It leaves out the
// database's own, and the scratch collections by which processes find out what it can do.
func (db *DB) Collections(ctx context.Context) ([]string, error) {
	all, err := db.database.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return nil, Translate("list collections", err)
	}
	own := make([]string, 0, len(all))
	for _, name := range all {
		if !strings.HasPrefix(name, "system.") && !strings.HasPrefix(name, scratch) {
			own = append(own, name)
		}
	}
	slices.Sort(own)
	return own, nil
}

// scanKey marks a context whose commands may read a whole collection.
type scanKey struct{}

// AllowScan marks commands that read a whole collection on purpose (a reset, a
// repair), so that the tests' query guard lets them pass.
func AllowScan(ctx context.Context) context.Context {
	return context.WithValue(ctx, scanKey{}, true)
}

// ScanAllowed reports whether the context was marked by AllowScan.
func ScanAllowed(ctx context.Context) bool {
	return ctx.Value(scanKey{}) != nil
}
