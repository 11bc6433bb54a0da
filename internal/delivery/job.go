package delivery

import (
	"cmp"
	"context"
	"slices"
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/push"
)

// The states of jobs and chunks.
const (
	stateQueued  = notify.JobQueued
	stateDone    = notify.JobDone
	stateStopped = notify.JobStopped
	stateDead    = notify.JobDead
)

// leaseTime is how long a claim lasts without a sign of life. It is longer than Firebase
// may take for one send.
const leaseTime = 15 * time.Second

// sendTime is how much of a lease must be left when a send begins: as much as Firebase
// may take for the send.
const sendTime = push.DefaultTimeout

// pageSize is how many people are expanded at a time.
const pageSize = 500

// job is a cause on its way to its audience.
type job struct {
	notify.Cause   `bson:",inline"`
	Names          []string        `bson:"names,omitempty"` // the people whom the cause names
	State          notify.JobState `bson:"state"`
	mongodb.Lease  `bson:",inline"`
	Troubles       `bson:",inline"`
	Audience       int       `bson:"audience"` // the number of the audience that is being walked
	After          string    `bson:"after"`    // the last person for whom the decision was made
	Counts         counts    `bson:"counts"`
	CreatedAt      time.Time `bson:"createdAt"`
	Dropped        bool      `bson:"dropped,omitempty"` // the news was no longer true
	StoppedBecause string    `bson:"stoppedBecause,omitempty"`
	// LookAt is when somebody looks next whether the news is still so that stands on screens; nil: nobody does.
	LookAt *time.Time `bson:"lookAt,omitempty"`
	// Rank is 0 during the first pages, then 1, so that a large job waits behind every
	// small one, and behind the first pages of other large ones. What is urgent has rankUrgent all the way,
	// so that it waits behind nothing.
	Rank  int `bson:"rank"`
	Pages int `bson:"pages"` // how many pages have been walked
	// CleanFence is the fence under which a worker last let go of the job between two
	// pages, so that the next worker knows that no page has been begun.
	CleanFence int `bson:"cleanFence"`

	reached []string // the people for whom this worker has written something

	letGo bool // the next save gives the lease back
}

// rankUrgent is the rank of urgent broadcasts.
const rankUrgent = -1

// urgentPages is how many pages of a job are urgent.
const urgentPages = 2

// counts are the counts of a job for its report.
type counts struct {
	Pushed     int `bson:"pushed"`     // people whose verdict was PUSH
	Summarised int `bson:"summarised"` // people whose verdict was SUMMARY
	Silent     int `bson:"silent"`     // people whose verdict was INBOX
	Drops      int `bson:"drops"`
}

// expandNext takes up one job and walks its audiences to the end, or one page if the job
// is large. worked is false if there was no job. A job that fails is put off or aside,
// and is no error, so that others go on.
func (n *Notifier) expandNext(ctx context.Context) (worked bool, err error) {
	j, err := n.store.claimJob(ctx, n.Owner, n.understands)
	if err != nil || j == nil {
		return false, err
	}
	err = fault.Catch(func() error {
		if j.Begun > dead.MaxTries {
			return errSilent
		}
		for j.State == stateQueued && !j.letGo {
			if err := n.expandPage(ctx, j); err != nil {
				return err
			}
		}
		return nil
	})
	n.eraseAgain(ctx, slices.Concat(j.Names, j.reached))
	return true, n.fail(ctx, err, j)
}

// understands reports whether this version knows everything in a cause. If not, the
// cause is left to the newer version that has queued it.
func (n *Notifier) understands(c *notify.Cause) bool {
	isKnown := n.Knows(c.Kind, c.Subject) || c.Kind == notify.KindSummary // which is about none
	return isKnown && !slices.ContainsFunc(c.Audiences, func(a notify.AudienceOf) bool {
		return a.Kind != notify.AudienceSummary && n.Audiences[a.Kind].Walk == nil
	})
}

// expandPage walks one page of an audience. All of it can be repeated, so a worker that
// dies in the middle leaves the page to the next.
func (n *Notifier) expandPage(ctx context.Context, j *job) error {
	state, err := n.follow(ctx, &j.Cause)
	if err != nil {
		return err
	}
	if !state.Alive || j.Audience >= len(j.Audiences) {
		j.State, j.Dropped = stateDone, !state.Alive
		return n.store.saveJob(ctx, j)
	}
	found, err := n.walk(ctx, j.Cause, j.Audiences[j.Audience], j.After)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		if err := n.tell(ctx, j, found); err != nil {
			return err
		}
		j.After = found[len(found)-1].PersonID
	}
	if len(found) < n.page {
		j.Audience, j.After = j.Audience+1, ""
	}
	if j.Audience >= len(j.Audiences) {
		j.State = stateDone
	}
	if j.Pages++; j.Pages >= urgentPages {
		// Other jobs get their turn between the pages of a large one.
		j.CleanFence, j.letGo = j.Fence, true
		if j.Rank != rankUrgent {
			j.Rank = 1
		}
	}
	j.Tries = 0
	if err := n.store.saveJob(ctx, j); err != nil || j.LookAt == nil {
		return err
	}
	n.sent.note(j)
	return nil
}

// follow asks for the present state of the subject of a cause and brings the cause up to
// date: who may see the subject may have changed, and news that was held tells the
// present facts.
func (n *Notifier) follow(ctx context.Context, c *notify.Cause) (notify.SubjectState, error) {
	if c.Kind == notify.KindSummary {
		return notify.SubjectState{Alive: true}, nil // a summary has no subject; the subjects of its items are asked one by one
	}
	state, err := n.State(ctx, notify.News{Kind: c.Kind, Subject: c.Subject, Args: c.Args})
	c.MembersOnly, c.Thread = c.MembersOnly || state.MembersOnly, cmp.Or(state.Thread, c.Thread)
	state.Renew(&c.Data, &c.ExpiresAt)
	return state, err
}

func (n *Notifier) walk(ctx context.Context, c notify.Cause, of notify.AudienceOf, after string) ([]notify.Found, error) {
	if of.Kind == notify.AudienceSummary {
		return n.walkSummary(ctx, c, after)
	}
	return n.Walk(ctx, of, after, n.page)
}
