package loader

import (
	"context"
	"slices"

	"faellesskab/internal/fault"
)

// maxKeys is how many things one read asks for at most.
const maxKeys = 200

// Loader finds things of one kind by keys, each once in an operation.
type Loader[V any] struct {
	pace  *Pace
	fetch func(ctx context.Context, keys []string) (map[string]V, error)
	known map[string]*batch[V] // by key
	next  *batch[V]            // what gathers until the next reads start
}

// batch is what one read asks for.
type batch[V any] struct {
	keys    []string
	waiting int // parts of the operation that wait for it
	isRead  bool
	done    chan struct{}
	found   map[string]V
	kept    map[string]V // what was found in another way before the read
	err     error
}

// New makes a loader of one operation. fetch leaves out what is missing; its error, or panic, is
// that of everything it was asked for at once.
func New[V any](pace *Pace, fetch func(ctx context.Context, keys []string) (map[string]V, error)) *Loader[V] {
	return &Loader[V]{pace: pace, fetch: fetch}
}

// Load finds a thing; the zero value if it is missing.
func (l *Loader[V]) Load(ctx context.Context, key string) (V, error) {
	return l.await(l.begin(ctx, key), key)
}

// LoadInTurn is Load that waits for the next reads even if the thing is there already. It is for a part beside
// another that may find the same thing in its own way: what follows from it is read with the same things
// whichever of the two is the quicker.
func (l *Loader[V]) LoadInTurn(ctx context.Context, key string) (V, error) {
	l.pace.mu.Lock()
	b := l.known[key]
	if b == nil || !b.isRead {
		l.pace.mu.Unlock()
		return l.Load(ctx, key)
	}
	turn := &batch[V]{done: make(chan struct{})}
	l.pace.gather(func() { l.read(ctx, turn) })
	l.pace.mu.Unlock()
	l.wait(turn)
	return l.Load(ctx, key)
}

// Begin begins to find a thing. What is begun before the first wait is read together.
func (l *Loader[V]) Begin(ctx context.Context, key string) (wait func() (V, error)) {
	b := l.begin(ctx, key)
	return func() (V, error) { return l.await(b, key) }
}

// begin finds the batch that a key is in, or puts it into one.
func (l *Loader[V]) begin(ctx context.Context, key string) *batch[V] {
	l.pace.mu.Lock()
	defer l.pace.mu.Unlock()
	b := l.known[key]
	if b == nil {
		b = l.gathering(ctx)
		b.keys = append(b.keys, key)
		l.know(key, b)
	}
	return b
}

// await waits for a batch, and is what it has under a key.
func (l *Loader[V]) await(b *batch[V], key string) (V, error) {
	l.wait(b)
	if v, ok := b.kept[key]; ok {
		return v, nil
	}
	return b.found[key], b.err
}

// Keep has the loader know a thing that was found in another way, so that it is not read again. What is
// read already stays as it is.
func (l *Loader[V]) Keep(key string, v V) {
	l.pace.mu.Lock()
	defer l.pace.mu.Unlock()
	b := l.known[key]
	if b == nil {
		b = &batch[V]{isRead: true, done: make(chan struct{}), kept: map[string]V{}}
		close(b.done)
		l.know(key, b)
	} else if b.isRead {
		return
	}
	if b.kept == nil {
		b.kept = map[string]V{}
	}
	b.kept[key] = v
	b.keys = slices.DeleteFunc(b.keys, func(k string) bool { return k == key })
}

// know notes which batch has a key.
func (l *Loader[V]) know(key string, b *batch[V]) {
	if l.known == nil {
		l.known = map[string]*batch[V]{}
	}
	l.known[key] = b
}

// gathering is the batch that takes the next key.
func (l *Loader[V]) gathering(ctx context.Context) *batch[V] {
	if l.next == nil || l.next.isRead || len(l.next.keys) == maxKeys {
		b := &batch[V]{done: make(chan struct{})}
		l.pace.gather(func() { l.read(ctx, b) })
		l.next = b
	}
	return l.next
}

func (l *Loader[V]) wait(b *batch[V]) {
	p := l.pace
	p.mu.Lock()
	select {
	case <-b.done:
		p.mu.Unlock()
		return
	default:
	}
	b.waiting++
	p.atWork--
	p.startIfIdle()
	p.mu.Unlock()
	<-b.done
}

func (l *Loader[V]) read(ctx context.Context, b *batch[V]) {
	l.pace.mu.Lock()
	b.isRead = true // no key comes after this
	l.pace.mu.Unlock()
	err := fault.Catch(func() (err error) {
		if len(b.keys) > 0 {
			b.found, err = l.fetch(ctx, b.keys)
		}
		return err
	})
	l.pace.mu.Lock()
	defer l.pace.mu.Unlock()
	if b.err = err; err != nil {
		b.found = nil
	}
	close(b.done)
	l.pace.end(b.waiting)
}
