package notify

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/push"
)

// The states of jobs and chunks.
const (
	stateQueued  = "QUEUED"
	stateDone    = "DONE"
	stateStopped = "STOPPED"
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
	Cause          `bson:",inline"`
	State          string `bson:"state"`
	mongodb.Lease  `bson:",inline"`
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
// if it is large. worked is false if there was none.
func (n *Notifier) expandNext(ctx context.Context) (worked bool, err error) {
	j, err := n.store.claimJob(ctx, n.Owner)
	if err != nil || j == nil {
		return false, err
	}
	for j.State == stateQueued && !j.letGo {
		if err := n.expandPage(ctx, j); err != nil {
			if errors.Is(err, mongodb.ErrFenced) {
				return true, nil
			}
			return true, err
		}
	}
	return true, nil
}

// expandPage walks one page of an audience. Everything in it can be done again:
// a worker that dies in the middle leaves the page to the next.
func (n *Notifier) expandPage(ctx context.Context, j *job) error {
	standing, err := n.follow(ctx, &j.Cause)
	if err != nil {
		return err
	}
	if !standing.Alive || j.Audience >= len(j.Audiences) {
		j.State, j.Dropped = stateDone, !standing.Alive
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
	if len(found) < pageSize {
		j.Audience, j.After = j.Audience+1, ""
	}
	if j.Audience >= len(j.Audiences) {
		j.State = stateDone
	}
	if j.Pages++; j.Pages >= urgentPages {
		// Others get their turn between the pages of a large job.
		j.Rank, j.CleanFence, j.letGo = 1, j.Fence, true
	}
	return n.store.saveJob(ctx, j)
}

// follow asks how the subject of a cause stands now, and brings the cause up to
// date: who could see it when the cause came up may not see it any more, and what
// was held is told as it is now.
func (n *Notifier) follow(ctx context.Context, c *Cause) (Standing, error) {
	if c.Kind == KindSummary {
		return Standing{Alive: true}, nil // it has no subject, and asks for each of its items
	}
	standing, err := n.Standing(ctx, c.Kind, c.Subject, c.Key)
	c.MembersOnly = c.MembersOnly || standing.MembersOnly
	standing.renew(&c.Data, &c.ExpiresAt)
	return standing, err
}

// renew puts what is current in the stead of what was said.
func (s Standing) renew(words *map[string]string, expiresAt **time.Time) {
	if s.Words != nil {
		current := maps.Clone(*words)
		maps.Copy(current, s.Words)
		*words = current
	}
	if s.ExpiresAt != nil {
		*expiresAt = s.ExpiresAt
	}
}

func (n *Notifier) walk(ctx context.Context, c Cause, a Audience, after string) ([]Found, error) {
	switch a.Kind {
	case AudienceSummary:
		return n.walkSummary(ctx, c, after)
	case AudiencePeople:
		why := Reason{Kind: ReasonAsked}
		if a.Why != nil {
			why = *a.Why
		}
		var found []Found
		for _, personID := range a.IDs {
			if personID > after && len(found) < pageSize {
				found = append(found, Found{PersonID: personID, Reasons: []Reason{why}})
			}
		}
		return found, nil
	}
	return n.Walkers[a.Kind](ctx, a.IDs, after, pageSize)
}

// tell decides for the people of a page, keeps their notices, and queues pushes
// for those who get one. A notice that another page has made only gains a reason:
// nobody is pushed twice for two reasons. One that this page made before its
// worker died stays as it was decided then.
func (n *Notifier) tell(ctx context.Context, j *job, found []Found) error {
	chunkID := j.chunkID()
	told, fresh, err := n.sift(ctx, j, chunkID, found)
	if err != nil {
		return err
	}
	now := n.DB.Now()
	candidates, err := n.decidePage(ctx, j.Cause, fresh, now)
	if err != nil {
		return err
	}
	if err := n.takeSlots(ctx, j.Cause, candidates, now); err != nil {
		return err
	}
	made := make([]*Notice, len(candidates))
	for i, p := range candidates {
		made[i] = p.notice(j.Cause, chunkID, now)
	}
	known, err := n.store.addNotices(ctx, made)
	if err != nil {
		return err
	}
	tellBus(n.Bus, made)
	for _, notice := range made {
		switch old := known[notice.ID]; {
		case old == nil:
			told = append(told, notice)
		case old.Chunk == chunkID:
			told = append(told, old)
		case old.Rule == RuleReasonStopped && notice.Rule != RuleReasonStopped:
			// The reason of the other page was stopped, this one is not.
			if err := n.store.saveVerdict(ctx, notice); err != nil {
				return err
			}
			told = append(told, notice)
		default:
			if err := n.store.addReasons(ctx, notice.ID, notice.Reasons); err != nil {
				return err
			}
		}
	}
	return n.queue(ctx, j, chunkID, told)
}

// sift parts the people of a page into those whose notice this page has made
// already and those who have none yet; who has one from another page gains a
// reason.
func (n *Notifier) sift(ctx context.Context, j *job, chunkID string, found []Found) (told []*Notice, fresh []Found, err error) {
	if j.Audience == 0 && j.Fence == j.CleanFence+1 {
		return nil, found, nil // nobody has been here before
	}
	ids := make([]string, len(found))
	for i, f := range found {
		ids[i] = NoticeID(f.PersonID, j.Key)
	}
	known, err := n.store.noticesByIDs(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	for i, f := range found {
		switch old := known[ids[i]]; {
		case old == nil:
			fresh = append(fresh, f)
		case old.Chunk == chunkID:
			told = append(told, old)
		case old.Rule == RuleReasonStopped:
			f.Reasons = append(slices.Clone(old.Reasons), f.Reasons...)
			fresh = append(fresh, f)
		default:
			if err := n.store.addReasons(ctx, old.ID, f.Reasons); err != nil {
				return nil, nil, err
			}
		}
	}
	return told, fresh, nil
}

func (p *candidate) notice(c Cause, chunkID string, now time.Time) *Notice {
	notice := &Notice{
		ID: NoticeID(p.PersonID, c.Key), PersonID: p.PersonID, Kind: c.Kind, SubjectID: c.Subject, GroupID: c.GroupID,
		MembersOnly: c.MembersOnly, ExpiresAt: c.ExpiresAt, Words: c.Data, Reasons: p.Reasons, Items: p.Items,
		Channel: p.verdict.Channel, Rule: p.verdict.Rule, FirstChannel: p.verdict.Channel, FirstRule: p.verdict.Rule, HoldUntil: p.verdict.HoldUntil, Hidden: p.verdict.Channel == Drop,
		Cause: c.Key, Chunk: chunkID, CreatedAt: now, Unread: true,
	}
	if notice.Reasons == nil {
		notice.Reasons = []Reason{} // reasons may be added
	}
	if p.Words != nil {
		notice.Words = p.Words
	}
	if notice.Channel == Summary {
		at := p.to.Settings.nextSummary(now)
		notice.SummaryAt, notice.SummaryDue = &at, true
	}
	return notice
}

// queue queues what follows from the notices of a page: chunks of people to push
// to, now or when their quiet hours end, and the summaries that are to come.
func (n *Notifier) queue(ctx context.Context, j *job, chunkID string, told []*Notice) error {
	pushes := map[time.Time][]string{}
	var summaries []time.Time
	var late []*Notice
	for _, notice := range told {
		j.Counts.add(notice.Channel)
		switch notice.Channel {
		case Push:
			var until time.Time
			if notice.HoldUntil != nil {
				until = *notice.HoldUntil
			}
			pushes[until] = append(pushes[until], notice.PersonID)
		case Summary:
			summaries = append(summaries, *notice.SummaryAt)
		}
		if notice.isLateSummary() {
			late = append(late, notice)
		}
	}
	for until, people := range pushes {
		if err := n.store.addChunk(ctx, j, chunkID, until, people, nil); err != nil {
			return err
		}
	}
	if err := n.setSummaries(ctx, summaries); err != nil {
		return err
	}
	return n.postponeAll(ctx, late)
}

func (c *counts) add(channel Channel) {
	switch channel {
	case Push:
		c.Pushed++
	case Drop:
		c.Drops++
	case Summary:
		c.Summarised++
	default:
		c.Silent++
	}
}
