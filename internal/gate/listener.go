package gate

import (
	"errors"
	"net"
	"time"
)

const (
	// chunkBytes is how much of an answer the client must read at a time.
	chunkBytes = 16 << 10
	// kernelBytes is how much of an answer the operating system may hold for a client. The
	// system lets a writer go on when a third of it is free. With a larger buffer a slow
	// but honest reader would have to read a megabyte at a time.
	kernelBytes = 64 << 10
)

// Listener limits the connections of each client, and cuts off clients that do not read their
// answers. It wraps a listener for TCP.
type Listener struct {
	net.Listener

	Connections *Counter[Home]    // counts connections by the address at the other end
	Proxies     Proxies           // not limited, since the requests of their clients are counted
	Patience    time.Duration     // how long a client may take for each chunk
	Refused     func(client Home) // called for each connection that is closed at once
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
			_ = tcp.SetWriteBuffer(kernelBytes) // if it fails, only slow readers are worse off
		}
		return &patient{Conn: conn, patience: l.Patience, leave: leave}, nil
	}
}

// patient is a connection on which no write waits for ever. Everything that the server writes,
// by every transport, goes through it.
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

// CloseWrite says that nothing more comes. net/http calls it before it closes a connection, so
// that a refusal arrives even if the request has not been read to its end.
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
