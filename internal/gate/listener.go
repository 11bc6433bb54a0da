package gate

import (
	"errors"
	"net"
	"time"
)

const (
	// chunkBytes is how much of an answer must be taken at a time.
	chunkBytes = 16 << 10
	// kernelBytes is how much of an answer the system may hold for a client. It lets
	// a writer go on when a third is free: with more, a reader that is slow but
	// honest would have to take a megabyte at a time.
	kernelBytes = 64 << 10
)

// Listener lets each client have so many connections and no more, and cuts off who
// does not take what it is told. It is around a listener for TCP.
type Listener struct {
	net.Listener

	Connections *Counter[Home]    // by who is at the other end
	Proxies     Proxies           // may have as many as they like: their clients are counted by request
	Patience    time.Duration     // what a client may take for each chunk
	Refused     func(client Home) // is told of each connection that is closed at once
}

// Accept waits for the next connection that may come in.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		leave, peer := func() {}, peerOf(conn.RemoteAddr())
		if !l.Proxies.trust(peer) {
			var ok bool
			if leave, ok = l.Connections.Enter(homeOf(peer)); !ok {
				_ = conn.Close()
				l.Refused(homeOf(peer))
				continue
			}
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetWriteBuffer(kernelBytes) // without it, only slow readers are worse off
		}
		return &patient{Conn: conn, patience: l.Patience, leave: leave}, nil
	}
}

// patient is a connection on which nothing waits for ever to be taken: whatever the
// server writes, and by whatever transport, goes through here.
type patient struct {
	net.Conn

	patience time.Duration
	leave    func()
}

// Write sends in chunks, with a new deadline for each.
func (c *patient) Write(text []byte) (written int, err error) {
	for {
		chunk := text[written:min(len(text), written+chunkBytes)]
		if err := c.SetWriteDeadline(time.Now().Add(c.patience)); err != nil {
			return written, err
		}
		n, err := c.Conn.Write(chunk)
		if written += n; err != nil || written == len(text) {
			return written, err
		}
	}
}

// CloseWrite says that nothing more comes. net/http does before it closes, so that
// a refusal arrives although the request has not been read to its end.
func (c *patient) CloseWrite() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return half.CloseWrite()
}

// Close ends the connection and lets another one in.
func (c *patient) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
