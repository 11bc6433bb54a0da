package delivery

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/inbox"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/push"
)

// backoff are the waits before a device is tried again; after the last it is
// given up.
var backoff = []time.Duration{time.Minute, 3 * time.Minute, 7 * time.Minute, 15 * time.Minute, 31 * time.Minute}

// chunk is a page of people whose devices get a push.
type chunk struct {
	ID            string          `bson:"_id"`
	Job           string          `bson:"job"`
	Kind          notify.Kind     `bson:"kind,omitempty"` // of the job; empty: made by an older version
	People        []string        `bson:"people"`
	Size          int             `bson:"size"` // of people, for reports
	State         notify.JobState `bson:"state"`
	Rank          int             `bson:"rank"` // of the job when the chunk was made
	mongodb.Lease `bson:",inline"`
	Troubles      `bson:",inline"`
	NotBefore     time.Time `bson:"notBefore"`
	After         string    `bson:"after"`              // the last device begun, as "person/device"
	Open          []string  `bson:"open,omitempty"`     // devices up to that one that have no answer
	Retry         []string  `bson:"retry,omitempty"`    // devices that failed for now
	Resting       []string  `bson:"resting,omitempty"`  // devices whose platform rests
	Suspects      []string  `bson:"suspects,omitempty"` // devices that Firebase calls bad
	Verdicts      `bson:",inline"`
	Only          []string `bson:"only,omitempty"` // a later attempt: just these devices
	Dead          []string `bson:"dead,omitempty"` // devices given up
	Attempt       int      `bson:"attempt"`
	Sent          int      `bson:"sent"`
	Gone          int      `bson:"gone"`
	Failed        int      `bson:"failed"`
	// Answers count what Firebase answered other than yes, in its words.
	Answers   map[string]int `bson:"answers,omitempty"`
	CreatedAt time.Time      `bson:"createdAt"`

	letGo bool          // put off: the next save gives the lease back
	again time.Duration // what has failed for now is tried again no earlier
	stop  string        // what Firebase says of a message it cannot read: the job has to stop
}

// isFresh reports whether nobody has begun to send the chunk.
func (c *chunk) isFresh() bool { return c.After == "" && c.Only == nil }

// awaits reports whether a device of the chunk is still to be served.
func (c *chunk) awaits(d Device) bool {
	return (c.Only == nil || slices.Contains(c.Only, d.ID)) && (place(d) > c.After || slices.Contains(c.Open, d.ID))
}

func (c *chunk) count(answer string) {
	if c.Answers == nil {
		c.Answers = map[string]int{}
	}
	c.Answers[answer]++
}

// handover is the ledger's line of one answer.
func (c *chunk) handover(j *job, d Device, r push.Result, now time.Time) inbox.Handover {
	notice := inbox.NoticeID(d.PersonID, j.Key)
	return inbox.Handover{ID: notice + ":" + d.ID + ":" + strconv.Itoa(c.Attempt) + ":" + strconv.Itoa(c.Fence), PersonID: d.PersonID,
		SubjectID: j.Subject, Kind: j.Kind, NoticeID: notice, DeviceID: d.ID, Platform: string(d.Platform), Outcome: inbox.Outcome(r.Outcome.String()),
		Reason: r.Reason, MessageID: r.MessageID, At: now}
}

// finish ends a chunk, or puts what failed for now off, and draws the consequences
// of what Firebase called bad.
func (n *Notifier) finish(ctx context.Context, j *job, c *chunk) error {
	c.IsOver = c.isOver()
	n.putOff(ctx, j, c)
	if c.State == stateDone {
		if err := n.settleSuspects(ctx, c); err != nil {
			return err
		}
	}
	if err := n.store.saveChunk(ctx, c); err != nil {
		return err
	}
	return n.judge(ctx, c)
}

func (c *chunk) giveUp(devices []string) {
	c.Failed += len(devices)
	c.Dead = append(c.Dead, devices...)
}

// putOff puts off what failed for now, or gives it up. Devices whose platform rests
// wait for it without using up a try.
func (n *Notifier) putOff(ctx context.Context, j *job, c *chunk) {
	now := n.DB.Now()
	if c.Attempt >= len(backoff) && len(c.Retry) > 0 {
		n.Log.WarnContext(ctx, "pushes given up", "job", c.Job, "devices", len(c.Retry))
		c.giveUp(c.Retry)
		c.Retry = nil
	}
	if now.Sub(j.CreatedAt) > restAtMost && len(c.Resting) > 0 {
		n.Log.WarnContext(ctx, "pushes to a platform that rests given up", "job", c.Job, "devices", len(c.Resting))
		c.giveUp(c.Resting)
		c.Resting = nil
	}
	again := slices.Concat(c.Retry, c.Resting)
	if len(again) == 0 {
		c.State = stateDone
		return
	}
	wait := c.again
	if len(c.Retry) > 0 {
		wait = max(wait, backoff[c.Attempt])
		c.Attempt++
	}
	c.NotBefore = now.Add(wait + rand.N(max(wait/5, time.Second))) //nolint:gosec // jitter needs no secrecy
	c.Only, c.Retry, c.Resting, c.Open, c.After = again, nil, nil, nil, ""
	c.letGo = true
}
