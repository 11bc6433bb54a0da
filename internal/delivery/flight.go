package delivery

import (
	"context"
	"errors"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/push"
)

const (
	// checkpointSize is how many answers make a checkpoint while more are expected.
	checkpointSize = 10
	// patience is how long an answer may wait for others to share its checkpoint.
	patience = 25 * time.Millisecond
	// signOfLife is how often a sender that gets no answers renews its lease.
	signOfLife = leaseTime / 3
)

// answer is Firebase's answer for a device.
type answer struct {
	device Device
	result push.Result
}

// flight sends to the devices of a chunk. Each device that has begun holds a permit
// until its answer is in a checkpoint. A checkpoint says up to which device the flight
// has begun, and which of these have no answer yet, so that no device waits for the
// slowest one.
type flight struct {
	*Notifier
	j        *job
	c        *chunk
	render   func(Device) push.Message
	devices  []Device            // devices that have not begun, in the order of their places
	open     map[string]struct{} // ids of devices that have begun and whose answer is not accounted for
	underWay int                 // how many of the open devices have no answer yet
	answers  chan answer         // answers of open devices as they come
	answered []answer            // answers that have come and are not accounted for
	owed     int                 // permits of answers that are accounted for, but in no checkpoint
	isSlow   bool                // Firebase has asked for a slower pace since the last checkpoint
	wait     time.Duration       // how long the other devices have to wait
}

// sendDevices sends until all devices are served, until the rest has to wait, or until
// ctx ends. Sends that have begun are finished in any case, so that a process that is
// told to stop causes no repeats. left is how many devices have not begun.
func (n *Notifier) sendDevices(ctx context.Context, j *job, c *chunk, devices []Device, render func(Device) push.Message) (left int, wait time.Duration, err error) {
	f := &flight{Notifier: n, j: j, c: c, render: render, devices: devices,
		open: map[string]struct{}{}, answers: make(chan answer, n.pool.ceiling)}
	whole := context.WithoutCancel(ctx)
	defer f.land()
	err = fault.Catch(func() error { return f.fly(ctx, whole) })
	switch {
	case errors.Is(err, mongodb.ErrFenced):
		return 0, 0, f.last(whole, err)
	case err != nil:
		return 0, 0, errors.Join(err, fault.Catch(func() error { return f.salvage(whole) }))
	}
	return len(f.devices), f.wait, nil
}

func (f *flight) fly(ctx, whole context.Context) error {
	for {
		if err := f.begin(ctx, whole); err != nil {
			return err
		}
		if len(f.open) == 0 {
			return nil
		}
		f.gather(ctx)
		if err := f.checkpoint(whole); err != nil {
			return err
		}
	}
}

// rests reports whether no more devices may begin.
func (f *flight) rests(ctx context.Context) bool {
	return len(f.devices) == 0 || f.wait > 0 || f.c.stop != "" || ctx.Err() != nil
}

// begin sends to as many devices as there are permits. If nothing is under way it waits
// for a permit, unless ctx ends. It does not send to devices of a platform that rests.
func (f *flight) begin(ctx, whole context.Context) error {
	if f.rests(ctx) {
		return nil
	}
	until, err := f.gates.closed(whole, everything)
	if err != nil || !until.IsZero() {
		f.wait = until.Sub(f.DB.Now())
		return err
	}
	permits := f.pool.try(len(f.devices), f.c.Rank <= 0)
	if permits == 0 {
		if len(f.open) > 0 {
			return nil
		}
		if permits, err = f.pool.take(ctx, len(f.devices), f.c.Rank <= 0); err != nil {
			return nil //nolint:nilerr // the process is stopping, which is no error
		}
	}
	if ok, err := f.gates.spend(whole, permits); err != nil || !ok {
		f.pool.give(permits, false)
		now := f.DB.Now()
		f.wait = now.Truncate(time.Minute).Add(time.Minute).Sub(now)
		return err
	}
	if f.c.Until.Sub(f.DB.Now()) < sendTime {
		// Reading, or waiting for permits, has taken so long that another worker may
		// have taken the chunk. Saving it finds out.
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
	f.underWay++
	f.c.After = max(f.c.After, place(d))
	if !until.IsZero() {
		f.answers <- answer{d, push.Result{Outcome: push.PlatformDown, Reason: "PLATFORM_PAUSED", RetryAfter: until.Sub(f.DB.Now())}}
		return nil
	}
	var message push.Message
	if r := f.guard(ctx, d, func() push.Result { message = f.render(d); return push.Result{} }); r.Err != nil {
		f.answers <- answer{d, r}
		return nil //nolint:nilerr // the error is the answer for this device
	}
	go func() {
		f.answers <- answer{d, f.guard(ctx, d, func() push.Result { return f.Sender.Send(ctx, d.Device, message) })}
	}()
	return nil
}

// guard calls do for one device. If it panics, the message cannot be sent to that
// device, and the others are not affected.
func (f *flight) guard(ctx context.Context, d Device, do func() push.Result) (r push.Result) {
	err := fault.Catch(func() error {
		r = do()
		return nil
	})
	if err != nil {
		f.Log.ErrorContext(ctx, "a push cannot be made", "job", f.c.Job, "device", d.ID, "error", err, "stack", fault.StackOf(err))
		r = push.Result{Outcome: push.BadPayload, Reason: "PANIC", Err: err}
	}
	return r
}

// gather takes answers until there are enough for a checkpoint, until the first of
// them has waited long enough, or until the lease must be renewed. While more devices
// may begin, it does not wait for all open ones.
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
			if f.take(a); len(f.answered) == 1 {
				timeout.Reset(patience)
			}
		case <-timeout.C:
			return
		}
	}
	for f.underWay > 0 {
		select {
		case a := <-f.answers:
			f.take(a)
		default:
			return
		}
	}
}

func (f *flight) take(a answer) {
	f.underWay--
	f.answered = append(f.answered, a)
}

// last accounts for the pushes that were under way when the chunk was taken away. If
// its job was stopped and no other worker has the chunk, the report counts what went
// out.
func (f *flight) last(ctx context.Context, fenced error) error {
	for f.underWay > 0 {
		f.take(<-f.answers)
	}
	return errors.Join(fenced, f.account(ctx), f.store.saveStopped(ctx, f.c))
}

// salvage records the answers of the devices that have begun before an error ends the
// flight.
func (f *flight) salvage(ctx context.Context) error {
	for f.underWay > 0 {
		f.take(<-f.answers)
	}
	err := f.account(ctx)
	f.c.Open = f.unanswered()
	return errors.Join(err, f.store.saveChunk(ctx, f.c))
}

// land waits for the answers that are still under way after an error, and gives the
// permits back.
func (f *flight) land() {
	for f.underWay > 0 {
		f.take(<-f.answers)
	}
	f.pool.give(len(f.open)+f.owed, false)
}
