package embedded

import (
	"context"
	"net"
	"sync"
	"time"
)

// drainFor is how long others wait for a reply that its caller no longer wants.
const drainFor = 10 * time.Second

// turns is the right to have a command under way. A connection that has put a value in has the
// turn. Waiting connections are served in the order they came.
type turns chan struct{}

func newTurns() turns { return make(turns, 1) }

func (t turns) release() { <-t }

// dialer makes connections to one server that share its turns.
type dialer struct {
	net   net.Dialer
	turns turns
	files *files

	mu     sync.Mutex
	closed bool
	conns  map[*conn]struct{}
}

func newDialer(f *files) *dialer {
	return &dialer{turns: newTurns(), files: f, conns: map[*conn]struct{}{}}
}

// DialContext connects. It implements options.ContextDialer.
func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	real, err := d.net.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c := newConn(real, d.turns, drainFor)
	c.files = d.files
	c.onGone = func() { d.forget(c) }
	if !d.remember(c) {
		real.Close()
		return nil, net.ErrClosed
	}
	return c, nil
}

// inTurn calls work while no command is under way.
func (d *dialer) inTurn(ctx context.Context, work func() error) error {
	select {
	case d.turns <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer d.turns.release()
	return work()
}

func (d *dialer) remember(c *conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return false
	}
	d.conns[c] = struct{}{}
	return true
}

func (d *dialer) forget(c *conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.conns, c)
}

// closeAll ends every connection and waits until none has a command under way.
func (d *dialer) closeAll() {
	d.mu.Lock()
	d.closed = true
	open := make([]*conn, 0, len(d.conns))
	for c := range d.conns {
		open = append(open, c)
	}
	d.mu.Unlock()
	for _, c := range open {
		c.Close()
	}
	for _, c := range open {
		<-c.gone
	}
}
