package inbox

import (
	"context"
	"sync"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
)

// together answers by one read what many ask at the same time, such as all who follow their inbox when a group
// gets news. Whoever asks while a read is under way is answered by the next one, which begins after they have asked,
// so that nobody gets an answer older than their question. Nobody waits for others to ask.
type together[Q comparable, A any] struct {
	read func(ctx context.Context, asked []Q) (map[Q]A, error)

	turn chan struct{} // has room for the one read that is under way

	mu   sync.Mutex
	next *sharedRead[Q, A] // the read that has not begun; nil: nobody waits for one
}

func newTogether[Q comparable, A any](read func(ctx context.Context, asked []Q) (map[Q]A, error)) *together[Q, A] {
	return &together[Q, A]{read: read, turn: make(chan struct{}, 1)}
}

// sharedRead is one read for all who asked before it began.
type sharedRead[Q comparable, A any] struct {
	asked map[Q]struct{}
	done  chan struct{} // closed when the answers are there
	found map[Q]A
	err   error
}

// ask waits for the answer to a question. A failure that is of one question only is not the others': when a read for
// several fails, each asks for itself.
func (t *together[Q, A]) ask(ctx context.Context, q Q) (A, error) {
	r, leads := t.join(q)
	if leads {
		t.answer(ctx, r)
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		var none A
		return none, ctx.Err()
	}
	if r.err == nil || len(r.asked) == 1 || fault.Is(r.err, fault.KindUnavailable) {
		return r.found[q], r.err
	}
	found, err := t.read(ctx, []Q{q})
	return found[q], err
}

// join adds a question to the next read. The first who asks leads: they read for all.
func (t *together[Q, A]) join(q Q) (r *sharedRead[Q, A], leads bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.next == nil {
		t.next, leads = &sharedRead[Q, A]{asked: map[Q]struct{}{}, done: make(chan struct{})}, true
	}
	t.next.asked[q] = struct{}{}
	return t.next, leads
}

// answer reads for all who have asked when the read before has ended. It goes on when its leader leaves, and with
// nobody's rights.
func (t *together[Q, A]) answer(ctx context.Context, r *sharedRead[Q, A]) {
	t.turn <- struct{}{}
	defer func() { <-t.turn }()
	defer close(r.done)
	t.mu.Lock()
	t.next = nil
	t.mu.Unlock()
	asked := make([]Q, 0, len(r.asked))
	for q := range r.asked {
		asked = append(asked, q)
	}
	ctx = auth.WithViewer(context.WithoutCancel(ctx), auth.Viewer{})
	r.err = fault.Catch(func() (err error) {
		r.found, err = t.read(ctx, asked)
		return err
	})
}
