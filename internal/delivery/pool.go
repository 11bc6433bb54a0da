package delivery

import (
	"context"
	"sync"
)

// These bounds say how many pushes may be in flight at once.
const (
	// DefaultInFlight is the ceiling unless the configuration sets another. A crash
	// can repeat as many pushes. See docs/adr/0009-in-flight.md.
	DefaultInFlight = 50
	// poolStart is the number with which a worker begins. After a checkpoint in which
	// nothing was slow the number grows by at most as much. When Firebase is slow it
	// halves, down to poolFloor.
	poolStart = 10
	poolFloor = 5
	// urgentShare is the number of permits that a large job leaves free for small
	// ones.
	urgentShare = 10
)

// pool bounds how many pushes of this process have been handed over and are in no
// checkpoint yet. The bound adapts to Firebase, by additive increase and multiplicative
// decrease.
type pool struct {
	mu      sync.Mutex
	ceiling int
	limit   int
	taken   int
	changed chan struct{} // closed and renewed when permits come back
}

func newPool(ceiling int) *pool {
	if ceiling <= 0 {
		ceiling = DefaultInFlight
	}
	return &pool{ceiling: ceiling, limit: min(poolStart, ceiling), changed: make(chan struct{})}
}

// try takes as many permits as there are, up to want. A job that is not urgent leaves
// some free.
func (p *pool) try(want int, isUrgent bool) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.grab(want, isUrgent)
}

func (p *pool) grab(want int, isUrgent bool) int {
	free := p.limit - p.taken
	if !isUrgent && p.limit > 2*urgentShare {
		free -= urgentShare
	}
	n := max(min(want, free), 0)
	p.taken += n
	return n
}

// take is try that waits until there is at least one permit, or returns ctx's
// error.
func (p *pool) take(ctx context.Context, want int, isUrgent bool) (int, error) {
	for {
		p.mu.Lock()
		n, changed := p.grab(want, isUrgent), p.changed
		p.mu.Unlock()
		if n > 0 {
			return n, nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-changed:
		}
	}
}

// give gives permits back after a checkpoint. isSlow says that Firebase has asked for a
// slower pace.
func (p *pool) give(n int, isSlow bool) {
	if n == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken -= n
	switch {
	case isSlow:
		p.limit = max(p.limit/2, poolFloor)
	case p.taken+n >= p.limit-urgentShare:
		// All permits were in use, so more pushes may go.
		p.limit = min(p.limit+min(n, poolStart), p.ceiling)
	}
	close(p.changed)
	p.changed = make(chan struct{})
}
