package delivery

import (
	"context"
	"strconv"
	"time"

	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
)

// bringBack queues that a notice comes back which its reader has put off until now. It is a cause of its own, and is
// decided, held and sent like any other, but the notice is the one that was put off. If it was put off until another
// instant since, or has come back, nothing happens.
func (n *Notifier) bringBack(ctx context.Context, a inbox.Snoozed) error {
	found, err := n.keeper.ByIDs(ctx, []string{a.NoticeID})
	if err != nil {
		return err
	}
	old := found[a.NoticeID]
	if old == nil || !old.IsPutOffUntil(a.Until) {
		return nil
	}
	return n.Enqueue(ctx, notify.Cause{
		Key:  notify.Key(old.Cause, "again", old.PersonID+":"+strconv.FormatInt(a.Until.UnixMilli(), 10)),
		Kind: old.Kind, Subject: old.SubjectID, GroupID: old.GroupID, MembersOnly: old.MembersOnly, About: old.About,
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{old.PersonID}}},
		Args:      old.Args, Data: old.Words, ExpiresAt: old.ExpiresAt, TurnsUpAt: &a.Until, Again: old.Cause,
	})
}

// tellAgain is tell for a notice that comes back.
func (n *Notifier) tellAgain(ctx context.Context, j *job, found []notify.Found) error {
	known, err := n.known(ctx, j, found)
	if err != nil {
		return err
	}
	chunkID, now := j.chunkID(), n.DB.Now()
	var told []*inbox.Notice
	var fresh []notify.Found
	for _, f := range found {
		old := known[inbox.NoticeID(f.PersonID, j.NoticeKey())]
		switch {
		case old == nil || old.Hidden:
		case old.Chunk == chunkID:
			told = append(told, old) // a worker that died has brought it back
		case old.IsPutOffUntil(*j.TurnsUpAt):
			f.Reasons, f.Items = old.Reasons, old.Items
			fresh = append(fresh, f)
		}
	}
	candidates, err := n.decidePage(ctx, j.Cause, fresh, now)
	if err != nil {
		return err
	}
	j.reach(found, told, candidates)
	for _, p := range candidates {
		notice := known[inbox.NoticeID(p.PersonID, j.NoticeKey())]
		notice.Chunk, notice.CreatedAt = chunkID, now
		if err := n.comeBack(ctx, notice, p.verdict, *j.TurnsUpAt); err != nil {
			return err
		}
		told = append(told, notice)
	}
	return n.queue(ctx, j, chunkID, told)
}

// comeBack stores the verdict on a notice that comes back now, and notes it in the ledger.
func (n *Notifier) comeBack(ctx context.Context, notice *inbox.Notice, v notify.Verdict, until time.Time) error {
	if v.Channel == notify.Drop {
		v.Channel = notify.Inbox // they have been told, and know
	}
	notice.Channel, notice.Rule, notice.HoldUntil = v.Channel, v.Rule, v.HoldUntil
	line := inbox.Handover{ID: notice.ID + ":" + notice.CreatedAt.UTC().Format(time.RFC3339Nano), PersonID: notice.PersonID, SubjectID: notice.SubjectID,
		Kind: notice.Kind, NoticeID: notice.ID, Channel: v.Channel, Rule: v.Rule, HoldUntil: v.HoldUntil, At: notice.CreatedAt}
	if err := n.keeper.AddHandovers(ctx, []inbox.Handover{line}); err != nil {
		return err
	}
	return n.keeper.BringBack(ctx, notice, until)
}

// known are the notices that these people have of a cause, by id.
func (n *Notifier) known(ctx context.Context, j *job, found []notify.Found) (map[string]*inbox.Notice, error) {
	ids := make([]string, len(found))
	for i, f := range found {
		ids[i] = inbox.NoticeID(f.PersonID, j.NoticeKey())
	}
	return n.keeper.ByIDs(ctx, ids)
}
