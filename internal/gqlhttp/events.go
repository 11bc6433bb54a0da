package gqlhttp

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// serveEvents answers a request with server-sent events. It refuses a request that is no GraphQL
// request in the same way as serve does.
func (h *handler) serveEvents(w http.ResponseWriter, r *http.Request) {
	params, no := readRequest(w, r, h.options.Limits.Body)
	if no != nil {
		h.send(r.Context(), w, r, requestErrors(no.status, h.refused(r.Context(), no)), &logEntry{start: time.Now()})
		return
	}
	if r.Method == http.MethodGet && h.changes(r.Context(), params) {
		h.send(r.Context(), w, r, h.notByGet(r.Context()), &logEntry{start: time.Now()})
		return
	}
	h.streamEvents(w, r, params)
}

// streamEvents sends "next" for each answer and "complete" at the end, in the
// distinct connections mode of
// https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. A stream that
// ends without "complete" was lost, and is to be taken up again.
func (h *handler) streamEvents(w http.ResponseWriter, r *http.Request, params *graphql.RawParams) {
	depart, no := h.holdOpen(r.Context(), UseOpen, UseOpenByViewer)
	if no != nil {
		h.send(r.Context(), w, r, h.tooMany(r.Context(), no), &logEntry{start: time.Now()})
		return
	}
	defer depart()
	ctx, cancel := h.live(r.Context())
	defer cancel()
	leave := h.options.onStop(cancel)
	defer leave()
	write := h.openEvents(w, cancel)
	if write(alive) != nil {
		return
	}
	answers, done := make(chan []byte), make(chan gqlerror.List, 1)
	emit := func(raw []byte) error {
		select {
		case answers <- raw:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	go h.stream(ctx, params, emit, func(refused gqlerror.List, _ bool) { done <- refused })
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for {
		select {
		case raw := <-answers:
			_ = write(event("next", raw))
		case refused := <-done:
			if len(refused) > 0 {
				_ = write(event("next", requestErrors(0, refused).payload()))
			}
			if ctx.Err() == nil {
				_ = write(event("complete", nil))
			}
			return
		case <-beat.C:
			_ = write(alive)
		}
	}
}

// alive is an event that only says that the stream is alive.
var alive = []byte(":\n\n")

// openEvents begins a stream of events, and returns the function that writes one. If the client
// does not read, letGo is called.
func (h *handler) openEvents(w http.ResponseWriter, letGo func()) (write func(text []byte) error) {
	out := http.NewResponseController(w)
	// The server's deadline for reading a request would end the stream.
	_ = out.SetReadDeadline(time.Time{})
	noStore(w.Header())
	w.Header().Set("Content-Type", typeEvents)
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	return func(text []byte) error {
		_ = out.SetWriteDeadline(time.Now().Add(h.options.WriteTimeout))
		if _, err := w.Write(text); err != nil {
			letGo()
			return err
		}
		return out.Flush()
	}
}

func event(name string, data []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", name, data)
	return b.Bytes()
}
