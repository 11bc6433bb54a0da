package delivery

import (
	"time"

	"faellesskab/internal/i18n"
	"faellesskab/internal/inbox"
	"faellesskab/internal/notify"
	"faellesskab/internal/push"
)

// tellsHow reports whether there is something to say of a notice that is no longer so, and its reader has not dealt with
// it.
func (is screens) tellsHow(noticeID string) bool {
	notice := is.notices[noticeID]
	return notice != nil && !is.dealt[noticeID] && notice.Now != "" && notice.Now != inbox.NowUntrue
}

// replacement shows on an iPhone how it stands now with a notice, in place of what it said and without a sound. It costs
// none of the background pushes of the hour.
func (n *Notifier) replacement(is screens, r *recall, d Device, noticeID string, now time.Time) *removal {
	notice := is.notices[noticeID]
	reader := i18n.Reader{Language: i18n.Language(d.Language), Zone: zoneOf(is.recipients[d.PersonID]), Now: now}
	look := n.look(&notify.Cause{Kind: notice.Kind, Subject: notice.SubjectID, GroupID: notice.GroupID, About: notice.About}, now)
	m := write(look, notice.Kind, notice.Words, is.discreet[sourceOf(notice)], reader)
	m.Body = notice.BodyFor(reader)
	m.IsSilent, m.Level, m.IsCut = true, push.LevelPassive, false
	m.IsPrompt, m.IsUrgent, m.IsQuestion = false, false, false
	m.At, m.TTL, m.Label = notice.CreatedAt, recallTTL, "replacement"
	n.address(&m, noticeID)
	m.Data["level"] = string(m.Level)
	setNumber(&m, is.unread.of(d.PersonID))
	return &removal{recall: r, device: d, notices: []*inbox.Notice{notice}, purpose: inbox.PurposeReplace, message: m}
}
