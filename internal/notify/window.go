package notify

import (
	"context"
	"sync"
	"time"

	"faellesskab/internal/push"
)

// windowSize is how many sends make a window. Several windows are under way at
// once, so that nobody waits for the slowest of all.
const windowSize = 10

// window is a batch of sends under way.
type window struct {
	batch   []Device
	results []push.Result // to be read when done is closed
	done    chan struct{}
}

// flight is the devices of a chunk on their way: a checkpoint is made of windows in
// their order, and only then are their permits given back.
type flight struct {
	*Notifier
	j       *job
	c       *chunk
	render  func(Device) push.Message
	devices []Device      // not begun
	windows []*window     // under way, in order
	wait    time.Duration // how long the rest has to wait
}

// sendDevices sends until all is through, until the rest has to wait, or until ctx
// ends. What has begun is brought to its end in any case: nothing is to be sent
// twice because a process is told to stop. left is how many have not begun.
func (n *Notifier) sendDevices(ctx context.Context, j *job, c *chunk, devices []Device, render func(Device) push.Message) (left int, wait time.Duration, err error) {
	f := &flight{Notifier: n, j: j, c: c, render: render, devices: devices}
	defer f.land()
	whole := context.WithoutCancel(ctx)
	for {
		for len(f.devices) > 0 && f.wait == 0 && ctx.Err() == nil {
			begun, err := f.begin(ctx, whole)
			if err != nil {
				return 0, 0, err
			}
			if !begun {
				break
			}
		}
		if len(f.windows) == 0 {
			return len(f.devices), f.wait, nil
		}
		if err := f.checkpoint(whole); err != nil {
			return 0, 0, err
		}
	}
}

// begin begins a window if there are permits; if nothing is under way it waits for
// them, unless ctx ends.
func (f *flight) begin(ctx, whole context.Context) (begun bool, err error) {
	permits := f.pool.try(min(windowSize, len(f.devices)), f.c.Rank == 0)
	if permits == 0 {
		if len(f.windows) > 0 {
			return false, nil
		}
		if permits, err = f.pool.take(ctx, min(windowSize, len(f.devices)), f.c.Rank == 0); err != nil {
			return false, nil //nolint:nilerr // the process is to stop: that is no error
		}
	}
	w := &window{batch: f.devices[:permits], results: make([]push.Result, permits), done: make(chan struct{})}
	if ok, err := f.gates.spend(whole, permits); err != nil || !ok {
		f.pool.give(permits, false)
		now := f.DB.Now()
		f.wait = now.Truncate(time.Minute).Add(time.Minute).Sub(now)
		return false, err
	}
	if f.c.Until.Sub(f.DB.Now()) < sendTime {
		// Reading, or waiting for permits, took long: somebody else may be at it.
		if err := f.store.saveChunk(whole, f.c); err != nil {
			f.pool.give(permits, false)
			return false, err
		}
	}
	f.windows, f.devices = append(f.windows, w), f.devices[permits:]
	return true, f.send(whole, w)
}

// send sends a window to its devices at once. A device of a platform that rests is
// not asked.
func (f *flight) send(ctx context.Context, w *window) error {
	var sends sync.WaitGroup
	defer func() {
		go func() {
			sends.Wait()
			close(w.done)
		}()
	}()
	for i, d := range w.batch {
		until, err := f.gates.closed(ctx, d.Platform)
		if err != nil {
			return err
		}
		if !until.IsZero() {
			w.results[i] = push.Result{Outcome: push.PlatformDown, Reason: "PLATFORM_PAUSED"}
			continue
		}
		message := f.render(d)
		sends.Go(func() { w.results[i] = f.Sender.Send(ctx, d.Device, message) })
	}
	return nil
}

// checkpoint waits for the oldest window and writes down what came of it, and of
// those after it that are through as well.
func (f *flight) checkpoint(ctx context.Context) error {
	through := 0
	var lines []Handover
	var wait time.Duration
	slow := make([]bool, len(f.windows))
	for i, w := range f.windows {
		if i > 0 && !w.isDone() {
			break
		}
		<-w.done
		through++
		for at, r := range w.results {
			slow[i] = slow[i] || r.Outcome == push.QuotaExceeded || r.Outcome == push.Retry
			if r.Outcome == push.QuotaExceeded {
				wait = max(wait, r.RetryAfter)
			}
			if err := f.note(ctx, f.j, f.c, w.batch[at], r); err != nil {
				return err
			}
			lines = append(lines, f.c.handover(f.j, w.batch[at], r, f.DB.Now()))
		}
		f.c.After = place(w.batch[len(w.batch)-1])
	}
	if wait > 0 {
		f.wait = max(f.wait, wait)
		if err := f.gates.close(ctx, everything, wait); err != nil {
			return err
		}
	}
	if err := f.store.addHandovers(ctx, lines); err != nil {
		return err
	}
	if err := f.store.saveChunk(ctx, f.c); err != nil {
		return err
	}
	for i, w := range f.windows[:through] {
		f.pool.give(len(w.batch), slow[i])
	}
	f.windows = f.windows[through:]
	return nil
}

func (w *window) isDone() bool {
	select {
	case <-w.done:
		return true
	default:
		return false
	}
}

// land waits for what is still under way after an error, and gives the permits
// back.
func (f *flight) land() {
	for _, w := range f.windows {
		<-w.done
		f.pool.give(len(w.batch), false)
	}
}
