package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faellesskab/internal/clock"
)

// The server starts while the endpoint is down; sign-ins work as soon as it is
// up, without a restart.
func TestKeysDownAtStart(t *testing.T) {
	e, now := newEndpoint(t), clock.NewManual(noon)
	e.answer(http.StatusServiceUnavailable, "")
	v, err := NewFirebaseVerifier(t.Context(), FirebaseOptions{
		ProjectID: project, JWKSURL: e.URL, Clock: now, HTTPClient: &http.Client{Transport: e.transport},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	token := sign(t, "one", keyOne, goodBody())
	wantRefusal(t, verify(v, token), "auth.keys.unavailable")
	wantRefusal(t, verify(v, "rubbish"), "auth.token.invalid") // no key would help
	e.publish("one", keyOne)
	now.Advance(unknownKeyPause)
	wantRefusal(t, verify(v, token), "")
}

// Known keys stay good, whatever the endpoint does after the first fetch.
func TestKeysKeptWhenRefreshFails(t *testing.T) {
	for name, break_ := range map[string]func(*endpoint){
		"error":         func(e *endpoint) { e.answer(http.StatusInternalServerError, keySet("two", keyTwo)) },
		"gone":          func(e *endpoint) { e.CloseClientConnections(); e.Close() },
		"empty object":  func(e *endpoint) { e.answer(http.StatusOK, "{}") },
		"empty set":     func(e *endpoint) { e.answer(http.StatusOK, `{"keys":[]}`) },
		"a page":        func(e *endpoint) { e.answer(http.StatusOK, "<html>sign in to the wifi</html>") },
		"half a set":    func(e *endpoint) { e.answer(http.StatusOK, keySet("two", keyTwo)[:200]) },
		"unusable keys": func(e *endpoint) { e.answer(http.StatusOK, `{"keys":[{"kty":"oct-new","kid":"x"}]}`) },
		"broken key":    func(e *endpoint) { e.answer(http.StatusOK, `{"keys":[{"kty":"RSA","kid":"one","n":"!","e":"AQAB"}]}`) },
	} {
		t.Run(name, func(t *testing.T) {
			v, e, now := newFixture(t)
			known, unknown := sign(t, "one", keyOne, goodBody()), sign(t, "two", keyTwo, goodBody())
			wantRefusal(t, verify(v, known), "")
			v.keys.settle() // keys are known a moment before their fetch has ended
			break_(e)
			now.Advance(unknownKeyPause)
			wantRefusal(t, verify(v, unknown), "auth.token.invalid") // causes a fetch
			wantRefusal(t, verify(v, known), "")
			v.keys.mu.Lock()
			defer v.keys.mu.Unlock()
			if v.keys.failure == nil {
				t.Error("the fetch did not fail")
			}
		})
	}
}

// settle waits until no fetch is under way.
func (k *remoteKeys) settle() {
	k.mu.Lock()
	pending := k.pending
	k.mu.Unlock()
	if pending != nil {
		<-pending
	}
}

// Many tokens with unknown keys cause one more fetch only.
func TestKeysFlood(t *testing.T) {
	v, e, now := newFixture(t)
	flood := func() {
		var all sync.WaitGroup
		for i := range 200 {
			token := sign(t, fmt.Sprint("flood", i), keyOne, goodBody())
			all.Go(func() { wantRefusal(t, verify(v, token), "auth.token.invalid") })
		}
		all.Wait()
	}
	flood()
	flood()
	if n := e.count(); n > 2 {
		t.Errorf("%d fetches, want at most 2", n)
	}
	before := e.count()
	now.Advance(unknownKeyPause)
	flood()
	if n := e.count() - before; n != 1 {
		t.Errorf("%d fetches a minute later, want 1", n)
	}
	now.Advance(-time.Hour) // a clock set back does not keep new keys out
	e.publish("two", keyTwo)
	wantRefusal(t, verify(v, sign(t, "two", keyTwo, goodBodyAt(now.Now()))), "")
}

// A caller who gives up stops waiting, and does not spoil the fetch for others.
func TestKeysCallerGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		web := &fakeWeb{delay: 2 * time.Second, status: http.StatusOK, body: keySet("one", keyOne)}
		v := newBubbleVerifier(t, web, nil)
		token := sign(t, "one", keyOne, goodBodyAt(time.Now()))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := v.Verify(ctx, token)
		wantRefusal(t, err, "auth.keys.unavailable")
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the deadline as the cause", err)
		}
		wantRefusal(t, verify(v, token), "")
		if n := web.count(); n != 1 {
			t.Errorf("%d fetches, want 1", n)
		}
	})
}

