package delivery

import (
	"context"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/push"
)

// screens are what stands on people's phones, and how it stands with it.
type screens struct {
	notices map[string]*inbox.Notice   // by id, as they stand now
	dealt   map[string]bool            // ids of those that their readers have dealt with
	devices map[string][]Device        // by person
	last    map[shownOn]inbox.Handover // what each device took last of a notice
	unread  numbers

	beingTold map[string]bool // people to whom a worker may be sending a push now

	recipients map[string]notify.Recipient
	discreet   map[string]bool // sources of which outsiders may not know
}

// shownOn is a place where a notice may stand.
type shownOn struct{ noticeID, deviceID string }

// onScreens finds out what stands on the phones of these people of what is to be taken off.
func (n *Notifier) onScreens(ctx context.Context, asked []*recall, people []string) (is screens, err error) {
	var ids []string
	for _, r := range asked {
		ids = append(ids, r.Notices...)
	}
	if len(ids) == 0 {
		return is, nil
	}
	if is.notices, err = n.keeper.ByIDs(ctx, ids); err != nil {
		return is, err
	}
	if is.recipients, err = n.recipients(ctx, people); err != nil {
		return is, err
	}
	readers, list := viewersOf(is.recipients), slices.Collect(maps.Values(is.notices))
	is.dealt = map[string]bool{}
	for noticeID, notice := range is.notices {
		// One whose time has come is about to come back, and is counted already.
		is.dealt[noticeID] = notice.Hidden || !notice.Unread || notice.Snoozed != nil && notice.Snoozed.Until.After(n.DB.Now())
	}
	if err := n.keeper.BringUpToDate(ctx, list, readers); err != nil {
		return is, err
	}
	// Who is being told is asked first: what is handed over afterwards is in the ledger.
	if is.beingTold, err = n.store.beingTold(ctx, list); err != nil {
		return is, err
	}
	if err := n.findShown(ctx, &is, people); err != nil {
		return is, err
	}
	if is.discreet, err = n.discreetOf(ctx, slices.DeleteFunc(list, func(notice *inbox.Notice) bool { return !is.tellsHow(notice.ID) })); err != nil {
		return is, err
	}
	is.unread = n.count(ctx, readers, nil)
	return is, nil
}

// findShown finds out which of the notices stand on which devices of these people.
func (n *Notifier) findShown(ctx context.Context, is *screens, people []string) error {
	var subjects []string
	for _, notice := range is.notices {
		subjects = append(subjects, notice.SubjectID)
	}
	slices.Sort(subjects)
	lines, err := n.keeper.ShownOf(ctx, people, slices.Compact(subjects), n.DB.Now().Add(-standsAtMost))
	if err != nil {
		return err
	}
	is.last = map[shownOn]inbox.Handover{}
	for _, line := range lines {
		is.last[shownOn{line.NoticeID, line.DeviceID}] = line
	}
	devices, err := n.Devices(ctx, people)
	is.devices = map[string][]Device{}
	for _, d := range devices {
		if !d.Rests && d.isKnown() {
			is.devices[d.PersonID] = append(is.devices[d.PersonID], d)
		}
	}
	return err
}

// needsAttention reports whether a notice is to stay on the phones: it is among those that the number counts.
func (is screens) needsAttention(noticeID string) bool {
	notice := is.notices[noticeID]
	return notice != nil && !is.dealt[noticeID] && notice.Unread
}

// stands reports whether a notice stands on a device.
func (is screens) stands(noticeID, deviceID string) bool {
	line, wasShown := is.last[shownOn{noticeID, deviceID}]
	return wasShown && is.notices[noticeID] != nil && line.Purpose != inbox.PurposeRemove
}

// removals are the messages of a recall.
func (n *Notifier) removals(is screens, r *recall, now time.Time) []*removal {
	var gone []string
	for _, noticeID := range r.Notices {
		switch {
		case !is.needsAttention(noticeID):
			gone = append(gone, noticeID)
		case now.Sub(r.AskedAt) < recallPatience:
			r.wait([]string{noticeID}, now.Add(recallPatience))
		}
	}
	var list []*removal
	for _, d := range is.devices[r.PersonID] {
		var theirs []string
		for _, noticeID := range gone {
			switch {
			case !is.stands(noticeID, d.ID):
				if is.beingTold[r.PersonID] {
					r.wait([]string{noticeID}, now.Add(recallAfter)) // the ledger may not have it yet
				}
			case d.Platform != push.PlatformIOS || !is.tellsHow(noticeID):
				theirs = append(theirs, noticeID)
			case is.last[shownOn{noticeID, d.ID}].Purpose != inbox.PurposeReplace:
				list = append(list, n.replacement(is, r, d, noticeID, now))
			}
		}
		for some := range slices.Chunk(theirs, push.MaxRemoves) {
			if d.Platform == push.PlatformIOS {
				if ok, next := r.mayWake(d.ID, now); !ok {
					r.wait(some, next)
					continue
				}
			}
			list = append(list, is.removal(r, d, some, now))
		}
	}
	return list
}

// removal takes notices off a device.
func (is screens) removal(r *recall, d Device, noticeIDs []string, now time.Time) *removal {
	m := push.Message{Removes: noticeIDs, TTL: recallTTL, Label: "removal", Unread: is.unread.of(d.PersonID)}
	of := make([]*inbox.Notice, len(noticeIDs))
	for i, noticeID := range noticeIDs {
		of[i] = is.notices[noticeID]
		if until := of[i].SnoozedUntil(); until != nil {
			m.TTL = max(time.Second, min(m.TTL, until.Sub(now))) // later it would take away what has come back
		}
	}
	return &removal{recall: r, device: d, notices: of, purpose: inbox.PurposeRemove, message: m}
}
