package group

import (
	"context"
	"strconv"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
)

// What there is news of about a membership, as the keys of its causes say it.
const (
	newsRequested news = "requested"
	newsAnswered  news = "answered"
	newsInvited   news = "invited"
)

// joinArgs say of which membership news is, and as of which version.
type joinArgs struct {
	PersonID string
	Version  int
}

func (m *Membership) joinArgs() notify.Args { return notify.ArgsOf(joinArgs{m.PersonID, m.Version}) }

func (m *Membership) newsKey(what news) string {
	return notify.Key(m.ID, string(what), strconv.Itoa(m.Version))
}

// subjectState is how a group, and a piece of news about it, stand now: a request that
// has been answered or taken back is not told, nor an answer that is no longer so.
func (s *Service) subjectState(ctx context.Context, n notify.News) (notify.SubjectState, error) {
	found, err := s.store.byIDs(ctx, []string{n.Subject})
	g := found[n.Subject]
	if err != nil || g == nil {
		return notify.SubjectState{}, err
	}
	now := notify.SubjectState{Alive: true, Words: map[string]string{"Group": g.Name}}
	if n.Kind == NoticeRoleEnds {
		now.Alive, err = s.isToEnd(ctx, n.Args)
		return now, err
	}
	var a joinArgs
	if err := n.Args.Decode(&a); err != nil {
		return notify.SubjectState{}, err
	}
	switch n.Kind {
	case NoticeJoinRequested:
		m, err := s.store.membership(ctx, g.ID, a.PersonID)
		if err != nil {
			return notify.SubjectState{}, fault.UnlessNotFound(err)
		}
		now.Alive = m.State == StateRequested && m.Version == a.Version
	case NoticeJoinAnswered:
		m, err := s.store.membership(ctx, g.ID, a.PersonID)
		if err != nil {
			return now, fault.UnlessNotFound(err) // memberships are never removed: it names none
		}
		now.Words["Answer"] = string(m.State)
		// A member may have set something since; who was refused may have asked again.
		now.Alive = m.State == StateActive || m.State == StateDeclined && m.Version == a.Version
	}
	return now, nil
}
