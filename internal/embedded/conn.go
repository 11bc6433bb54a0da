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
	maxMessage = 64 << 20 // above MongoDB's 48 MB; a larger figure is not a length
)

// conn is a connection whose commands take turns with those of all other
// connections of the same server.
//
// A request waits for its turn when it is whole, and is sent in one piece. Its
// reply is fetched by a goroutine of our own as soon as it comes, whether or
// not anybody reads it, and the turn ends when the reply is complete. So the
// turn never depends on the one who asked: it may have given up, timed out or
// closed, and the others go on as soon as the database is done.
type conn struct {
	net.Conn
	turns    turns
	files    *files // nil in tests without a database
	drainFor time.Duration
	onGone   func() // called once, when the real connection is closed

	writing sync.Mutex // one Write at a time
	request []byte     // the part of a request that has come so far

	readBy, writeBy deadline
	closed          chan struct{} // closed by Close
	gone            chan struct{} // closed with the real connection

	mu      sync.Mutex
	isDone  bool          // Close was called
	busy    bool          // a reply is outstanding
	reply   []byte        // what has come and has not been read
	err     error         // what ended the connection from the other side
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

// Write takes a request, or a part of one. It waits for the connection's turn,
// at most until the write deadline, and fails with os.ErrDeadlineExceeded
// after it; nothing has then been sent.
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

// send waits for the turn, sends one whole request, or what stands for it, and starts
// to fetch its reply.
func (c *conn) send(request []byte) error {
	var way way
	if mayHaveWay(request) {
		request = bytes.Clone(request) // its sender uses the memory again
		way = wayOf(request)
	}
	select {
	case <-c.closed: // before a free turn, which select might prefer
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
		// The request is not whole on the other side, so it is not carried
		// out. The connection is of no further use.
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

// finish ends the turn: the reply is complete, or will never be.
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

// Read gives what has come of the replies.
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

// Close ends the connection for its user at once. If a reply is outstanding,
// the real connection stays until it has come, or for drainFor: the database
// is at work for us until then, and nobody else may be let in.
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

// SetReadDeadline limits the wait for a reply, not its being fetched.
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
