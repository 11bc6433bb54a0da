package gqlhttp

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"time"

	"faellesskab/internal/fault"
)

// watch checks now and then whether a socket may stay open, and asks the client whether it is still
// there, until stop is called.
func (s *socket) watch(ctx context.Context) (stop func() bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = time.Now()
	s.alarm = time.AfterFunc(initTimeout, func() {
		// Nobody else would catch a panic here, and it would end the process.
		if err := fault.Catch(func() error { s.look(ctx); return nil }); err != nil {
			s.h.log(ctx, &logEntry{errors: s.h.internal(ctx, err)}, 0)
			_ = s.conn.CloseNow()
		}
	})
	return s.alarm.Stop
}

func (s *socket) look(ctx context.Context) {
	s.mu.Lock()
	signedIn, heard := s.ctx, s.heard
	s.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return
	case signedIn == nil:
		s.close(closeInitTimeout, "Connection initialisation timeout")
		return
	case s.isExpired(signedIn):
		s.close(closeForbidden, "Token expired")
		return
	case time.Since(heard) > 2*beatEvery+s.h.options.WriteTimeout:
		_ = s.conn.CloseNow() // the client has not answered for two beats, so it is dead
		return
	case s.write(message{Type: "ping"}) != nil:
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.alarm.Reset(s.untilAlarm())
}

func (s *socket) isExpired(ctx context.Context) bool {
	until := s.h.options.Until(ctx)
	return !until.IsZero() && time.Until(until) <= 0
}

// untilAlarm is how long to wait until the next check, at most a beat. The caller holds mu.
func (s *socket) untilAlarm() time.Duration {
	wait := beatEvery
	if until := s.h.options.Until(s.ctx); !until.IsZero() {
		wait = max(0, min(wait, time.Until(until)))
	}
	return wait
}

// afresh calls step until it returns false, and then end, each in a goroutine of its own. Stacks
// grow and hardly ever shrink, so a goroutine that waits for an hour must not keep the stack on
// which the last message was handled.
func afresh(step func() bool, end func()) {
	go func() {
		if step() {
			afresh(step, end)
			return
		}
		end()
	}()
}

// slim hands out a connection with small buffers instead of net/http's.
type slim struct{ http.ResponseWriter }

// Hijack takes the connection over, with what the client has sent already.
func (w slim) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, both, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	said := both.Reader.Buffered()
	// The struct hides the type of the reader, which NewReaderSize would return unchanged
	// because it is large enough.
	in := bufio.NewReaderSize(struct{ io.Reader }{both.Reader}, max(socketBuffer, said))
	if _, err := in.Peek(said); err != nil {
		_ = conn.Close()
		return nil, nil, err
	}
	return conn, bufio.NewReadWriter(in, bufio.NewWriterSize(conn, socketBuffer)), nil
}
