package push

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
)

// maxAnswer is far above any answer FCM gives.
const maxAnswer = 1 << 20

// errNoMoreAttempts ends a send before the SDK begins to wait.
var errNoMoreAttempts = errors.New("no more attempts in this send")

type attemptsKey struct{}

// attempts notes FCM's answers during one send, and ends the send when the caller must decide whether
// to try again.
type attempts struct {
	stop context.CancelCauseFunc

	mu      sync.Mutex
	count   int
	answer  *http.Response // the newest 503, without its body; nil if none
	network error          // the newest network error; nil if none
}

func withAttempts(ctx context.Context) (context.Context, *attempts) {
	ctx, stop := context.WithCancelCause(ctx)
	a := &attempts{stop: stop}
	return context.WithValue(ctx, attemptsKey{}, a), a
}

func (a *attempts) note(resp *http.Response, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count++
	switch {
	case err != nil:
		a.network = err
		if a.count > 1 {
			a.stop(errNoMoreAttempts)
		}
	case resp.StatusCode == http.StatusServiceUnavailable:
		a.answer = resp
		a.stop(errNoMoreAttempts)
	}
}

func (a *attempts) seen() (count int, answer *http.Response, network error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.count, a.answer, a.network
}

// watched reports the outcome of each request to its send's attempts. It is the outermost transport,
// so it also sees if an access token could not be fetched.
type watched struct{ next http.RoundTripper }

// RoundTrip passes the request on and the answer back, both unchanged.
func (t watched) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(r)
	a, ok := r.Context().Value(attemptsKey{}).(*attempts)
	if !ok {
		return resp, err
	}
	if err == nil {
		// The body is read here, so that an answer cut off halfway counts as a
		// network error, and so that ending the send cannot cost the connection.
		err = buffer(resp)
	}
	a.note(resp, err)
	if err != nil {
		return nil, err
	}
	return resp, nil
}

// buffer reads the whole body and puts it back.
func buffer(resp *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	_ = resp.Body.Close() // everything is read, so a failure to close loses nothing
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return err
}
