package notify

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/push"
)

const (
	// checkpointSize is how many answers make a checkpoint while others are awaited.
	checkpointSize = 10
	// patience is how long an answer may wait for others to share its checkpoint.
	patience = 25 * time.Millisecond
	// signOfLife is how often a sender that hears nothing renews its lease.
	signOfLife = leaseTime / 3
)

// answer is what Firebase said of a device.
type answer struct {
	device Device
	result push.Result
}

// flight is the devices of a chunk on their way. Each begun holds a permit until
// its answer is in a checkpoint. A checkpoint says how far has been begun, and
// which of those have no answer yet: so nobody waits for the slowest.
type flight struct {
	*Notifier
	j        *job
	c        *chunk
	render   func(Device) push.Message
	devices  []Device            // not begun, in the order of their places
	open     map[string]struct{} // ids of those begun that are in no checkpoint
	answers  chan answer         // of those open
	answered []answer            // taken from answers, and in no checkpoint
	wait     time.Duration       // how long the rest has to wait
}

// sendDevices sends until all is through, until the rest has to wait, or until ctx
// ends. What has begun is brought to its end in any case: nothing is to be sent
// twice because a process is told to stop. left is how many have not begun.
func (n *Notifier) sendDevices(ctx context.Context, j *job, c *chunk, devices []Device, render func(Device) push.Message) (left int, wait time.Duration, err error) {
	f := &flight{Notifier: n, j: j, c: c, render: render, devices: devices,
		open: map[string]struct{}{}, answers: make(chan answer, n.pool.ceiling)}
	defer f.land()
	whole := context.WithoutCancel(ctx)
	for {
		if err := f.begin(ctx, whole); err != nil {
			return 0, 0, err
		}
		if len(f.open) == 0 {
			return len(f.devices), f.wait, nil
		}
		f.gather(ctx)
		if err := f.checkpoint(whole); err != nil {
			return 0, 0, err
		}
	}
}

// rests reports whether no more may begin.
func (f *flight) rests(ctx context.Context) bool {
	return len(f.devices) == 0 || f.wait > 0 || ctx.Err() != nil
}

// begin sends to as many devices as there are permits; if nothing is under way it
// waits for one, unless ctx ends. A device of a platform that rests is not asked.
func (f *flight) begin(ctx, whole context.Context) error {
	if f.rests(ctx) {
		return nil
	}
	permits := f.pool.try(len(f.devices), f.c.Rank == 0)
	if permits == 0 {
		if len(f.open) > 0 {
			return nil
		}
		var err error
		if permits, err = f.pool.take(ctx, len(f.devices), f.c.Rank == 0); err != nil {
			return nil //nolint:nilerr // the process is to stop: that is no error
		}
	}
	if ok, err := f.gates.spend(whole, permits); err != nil || !ok {
		f.pool.give(permits, false)
		now := f.DB.Now()
		f.wait = now.Truncate(time.Minute).Add(time.Minute).Sub(now)
		return err
	}
	if f.c.Until.Sub(f.DB.Now()) < sendTime {
		// Reading, or waiting for permits, took long: somebody else may be at it.
		if err := f.store.saveChunk(whole, f.c); err != nil {
			f.pool.give(permits, false)
			return err
		}
	}
	for at, d := range f.devices[:permits] {
		if err := f.send(whole, d); err != nil {
			f.pool.give(permits-at, false)
			return err
		}
	}
	f.devices = f.devices[permits:]
	return nil
}

func (f *flight) send(ctx context.Context, d Device) error {
	until, err := f.gates.closed(ctx, d.Platform)
	if err != nil {
		return err
	}
	f.open[d.ID] = struct{}{}
	f.c.After = max(f.c.After, place(d))
	if !until.IsZero() {
		f.answers <- answer{d, push.Result{Outcome: push.PlatformDown, Reason: "PLATFORM_PAUSED"}}
		return nil
	}
	message := f.render(d)
	go func() { f.answers <- answer{d, f.Sender.Send(ctx, d.Device, message)} }()
	return nil
}

// gather takes answers until there are enough for a checkpoint, until the first of
// them has waited for long, or until the lease is to be renewed. While more may
// begin it does not wait for all that are open.
func (f *flight) gather(ctx context.Context) {
	enough := len(f.open)
	if !f.rests(ctx) {
		enough = min(checkpointSize, (enough+1)/2)
	}
	timeout := time.NewTimer(signOfLife)
	defer timeout.Stop()
	for len(f.answered) < enough {
		select {
		case a := <-f.answers:
			if f.answered = append(f.answered, a); len(f.answered) == 1 {
				timeout.Reset(patience)
			}
		case <-timeout.C:
			return
		}
	}
	for len(f.answered) < len(f.open) {
		select {
		case a := <-f.answers:
			f.answered = append(f.answered, a)
		default:
			return
		}
	}
}

// checkpoint writes down what came of those answered, and gives their permits back.
func (f *flight) checkpoint(ctx context.Context) error {
	lines := make([]Handover, len(f.answered))
	var wait time.Duration
	isSlow := false
	now := f.DB.Now()
	for i, a := range f.answered {
		switch a.result.Outcome {
		case push.QuotaExceeded:
			isSlow, wait = true, max(wait, a.result.RetryAfter)
		case push.Retry:
			isSlow = true
		}
		if err := f.note(ctx, f.j, f.c, a.device, a.result); err != nil {
			return err
		}
		lines[i] = f.c.handover(f.j, a.device, a.result, now)
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
	f.c.Open = f.unanswered()
	if err := f.store.saveChunk(ctx, f.c); err != nil {
		return err
	}
	for _, a := range f.answered {
		delete(f.open, a.device.ID)
	}
	f.pool.give(len(f.answered), isSlow)
	f.answered = f.answered[:0]
	return nil
}

// unanswered are the devices up to the place of the checkpoint that have no answer:
// those on their way, and those that an earlier worker left open and that have not
// begun again.
func (f *flight) unanswered() []string {
	heard := make(map[string]bool, len(f.answered))
	for _, a := range f.answered {
		heard[a.device.ID] = true
	}
	var ids []string
	for deviceID := range f.open {
		if !heard[deviceID] {
			ids = append(ids, deviceID)
		}
	}
	for _, d := range f.devices {
		if place(d) > f.c.After {
			break
		}
		ids = append(ids, d.ID)
	}
	slices.Sort(ids)
	return ids
}

// land waits for what is still under way after an error, and gives the permits
// back.
func (f *flight) land() {
	for len(f.answered) < len(f.open) {
		f.answered = append(f.answered, <-f.answers)
	}
	if len(f.open) > 0 {
		f.pool.give(len(f.open), false)
	}
}
