package gqlhttp

import (
	"context"
	"crypto/rand"
	"encoding/json"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"faellesskab/internal/fault"
)

// maxFollowed is how many operations one socket may have under way.
const maxFollowed = 20

// followed is an operation that is under way on a socket.
type followed struct {
	id     string
	cancel context.CancelFunc
}

// subscribe starts an operation; false: the socket is closed.
func (s *socket) subscribe(m heard) bool {
	s.mu.Lock()
	ctx := s.ctx
	_, taken := s.follows[m.id]
	full := len(s.follows) >= maxFollowed || s.busy >= 2*maxFollowed
	s.mu.Unlock()
	switch {
	case ctx == nil:
		s.close(closeUnwelcome, "Not introduced")
		return false
	case taken:
		const before, after = "Subscriber for ", " already exists"
		s.close(closeIDTaken, before+clip(m.id, maxReason-len(before+after))+after)
		return false
	}
	// A socket lives for hours, so each operation has a request id of its own.
	ctx = withRequestID(ctx, rand.Text())
	no := m.no
	if no == nil && full {
		no = &refusal{fault: fault.Exhausted("request.follows", 0).With("Max", maxFollowed)}
	}
	if no != nil {
		refused := complete(s.h.refused(ctx, no), RequestIDFrom(ctx))
		s.h.log(ctx, &logEntry{errors: refused}, 0)
		return s.write(refusalOf(m.id, refused)) == nil
	}
	f := &followed{id: m.id}
	ctx, f.cancel = context.WithCancel(ctx)
	s.mu.Lock()
	s.follows[m.id] = f
	s.busy++
	s.mu.Unlock()
	emit := func(raw []byte) error { return s.tell(f, message{ID: f.id, Type: "next", Payload: raw}) }
	s.running.Add(1)
	go s.h.stream(ctx, m.params, emit, func(refused gqlerror.List, unwelcome bool) { s.end(f, refused, unwelcome) })
	return true
}

// end says that an operation has ended.
func (s *socket) end(f *followed, refused gqlerror.List, unwelcome bool) {
	defer s.running.Done()
	switch {
	case unwelcome:
		s.close(closeForbidden, codeOf(refused[0]))
	case len(refused) > 0:
		_ = s.tell(f, refusalOf(f.id, refused))
	default:
		_ = s.tell(f, message{ID: f.id, Type: "complete"})
	}
	f.cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy--
}

// forget ends an operation for the client. Its id is free at once, and its messages that are
// still on their way are not sent.
func (s *socket) forget(id string) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.follows[id]; f != nil {
		f.cancel()
		delete(s.follows, id)
	}
}

// tell sends a message of an operation, unless it has been ended. Every message except "next" is
// the last one.
func (s *socket) tell(f *followed, m message) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	isUnderWay := s.follows[f.id] == f
	if isUnderWay && m.Type != "next" {
		delete(s.follows, f.id)
	}
	s.mu.Unlock()
	if !isUnderWay {
		return context.Canceled
	}
	return s.put(raw)
}

// refusalOf is the message that an operation is refused.
func refusalOf(id string, errs gqlerror.List) message {
	raw, err := json.Marshal(errs)
	if err != nil {
		raw = []byte(`[{"message":"internal","extensions":{"code":"INTERNAL"}}]`) // an extension that is not JSON
	}
	return message{ID: id, Type: "error", Payload: raw}
}
