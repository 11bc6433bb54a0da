package replay

import (
	"context"
	"net"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Exchange is a command with its reply.
type Exchange struct {
	Command bson.Raw `bson:"command"`
	Reply   bson.Raw `bson:"reply"`
}

// Recorder keeps what is said on the connections that its Dialer makes. The zero value is ready.
// Safe for concurrent use.
type Recorder struct {
	mu   sync.Mutex
	said []Exchange
}

// Said is everything so far, in the order of the replies.
func (r *Recorder) Said() []Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Exchange{}, r.said...)
}

func (r *Recorder) keep(command, reply bson.Raw) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, Exchange{command, reply})
}

// Dialer makes connections through d that the recorder hears; nil is plain TCP.
func (r *Recorder) Dialer(d options.ContextDialer) options.ContextDialer {
	if d == nil {
		d = &net.Dialer{}
	}
	return recordingDialer{r, d}
}

type recordingDialer struct {
	recorder *Recorder
	dialer   options.ContextDialer
}

func (d recordingDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &recordingConn{Conn: conn, recorder: d.recorder, asked: map[uint32]bson.Raw{}}, nil
}

// recordingConn hears a connection on which requests and replies may come in pieces.
type recordingConn struct {
	net.Conn
	recorder *Recorder

	mu    sync.Mutex
	asked map[uint32]bson.Raw // by the number of the request
	out   []byte              // of a request that is not complete
	in    []byte              // of a reply that is not complete
}

// Write hears a request before it is sent, since its reply may come at once.
func (c *recordingConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.out = messages(append(c.out, p...), func(m []byte) {
		if command, err := commandIn(m); err == nil {
			c.asked[requestID(m)] = append(bson.Raw{}, command...)
		}
	})
	c.mu.Unlock()
	return c.Conn.Write(p)
}

func (c *recordingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.in = messages(append(c.in, p[:n]...), func(m []byte) {
		command, isAsked := c.asked[responseTo(m)]
		reply, noReply := replyIn(m)
		if isAsked && noReply == nil {
			delete(c.asked, responseTo(m))
			c.recorder.keep(command, append(bson.Raw{}, reply...))
		}
	})
	return n, err
}

// messages hands over each complete message, and returns what is left of an incomplete one.
func messages(p []byte, each func(message []byte)) (rest []byte) {
	for len(p) >= headerLen {
		size := int(number(p, 0))
		if size < headerLen || size > len(p) {
			break
		}
		each(p[:size])
		p = p[size:]
	}
	return append([]byte{}, p...)
}
