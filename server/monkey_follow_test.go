package main

import (
	"bufio"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"
)

// followFor is how long a subscription is followed, and followAtOnce how many are followed at
// once.
const (
	followFor    = 3 * time.Second
	followAtOnce = 4
)

// followed are the subscriptions that the monkey follows besides its other work.
type followed struct {
	m     *monkey
	slots chan struct{}
	wait  sync.WaitGroup

	mu    sync.Mutex
	found *finding
}

func follow(m *monkey) *followed {
	f := &followed{m: m, slots: make(chan struct{}, followAtOnce)}
	m.t.Cleanup(f.stop)
	return f
}

// begin follows a subscription, unless too many are followed already.
func (f *followed) begin(c *call) {
	select {
	case f.slots <- struct{}{}:
	default:
		return
	}
	f.wait.Go(func() {
		defer func() { <-f.slots }()
		ctx, cancel := context.WithTimeout(context.Background(), followFor)
		defer cancel()
		f.listen(ctx, c)
	})
}

// listen judges the answers that arrive until time is up.
func (f *followed) listen(ctx context.Context, c *call) {
	res, err := f.m.request(ctx, c, "text/event-stream")
	if err != nil {
		return // time is up
	}
	defer res.Body.Close()
	prefixes := map[string]string{}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data:")
		if !ok || strings.TrimSpace(data) == "" {
			continue
		}
		got := answered{}
		if err := json.Unmarshal([]byte(data), &got.reply); err != nil {
			got.bad = data
		}
		if found := judge(c, got, prefixes); found != nil {
			found.detail += "\n" + c.String()
			f.mu.Lock()
			f.found = found
			f.mu.Unlock()
		}
	}
}

func (f *followed) finding() *finding {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.found
}

func (f *followed) stop() { f.wait.Wait() }
