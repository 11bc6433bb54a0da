package gqlhttp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"faellesskab/internal/fault"
)

const (
	// subprotocol is the only one spoken:
	// https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md.
	subprotocol = "graphql-transport-ws"
	// initTimeout is how long a client may take to introduce itself.
	initTimeout = 5 * time.Second
)

// The codes a socket is closed with.
const (
	closeBadMessage  websocket.StatusCode = 4400
	closeUnwelcome   websocket.StatusCode = 4401
	closeForbidden   websocket.StatusCode = 4403 // also when the sign-in ends: the client comes again with a new token
	closeSubprotocol websocket.StatusCode = 4406
	closeInitTimeout websocket.StatusCode = 4408
	closeIDTaken     websocket.StatusCode = 4409
	closeInitTwice   websocket.StatusCode = 4429
)

// message is what goes over the socket, in both directions.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

func isSocket(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// socket is one connection.
type socket struct {
	h    *handler
	conn *websocket.Conn
	base context.Context // of messages that go out: it does not end with an operation

	writing sync.Mutex

	mu      sync.Mutex
	ctx     context.Context // of the operations; nil before the client is introduced
	follows map[string]*followed
	busy    int // operations under way, and those that have been ended and not yet stopped
	running sync.WaitGroup
}

func (h *handler) serveSocket(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{subprotocol}})
	if err != nil {
		return // Accept has answered
	}
	defer func() { _ = conn.CloseNow() }()
	if conn.Subprotocol() != subprotocol {
		_ = conn.Close(closeSubprotocol, "Subprotocol not acceptable")
		return
	}
	conn.SetReadLimit(h.options.Limits.Body)
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	s := &socket{h: h, conn: conn, base: context.WithoutCancel(ctx), follows: map[string]*followed{}}
	leave := h.options.onStop(func() { s.close(websocket.StatusGoingAway, "The server stops") })
	defer leave()
	s.serve(ctx)
	cancel()
	s.running.Wait()
}

func (s *socket) serve(ctx context.Context) {
	late := time.AfterFunc(initTimeout, func() { s.close(closeInitTimeout, "Connection initialisation timeout") })
	defer late.Stop()
	var beat *time.Timer
	defer func() {
		if beat != nil {
			beat.Stop()
		}
	}()
	for {
		m, err := s.read(ctx)
		if err != nil {
			return
		}
		switch m.Type {
		case "connection_init":
			late.Stop()
			if !s.welcome(ctx, m.Payload) {
				return
			}
			if beat == nil {
				beat = s.beat()
			}
		case "ping":
			_ = s.write(message{Type: "pong"})
		case "pong":
		case "subscribe":
			if !s.subscribe(m) {
				return
			}
		case "complete":
			s.forget(m.ID)
		default:
			s.close(closeBadMessage, "Unknown message type")
			return
		}
	}
}

// read waits for a message; a connection that is silent beyond two beats is dead.
func (s *socket) read(ctx context.Context) (message, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*beatEvery+s.h.options.WriteTimeout)
	defer cancel()
	kind, raw, err := s.conn.Read(ctx)
	if err != nil {
		return message{}, err
	}
	var m message
	if kind != websocket.MessageText || decodeJSON(raw, &m) != nil {
		s.close(closeBadMessage, "Not a message of "+subprotocol)
		return message{}, errors.New("not a message")
	}
	return m, nil
}

// beat asks the client now and then whether it is there.
func (s *socket) beat() *time.Timer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var timer *time.Timer
	timer = time.AfterFunc(beatEvery, func() {
		if s.write(message{Type: "ping"}) != nil {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		timer.Reset(beatEvery)
	})
	return timer
}

// welcome takes the client's introduction: its token, if it has one.
func (s *socket) welcome(ctx context.Context, raw json.RawMessage) bool {
	s.mu.Lock()
	again := s.ctx != nil
	s.mu.Unlock()
	if again {
		s.close(closeInitTwice, "Too many initialisation requests")
		return false
	}
	var said map[string]any
	if len(raw) > 0 && json.Unmarshal(raw, &said) != nil {
		s.close(closeBadMessage, "The payload of connection_init is not an object")
		return false
	}
	for name, value := range said {
		token, isText := value.(string)
		if !strings.EqualFold(name, "authorization") || !isText {
			continue
		}
		signedIn, err := s.h.options.SignIn(ctx, token)
		if err != nil {
			s.close(closeForbidden, reason(err))
			return false
		}
		ctx = signedIn
	}
	if until := s.h.options.Until(ctx); !until.IsZero() {
		expired := time.AfterFunc(time.Until(until), func() { s.close(closeForbidden, "Token expired") })
		context.AfterFunc(ctx, func() { expired.Stop() })
	}
	s.mu.Lock()
	s.ctx = ctx
	s.mu.Unlock()
	return s.write(message{Type: "connection_ack"}) == nil
}

// reason is the code of an error: the close frame has room for no more.
func reason(err error) string {
	if known, ok := errors.AsType[*fault.Error](err); ok {
		return string(known.PublicCode())
	}
	return string(fault.CodeInternal)
}

// write sends a message.
func (s *socket) write(m message) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.put(raw)
}

// put sends a message while the caller holds writing. A client that reads too
// slowly loses its connection.
func (s *socket) put(raw []byte) error {
	ctx, cancel := context.WithTimeout(s.base, s.h.options.WriteTimeout)
	defer cancel()
	return s.conn.Write(ctx, websocket.MessageText, raw)
}

// close ends the connection with a code. It does not wait for the other side:
// the reader notices.
func (s *socket) close(code websocket.StatusCode, why string) { _ = s.conn.Close(code, why) }
