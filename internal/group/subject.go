package group

import (
	"context"
	"strconv"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
)

// The pieces of news about a membership.
const (
	newsRequested news = "requested"
	newsAnswered  news = "answered"
	newsInvited   news = "invited"
)

// joinArgs say which membership the news is about, and which version of it.
type joinArgs struct {
	PersonID string
	Version  int
}

func (m *Membership) joinArgs() notify.Args { return notify.ArgsOf(joinArgs{m.PersonID, m.Version}) }

func (m *Membership) newsKey(what news) string {
	return notify.Key(m.ID, string(what), strconv.Itoa(m.Version))
}

// subjectState is the present state of a group and of a piece of news about it. A request
// that has been answered or taken back is not told, unless it was filed again within a day; nor an answer that no longer holds.
func (s *Service) subjectState(ctx context.Context, n notify.News) (notify.SubjectState, error) {
	found, err := s.store.byIDs(ctx, []string{n.Subject})
	g := found[n.Subject]
	if err != nil || g == nil {
		return notify.SubjectState{}, err
	}
	now := notify.SubjectState{Alive: true, Words: map[string]string{"Group": g.Name}}
	switch n.Kind {
	case NoticeRoleEnds:
		now.Alive, err = s.isToEnd(ctx, n.Args)
	case NoticeLeads:
		now.Alive, err = g.isLed(n.Args)
	case NoticeJoinRequested, NoticeJoinAnswered:
		err = s.joinState(ctx, g.ID, n, &now)
	}
	return now, err
}

// joinState finds out the present state of news about a request to join, or about the
// answer to one.
func (s *Service) joinState(ctx context.Context, groupID string, n notify.News, now *notify.SubjectState) error {
	var a joinArgs
	if err := n.Args.Decode(&a); err != nil {
		return err
	}
	m, err := s.store.membership(ctx, groupID, a.PersonID)
	if err != nil {
		now.Alive = n.Kind == NoticeJoinAnswered // only an erased person's membership is removed; otherwise the args name none
		return fault.UnlessNotFound(err)
	}
	if n.Kind == NoticeJoinRequested {
		now.Alive = m.State == StateRequested && m.Told != nil && m.Told.Version == a.Version
		return nil
	}
	now.Words["Answer"] = string(m.State)
	// A member may have changed something since, and a declined person may have asked
	// again.
	now.Alive = m.State == StateActive || m.State == StateDeclined && m.Version == a.Version
	return nil
}
