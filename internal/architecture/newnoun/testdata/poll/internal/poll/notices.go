package poll

import (
	"context"

	"faellesskab/internal/group"
	"faellesskab/internal/notify"
)

// NoticeOpened is the kind of news about a new poll.
const NoticeOpened notify.Kind = "POLL_OPENED"

func noticeKinds() []notify.KindSpec {
	return []notify.KindSpec{{Kind: NoticeOpened, Default: notify.Push, Family: notify.FamilyAnnouncements, Policy: notify.Policy{ByMembership: true}}}
}

func (s *Service) subjects() []notify.Subject {
	return []notify.Subject{{Prefix: Prefix, State: func(ctx context.Context, n notify.News) (notify.SubjectState, error) {
		found, err := s.store.byIDs(ctx, []string{n.Subject})
		return notify.SubjectState{Alive: found[n.Subject] != nil}, err
	}}}
}

func (p *Poll) opened(g *group.Group) notify.Cause {
	return notify.Cause{Key: notify.Key(p.ID, "opened", ""), Kind: NoticeOpened, Subject: p.ID, GroupID: g.ID, Actor: p.Asker,
		Audiences: []notify.AudienceOf{{Kind: group.AudienceMembers, IDs: []string{g.ID}}},
		Data:      map[string]string{"Group": g.Name, "Title": p.Question}}
}
