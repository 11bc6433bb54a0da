package delivery

import (
	"context"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// stillWanted are those of a chunk's people whose turn is to come who are to be
// pushed to now, with their notices. Everything is asked again: who has left, was
// banned, has muted or read it meanwhile gets nothing, nor who was told because of
// a place that they have given up; and for whom quiet hours have begun, because
// the push was late, is put off until they end. The notice of somebody who has the
// push on another device stays as it was told.
func (n *Notifier) stillWanted(ctx context.Context, j *job, c *chunk, left rest, now time.Time) (map[string]*inbox.Notice, error) {
	state, err := n.follow(ctx, &j.Cause)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(left.people))
	for i, personID := range left.people {
		ids[i] = inbox.NoticeID(personID, j.Key)
	}
	notices, err := n.keeper.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	recipients, err := n.recipients(ctx, left.people)
	if err != nil {
		return nil, err
	}
	placed, err := n.placed(ctx, slices.Collect(maps.Values(notices)))
	if err != nil {
		return nil, err
	}
	wanted := map[string]*inbox.Notice{}
	held := map[time.Time][]string{}
	for i, personID := range left.people {
		notice := notices[ids[i]]
		if notice == nil || notice.Channel != notify.Push {
			continue // an earlier try has found that it is not wanted
		}
		// Its push of the day was taken when it was decided.
		verdict := notify.Verdict{Channel: notify.Inbox, Rule: notify.RuleUntrue}
		if state.Alive && stands(notice, placed) {
			m := matter(&j.Cause, notice.Reasons)
			m.Read = !notice.Unread
			verdict = n.decideOne(ctx, m, recipients[personID], 0, now)
		}
		if verdict.HoldUntil != nil {
			held[*verdict.HoldUntil] = append(held[*verdict.HoldUntil], personID)
		}
		switch {
		case verdict.Channel == notify.Push && verdict.HoldUntil == nil:
			wanted[personID] = notice
		case !left.told[personID]:
			if err := n.redecide(ctx, notice, recipients[personID], verdict, now); err != nil {
				return nil, err
			}
		}
	}
	for until, people := range held {
		if err := n.store.addChunk(ctx, j, c.ID, until, people, left.only(c, people)); err != nil {
			return nil, err
		}
	}
	return wanted, nil
}

// only are the devices to which a chunk of people who are put off is to go: all
// they then have, or those left of what has begun.
func (r rest) only(c *chunk, people []string) []string {
	if c.isFresh() {
		return nil
	}
	ids := []string{}
	for _, d := range r.devices {
		if slices.Contains(people, d.PersonID) {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// placed are the people of notices who still have the places because of which they
// are told, by date or course.
func (n *Notifier) placed(ctx context.Context, notices []*inbox.Notice) (map[string]map[string]bool, error) {
	people := map[string][]string{}
	for _, notice := range notices {
		for _, r := range notice.Reasons {
			if r.Kind == notify.ReasonPlace {
				people[r.Subject] = append(people[r.Subject], notice.PersonID)
			}
		}
	}
	placed := map[string]map[string]bool{}
	for bookableID, ids := range people {
		found, err := n.Placed(ctx, bookableID, ids)
		if err != nil {
			return nil, err
		}
		placed[bookableID] = found
	}
	return placed, nil
}

// stands reports whether a reason is left: one that is a place stands as long as
// the place does.
func stands(n *inbox.Notice, placed map[string]map[string]bool) bool {
	return slices.ContainsFunc(n.Reasons, func(r notify.Reason) bool { return r.Kind != notify.ReasonPlace || placed[r.Subject][n.PersonID] })
}

// redecide gives a notice another verdict than it had, and notes it in the
// ledger.
func (n *Notifier) redecide(ctx context.Context, notice *inbox.Notice, r notify.Recipient, v notify.Verdict, now time.Time) error {
	notice.Channel, notice.Rule, notice.Hidden, notice.HoldUntil = v.Channel, v.Rule, v.Channel == notify.Drop, v.HoldUntil
	if v.Channel != notify.Push && !notify.PolicyOf[notice.Kind].PassesBudget {
		if err := n.store.giveBack(ctx, notice.PersonID, notice.Cause); err != nil {
			return err
		}
	}
	if isLateSummary(notice) {
		if err := n.postpone(ctx, r.Settings, notice.Items); err != nil {
			return err
		}
	}
	if v.Channel == notify.Summary {
		at := r.Settings.NextSummary(now)
		notice.SummaryAt, notice.SummaryDue = &at, true
		if err := n.setSummaries(ctx, []time.Time{at}); err != nil {
			return err
		}
	}
	line := inbox.Handover{ID: notice.ID + ":" + now.UTC().Format(time.RFC3339Nano), PersonID: notice.PersonID, SubjectID: notice.SubjectID,
		Kind: notice.Kind, NoticeID: notice.ID, Channel: v.Channel, Rule: v.Rule, At: now}
	if err := n.keeper.AddHandovers(ctx, []inbox.Handover{line}); err != nil {
		return err
	}
	return n.keeper.SaveVerdict(ctx, notice)
}
