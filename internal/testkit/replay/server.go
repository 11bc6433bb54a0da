package replay

import (
	"bufio"
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Server hands out recorded replies.
type Server struct {
	answers  *answers
	listener net.Listener

	mu      sync.Mutex
	unknown map[string]bool
}

// Listen makes a server on a free port of loopback. It answers when Serve runs.
func Listen(ctx context.Context, said []Exchange) (*Server, error) {
	a, err := newAnswers(said)
	if err != nil {
		return nil, err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return &Server{answers: a, listener: l, unknown: map[string]bool{}}, nil
}

// URI is the address for a client.
func (s *Server) URI() string {
	return "mongodb://" + s.listener.Addr().String() + "/?directConnection=true"
}

// Serve answers until Close.
func (s *Server) Serve() error {
	for {
		conn, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		go s.talk(conn)
	}
}

// Close ends Serve.
func (s *Server) Close() error { return s.listener.Close() }

// Unknown is what was asked and never recorded, as the askers were told.
func (s *Server) Unknown() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.unknown))
}

func (s *Server) miss(reply bson.Raw) {
	s.mu.Lock()
	defer s.mu.Unlock()
	said, _ := reply.Lookup("errmsg").StringValueOK()
	s.unknown[said] = true
}

// talk answers on one connection until the client closes it.
func (s *Server) talk(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 64<<10)
	var message []byte
	for {
		var header [4]byte
		if _, err := io.ReadFull(in, header[:]); err != nil {
			return
		}
		size := int(number(header[:], 0))
		if size < headerLen || size > maxMessage {
			return
		}
		if cap(message) < size {
			message = make([]byte, size)
		}
		message = message[:size]
		copy(message, header[:])
		if _, err := io.ReadFull(in, message[4:]); err != nil {
			return
		}
		command, err := commandIn(message)
		if err != nil {
			return
		}
		reply, isKnown := s.answers.to(command)
		if !isKnown {
			s.miss(reply)
		}
		if _, err := conn.Write(encode(message, reply)); err != nil {
			return
		}
	}
}
