package embedded

import (
	"sync"
	"time"
)

// deadline is a moment that can be moved while somebody waits for it.
type deadline struct{ state *deadlineState }

type deadlineState struct {
	mu    sync.Mutex
	timer *time.Timer
	over  chan struct{} // closed when the moment has come
}

func newDeadline() deadline {
	return deadline{&deadlineState{over: make(chan struct{})}}
}

// passed is closed once the moment has come.
func (d deadline) passed() <-chan struct{} {
	d.state.mu.Lock()
	defer d.state.mu.Unlock()
	return d.state.over
}

// set moves the moment; the zero time is never.
func (d deadline) set(t time.Time) {
	s := d.state
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer != nil && !s.timer.Stop() {
		<-s.over // the timer has fired: wait until it has closed the channel
	}
	s.timer = nil

	isOver := false
	select {
	case <-s.over:
		isOver = true
	default:
	}
	wait := time.Until(t)
	if t.IsZero() || wait > 0 {
		if isOver {
			s.over = make(chan struct{})
		}
		if !t.IsZero() {
			over := s.over
			s.timer = time.AfterFunc(wait, func() { close(over) })
		}
		return
	}
	if !isOver {
		close(s.over)
	}
}