// An endpoint that hangs is given up after three seconds.
func TestKeysFetchTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		web := &fakeWeb{delay: time.Hour}
		v := newBubbleVerifier(t, web, nil)
		start := time.Now()
		wantRefusal(t, verify(v, sign(t, "one", keyOne, goodBodyAt(start))), "auth.keys.unavailable")
		if waited := time.Since(start); waited != fetchTimeout {
			t.Errorf("waited %s, want %s", waited, fetchTimeout)
		}
	})
}

// A fetch that began for another reason also answers a caller's wish for one. If that wish
// stayed, the next one would block with the lock held.
func TestKeysWishIsUsedUp(t *testing.T) {
	k := &remoteKeys{clock: clock.NewManual(noon), wanted: make(chan struct{}, 1), logger: slog.New(slog.DiscardHandler)}
	arrival := k.want()
	k.begin()
	if len(k.wanted) != 0 {
		t.Error("the wish is still there")
	}
	k.end(nil)
	select {
	case <-arrival:
	default:
		t.Error("whoever made the wish still waits")
	}
}

// In the background keys are fetched hourly when all is well, and after growing pauses when
// it is not.
func TestKeysBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines bytes.Buffer
		web := &fakeWeb{status: http.StatusOK, body: keySet("one", keyOne)}
		v := newBubbleVerifier(t, web, slog.New(slog.NewTextHandler(&lines, nil)))
		step := func(d time.Duration, fetches int) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			if n := web.count(); n != fetches {
				t.Errorf("%d fetches, want %d", n, fetches)
			}
		}
		step(refreshInterval-time.Second, 1)
		step(time.Second, 2)

		web.answer(http.StatusBadGateway, "")
		step(refreshInterval, 3)
		step(time.Second+2*time.Second+4*time.Second, 6)
		step(24*time.Hour, 6+3+24*60-1) // after 8, 16 and 32 seconds, then every minute
		wantRefusal(t, verify(v, sign(t, "one", keyOne, goodBodyAt(time.Now()))), "")

		web.answer(http.StatusOK, keySet("two", keyTwo))
		time.Sleep(longestRetry)
		synctest.Wait()
		wantRefusal(t, verify(v, sign(t, "two", keyTwo, goodBodyAt(time.Now()))), "")
		before := web.count()
		step(refreshInterval-longestRetry, before)

		v.Close()
		step(24*time.Hour, before)
		wantRefusal(t, verify(v, sign(t, "two", keyTwo, goodBodyAt(time.Now()))), "")
		for _, want := range []string{"hasKeys=true", "502", "refreshed again"} {
			if !strings.Contains(lines.String(), want) {
				t.Errorf("the log does not mention %q", want)
			}
		}
	})
}

// A panic while keys are fetched counts as a failed fetch.
func TestKeysPanic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		web := &fakeWeb{status: statusPanic}
		v := newBubbleVerifier(t, web, slog.New(slog.DiscardHandler))
		time.Sleep(firstRetry / 2)
		web.answer(http.StatusOK, keySet("one", keyOne))
		time.Sleep(firstRetry)
		wantRefusal(t, verify(v, sign(t, "one", keyOne, goodBodyAt(time.Now()))), "")
	})
}

// statusPanic makes the fetch panic.
const statusPanic = -1

// fakeWeb is an endpoint inside a bubble of time, where no sockets are.
type fakeWeb struct {
	delay time.Duration

	mu      sync.Mutex
	status  int
	body    string
	fetches int
}

func (w *fakeWeb) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.fetches++
	panics := w.status == statusPanic
	w.mu.Unlock()
	if panics {
		panic("oh no")
	}
	select {
	case <-time.After(w.delay):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return &http.Response{StatusCode: w.status, Body: io.NopCloser(strings.NewReader(w.body)), Request: r}, nil
}

func (w *fakeWeb) answer(status int, body string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status, w.body = status, body
}

func (w *fakeWeb) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.fetches
}

func newBubbleVerifier(t *testing.T, web *fakeWeb, logger *slog.Logger) *FirebaseVerifier {
	t.Helper()
	v, err := NewFirebaseVerifier(t.Context(), FirebaseOptions{
		ProjectID: project, JWKSURL: "http://keys.test/", Logger: logger, HTTPClient: &http.Client{Transport: web},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}
