package fcmsim

import (
	"context"
	"net/http"
	"sync"
	"time"

	"faellesskab/internal/clock"
)

const defaultKeep = 10_000

// Options say how the simulator behaves. The zero value is useful.
type Options struct {
	Clock  clock.Clock // nil: the machine's
	OnPush func(Push)  // called for each push before it is answered, from many goroutines; nil: nothing
	Keep   int         // how many pushes the log keeps, the newest; 0 is 10,000
}

// Push is a message as a phone got it.
type Push struct {
	Device      string            `json:"device"`   // token, installation id, or what else it was addressed to
	Platform    string            `json:"platform"` // ANDROID, IOS or WEB; empty if it was dressed for all
	Title       string            `json:"title"`
	Body        string            `json:"body"`
	Data        map[string]string `json:"data"`              // never nil; not to be changed
	Channel     string            `json:"channel"`           // Android's; empty elsewhere
	Sound       string            `json:"sound"`             // "default", or empty for none
	Badge       *int              `json:"badge"`             // the number on the app's icon; null if it stays as it is
	Thread      string            `json:"thread"`            // what it is grouped with on the screen; empty: nothing
	Level       string            `json:"level"`             // passive, active or time-sensitive
	Actions     []Action          `json:"actions"`           // its buttons; never nil
	CollapseKey string            `json:"collapseKey"`       // what it replaces while it waits; empty: nothing
	Tag         string            `json:"tag,omitempty"`     // what it replaces on the screen; empty: nothing
	Link        string            `json:"link,omitempty"`    // what it opens in a browser
	Removes     []string          `json:"removes,omitempty"` // tags of what it takes off the screen; it shows nothing itself
	ReceivedAt  time.Time         `json:"receivedAt"`
}

// Action is a button on a push, and the call that a tap makes.
type Action struct {
	Name     string            `json:"name"`
	Title    string            `json:"title"`
	Mutation string            `json:"mutation"`
	Input    map[string]string `json:"input"`
}

// Simulator is FCM's endpoint as an http.Handler. Safe for concurrent use.
type Simulator struct {
	clock  clock.Clock
	onPush func(Push)
	keep   int
	mux    *http.ServeMux

	mu        sync.Mutex
	log       ring[happening]
	tries     ring[Try]
	received  int // since the last Reset, also what the log dropped
	requests  int
	counts    map[string]int
	scripts   map[string][]Answer
	platforms map[string]Answer
	every     int // which message, counted from the first, gets everyNth; 0: none
	everyNth  Answer
	turn      int
	off       map[string][]arrival   // what waits for phones that are off
	woken     map[string][]time.Time // when background pushes woke an iPhone's app in the last hour
	fallback  Answer
	waiting   []waiter
	connected int       // clients of all servers that Start has started
	left      sync.Cond // signalled when a client has gone
}

type waiter struct {
	n       int
	arrived chan struct{}
}

// New returns a simulator that takes every message.
func New(o Options) *Simulator {
	s := &Simulator{clock: o.Clock, onPush: o.OnPush, keep: o.Keep, mux: http.NewServeMux()}
	if s.clock == nil {
		s.clock = clock.System{}
	}
	s.left.L = &s.mu
	if s.keep <= 0 {
		s.keep = defaultKeep
	}
	s.Reset()
	s.mux.HandleFunc("GET /log", s.showLog)
	s.mux.HandleFunc("GET /screen", s.showScreen)
	s.mux.HandleFunc("POST /v1/projects/{project}/messages:send", s.send)
	return s
}

// ServeHTTP answers as FCM would.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Pushes are what phones showed, oldest first.
func (s *Simulator) Pushes() []Push { return s.logged(func(p Push) bool { return !p.isRemoval() }) }

// Removals are the messages that phones got and that only took something off the screen, oldest first.
func (s *Simulator) Removals() []Push { return s.logged(Push.isRemoval) }

func (p Push) isRemoval() bool { return len(p.Removes) > 0 }

func (s *Simulator) logged(is func(Push) bool) []Push {
	s.mu.Lock()
	defer s.mu.Unlock()
	pushes := make([]Push, 0, len(s.log.list))
	for _, h := range s.log.all() {
		if h.what == arrived && is(h.push) {
			pushes = append(pushes, h.push)
		}
	}
	return pushes
}

// Count is how many pushes that device got, also those the log dropped.
func (s *Simulator) Count(device string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[device]
}

// Received is how many pushes arrived at all devices together.
func (s *Simulator) Received() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.received
}

// Devices is how many different devices got a push.
func (s *Simulator) Devices() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.counts)
}

// Requests is how many times anything was asked to be sent, whatever the answer.
func (s *Simulator) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// WaitFor returns once at least n pushes arrived since the last Reset, or with
// ctx's error.
func (s *Simulator) WaitFor(ctx context.Context, n int) error {
	s.mu.Lock()
	if s.received >= n {
		s.mu.Unlock()
		return nil
	}
	w := waiter{n: n, arrived: make(chan struct{})}
	s.waiting = append(s.waiting, w)
	s.mu.Unlock()

	select {
	case <-w.arrived:
		return nil
	case <-ctx.Done():
		s.forget(w)
		return ctx.Err()
	}
}

func (s *Simulator) forget(gone waiter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, w := range s.waiting {
		if w.arrived == gone.arrived {
			s.waiting = append(s.waiting[:i], s.waiting[i+1:]...)
			return
		}
	}
}

// WaitAlone returns once no client is connected, or with ctx's error. All that clients had sent
// before they died has arrived by then. It knows clients whose connection a server has accepted.
func (s *Simulator) WaitAlone(ctx context.Context) error {
	defer context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.left.Broadcast()
	})()
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.connected > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.left.Wait()
	}
	return nil
}

// connect counts one client more, or less by -1.
func (s *Simulator) connect(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.connected += n
	s.left.Broadcast()
}

// Reset empties the log, the counts and the scripts.
func (s *Simulator) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log, s.tries, s.received, s.requests = ring[happening]{}, ring[Try]{}, 0, 0
	s.counts, s.scripts = map[string]int{}, map[string][]Answer{}
	s.fallback = OK()
	s.platforms, s.every, s.turn = map[string]Answer{}, 0, 0
	s.off, s.woken = map[string][]arrival{}, map[string][]time.Time{}
}
