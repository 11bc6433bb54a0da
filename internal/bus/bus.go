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
	opened    uint64 // counts how often the stream has caught up after it was opened
	isOpen    bool
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

// Hears reports whether the bus hears of everything that others write, a moment later. since is another number
// after each time at which it did not. Where nobody else writes there is nothing to hear.
func (b *Bus) Hears(ctx context.Context) (since uint64, ok bool) {
	if able, err := b.store.db.Capabilities(ctx); err == nil && able.SoleWriter {
		return 0, true
	}
	return b.hears()
}

func (b *Bus) hears() (since uint64, ok bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.opened, b.isOpen
}

// caughtUp notes that the stream has told everything up to now, and goes on.
func (b *Bus) caughtUp() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.isOpen {
		b.opened, b.isOpen = b.opened+1, true
	}
}

func (b *Bus) broke() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.isOpen = false
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
// again. It returns that place, or nil if the place is lost.
type follow func(ctx context.Context, collections []string, from resumeToken, to ears) (resumeToken, error)

// ears are told what a stream says.
type ears struct {
	tell     func(collection, id string)
	lost     func() // called once the stream is open, if it begins anew
	caughtUp func() // called whenever the stream has told everything that there was
}

func (b *Bus) run(ctx context.Context, follow follow) {
	b.mu.RLock()
	collections := slices.Sorted(maps.Keys(b.listeners))
	b.mu.RUnlock()
	defer b.broke() // a panic too ends what is heard
	var from resumeToken
	to := ears{tell: func(collection, id string) { b.Tell(collection, id) }, lost: b.LoseTrack, caughtUp: b.caughtUp}
	for ctx.Err() == nil {
		var err error
		from, err = follow(ctx, collections, from, to)
		b.broke()
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
