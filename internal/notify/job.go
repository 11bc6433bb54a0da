package notify

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
	"faellesskab/internal/push"
)

// Found is a person an audience holds, and why.
type Found struct {
	PersonID string
	Reasons  []Reason
}

// Walker finds up to limit people of an audience whose ids come after the given
// one, in the order of their ids.
type Walker func(ctx context.Context, ids []string, after string, limit int) ([]Found, error)

// Device is an installation a push goes to.
type Device struct {
	ID       string
	PersonID string
	Language string
	push.Device
}

// Deps are what the notifier works with.
type Deps struct {
	DB      *mongodb.DB
	Outbox  *outbox.Outbox
	Keys    *idempotency.Keys
	Sender  push.Sender
	Walkers map[AudienceKind]Walker
	// People are the recipients with those ids; unknown ones are missing.
	People func(ctx context.Context, ids []string) (map[string]Recipient, error)
	// Devices are the devices of these people, by person and id.
	Devices func(ctx context.Context, personIDs []string) ([]Device, error)
	// RemoveDevice forgets a device that Firebase no longer knows.
	RemoveDevice func(ctx context.Context, deviceID string) error
	// Alive reports whether the news is still true: an event still published, say.
	// Nothing is sent of what is not.
	Alive func(ctx context.Context, kind Kind, subject string) (bool, error)
	Log   *slog.Logger
	// Owner names this process in leases.
	Owner string
}

// Notifier turns causes into notices and pushes.
type Notifier struct {
	Deps
	Inbox *InboxService
	store store
	wake  chan struct{}
}

// New makes the notifier and registers its effect.
func New(d Deps) *Notifier {
	n := &Notifier{Deps: d, store: store{d.DB}, wake: make(chan struct{}, 1),
		Inbox: &InboxService{store: store{d.DB}, keys: d.Keys}}
	d.Outbox.Handle(EffectKind, func(ctx context.Context, call outbox.Call) error {
		var c Cause
		if err := call.Decode(&c); err != nil {
			return err
		}
		return n.HandIn(ctx, c)
	})
	return n
}

// HandIn takes a cause that a timer or a job brings up; one with that key that
// is there already is a success. Domain writes hand theirs in by Effect.
func (n *Notifier) HandIn(ctx context.Context, c Cause) error {
	if err := n.store.addJob(ctx, c); err != nil {
		return err
	}
	n.Wake()
	return nil
}

// Wake tells the worker of this process that there is work. The poll behind it
// is right without.
func (n *Notifier) Wake() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// The states of jobs and chunks.
const (
	stateQueued = "QUEUED"
	stateDone   = "DONE"
)

// leaseTime is how long a claim lasts without a sign of life: longer than one
// window of sends can take.
const leaseTime = 15 * time.Second

// pageSize is how many people are expanded at a time.
const pageSize = 500

// job is a cause on its way to its audience.
type job struct {
	Cause         `bson:",inline"`
	State         string `bson:"state"`
	mongodb.Lease `bson:",inline"`
	Audience      int       `bson:"audience"` // which of the audiences is being walked
	After         string    `bson:"after"`    // the last person expanded
	Counts        counts    `bson:"counts"`
	CreatedAt     time.Time `bson:"createdAt"`
	Dropped       bool      `bson:"dropped,omitempty"` // the news was no longer true
}

// counts report on a job.
type counts struct {
	Pushed int `bson:"pushed"` // people whose verdict was PUSH
	Silent int `bson:"silent"` // people whose verdict was INBOX
	Drops  int `bson:"drops"`
}

// expandNext takes up one job and walks its audience to the end. worked is false
// if there was none.
func (n *Notifier) expandNext(ctx context.Context) (worked bool, err error) {
	j, err := n.store.claimJob(ctx, n.Owner)
	if err != nil || j == nil {
		return false, err
	}
	for j.State != stateDone {
		if err := n.expandPage(ctx, j); err != nil {
			if errors.Is(err, mongodb.ErrFenced) {
				return true, nil
			}
			return true, err
		}
	}
	return true, nil
}

