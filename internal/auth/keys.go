package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/MicahParks/jwkset"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
)

// These durations say how often keys are fetched. Google publishes a new key hours before it
// signs with it, so an hourly fetch is often enough.
const (
	fetchTimeout    = 3 * time.Second
	refreshInterval = time.Hour
	firstRetry      = time.Second // after a failed fetch, doubled each time
	longestRetry    = time.Minute
	unknownKeyPause = time.Minute // between fetches caused by unknown key ids
)

var (
	errNoKeys      = errors.New("no signing keys")
	errEmptyKeySet = errors.New("key set without usable keys")
)

// remoteKeys are the public keys behind a URL, as a jwkset.Storage.
//
// One goroutine does all fetching, so that requests cannot cause more of it. jwkset's own
// client is not used for that: it waits an hour after a failed first fetch, lets a caller
// who hangs up abort the fetch for everybody, and accepts an empty answer.
type remoteKeys struct {
	jwkset.Storage // what the last good fetch brought

	url    string
	client *http.Client
	clock  clock.Clock
	logger *slog.Logger

	wanted  chan struct{} // a fetch is asked for; holds one
	stop    context.CancelFunc
	stopped chan struct{} // closed when the goroutine has ended

	mu      sync.Mutex
	pending chan struct{} // closed when the fetch under way ends; nil if none is
	asked   time.Time     // when an unknown key id last caused a fetch
	known   bool          // whether any fetch has succeeded
	failure error         // why the last fetch failed; nil if it did not
}

// newRemoteKeys starts fetching and does not wait for it. The goroutine ends
// with the context or with close.
func newRemoteKeys(ctx context.Context, url string, client *http.Client, c clock.Clock, logger *slog.Logger) *remoteKeys {
	ctx, stop := context.WithCancel(ctx)
	k := &remoteKeys{
		Storage: jwkset.NewMemoryStorage(),
		url:     url,
		client:  client,
		clock:   c,
		logger:  logger,
		wanted:  make(chan struct{}, 1),
		stop:    stop,
		stopped: make(chan struct{}),
		pending: make(chan struct{}), // the first fetch: early sign-ins wait for it
	}
	go k.run(ctx)
	return k
}

func (k *remoteKeys) close() {
	k.stop()
	<-k.stopped
}

// KeyRead is the key with that id. An unknown id causes a fetch, at most once a minute for
// all callers together, and the callers wait for it.
func (k *remoteKeys) KeyRead(ctx context.Context, kid string) (jwkset.JWK, error) {
	jwk, err := k.Storage.KeyRead(ctx, kid)
	if err == nil {
		return jwk, nil
	}
	if arrival := k.want(); arrival != nil {
		select {
		case <-arrival:
		case <-k.stopped:
		case <-ctx.Done():
			return jwkset.JWK{}, fmt.Errorf("%w: wait for them: %w", errNoKeys, context.Cause(ctx))
		}
		jwk, err = k.Storage.KeyRead(ctx, kid)
	}
	if err == nil {
		return jwk, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.known {
		return jwkset.JWK{}, fmt.Errorf("%w: %w", errNoKeys, errors.Join(k.failure, err))
	}
	return jwkset.JWK{}, err
}

// KeyReplaceAll takes the keys of a good fetch. It refuses an empty set, which counts as a
// failed fetch.
func (k *remoteKeys) KeyReplaceAll(ctx context.Context, given []jwkset.JWK) error {
	if len(given) == 0 {
		return errEmptyKeySet
	}
	return k.Storage.KeyReplaceAll(ctx, given)
}

// want asks for a fetch and returns the channel that closes at its end, or nil if the last
// fetch that was asked for is too recent.
func (k *remoteKeys) want() <-chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.pending != nil {
		return k.pending
	}
	now := k.clock.Now()
	// If the clock was set back, that must not delay new keys until it has caught up.
	if since := now.Sub(k.asked); since >= 0 && since < unknownKeyPause {
		return nil
	}
	k.asked = now
	k.pending = make(chan struct{})
	k.wanted <- struct{}{} // never blocks: begin empties it before pending is nil again
	return k.pending
}

func (k *remoteKeys) run(ctx context.Context) {
	defer close(k.stopped)
	retry := firstRetry
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-k.wanted:
		}
		k.begin()
		// An answer of another server must not take the process down.
		err := fault.Catch(func() error { return k.fetch(ctx) })
		if ctx.Err() != nil {
			return
		}
		k.end(err)
		if err == nil {
			retry = firstRetry
			timer.Reset(refreshInterval)
			continue
		}
		timer.Reset(retry)
		retry = min(2*retry, longestRetry)
	}
}

func (k *remoteKeys) begin() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.pending == nil {
		k.pending = make(chan struct{})
	}
	select {
	case <-k.wanted:
	default:
	}
}

func (k *remoteKeys) end(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case err != nil:
		k.logger.Warn("sign-in keys not refreshed", "url", k.url, "hasKeys", k.known, "error", err, "stack", fault.StackOf(err))
	case k.failure != nil:
		k.logger.Info("sign-in keys refreshed again", "url", k.url)
	}
	k.failure = err
	k.known = k.known || err == nil
	close(k.pending)
	k.pending = nil
}

// fetch reads the endpoint once. Without an interval the library's storage does one GET,
// parses and checks the answer, and hands it to KeyReplaceAll.
func (k *remoteKeys) fetch(ctx context.Context) error {
	_, err := jwkset.NewStorageFromHTTP(k.url, jwkset.HTTPClientStorageOptions{
		Client:      k.client,
		Ctx:         ctx,
		HTTPTimeout: fetchTimeout,
		Storage:     k,
	})
	return err
}
