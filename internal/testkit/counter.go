package testkit

import (
	"context"
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/v2/event"
)

// Counter counts the commands sent to a database: find, insert, getMore and so
// on, but not what keeps a connection alive. The zero value is ready. Safe for
// concurrent use.
type Counter struct {
	// Only, if set, says of a context whether commands sent under it count: a
	// server's workers send theirs at any time.
	Only func(context.Context) bool

	mu       sync.Mutex
	commands []string
}

// housekeeping are the commands nobody asked for.
var housekeeping = []string{
	"hello", "isMaster", "ismaster", "ping", "endSessions", "killCursors", "buildInfo",
}

// Monitor is what to hand to the driver; WithCounter does it.
func (c *Counter) Monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(ctx context.Context, e *event.CommandStartedEvent) {
		if slices.Contains(housekeeping, e.CommandName) || c.Only != nil && !c.Only(ctx) {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.commands = append(c.commands, e.CommandName)
	}}
}

// Count is the number of commands since the start or the last Reset.
func (c *Counter) Count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.commands)
}

// Commands are their names, in the order they were sent.
func (c *Counter) Commands() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.commands)
}

// Reset starts again from nothing.
func (c *Counter) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.commands = nil
}
