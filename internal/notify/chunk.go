package notify

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/push"
)

// backoff are the waits before a device is tried again; after the last it is
// given up.
var backoff = []time.Duration{time.Minute, 3 * time.Minute, 7 * time.Minute, 15 * time.Minute, 31 * time.Minute}

const (
	// suspectShare is the share of a chunk, in percent, that Firebase may call bad
	// devices before we think that the message is bad; of fewer than suspectFloor
	// answers nothing follows.
	suspectShare = 20
	suspectFloor = 10
)

// chunk is a page of people whose devices get a push.
type chunk struct {
	ID            string   `bson:"_id"`
	Job           string   `bson:"job"`
	People        []string `bson:"people"`
	Size          int      `bson:"size"` // of people, for who only counts
	State         string   `bson:"state"`
	Rank          int      `bson:"rank"` // of the job when the chunk was made
	mongodb.Lease `bson:",inline"`
	NotBefore     time.Time `bson:"notBefore"`
	After         string    `bson:"after"`              // the last device begun, as "person/device"
	Open          []string  `bson:"open,omitempty"`     // devices up to that one that have no answer
	Retry         []string  `bson:"retry,omitempty"`    // devices that failed for now
	Suspects      []string  `bson:"suspects,omitempty"` // devices that Firebase calls bad
	Only          []string  `bson:"only,omitempty"`     // a later attempt: just these devices
	Dead          []string  `bson:"dead,omitempty"`     // devices given up
	Attempt       int       `bson:"attempt"`
	Sent          int       `bson:"sent"`
	Gone          int       `bson:"gone"`
	Failed        int       `bson:"failed"`
	// Answers count what Firebase answered other than yes, in its words.
	Answers   map[string]int `bson:"answers,omitempty"`
	CreatedAt time.Time      `bson:"createdAt"`

	letGo bool // put off: the next save gives the lease back
}

func (c *chunk) count(answer string) {
	if c.Answers == nil {
		c.Answers = map[string]int{}
	}
	c.Answers[answer]++
}

// handover is the ledger's line of one answer.
func (c *chunk) handover(j *job, d Device, r push.Result, now time.Time) Handover {
	notice := NoticeID(d.PersonID, j.Key)
	return Handover{ID: notice + ":" + d.ID + ":" + strconv.Itoa(c.Attempt) + ":" + strconv.Itoa(c.Fence), PersonID: d.PersonID,
		SubjectID: j.Subject, Kind: j.Kind, NoticeID: notice, DeviceID: d.ID, Platform: string(d.Platform), Outcome: Outcome(r.Outcome.String()),
		Reason: r.Reason, MessageID: r.MessageID, At: now}
}

// finish ends a chunk, or puts what failed for now off. Devices that Firebase
// calls bad are forgotten if the same message went through to others; if too many
// are, the message is bad, and its job stops.
func (n *Notifier) finish(ctx context.Context, j *job, c *chunk) error {
	answered := c.Sent + c.Gone + len(c.Suspects)
	switch {
	case len(c.Suspects) == 0:
	case answered >= suspectFloor && len(c.Suspects)*100 > answered*suspectShare:
		return n.StopJob(ctx, j.Key, StopTooManyBadDevices, fmt.Sprintf("Firebase calls %d of %d devices bad: the message is more likely to be", len(c.Suspects), answered))
	case c.Sent > 0:
		for _, deviceID := range c.Suspects {
			if err := n.RemoveDevice(ctx, deviceID); err != nil {
				return err
			}
		}
		c.Gone += len(c.Suspects)
	default:
		c.Failed += len(c.Suspects)
		c.Dead = append(c.Dead, c.Suspects...)
	}
	c.Suspects = nil
	n.putOff(ctx, c)
	return n.store.saveChunk(ctx, c)
}

// putOff puts off what failed for now, or gives it up.
func (n *Notifier) putOff(ctx context.Context, c *chunk) {
	if len(c.Retry) == 0 || c.Attempt >= len(backoff) {
		if len(c.Retry) > 0 {
			n.Log.WarnContext(ctx, "pushes given up", "job", c.Job, "devices", len(c.Retry))
		}
		c.Failed += len(c.Retry)
		c.Dead = append(c.Dead, c.Retry...)
		c.State, c.Retry = stateDone, nil
		return
	}
	wait := backoff[c.Attempt]
	c.NotBefore = n.DB.Now().Add(wait + time.Duration(rand.Int64N(int64(wait)/5))) //nolint:gosec // jitter needs no secrecy
	c.Only, c.Retry, c.Open, c.After = c.Retry, nil, nil, ""
	c.Attempt++
	c.letGo = true
}