func (n *Notifier) expandPage(ctx context.Context, j *job) error {
	alive, err := n.Alive(ctx, j.Kind, j.Subject)
	if err != nil {
		return err
	}
	if !alive || j.Audience >= len(j.Audiences) {
		j.State, j.Dropped = stateDone, !alive
		return n.store.saveJob(ctx, j)
	}
	a := j.Audiences[j.Audience]
	found, err := n.walk(ctx, a, j.After)
	if err != nil {
		return err
	}
	chunkID := j.chunkID()
	if len(found) > 0 {
		people, err := n.expandPeople(ctx, j, chunkID, found)
		if err != nil {
			return err
		}
		if len(people) > 0 {
			if err := n.store.addChunk(ctx, j, chunkID, people); err != nil {
				return err
			}
		}
		j.After = found[len(found)-1].PersonID
	}
	if len(found) < pageSize {
		j.Audience, j.After = j.Audience+1, ""
	}
	if j.Audience >= len(j.Audiences) {
		j.State = stateDone
	}
	return n.store.saveJob(ctx, j)
}

func (n *Notifier) walk(ctx context.Context, a Audience, after string) ([]Found, error) {
	if a.Kind != AudiencePeople {
		return n.Walkers[a.Kind](ctx, a.IDs, after, pageSize)
	}
	var found []Found
	for _, personID := range a.IDs {
		if personID > after && len(found) < pageSize {
			found = append(found, Found{PersonID: personID, Reasons: []Reason{{Kind: ReasonAsked}}})
		}
	}
	return found, nil
}

// expandPeople decides for each person, keeps the notices, and returns those who
// get a push from this chunk. A notice that another page has made only gains a
// reason: nobody is pushed twice for two reasons.
func (n *Notifier) expandPeople(ctx context.Context, j *job, chunkID string, found []Found) ([]string, error) {
	ids := make([]string, len(found))
	for i, f := range found {
		ids[i] = f.PersonID
	}
	recipients, err := n.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	now := n.DB.Now()
	var notices []*Notice
	for _, f := range found {
		r, known := recipients[f.PersonID]
		if !known || f.PersonID == j.Actor {
			continue
		}
		verdict := j.decide(r)
		notices = append(notices, &Notice{
			ID: NoticeID(f.PersonID, j.Key), PersonID: f.PersonID, Kind: j.Kind, SubjectID: j.Subject, Words: j.Data,
			Reasons: f.Reasons, Channel: verdict.Channel, Rule: verdict.Rule, Hidden: verdict.Channel == Drop,
			Chunk: chunkID, CreatedAt: now, Unread: true,
		})
	}
	known, err := n.store.addNotices(ctx, notices)
	if err != nil {
		return nil, err
	}
	var people []string
	for _, notice := range notices {
		if old := known[notice.ID]; old != nil && old.Chunk != chunkID {
			if err := n.store.addReasons(ctx, notice.ID, notice.Reasons); err != nil {
				return nil, err
			}
			continue
		}
		j.Counts.add(notice.Channel)
		if notice.Channel == Push {
			people = append(people, notice.PersonID)
		}
	}
	return people, nil
}

// decide is Decide, after the one thing that no kind can change: what only
// members may see is told to nobody else, even if they have a place at it.
func (j *job) decide(r Recipient) Verdict {
	if _, member := r.Groups[j.GroupID]; j.MembersOnly && !member {
		return Verdict{Channel: Drop, Rule: RuleLeft}
	}
	return Decide(j.Kind, r, j.GroupID)
}

func (c *counts) add(channel Channel) {
	switch channel {
	case Push:
		c.Pushed++
	case Drop:
		c.Drops++
	default:
		c.Silent++
	}
}
