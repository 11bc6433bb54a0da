package delivery

import (
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

// leaseTime is how long a claim lasts without a sign of life: longer than Firebase
// may take for one send.
const leaseTime = 15 * time.Second

// sendTime is what must be left of a lease when a send begins: as long
// as Firebase may take for it.
const sendTime = push.DefaultTimeout

// pageSize is how many people are expanded at a time.
const pageSize = 500

// job is a cause on its way to its audience.
type job struct {
	notify.Cause   `bson:",inline"`
	State          notify.JobState `bson:"state"`
	mongodb.Lease  `bson:",inline"`
	Troubles       `bson:",inline"`
	Audience       int       `bson:"audience"` // which of the audiences is being walked
	After          string    `bson:"after"`    // the last person expanded
	Counts         counts    `bson:"counts"`
	CreatedAt      time.Time `bson:"createdAt"`
	Dropped        bool      `bson:"dropped,omitempty"` // the news was no longer true
	StoppedBecause string    `bson:"stoppedBecause,omitempty"`
	// Rank is 0 while few have been told, then 1: a large job stands behind every
	// small one, and behind the beginnings of other large ones.
	Rank  int `bson:"rank"`
	Pages int `bson:"pages"` // how many have been walked
	// CleanFence is the fence under which a worker last let go of the job between
	// two pages: the one that takes it up next finds no page begun.
	CleanFence int `bson:"cleanFence"`

	letGo bool // the next save gives the lease back
}

// urgentPages is how many pages of a job are urgent.
const urgentPages = 2

// counts report on a job.
type counts struct {
	Pushed     int `bson:"pushed"`     // people whose verdict was PUSH
	Summarised int `bson:"summarised"` // people whose verdict was SUMMARY
	Silent     int `bson:"silent"`     // people whose verdict was INBOX
	Drops      int `bson:"drops"`
}

// expandNext takes up one job and walks its audience to the end, or a page of it
// if it is large. worked is false if there was none. A job that fails is put off, or
// aside, and is no error: others go on.
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
	return true, n.fail(ctx, err, j)
}

// understands reports whether this version knows everything that a cause is made
// of. One that a newer version has queued is that version's.
func (n *Notifier) understands(c *notify.Cause) bool {
	return n.Kinds.Know(c.Kind) && !slices.ContainsFunc(c.Audiences, func(a notify.AudienceOf) bool {
		return a.Kind != notify.AudienceSummary && n.Audiences[a.Kind].Walk == nil
	})
}

// expandPage walks one page of an audience. Everything in it can be done again:
// a worker that dies in the middle leaves the page to the next.
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
		// Others get their turn between the pages of a large job.
		j.Rank, j.CleanFence, j.letGo = 1, j.Fence, true
	}
	j.Tries = 0
	return n.store.saveJob(ctx, j)
}

// follow asks how the subject of a cause stands now, and brings the cause up to
// date: people who could see it when the cause came up may not see it any more, and what
// was held is told as it is now.
func (n *Notifier) follow(ctx context.Context, c *notify.Cause) (notify.SubjectState, error) {
	if c.Kind == notify.KindSummary {
		return notify.SubjectState{Alive: true}, nil // it has no subject, and asks for each of its items
	}
	state, err := n.State(ctx, notify.News{Kind: c.Kind, Subject: c.Subject, Args: c.Args})
	c.MembersOnly = c.MembersOnly || state.MembersOnly
	state.Renew(&c.Data, &c.ExpiresAt)
	return state, err
}

func (n *Notifier) walk(ctx context.Context, c notify.Cause, of notify.AudienceOf, after string) ([]notify.Found, error) {
	if of.Kind == notify.AudienceSummary {
		return n.walkSummary(ctx, c, after)
	}
	return n.Walk(ctx, of, after, n.page)
}
