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
	// socketBuffer is how many bytes are read and written at once. Few messages are
	// larger.
	socketBuffer = 1 << 10
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
	closeForbidden   websocket.StatusCode = 4403 // also when the sign-in ends, so that the client comes again with a new token
	closeSubprotocol websocket.StatusCode = 4406
	closeInitTimeout websocket.StatusCode = 4408
	closeIDTaken     websocket.StatusCode = 4409
	closeInitTwice   websocket.StatusCode = 4429
)

func isSocket(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// socket is one connection.
type socket struct {
	h    *handler
	conn *websocket.Conn
	base context.Context // for messages to the client, which do not end with an operation

	writing sync.Mutex

	mu      sync.Mutex
	ctx     context.Context // for operations; nil before the client has introduced itself
	heard   time.Time       // when the client last sent something
	alarm   *time.Timer     // the only timer of the socket, since more would be dear for thousands of sockets
	follows map[string]*followed
	busy    int      // operations under way, including those that have been ended and not yet stopped
	departs []func() // called at the end, to count the socket no longer
	running sync.WaitGroup
}

// serveSocket takes the connection over. The socket lives on without its request, so that net/http
// frees the request's memory. That matters, since thousands of sockets are open at once.
func (h *handler) serveSocket(w http.ResponseWriter, r *http.Request) {
	depart, no := h.holdOpen(r.Context(), UseOpen)
	if no != nil {
		h.send(r.Context(), w, r, h.tooMany(r.Context(), no), &logEntry{start: time.Now()})
		return
	}
	conn, err := websocket.Accept(slim{w}, r, &websocket.AcceptOptions{
		Subprotocols: []string{subprotocol}, CompressionMode: websocket.CompressionDisabled, OriginPatterns: literal(h.options.Origins)})
	if err != nil {
		depart()
		return // Accept has answered
	}
	if conn.Subprotocol() != subprotocol {
		depart()
		_ = conn.Close(closeSubprotocol, "Subprotocol not acceptable")
		return
	}
	conn.SetReadLimit(h.options.Limits.Body)
	s := &socket{h: h, conn: conn, base: context.WithoutCancel(r.Context()), follows: map[string]*followed{}, departs: []func(){depart}}
	s.serve()
}

// serve starts to read and handle the client's messages.
func (s *socket) serve() {
	ctx, cancel := context.WithCancel(s.base)
	leave := s.h.options.onStop(func() { s.close(websocket.StatusGoingAway, "The server stops") })
	stop := s.watch(ctx)
	afresh(func() bool { return s.hear(ctx) }, func() {
		stop()
		cancel()
		s.running.Wait()
		leave()
		_ = s.conn.CloseNow()
		for _, depart := range s.departs {
			depart()
		}
	})
}

// hear waits for a message and handles it; false if the connection must end.
func (s *socket) hear(ctx context.Context) (goOn bool) {
	defer func() {
		if p := recover(); p != nil {
			s.h.log(ctx, &logEntry{errors: s.h.internal(ctx, s.h.options.Recover(ctx, p))}, 0)
			s.close(websocket.StatusInternalError, string(fault.CodeInternal))
		}
	}()
	m, err := s.read()
	if err != nil {
		return false
	}
	switch m.kind {
	case sayInit:
		return s.welcome(ctx, m.payload)
	case sayPing:
		_ = s.write(message{Type: sayPong})
	case saySubscribe:
		return s.subscribe(m)
	case sayComplete:
		s.forget(m.id)
	}
	return true
}

func (s *socket) read() (heard, error) {
	// There is no time limit here, since it would cost each socket a timer and two
	// contexts. watch ends the wait.
	kind, raw, err := s.conn.Read(s.base)
	if err != nil {
		return heard{}, err
	}
	s.mu.Lock()
	s.heard = time.Now()
	s.mu.Unlock()
	m, problem := understand(kind, raw)
	if problem != "" {
		s.close(closeBadMessage, problem)
		return heard{}, errors.New(problem)
	}
	return m, nil
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
	if authorization, isSaid := authorizationIn(raw); isSaid {
		signedIn, err := s.h.options.SignIn(ctx, authorization)
		if err != nil {
			s.close(closeForbidden, reason(err))
			return false
		}
		ctx = signedIn
	}
	depart, no := s.h.options.Admit(ctx, UseOpenByViewer)
	if no != nil {
		s.close(websocket.StatusTryAgainLater, string(no.PublicCode()))
		return false
	}
	s.mu.Lock()
	s.ctx, s.departs = ctx, append(s.departs, depart)
	s.alarm.Reset(s.untilAlarm())
	s.mu.Unlock()
	return s.write(message{Type: "connection_ack"}) == nil
}

// authorizationIn is the token in an introduction; upper and lower case of its name do not matter.
// If the token is no text, or there are several, it is empty, which is refused as a bad token.
func authorizationIn(introduction json.RawMessage) (authorization string, isSaid bool) {
	members, _ := decodeObject(introduction)
	for name, value := range members {
		if !strings.EqualFold(name, "authorization") || isAbsent(value) {
			continue
		}
		if isSaid {
			return "", true
		}
		isSaid = true
		_ = json.Unmarshal(value, &authorization)
	}
	return authorization, isSaid
}

// reason is the code of an error, since a close frame has no room for more.
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

// close ends the connection with a code. It does not wait for the other side, since the reader
// notices its answer.
func (s *socket) close(code websocket.StatusCode, why string) {
	_ = s.conn.Close(code, clip(strings.ToValidUTF8(why, ""), maxReason))
}
