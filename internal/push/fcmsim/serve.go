package fcmsim

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const maxBody = 1 << 20

// send answers messages:send. It reads the message, refuses it if it is wrong, and else follows the
// script.
func (s *Simulator) send(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		answer(w, invalid("message", "Request body cannot be read."))
		return
	}
	number := s.count()
	req, wrong, ok := parse(body)
	if !ok {
		answer(w, wrong)
		return
	}
	name := fmt.Sprintf("projects/%s/messages/0:%016d", r.PathValue("project"), number)
	if req.ValidateOnly {
		writeJSON(w, http.StatusOK, map[string]string{"name": name})
		return
	}
	s.follow(w, r, req.Message.arrival(s.clock.Now()), name)
}

func (s *Simulator) follow(w http.ResponseWriter, r *http.Request, push arrival, name string) {
	a := s.next(push.push)
	s.note(push.push, a)
	if !pause(r.Context(), a.delay) {
		return
	}
	switch a.kind {
	case kindOK:
		s.deliver(push)
		writeJSON(w, http.StatusOK, map[string]string{"name": name})
	case kindRefuse:
		answer(w, a)
	case kindReset:
		breakConnection(w)
	case kindResetAfter:
		s.deliver(push)
		breakConnection(w)
	case kindHang:
		<-r.Context().Done()
	}
}

func (s *Simulator) note(p Push, a Answer) {
	try := Try{Device: p.Device, Platform: p.Platform, NoticeID: p.Data["noticeId"], Answer: a.word(), At: s.clock.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries.add(try, s.keep)
}

func (s *Simulator) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	return s.requests
}

func answer(w http.ResponseWriter, a Answer) {
	if a.retryAfter > 0 {
		seconds := int64((a.retryAfter + time.Second - 1) / time.Second)
		w.Header().Set("Retry-After", strconv.FormatInt(seconds, 10))
	}
	writeJSON(w, a.status, a.failure)
}

// pause reports whether the client was still there after d.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// breakConnection ends the connection without an answer, with a TCP reset if the connection allows
// it.
func breakConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 does not hand over its connection, but this ends the stream
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // without it the client sees a tidy end, which breaks the answer just as well
	}
	_ = conn.Close()
}

// Start serves the simulator on a free port of this machine. url is its root,
// for push.Options.Endpoint. It runs until stop is called or ctx ends; stop
// breaks open connections, waits for the last request, and may be called again.
func Start(ctx context.Context, s *Simulator) (url string, stop func(), err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("fcmsim: %w", err)
	}
	var conns sync.WaitGroup
	srv := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		ConnState: func(_ net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				conns.Add(1)
				s.connect(1)
			case http.StateClosed, http.StateHijacked:
				s.connect(-1)
				conns.Done()
			}
		},
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = srv.Serve(listener) // always an error: closed, or a broken listener, which its clients notice
	}()

	shut := sync.OnceFunc(func() {
		_ = srv.Close() // a broken connection ends its request's context, so it also lets go of those that hang
		<-served
		conns.Wait()
	})
	unlink := context.AfterFunc(ctx, shut)
	return "http://" + listener.Addr().String(), func() { unlink(); shut() }, nil
}
