package embedded

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// The wire protocol: every message starts with its own length, four bytes,
// little-endian, within a header of sixteen bytes.
const (
	headerLen  = 16
	maxMessage = 64 << 20 // above MongoDB's 48 MB; a larger number cannot be a length
)

// conn is a connection whose commands take turns with those of all other
// connections of the same server.
//
// When a request is complete, it waits for its turn and is sent in one piece. A goroutine of this
// package reads the reply as soon as it comes, even if the caller does not, and the turn ends when
// the reply is complete. So the turn never depends on the caller, who may have given up, timed out
// or closed the connection: the others go on as soon as the database is done.
type conn struct {
	net.Conn
	turns    turns
	files    *files // nil in tests without a database
	drainFor time.Duration
	onGone   func() // called once, when the real connection is closed

	writing sync.Mutex // one Write at a time
	request []byte     // the part of a request that has been written so far

	readBy, writeBy deadline
	closed          chan struct{} // closed by Close
	gone            chan struct{} // closed with the real connection

	mu      sync.Mutex
	isDone  bool          // Close was called
	busy    bool          // a reply is outstanding
	reply   []byte        // bytes that have come and have not been read
	err     error         // why the other side has ended the connection
	changed chan struct{} // closed and replaced when reply or err changes
}

func newConn(real net.Conn, t turns, drain time.Duration) *conn {
	return &conn{
		Conn:     real,
		turns:    t,
		drainFor: drain,
		readBy:   newDeadline(),
		writeBy:  newDeadline(),
		closed:   make(chan struct{}),
		gone:     make(chan struct{}),
		changed:  make(chan struct{}),
	}
}

// Write takes a request, or a part of one. It waits for the connection's turn until the write
// deadline, and then fails with os.ErrDeadlineExceeded without having sent anything.
func (c *conn) Write(p []byte) (int, error) {
	c.writing.Lock()
	defer c.writing.Unlock()

	data := p
	if len(c.request) > 0 {
		data = append(c.request, p...)
	}
	for len(data) >= 4 {
		size := int(int32(binary.LittleEndian.Uint32(data)))
		if size < headerLen || size > maxMessage {
			return 0, fmt.Errorf("embedded: a request of %d bytes", size)
		}
		if len(data) < size {
			break
		}
		if err := c.send(data[:size]); err != nil {
			c.request = nil
			return 0, err
		}
		data = data[size:]
	}
	c.request = append([]byte(nil), data...)
	return len(p), nil
}

// send waits for the turn, sends one complete request, or the commands that replace it, and starts
// to read the reply.
func (c *conn) send(request []byte) error {
	var way way
	if mayHaveWay(request) {
		request = bytes.Clone(request) // the sender reuses the memory
		way = wayOf(request)
	}
	select {
	case <-c.closed: // checked first, since select might prefer a free turn
		return net.ErrClosed
	case <-c.writeBy.passed():
		return os.ErrDeadlineExceeded
	default:
	}
	select {
	case <-c.closed:
		return net.ErrClosed
	case <-c.writeBy.passed():
		return os.ErrDeadlineExceeded
	case c.turns <- struct{}{}:
	}

	c.mu.Lock()
	if c.isDone {
		c.mu.Unlock()
		c.turns.release()
		return net.ErrClosed
	}
	c.busy = true
	c.mu.Unlock()

	after := c.prepare(request)
	if way != nil {
		go func() {
			reply, err := way.answer(&turn{c.exchange, c.files}, request)
			after()
			c.finish(reply, err)
		}()
		return nil
	}
	if _, err := c.Conn.Write(request); err != nil {
		// The other side has only a part of the request, so it does not carry it out. The
		// connection is of no further use.
		c.finish(nil, err)
		return err
	}
	go func() {
		reply, err := readMessage(c.Conn)
		after()
		c.finish(reply, err)
	}()
	return nil
}

// finish ends the turn when the reply is complete, or will never be.
func (c *conn) finish(reply []byte, err error) {
	c.mu.Lock()
	c.busy = false
	c.reply = append(c.reply, reply...)
	if err != nil {
		c.err = err
	}
	end := c.isDone || err != nil
	close(c.changed)
	c.changed = make(chan struct{})
	c.mu.Unlock()
	if end {
		c.leave()
	}
	c.turns.release()
}

// Read returns bytes of replies that have come.
func (c *conn) Read(p []byte) (int, error) {
	for {
		c.mu.Lock()
		changed := c.changed
		switch {
		case c.isDone:
			c.mu.Unlock()
			return 0, net.ErrClosed
		case len(c.reply) > 0:
			n := copy(p, c.reply)
			if c.reply = c.reply[n:]; len(c.reply) == 0 {
				c.reply = nil
			}
			c.mu.Unlock()
			return n, nil
		case c.err != nil:
			defer c.mu.Unlock()
			return 0, c.err
		}
		c.mu.Unlock()

		select {
		case <-changed:
		case <-c.closed:
			return 0, net.ErrClosed
		case <-c.readBy.passed():
			return 0, os.ErrDeadlineExceeded
		}
	}
}

// Close ends the connection for its user at once. If a reply is outstanding, the real connection
// stays until the reply has come, or for drainFor: the database is still at work, and no other
// command may begin.
func (c *conn) Close() error {
	c.mu.Lock()
	if c.isDone {
		c.mu.Unlock()
		return net.ErrClosed
	}
	c.isDone = true
	close(c.closed)
	busy := c.busy
	if busy {
		_ = c.Conn.SetReadDeadline(time.Now().Add(c.drainFor))
	}
	c.mu.Unlock()
	if !busy {
		c.leave()
	}
	return nil
}

// leave closes the real connection, once.
func (c *conn) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.gone:
		return
	default:
	}
	_ = c.Conn.Close()
	c.readBy.set(time.Time{})
	c.writeBy.set(time.Time{})
	if c.onGone != nil {
		c.onGone()
	}
	close(c.gone)
}

// SetDeadline sets both deadlines.
func (c *conn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// SetReadDeadline limits how long Read waits for a reply. The reply is still read from the database.
func (c *conn) SetReadDeadline(t time.Time) error {
	if c.over() {
		return net.ErrClosed
	}
	c.readBy.set(t)
	return nil
}

// SetWriteDeadline limits the wait for the turn and the sending.
func (c *conn) SetWriteDeadline(t time.Time) error {
	if c.over() {
		return net.ErrClosed
	}
	c.writeBy.set(t)
	return c.Conn.SetWriteDeadline(t)
}

func (c *conn) over() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.isDone
}

func readMessage(r io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	size := int(int32(binary.LittleEndian.Uint32(head[:])))
	if size < headerLen || size > maxMessage {
		return nil, fmt.Errorf("embedded: a reply of %d bytes", size)
	}
	message := make([]byte, size)
	copy(message, head[:])
	_, err := io.ReadFull(r, message[4:])
	return message, err
}
