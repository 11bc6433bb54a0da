package delivery

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/push"
)

// lane says which chunks a sender takes up. One sender takes only chunks of small jobs
// and of the first pages of large ones, so that these never wait for the rest of a
// large job.
type lane struct{ urgentOnly bool }

// sendNext takes up one chunk and sends it to its end, or as far as it may go now.
// worked is false if there was no chunk. A chunk that fails is put off or aside, and is
// no error, so that others go on.
func (n *Notifier) sendNext(ctx context.Context, l lane) (worked bool, err error) {
	if until, err := n.gates.closed(ctx, everything); err != nil || !until.IsZero() {
		return false, err
	}
	c, err := n.store.claimChunk(ctx, n.Owner, l.urgentOnly, n.understands)
	if err != nil || c == nil {
		return false, err
	}
	err = fault.Catch(func() error {
		if c.Begun > dead.MaxTries {
			return errSilent
		}
		return n.sendChunk(ctx, c)
	})
	n.eraseAgain(ctx, c.People)
	return true, n.fail(ctx, err, c)
}

func (n *Notifier) sendChunk(ctx context.Context, c *chunk) error {
	j, err := n.store.job(ctx, c.Job)
	if err != nil {
		return err
	}
	now := n.DB.Now()
	if j.State == stateStopped {
		c.State = stateStopped
		return n.store.saveChunk(ctx, c)
	}
	devices, told, err := n.devicesOf(ctx, j, c, now)
	if err != nil {
		return err
	}
	if err := n.reword(ctx, j, told); err != nil {
		return err
	}
	isDiscreet, err := n.comesDiscreetly(ctx, told)
	if err != nil {
		return err
	}
	render := n.renderer(j, told, isDiscreet, now)
	left, wait, err := n.sendDevices(ctx, j, c, devices, render)
	if err != nil {
		return err
	}
	if left > 0 {
		// The chunk goes on from its checkpoint after a while. If this process is
		// stopping, another one can go on at once.
		c.letGo = true
		if wait > 0 {
			c.NotBefore = n.DB.Now().Add(wait)
		}
		return n.store.saveChunk(context.WithoutCancel(ctx), c)
	}
	return n.finish(context.WithoutCancel(ctx), j, c)
}

func place(d Device) string { return d.PersonID + "/" + d.ID }

// rest is the part of a chunk that has still to be sent.
type rest struct {
	devices []Device                 // devices to serve, in the order of their places
	people  []string                 // people for whom to decide once more
	told    map[string]bool          // people who have had their turn on another device
	phones  map[string]notify.Phones // what their devices let through
}

// rest finds out which part of a chunk has still to be sent. Before the first send it has
// all people, also those without a device, since their decision may have to be undone.
// Later it has only people whose turn is still to come; people who have got the push are
// left alone. Devices that refuse the family are not served.
func (n *Notifier) rest(ctx context.Context, c *chunk, family notify.Family) (rest, error) {
	devices, err := n.Devices(ctx, c.People)
	if err != nil {
		return rest{}, err
	}
	devices = slices.DeleteFunc(devices, func(d Device) bool { return d.Rests || !d.isKnown() })
	r := rest{told: map[string]bool{}, phones: map[string]notify.Phones{}}
	for _, d := range devices {
		r.phones[d.PersonID] = append(r.phones[d.PersonID], d.Phone)
	}
	slices.SortFunc(devices, func(a, b Device) int { return cmp.Compare(place(a), place(b)) })
	if c.isFresh() {
		r.devices, r.people = slices.DeleteFunc(devices, func(d Device) bool { return d.Refuses(family) }), c.People
		return r, nil
	}
	for _, d := range devices {
		switch {
		case c.awaits(d):
			if !d.Refuses(family) {
				r.devices = append(r.devices, d)
			}
			r.people = append(r.people, d.PersonID)
		case !slices.Contains(c.Dead, d.ID) && !slices.Contains(c.Suspects, d.ID) && !d.Refuses(family):
			r.told[d.PersonID] = true
		}
	}
	r.people = slices.Compact(r.people) // works because they are sorted
	return r, nil
}

// isKnown reports whether this version knows how to send to the device. If not, the
// device is left to the newer version that has registered it. A device without a
// platform gets a message that fits all platforms.
func (d Device) isKnown() bool {
	return (d.Platform == "" || d.Platform.IsKnown()) && (d.Kind == push.KindToken || d.Kind == push.KindFID || d.Kind == "")
}

// devicesOf are the devices to serve now, with the notices of their people.
func (n *Notifier) devicesOf(ctx context.Context, j *job, c *chunk, now time.Time) ([]Device, map[string]told, error) {
	left, err := n.rest(ctx, c, n.Kinds.Of(j.Kind).Family)
	if err != nil || len(left.people) == 0 {
		return nil, nil, err
	}
	wanted, err := n.stillWanted(ctx, j, c, left, now)
	return slices.DeleteFunc(left.devices, func(d Device) bool { return wanted[d.PersonID].Notice == nil }), wanted, err
}

// reword gives people's notices the words of their push, so that the inbox says what the
// phone has said.
func (n *Notifier) reword(ctx context.Context, j *job, told map[string]told) error {
	if j.Kind == notify.KindSummary {
		return nil // each person's summary has words of its own
	}
	var old []string
	for _, notice := range told {
		if !maps.Equal(notice.Words, j.Data) {
			notice.Words = j.Data
			old = append(old, notice.ID)
		}
	}
	if len(old) == 0 {
		return nil
	}
	return n.keeper.SaveWords(ctx, old, j.Data, j.ExpiresAt)
}

// note acts on one answer. See the table in docs/OPERATIONS.md.
func (n *Notifier) note(ctx context.Context, c *chunk, d Device, r push.Result) error {
	if r.Err != nil {
		c.count(r.Reason)
	}
	switch r.Outcome {
	case push.Sent:
		c.took(d)
		if d.Doubted {
			return n.TrustDevice(ctx, d.ID)
		}
	case push.Gone:
		c.Gone++
		return n.RemoveDevices(ctx, d.ID)
	case push.Retry, push.QuotaExceeded:
		c.Retry = append(c.Retry, d.ID)
		c.again = max(c.again, r.RetryAfter)
	case push.PlatformDown:
		c.Resting = append(c.Resting, d.ID)
		if r.Err == nil {
			c.again = max(c.again, r.RetryAfter)
			return nil // it rested already
		}
		c.again = max(c.again, platformPause)
		n.Log.ErrorContext(ctx, "a push service refuses Firebase: its platform rests", "platform", d.Platform, "error", dead.Text(r.Err))
		return n.gates.close(ctx, d.Platform, platformPause)
	case push.BadDevice:
		c.Suspects = append(c.Suspects, d.ID)
		if !d.Doubtful {
			c.mark(&c.Refused, d.PersonID)
		}
	default:
		c.giveUp([]string{d.ID})
		c.Unreadable++
		c.mark(&c.Refused, d.PersonID)
		if c.isUnreadable() {
			c.stop = "Firebase cannot read the message: " + dead.Text(r.Err)
		}
	}
	return nil
}
