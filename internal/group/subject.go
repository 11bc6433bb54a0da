package group

import (
	"context"
	"strconv"

	"faellesskab/internal/auth"
	"faellesskab/internal/id"
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
	states, err := s.subjectStates(ctx, []notify.News{n})
	if err != nil {
		return notify.SubjectState{}, err
	}
	return states[0], nil
}

// subjectStates are the states of several pieces of news, whose groups and memberships are read
// together.
func (s *Service) subjectStates(ctx context.Context, list []notify.News) ([]notify.SubjectState, error) {
	var groupIDs, ids []string
	about := make([]aboutMember, len(list))
	for i, n := range list {
		groupIDs = append(groupIDs, n.Subject)
		if err := n.Args.Decode(&about[i]); err != nil {
			return nil, err
		}
		if about[i].PersonID != "" && n.Kind != NoticeLeads {
			ids = append(ids, id.Pair(n.Subject, about[i].PersonID))
		}
	}
	groups, err := s.store.byIDs(ctx, groupIDs)
	if err != nil {
		return nil, err
	}
	found, err := s.store.membershipsByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	states := make([]notify.SubjectState, len(list))
	for i, n := range list {
		if g := groups[n.Subject]; g != nil {
			states[i], err = s.stateOf(g, found[id.Pair(g.ID, about[i].PersonID)], n)
		}
		if err != nil {
			return nil, err
		}
	}
	return states, nil
}

// aboutMember is what the args of all news about a membership say.
type aboutMember struct{ PersonID string }

// stateOf is the present state of a piece of news about a group, and about a membership of it; nil if
// there is none.
func (s *Service) stateOf(g *Group, m *Membership, n notify.News) (notify.SubjectState, error) {
	now := notify.SubjectState{Alive: true, Words: map[string]string{"Group": g.Name},
		MayKnow: func(v auth.Viewer) bool { return g.CanSee(v, s.now()) }}
	var err error
	switch n.Kind {
	case NoticeRoleEnds:
		var a roleEndsArgs
		err = n.Args.Decode(&a)
		now.Alive = m != nil && a.heldBy(m) != nil
	case NoticeLeads:
		now.Alive, err = g.isLed(n.Args)
	case NoticeJoinRequested, NoticeJoinAnswered:
		err = joinState(m, n, &now)
	}
	return now, err
}

// joinState finds out the present state of news about a request to join, or about the
// answer to one. Only an erased person's membership is gone; otherwise the args name none.
func joinState(m *Membership, n notify.News, now *notify.SubjectState) error {
	var a joinArgs
	if err := n.Args.Decode(&a); err != nil {
		return err
	}
	if m == nil {
		now.Alive = n.Kind == NoticeJoinAnswered
		return nil
	}
	if n.Kind == NoticeJoinRequested {
		now.Alive = m.State == StateRequested && m.Told[newsRequested].Version == a.Version
		if now.Until, now.Now = &m.Since, "request_answered"; m.lastBy() == m.PersonID {
			now.Now = "request_taken_back"
		}
		return nil
	}
	now.Words["Answer"] = string(m.State)
	// A member may have changed something since, and a declined person may have asked
	// again.
	now.Alive, now.Until = m.State == StateActive || m.State == StateDeclined && m.Version == a.Version, &m.Since
	return nil
}
