package inbox

import (
	"context"
	"errors"
	"sync"
	"time"

	"faellesskab/internal/fault"
)

// afterLiveError is how long a feed rests after it could not read the database.
const afterLiveError = 2 * time.Second

// listener is a person who follows their inbox. A goroutine runs only while there may
// be something new: it starts when the listener is woken, looks, and ends. So thousands
// may listen at once.
type listener struct {
	personID string
	feed     *feed
	ctx      context.Context
	leave    context.CancelFunc // called when they have left, or may no longer look

	watches []string  // the documents on which their unread notices depend; the feed's mu guards it and endsAt
	endsAt  time.Time // when the first of these notices ends by the clock; zero: none does
	rests   bool      // they were woken by what was written a moment ago; the feed's mu guards it and missed
	missed  bool      // something was written while they rest

	mu        sync.Mutex
	look      func(ctx context.Context) error
	over      func() // called once, when no look is under way any more
	isLooking bool
	again     bool // the listener was woken during a look
}

// start looks for the first time. over is called when the listener has left and
// no look is under way.
func (l *listener) start(look func(ctx context.Context) error, over func()) {
	l.mu.Lock()
	l.look, l.over = look, over
	l.endIfOver()
	l.mu.Unlock()
	l.wake()
}

// end is called when the context has ended.
func (l *listener) end() {
	l.feed.remove(l)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.endIfOver()
}

// wake makes the listener look; if a look is under way, it looks once more afterwards.
// It does not block.
func (l *listener) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.look == nil: // the listener has ended, or has not started and will look then
	case l.isLooking:
		l.again = true
	case l.ctx.Err() == nil:
		l.isLooking = true
		go l.run()
	}
}

func (l *listener) run() {
	for {
		err := fault.Catch(func() error { return l.look(l.ctx) })
		switch {
		case err == nil || l.ctx.Err() != nil || errors.Is(err, context.Canceled):
		case fault.Is(err, fault.KindForbidden):
			l.leave()
		default:
			l.feed.log.WarnContext(l.ctx, "a live inbox could not be read", "error", err, "stack", fault.StackOf(err))
			time.AfterFunc(afterLiveError, l.wake)
		}
		l.mu.Lock()
		if !l.again || l.ctx.Err() != nil {
			break
		}
		l.again = false
		l.mu.Unlock()
	}
	l.isLooking = false
	l.endIfOver()
	l.mu.Unlock()
}

// endIfOver calls over if the listener has left and no look is under way. The caller
// holds mu.
func (l *listener) endIfOver() {
	if l.ctx.Err() != nil && !l.isLooking && l.over != nil {
		l.over()
		l.look, l.over = nil, nil
	}
}
