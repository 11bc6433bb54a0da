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

// backoff are the waits before a device is tried again. When the try after the last
// wait fails, the push is given up.
var backoff = []time.Duration{time.Minute, 3 * time.Minute, 7 * time.Minute, 15 * time.Minute, 31 * time.Minute}

// chunk is a number of people whose devices get a push together.
type chunk struct {
	ID            string          `bson:"_id"`
	Job           string          `bson:"job"`
	Kind          notify.Kind     `bson:"kind,omitempty"` // the job's; empty if an older version made the chunk
	People        []string        `bson:"people"`
	Size          int             `bson:"size"` // the number of people, for reports
	State         notify.JobState `bson:"state"`
	Rank          int             `bson:"rank"` // the job's when the chunk was made
	mongodb.Lease `bson:",inline"`
	Troubles      `bson:",inline"`
	NotBefore     time.Time `bson:"notBefore"`
	After         string    `bson:"after"`              // the last device that was begun, as "person/device"
	Open          []string  `bson:"open,omitempty"`     // devices up to that one that have no answer
	Retry         []string  `bson:"retry,omitempty"`    // devices that failed for now
	Resting       []string  `bson:"resting,omitempty"`  // devices whose platform rests
	Suspects      []string  `bson:"suspects,omitempty"` // devices that Firebase calls bad
	Verdicts      `bson:",inline"`
	Only          []string `bson:"only,omitempty"` // in a later attempt: the devices it is for
	Dead          []string `bson:"dead,omitempty"` // devices whose push was given up
	Attempt       int      `bson:"attempt"`
	Sent          int      `bson:"sent"`
	Gone          int      `bson:"gone"`
	Failed        int      `bson:"failed"`
	// Answers count Firebase's answers other than yes, by its own words.
	Answers   map[string]int `bson:"answers,omitempty"`
	CreatedAt time.Time      `bson:"createdAt"`

	letGo bool          // the next save gives the lease back
	again time.Duration // how long to wait at least before devices are tried again
	stop  string        // set if Firebase cannot read the message, to its words; the job has to stop
}

// isFresh reports whether no worker has begun to send the chunk.
func (c *chunk) isFresh() bool { return c.After == "" && c.Only == nil }

// awaits reports whether a device of the chunk has still to be served.
func (c *chunk) awaits(d Device) bool {
	return (c.Only == nil || slices.Contains(c.Only, d.ID)) && (place(d) > c.After || slices.Contains(c.Open, d.ID))
}

func (c *chunk) count(answer string) {
	if c.Answers == nil {
		c.Answers = map[string]int{}
	}
	c.Answers[answer]++
}

// handover is the ledger's line for one answer.
func (c *chunk) handover(j *job, d Device, r push.Result, now time.Time) inbox.Handover {
	notice := inbox.NoticeID(d.PersonID, j.NoticeKey())
	what := notice
	if j.Again != "" {
		what += ":" + strconv.FormatInt(j.TurnsUpAt.UnixMilli(), 10) // its first push has a line already
	}
	return inbox.Handover{ID: what + ":" + d.ID + ":" + strconv.Itoa(c.Attempt) + ":" + strconv.Itoa(c.Fence), PersonID: d.PersonID,
		SubjectID: j.Subject, Kind: j.Kind, NoticeID: notice, DeviceID: d.ID, Platform: string(d.Platform), Outcome: inbox.Outcome(r.Outcome.String()),
		Reason: r.Reason, MessageID: r.MessageID, At: now}
}

// finish ends a chunk, or puts off the devices that are to be tried again, and acts on
// the devices and messages that Firebase called bad.
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

// putOff puts off the devices that are to be tried again, or gives them up. Devices
// whose platform rests wait for it without using up a try.
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
