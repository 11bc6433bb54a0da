package delivery

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/inbox"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
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
	open     map[string]struct{} // ids of those begun whose answer is not accounted for
	underWay int                 // of those, how many have none yet
	answers  chan answer         // theirs
	answered []answer            // taken from answers, and not accounted for
	owed     int                 // permits of answers that are accounted for, but in no checkpoint
	isSlow   bool                // Firebase asked for less since the last checkpoint
	wait     time.Duration       // how long the rest has to wait
}

// sendDevices sends until all is through, until the rest has to wait, or until ctx
// ends. What has begun is brought to its end in any case: nothing is to be sent
// twice because a process is told to stop. left is how many have not begun.
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

// rests reports whether no more may begin.
func (f *flight) rests(ctx context.Context) bool {
	return len(f.devices) == 0 || f.wait > 0 || f.c.stop != "" || ctx.Err() != nil
}

// begin sends to as many devices as there are permits; if nothing is under way it
// waits for one, unless ctx ends. A device of a platform that rests is not asked.
func (f *flight) begin(ctx, whole context.Context) error {
	if f.rests(ctx) {
		return nil
	}
	until, err := f.gates.closed(whole, everything)
	if err != nil || !until.IsZero() {
		f.wait = until.Sub(f.DB.Now())
		return err
	}
	permits := f.pool.try(len(f.devices), f.c.Rank == 0)
	if permits == 0 {
		if len(f.open) > 0 {
			return nil
		}
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
	f.underWay++
	f.c.After = max(f.c.After, place(d))
	if !until.IsZero() {
		f.answers <- answer{d, push.Result{Outcome: push.PlatformDown, Reason: "PLATFORM_PAUSED", RetryAfter: until.Sub(f.DB.Now())}}
		return nil
	}
	var message push.Message
	if r := f.guard(ctx, d, func() push.Result { message = f.render(d); return push.Result{} }); r.Err != nil {
		f.answers <- answer{d, r}
		return nil //nolint:nilerr // it is the answer for this device
	}
	go func() {
		f.answers <- answer{d, f.guard(ctx, d, func() push.Result { return f.Sender.Send(ctx, d.Device, message) })}
	}()
	return nil
}

// guard does something for one device. A panic in it is that device's: the message
// cannot be sent to it.
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

// checkpoint writes down what came of those answered, and gives their permits back.
// What could not be done about an answer is an error, but does not keep the others from
// being written down: people who have the push must not get it again.
func (f *flight) checkpoint(ctx context.Context) error {
	errAccount := f.account(ctx)
	f.c.Open = f.unanswered()
	if err := f.store.saveChunk(ctx, f.c); err != nil {
		return errors.Join(errAccount, err)
	}
	f.pool.give(f.owed, f.isSlow)
	f.owed, f.isSlow = 0, false
	if errAccount != nil {
		return errAccount
	}
	if f.c.stop != "" {
		// What was under way is counted by the last checkpoint.
		return f.StopJob(ctx, f.j.Key, notify.StopBadMessage, f.c.stop)
	}
	return nil
}

// account draws the consequences of what was answered, counts it and writes it
// into the ledger.
func (f *flight) account(ctx context.Context) error {
	var lines []inbox.Handover
	var wait time.Duration
	var errs []error
	now := f.DB.Now()
	if len(f.answered) > 0 {
		f.c.Tries = 0 // it comes further
	}
	for len(f.answered) > 0 {
		a := f.answered[0]
		f.answered = f.answered[1:]
		delete(f.open, a.device.ID)
		f.owed++
		switch a.result.Outcome {
		case push.QuotaExceeded:
			f.isSlow, wait = true, max(wait, a.result.RetryAfter)
		case push.Retry:
			f.isSlow = true
		}
		errs = append(errs, f.note(ctx, f.c, a.device, a.result))
		if a.result.Err != nil || a.result.Outcome == push.Sent || !slices.Contains(f.c.Only, a.device.ID) {
			// That it rests is said once.
			lines = append(lines, f.c.handover(f.j, a.device, a.result, now))
		}
	}
	if wait > 0 {
		f.wait = max(f.wait, wait)
		errs = append(errs, f.gates.close(ctx, everything, wait))
	}
	return errors.Join(append(errs, f.keeper.AddHandovers(ctx, lines))...)
}

// unanswered are the devices up to the place of the checkpoint that have no answer:
// those on their way, and those that an earlier worker left open and that have not
// begun again.
func (f *flight) unanswered() []string {
	ids := slices.Collect(maps.Keys(f.open))
	for _, d := range f.devices {
		if place(d) > f.c.After {
			break
		}
		ids = append(ids, d.ID)
	}
	slices.Sort(ids)
	return ids
}

// last accounts for what was under way when the chunk was taken away: if its job
// was stopped, and nobody else is at it, the report counts what went out.
func (f *flight) last(ctx context.Context, fenced error) error {
	for f.underWay > 0 {
		f.take(<-f.answers)
	}
	return errors.Join(fenced, f.account(ctx), f.store.saveStopped(ctx, f.c))
}

// salvage writes down what is known of the devices begun before an error ends the
// flight.
func (f *flight) salvage(ctx context.Context) error {
	for f.underWay > 0 {
		f.take(<-f.answers)
	}
	err := f.account(ctx)
	f.c.Open = f.unanswered()
	return errors.Join(err, f.store.saveChunk(ctx, f.c))
}

// land waits for what is still under way after an error, and gives the permits
// back.
func (f *flight) land() {
	for f.underWay > 0 {
		f.take(<-f.answers)
	}
	f.pool.give(len(f.open)+f.owed, false)
}
