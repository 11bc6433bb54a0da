package gqlhttp

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

const typeEvents = "text/event-stream"

func wantsEvents(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.Contains(r.Header.Get("Accept"), typeEvents)
}

// serveEvents answers a POST with server-sent events: "next" for each answer and
// "complete" at the end, in the distinct connections mode of
// https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. A stream that
// ends without "complete" was lost, and is to be taken up again.
func (h *handler) serveEvents(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := h.live(r.Context())
	defer cancel()
	leave := h.options.onStop(cancel)
	defer leave()
	params, no := readRequest(w, r, h.options.Limits.Body)
	if no != nil {
		h.send(ctx, w, r, requestErrors(no.status, gqlerror.List{h.options.Fail(ctx, no.fault)}), &logEntry{}, time.Now())
		return
	}
	out := http.NewResponseController(w)
	// The server's deadline for reading a request would end the stream.
	_ = out.SetReadDeadline(time.Time{})
	noStore(w.Header())
	w.Header().Set("Content-Type", typeEvents)
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)

	write := func(text []byte) error {
		_ = out.SetWriteDeadline(time.Now().Add(h.options.WriteTimeout))
		if _, err := w.Write(text); err != nil {
			cancel()
			return err
		}
		return out.Flush()
	}
	if write([]byte(":\n\n")) != nil {
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
			_ = write([]byte(":\n\n"))
		}
	}
}

func event(name string, data []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", name, data)
	return b.Bytes()
}
