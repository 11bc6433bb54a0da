// Package bus tells this process of documents that were written, so that workers
// and subscriptions need not wait for their next look.
//
// Whoever writes tells the bus of the own process. Where the database has change
// streams, one stream per process brings what others write. The bus promises
// nothing: it may be late, tell twice, or miss something, and whoever listens
// looks by itself now and then.
package bus

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"faellesskab/internal/mongodb"
)

// retryAfter is how long a broken change stream rests.
const retryAfter = time.Second

// Bus tells of documents by collection and id.
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

// Listen calls fn with the ids of documents of the collection that were written.
// fn must be quick and must not block. Listeners are registered before Run.
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
		fn(ids)
	}
}

// Run follows the database's change stream, if it has one, until ctx ends, and
// goes on after errors by itself.
func (b *Bus) Run(ctx context.Context) {
	able, err := b.store.db.Capabilities(ctx)
	if err != nil && ctx.Err() == nil {
		b.log.WarnContext(ctx, "whether there are change streams is not known", "error", err)
	}
	if !able.ChangeStreams {
		return
	}
	b.mu.RLock()
	var collections []string
	for name := range b.listeners {
		collections = append(collections, name)
	}
	b.mu.RUnlock()
	slices.Sort(collections)
	var from resumeToken
	for ctx.Err() == nil {
		from, err = b.store.follow(ctx, collections, from, func(collection, id string) { b.Tell(collection, id) })
		if ctx.Err() != nil {
			return
		}
		b.log.WarnContext(ctx, "the change stream broke and is taken up again", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(retryAfter):
		}
	}
}
