// Package clock is the only place that asks what time it is.
//
// Everything that depends on the time takes a Clock, so tests can choose the time.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time.
type Clock interface {
	// Now is the present instant, in UTC, cut to whole milliseconds: the
	// precision that MongoDB keeps.
	Now() time.Time
}

// System is the machine's clock.
type System struct{}

// Now is the machine's time.
func (System) Now() time.Time { return Trim(time.Now()) }

// Trim gives an instant the form in which the database keeps it.
func Trim(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// Ceil is the first instant that the database can store and that is not before t. A timer set
// for it never fires before t.
func Ceil(t time.Time) time.Time {
	trimmed := Trim(t)
	if trimmed.Before(t) {
		return trimmed.Add(time.Millisecond)
	}
	return trimmed
}

// Manual is a clock that moves only when told to. Safe for concurrent use.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// NewManual returns a clock standing at now.
func NewManual(now time.Time) *Manual { return &Manual{now: Trim(now)} }

// Now is where the clock stands.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Advance moves the clock forward by d.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = Trim(m.now.Add(d))
}
