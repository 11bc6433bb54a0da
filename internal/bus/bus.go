// Package bus tells this process of documents that were written, so that workers and
// subscriptions need not wait for their next look.
//
// Code that writes tells the bus of its own process. If the database has change streams, one
// stream per process reports what others write. The bus promises nothing: it may be late, report
// twice, or miss something, so listeners also look by themselves now and then.
package bus

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
)

// retryAfter is how long to rest after an error.
const retryAfter = time.Second

// Bus reports written documents by collection and id.
type Bus struct {
	store store
	log   *slog.Logger

	mu        sync.RWMutex
	listeners map[string][]func(ids []string)
}

// New makes a bus on which nobody listens.
func New(db *mongodb.DB, log *slog.Logger) *Bus {
	return &Bus{store: store{db}, log: log, listeners: map[string][]func([]string){}}
}

// Listen calls fn with the ids of documents of the collection that were written; without ids if
// the bus may have missed some. fn must be quick and must not block. Listeners are registered
// before Run.
func (b *Bus) Listen(collection string, fn func(ids []string)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.listeners[collection] = append(b.listeners[collection], fn)
}

// Tell says that this process has written these documents.
func (b *Bus) Tell(collection string, ids ...string) {
	b.mu.RLock()
	listeners := b.listeners[collection]
	b.mu.RUnlock()
	if len(ids) == 0 {
		return
	}
	for _, fn := range listeners {
		b.call(fn, ids)
	}
}

// call calls a listener. A panic in it stops neither the other listeners nor the writer.
func (b *Bus) call(fn func(ids []string), ids []string) {
	if err := fault.Catch(func() error { fn(ids); return nil }); err != nil {
		b.log.Error("a listener failed", "error", err, "stack", fault.StackOf(err))
	}
}

// LoseTrack says that the bus may have missed written documents, and makes all listeners look.
func (b *Bus) LoseTrack() {
	b.mu.RLock()
	var all []func([]string)
	for _, listeners := range b.listeners {
		all = append(all, listeners...)
	}
	b.mu.RUnlock()
	for _, fn := range all {
		b.call(fn, nil)
	}
}

// Run follows the database's change stream, if it has one, until ctx ends, and goes on after
// errors.
func (b *Bus) Run(ctx context.Context) {
	for {
		able, err := b.store.db.Capabilities(ctx)
		if err == nil && able.ChangeStreams {
			b.run(ctx, b.store.follow)
		}
		if err == nil || ctx.Err() != nil {
			return
		}
		b.log.WarnContext(ctx, "whether there are change streams is not known", "error", err)
		b.rest(ctx)
	}
}

// follow reads the changes of some collections from where a stream broke off, until it breaks
// again. It returns that place, or nil if the place is lost. lost is called once the stream is
// open, if it begins anew.
type follow func(ctx context.Context, collections []string, from resumeToken, tell func(collection, id string), lost func()) (resumeToken, error)

func (b *Bus) run(ctx context.Context, follow follow) {
	b.mu.RLock()
	collections := slices.Sorted(maps.Keys(b.listeners))
	b.mu.RUnlock()
	var from resumeToken
	for ctx.Err() == nil {
		var err error
		from, err = follow(ctx, collections, from, func(collection, id string) { b.Tell(collection, id) }, b.LoseTrack)
		if ctx.Err() != nil {
			return
		}
		b.log.WarnContext(ctx, "the change stream broke and is taken up again", "isKnownWhere", from != nil, "error", err)
		b.rest(ctx)
	}
}

func (b *Bus) rest(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(retryAfter):
	}
}
