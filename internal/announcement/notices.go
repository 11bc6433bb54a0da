package announcement

import (
	"context"

	"faellesskab/internal/id"
	"faellesskab/internal/notify"
)

// The kinds of news that are announcements.
const (
	NoticeToGroup   notify.Kind = "GROUP_ANNOUNCEMENT"
	NoticeBroadcast notify.Kind = "BROADCAST"
)

// noticeKinds are the kinds with their channels and policies.
func noticeKinds() []notify.KindSpec {
	return []notify.KindSpec{
		{Kind: NoticeToGroup, Default: notify.Push, Policy: notify.Policy{ByMembership: true}},
		{Kind: NoticeBroadcast, Default: notify.Push},
	}
}

// subjects lets news be about announcements. It is true while the announcement is SENT.
func (s *Service) subjects() []notify.Subject {
	return []notify.Subject{{Prefix: id.Announcement, State: func(ctx context.Context, n notify.News) (notify.SubjectState, error) {
		isSent, err := s.IsSent(ctx, n.Subject)
		return notify.SubjectState{Alive: isSent}, err
	}}}
}
