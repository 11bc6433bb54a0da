package delivery

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// tell decides for the people of a page, stores their notices, and queues the pushes. If
// another page has made a person's notice, the notice only gains a reason, so that nobody
// gets a push twice for two reasons. If this page made it before its worker died, the
// earlier decision stands.
func (n *Notifier) tell(ctx context.Context, j *job, found []notify.Found) error {
	if j.Again != "" {
		return n.tellAgain(ctx, j, found)
	}
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
	j.reach(found, told, candidates)
	if err := n.takeSlots(ctx, j.Cause, candidates, now); err != nil {
		return err
	}
	made := make([]*inbox.Notice, len(candidates))
	for i, p := range candidates {
		made[i] = p.notice(j.Cause, chunkID, now)
	}
	known, err := n.keeper.Add(ctx, made)
	if err != nil {
		return err
	}
	for _, notice := range made {
		switch old := known[notice.ID]; {
		case old == nil:
			told = append(told, notice)
		case old.Chunk == chunkID:
			told = append(told, old)
		case isForItsReasons(old) && notice.Rule != old.Rule:
			// The reason of the other page was stopped, or holds no more; this one does.
			if !old.Hidden {
				notice.CreatedAt = old.CreatedAt // it keeps its place in the inbox
			}
			if notice.SummaryIn == "" && old.SummaryIn != inbox.SummaryDue { // a summary has taken it
				notice.SummaryIn, notice.SummaryFor, notice.SummaryAt = old.SummaryIn, old.SummaryFor, old.SummaryAt
			}
			if err := n.keeper.SaveVerdict(ctx, notice, old.SummaryIn); err != nil {
				return err
			}
			told = append(told, notice)
		default:
			if err := n.keeper.AddReasons(ctx, notice.ID, notice.Reasons); err != nil {
				return err
			}
		}
	}
	return n.queue(ctx, j, chunkID, told)
}

// reach remembers for whom this page writes something. For a summary that is everybody
// found, because looking for what is due writes as well.
func (j *job) reach(found []notify.Found, told []*inbox.Notice, candidates []*candidate) {
	if j.Kind == notify.KindSummary {
		for _, f := range found {
			j.reached = append(j.reached, f.PersonID)
		}
	}
	for _, notice := range told {
		j.reached = append(j.reached, notice.PersonID)
	}
	for _, p := range candidates {
		j.reached = append(j.reached, p.PersonID)
	}
}

// sift splits the people of a page into those whose notice this page has made already,
// and those who have none yet. People who have a notice from another page gain a reason.
func (n *Notifier) sift(ctx context.Context, j *job, chunkID string, found []notify.Found) (told []*inbox.Notice, fresh []notify.Found, err error) {
	if j.Audience == 0 && j.Fence == j.CleanFence+1 {
		return nil, found, nil // no worker has begun this page, and it is the first
	}
	ids := make([]string, len(found))
	for i, f := range found {
		ids[i] = inbox.NoticeID(f.PersonID, j.Key)
	}
	known, err := n.keeper.ByIDs(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	for i, f := range found {
		switch old := known[ids[i]]; {
		case old == nil:
			fresh = append(fresh, f)
		case old.Chunk == chunkID:
			told = append(told, old)
		case isForItsReasons(old):
			f.Reasons = append(slices.Clone(old.Reasons), f.Reasons...)
			fresh = append(fresh, f)
		default:
			if err := n.keeper.AddReasons(ctx, old.ID, f.Reasons); err != nil {
				return nil, nil, err
			}
		}
	}
	return told, fresh, nil
}

// isForItsReasons reports whether a notice was not pushed because of its reasons. Another
// reason may change that.
func isForItsReasons(n *inbox.Notice) bool {
	switch n.Rule {
	case notify.RuleReasonStopped, notify.RuleLeft, notify.RuleUntrue:
		return true
	}
	return false
}

func (p *candidate) notice(c notify.Cause, chunkID string, now time.Time) *inbox.Notice {
	notice := &inbox.Notice{
		ID: inbox.NoticeID(p.PersonID, c.Key), PersonID: p.PersonID, Kind: c.Kind, SubjectID: c.Subject, GroupID: c.GroupID,
		MembersOnly: c.MembersOnly, ExpiresAt: c.ExpiresAt, Args: c.Args, Words: c.Data, Reasons: p.Reasons, Items: p.Items,
		Channel: p.verdict.Channel, Rule: p.verdict.Rule, FirstChannel: p.verdict.Channel, FirstRule: p.verdict.Rule, HoldUntil: p.verdict.HoldUntil, Hidden: p.verdict.Channel == notify.Drop,
		Cause: c.Key, Chunk: chunkID, CreatedAt: now, Unread: true,
	}
	if notice.Reasons == nil {
		notice.Reasons = []notify.Reason{} // never null, so that reasons can be added
	}
	if c.About != p.PersonID {
		notice.About = c.About
	}
	if p.Words != nil {
		notice.Words = p.Words
	}
	if notice.Channel == notify.Summary {
		at := p.to.Settings.NextSummary(now)
		notice.SumUpAt(at)
	}
	return notice
}

// queue queues what follows from the notices of a page: chunks of people who get a push,
// now or when their quiet hours end, and the summaries to come.
func (n *Notifier) queue(ctx context.Context, j *job, chunkID string, told []*inbox.Notice) error {
	pushes := map[time.Time][]string{}
	var summaries []time.Time
	var late []*inbox.Notice
	for _, notice := range told {
		j.Counts.add(notice.Channel)
		switch notice.Channel {
		case notify.Push:
			var until time.Time
			if notice.HoldUntil != nil {
				until = *notice.HoldUntil
			}
			pushes[until] = append(pushes[until], notice.PersonID)
		case notify.Summary:
			summaries = append(summaries, *notice.SummaryAt)
		}
		if isLateSummary(notice) {
			late = append(late, notice)
		}
	}
	for until, people := range pushes {
		if err := n.store.addChunk(ctx, j, chunkID, batch{NotBefore: until, People: people}); err != nil {
			return err
		}
	}
	if err := n.setSummaries(ctx, summaries); err != nil {
		return err
	}
	return n.postponeAll(ctx, late)
}

func (c *counts) add(channel notify.Channel) {
	switch channel {
	case notify.Push:
		c.Pushed++
	case notify.Drop:
		c.Drops++
	case notify.Summary:
		c.Summarised++
	default:
		c.Silent++
	}
}
