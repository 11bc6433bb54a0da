package testkit

import (
	"context"
	"slices"
	"strings"
	"sync"

	"go.mongodb.org/mongo-driver/v2/event"
)

// Counter counts the commands sent to a database: find, insert, getMore and so on, without those
// that keep a connection alive. The zero value is ready. Safe for concurrent use.
type Counter struct {
	// Only, if set, says whether commands sent under a context count. It serves to leave out
	// a server's workers, which send commands at any time.
	Only func(context.Context) bool
	// Named lets Commands name the collection too: "find events".
	Named bool

	mu       sync.Mutex
	commands []string
}

// housekeeping are the commands that the driver sends by itself.
var housekeeping = []string{
	"hello", "isMaster", "ismaster", "ping", "endSessions", "killCursors", "buildInfo",
}

// Monitor is the monitor for the driver, which WithCounter sets.
func (c *Counter) Monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(ctx context.Context, e *event.CommandStartedEvent) {
		if slices.Contains(housekeeping, e.CommandName) || c.Only != nil && !c.Only(ctx) {
			return
		}
		name := e.CommandName
		if c.Named {
			collection, _ := e.Command.Lookup(e.CommandName).StringValueOK()
			name = strings.TrimSpace(name + " " + collection)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.commands = append(c.commands, name)
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

// Reset sets the count back to zero.
func (c *Counter) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.commands = nil
}
