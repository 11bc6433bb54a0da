package notify

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"faellesskab/internal/i18n"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/push"
)

// window is how many sends are in flight, and how many a crash can repeat: the
// checkpoint follows each window.
const window = 50

// backoff are the waits before a device is tried again; after the last it is
// given up.
var backoff = []time.Duration{time.Minute, 3 * time.Minute, 7 * time.Minute, 15 * time.Minute, 31 * time.Minute}

// chunk is a page of people whose devices get a push.
type chunk struct {
	ID            string   `bson:"_id"`
	Job           string   `bson:"job"`
	People        []string `bson:"people"`
	State         string   `bson:"state"`
	mongodb.Lease `bson:",inline"`
	NotBefore     time.Time `bson:"notBefore"`
	After         string    `bson:"after"`           // the last device done, as "person/device"
	Retry         []string  `bson:"retry,omitempty"` // devices that failed for now
	Only          []string  `bson:"only,omitempty"`  // a later attempt: just these devices
	Attempt       int       `bson:"attempt"`
	Sent          int       `bson:"sent"`
	Gone          int       `bson:"gone"`
	Failed        int       `bson:"failed"`
	CreatedAt     time.Time `bson:"createdAt"`

	letGo bool // put off: the next save gives the lease back
}

// sendNext takes up one chunk and sends it to its end. worked is false if there
// was none.
func (n *Notifier) sendNext(ctx context.Context) (worked bool, err error) {
	c, err := n.store.claimChunk(ctx, n.Owner)
	if err != nil || c == nil {
		return false, err
	}
	err = n.sendChunk(ctx, c)
	if errors.Is(err, mongodb.ErrFenced) {
		return true, nil
	}
	return true, err
}

func (n *Notifier) sendChunk(ctx context.Context, c *chunk) error {
	j, err := n.store.job(ctx, c.Job)
	if err != nil {
		return err
	}
	now := n.DB.Now()
	devices, told, err := n.devicesOf(ctx, j, c, now)
	if err != nil {
		return err
	}
	render := renderer(j, told, now)
	for len(devices) > 0 {
		size := min(window, len(devices))
		batch := devices[:size]
		devices = devices[size:]
		pause, err := n.sendWindow(ctx, c, batch, render)
		if err != nil {
			return err
		}
		c.After = place(batch[size-1])
		if err := n.store.saveChunk(ctx, c); err != nil {
			return err
		}
		if pause > 0 && len(devices) > 0 {
			if err := n.sleep(ctx, c, pause); err != nil {
				return err
			}
		}
	}
	n.finish(c, now)
	return n.store.saveChunk(ctx, c)
}

// finish ends a chunk, or puts what failed for now off.
func (n *Notifier) finish(c *chunk, now time.Time) {
	if len(c.Retry) == 0 || c.Attempt >= len(backoff) {
		if len(c.Retry) > 0 {
			c.Failed += len(c.Retry)
			n.Log.Warn("pushes given up", "job", c.Job, "devices", len(c.Retry))
		}
		c.State, c.Retry = stateDone, nil
		return
	}
	wait := backoff[c.Attempt]
	c.NotBefore = now.Add(wait + time.Duration(rand.Int64N(int64(wait)/5))) //nolint:gosec // jitter needs no secrecy
	c.Only, c.Retry, c.After = c.Retry, nil, ""
	c.Attempt++
	c.letGo = true
}

func place(d Device) string { return d.PersonID + "/" + d.ID }

// devicesOf are the devices still to be served. Who has left or turned pushes
// off since the expansion gets nothing.
func (n *Notifier) devicesOf(ctx context.Context, j *job, c *chunk, now time.Time) ([]Device, map[string]*Notice, error) {
	wanted, err := n.stillWanted(ctx, j, c, now)
	if err != nil || len(wanted) == 0 {
		return nil, nil, err
	}
	people := slices.Sorted(maps.Keys(wanted))
	devices, err := n.Devices(ctx, people)
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(devices, func(a, b Device) int { return cmp.Compare(place(a), place(b)) })
	return slices.DeleteFunc(devices, func(d Device) bool {
		return place(d) <= c.After || c.Only != nil && !slices.Contains(c.Only, d.ID)
	}), wanted, nil
}

// renderer writes the text once per language; that of a summary, which is another
// for each person, once per person.
func renderer(j *job, told map[string]*Notice, now time.Time) func(Device) push.Message {
	type text struct{ title, body string }
	texts := map[string]text{}
	var ttl time.Duration
	if j.ExpiresAt != nil {
		ttl = j.ExpiresAt.Sub(now)
	}
	return func(d Device) push.Message {
		key := d.Language
		if j.Kind == KindSummary {
			key = d.PersonID + d.Language
		}
		if _, ok := texts[key]; !ok {
			title, body := Render(j.Kind, told[d.PersonID].Words, i18n.Language(d.Language))
			texts[key] = text{title, body}
		}
		noticeID := NoticeID(d.PersonID, j.Key)
		return push.Message{NoticeID: noticeID, Title: texts[key].title, Body: texts[key].body, TTL: ttl,
			Data: map[string]string{"noticeId": noticeID, "kind": string(j.Kind), "subjectId": j.Subject}}
	}
}

// sendWindow sends to up to window devices at once and notes what came of it.
// pause is how long Firebase asks to be left alone.
func (n *Notifier) sendWindow(ctx context.Context, c *chunk, batch []Device, render func(Device) push.Message) (pause time.Duration, err error) {
	results := make([]push.Result, len(batch))
	var wg sync.WaitGroup
	for i, d := range batch {
		message := render(d)
		wg.Go(func() { results[i] = n.Sender.Send(ctx, d.Device, message) })
	}
	wg.Wait()
	if ctx.Err() != nil {
		// Shutting down: the window is sent again by whoever goes on.
		return 0, ctx.Err()
	}
	for i, r := range results {
		d := batch[i]
		switch r.Outcome {
		case push.Sent:
			c.Sent++
		case push.Gone:
			c.Gone++
			if err := n.RemoveDevice(ctx, d.ID); err != nil {
				return 0, err
			}
		case push.QuotaExceeded:
			pause = max(pause, r.RetryAfter)
			c.Retry = append(c.Retry, d.ID)
		case push.Retry, push.PlatformDown:
			c.Retry = append(c.Retry, d.ID)
		default:
			c.Failed++
			n.Log.Error("push refused", "job", c.Job, "device", d.ID, "reason", r.Reason, "error", r.Err)
		}
	}
	return pause, nil
}

// sleep waits as Firebase asks, keeping the lease.
func (n *Notifier) sleep(ctx context.Context, c *chunk, d time.Duration) error {
	for d > 0 {
		step := min(d, leaseTime/3)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(step):
		}
		d -= step
		if err := n.store.saveChunk(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
