package testkit

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Dialer makes connections for the driver.
type Dialer = options.ContextDialer

// Crasher pretends that the process dies: after its n-th write nothing that it sends reaches the
// database. Each connection made through its Dialer is cut, and new ones are refused. Safe for
// concurrent use.
type Crasher struct {
	mu      sync.Mutex
	armed   bool
	after   int
	writes  int
	crashed bool
	conns   map[*crashConn]struct{}
}

var errCrashed = errors.New("testkit: the process has crashed")

// NewCrasher returns a crasher that does nothing until After.
func NewCrasher() *Crasher {
	return &Crasher{conns: map[*crashConn]struct{}{}}
}

// After makes the process die when its n-th write from now has been answered, or at once if n is 0.
// Writes beyond the n-th never reach the database, even if they are sent at the same time.
func (c *Crasher) After(n int) {
	c.mu.Lock()
	c.armed, c.after, c.writes, c.crashed = true, n, 0, false
	c.mu.Unlock()
	if n <= 0 {
		c.crash()
	}
}

// Revive ends the pretence and starts the count of writes again. A database connected through the
// crasher notices within half a second, when the driver next looks. Reopen connects at once.
func (c *Crasher) Revive() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.armed, c.crashed, c.writes = false, false, 0
}

// Writes is the number of write commands that reached the database since After
// or Revive, or since the beginning.
func (c *Crasher) Writes() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.writes
}

// Crashed reports whether the process is dead.
func (c *Crasher) Crashed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.crashed
}

// Dialer makes connections through d that the crasher can cut; nil is plain TCP.
func (c *Crasher) Dialer(d Dialer) Dialer {
	if d == nil {
		d = &net.Dialer{}
	}
	return crashDialer{c, d}
}

// writeCommands change what is stored.
var writeCommands = []string{"insert", "update", "delete", "findAndModify", "findandmodify", "bulkWrite"}

// admit decides about one command. isLast says that the process dies when it
// has been answered.
func (c *Crasher) admit(command string) (isLast bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.crashed {
		return false, errCrashed
	}
	if !slices.Contains(writeCommands, command) {
		return false, nil
	}
	if c.armed && c.writes >= c.after {
		return false, errCrashed
	}
	c.writes++
	return c.armed && c.writes == c.after, nil
}

// crash cuts all connections.
func (c *Crasher) crash() {
	c.mu.Lock()
	c.crashed = true
	open := make([]*crashConn, 0, len(c.conns))
	for conn := range c.conns {
		open = append(open, conn)
	}
	c.mu.Unlock()
	for _, conn := range open {
		conn.Close()
	}
}

type crashDialer struct {
	crasher *Crasher
	dialer  Dialer
}

func (d crashDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if d.crasher.Crashed() {
		return nil, errCrashed
	}
	real, err := d.dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	conn := &crashConn{Conn: real, crasher: d.crasher}
	d.crasher.mu.Lock()
	defer d.crasher.mu.Unlock()
	if d.crasher.crashed {
		real.Close()
		return nil, errCrashed
	}
	d.crasher.conns[conn] = struct{}{}
	return conn, nil
}
