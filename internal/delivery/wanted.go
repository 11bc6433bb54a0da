package delivery

import (
	"context"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// told is a notice whose reader gets the push now, with the zone by whose clock they read, and how many notices they have
// not read; nil if that is not known.
type told struct {
	*inbox.Notice
	zone   clock.Zone
	unread *int
}

// stillWanted decides once more for the people of a chunk whose turn is to come, and
// returns the notices of those who get their push now, by person. People who have left,
// were banned, have muted or read it, or have given up the place because of which they
// were told, get no push. People whose quiet hours have begun are put off until the
// hours end. If a person has got the push on another device, their notice does not
// change.
func (n *Notifier) stillWanted(ctx context.Context, j *job, c *chunk, left rest, now time.Time) (map[string]told, error) {
	is, err := n.askAgain(ctx, j, left.people)
	if err != nil {
		return nil, err
	}
	wanted := map[string]told{}
	held := map[time.Time][]string{}
	for _, personID := range left.people {
		notice := is.notices[inbox.NoticeID(personID, j.NoticeKey())]
		if notice == nil || notice.Channel != notify.Push {
			continue // an earlier try has decided that the person gets no push
		}
		// The budget does not count here, since the push of the day was taken at expansion.
		verdict := notify.Verdict{Channel: notify.Inbox, Rule: notify.RuleUntrue}
		if is.state.Alive {
			m := is.matter
			m.Reasons, m.Read, m.Ended = notice.Reasons, notice.IsRead(), is.ended[notice.ID]
			m.PhonesOff = left.phones[personID].AllRefuse(n.Kinds.Of(j.Kind).Family)
			verdict = n.decideOne(ctx, m, is.recipients[personID], 0, now)
		}
		if verdict.HoldUntil != nil {
			held[*verdict.HoldUntil] = append(held[*verdict.HoldUntil], personID)
		}
		switch {
		case verdict.Channel == notify.Push && verdict.HoldUntil == nil:
			wanted[personID] = told{Notice: notice, zone: zoneOf(is.recipients[personID])}
		case !left.told[personID]:
			if err := n.redecide(ctx, notice, is.recipients[personID], verdict, now); err != nil {
				return nil, err
			}
		}
	}
	for until, people := range held {
		if err := n.store.addChunk(ctx, j, c.ID, batch{NotBefore: until, People: people, Only: left.only(c, people)}); err != nil {
			return nil, err
		}
	}
	n.countFor(ctx, wanted, is.recipients)
	return wanted, nil
}

func zoneOf(r notify.Recipient) clock.Zone { return r.Settings.TimeZone() }

// current holds what Decide must know, as it is when the push is about to be sent.
type current struct {
	state      notify.SubjectState
	matter     notify.Matter
	notices    map[string]*inbox.Notice // by id
	recipients map[string]notify.Recipient
	ended      map[string]*notify.Verdict
}

// askAgain finds out the present state of a job's subject and people.
func (n *Notifier) askAgain(ctx context.Context, j *job, people []string) (is current, err error) {
	if is.state, err = n.follow(ctx, &j.Cause); err != nil {
		return is, err
	}
	ids := make([]string, len(people))
	for i, personID := range people {
		ids[i] = inbox.NoticeID(personID, j.NoticeKey())
	}
	if is.notices, err = n.keeper.ByIDs(ctx, ids); err != nil {
		return is, err
	}
	if is.recipients, err = n.recipients(ctx, people); err != nil {
		return is, err
	}
	if is.ended, err = n.ended(ctx, slices.Collect(maps.Values(is.notices))); err != nil {
		return is, err
	}
	is.matter, err = n.matter(&j.Cause)
	return is, err
}

// only are the devices for a chunk of people who are put off; nil, for all devices they
// then have, if no send has begun.
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

// ended finds the notices that no longer concern their readers, with a verdict on each.
func (n *Notifier) ended(ctx context.Context, notices []*inbox.Notice) (map[string]*notify.Verdict, error) {
	told := make([]notify.Told, len(notices))
	for i, notice := range notices {
		told[i] = notify.Told{PersonID: notice.PersonID, Reasons: notice.Reasons}
	}
	list, err := n.Ended(ctx, told)
	ended := make(map[string]*notify.Verdict, len(list))
	for i, v := range list {
		ended[notices[i].ID] = v
	}
	return ended, err
}

// redecide gives a notice a new verdict and notes it in the ledger.
func (n *Notifier) redecide(ctx context.Context, notice *inbox.Notice, r notify.Recipient, v notify.Verdict, now time.Time) error {
	summaryIn := notice.SummaryIn
	notice.Channel, notice.Rule, notice.Hidden, notice.HoldUntil = v.Channel, v.Rule, v.Channel == notify.Drop, v.HoldUntil
	if v.Channel != notify.Push && !n.Kinds.Of(notice.Kind).Policy.IsUncounted() {
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
		notice.SumUpAt(at)
		if err := n.setSummaries(ctx, []time.Time{at}); err != nil {
			return err
		}
	}
	line := inbox.Handover{ID: notice.ID + ":" + now.UTC().Format(time.RFC3339Nano), PersonID: notice.PersonID, SubjectID: notice.SubjectID,
		Kind: notice.Kind, NoticeID: notice.ID, Channel: v.Channel, Rule: v.Rule, HoldUntil: v.HoldUntil, At: now}
	if err := n.keeper.AddHandovers(ctx, []inbox.Handover{line}); err != nil {
		return err
	}
	return n.keeper.SaveVerdict(ctx, notice, summaryIn)
}
