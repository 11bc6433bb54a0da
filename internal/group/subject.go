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

	newsInviteAnswered news = "invitation_answered"
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
	case NoticeCloses:
		now.Words = g.closingWords()
		now.Alive, err = g.isClosedAs(n.Args)
	case NoticeJoinRequested, NoticeJoinAnswered, NoticeInvited, NoticeInviteAnswered:
		if err = joinState(m, n, &now); now.Alive && m.waits() && g.isArchived() {
			now.Alive, now.Now = false, "archived" // nobody can answer it
		}
	}
	return now, err
}

// waits reports whether the membership is a request or an invitation that waits for an answer; nil is neither.
func (m *Membership) waits() bool {
	return m != nil && (m.State == StateRequested || m.State == StateInvited)
}

// joinState finds out the present state of news about a request to join or an invitation, or about the
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
	now.Until = &m.Since
	switch n.Kind {
	case NoticeJoinRequested:
		if now.Alive = m.State == StateRequested && m.Told[newsRequested].Version == a.Version; !now.Alive {
			now.Now = m.becameOf(StateRequested)
		}
	case NoticeInvited:
		// Whether it still waits, the audience knows. Of several that were told only the last does.
		now.Alive = m.State != StateInvited || m.Told[newsInvited].Version == a.Version
		now.Now = m.becameOf(StateInvited)
	case NoticeInviteAnswered:
		now.Words["Answer"] = string(m.State)
		if now.Alive = m.State == StateActive || m.isDeclinedInvitation(); !now.Alive {
			now.Now = m.nowOfAnswer(NoticeInviteAnswered)
		}
	default:
		now.Words["Answer"] = string(m.State)
		// A member may have changed something since, and somebody may have been answered twice.
		isAnswer := m.State == StateActive || m.State == StateDeclined
		if now.Alive = isAnswer && m.stateVersion() == a.Version; !now.Alive {
			now.Now = m.nowOfAnswer(NoticeJoinAnswered)
		}
	}
	return nil
}

// becameOf says what became of the last request or invitation, as a text says it of one that no longer
// waits, or of which a later one was told.
func (m *Membership) becameOf(asked MembershipState) string {
	followed := m.after(asked)
	isOwn := followed != nil && followed.By == m.PersonID
	switch {
	case asked == StateRequested && m.State == StateRequested:
		return "asked_once_more"
	case asked == StateRequested && isOwn && followed.State == StateLeft:
		return "request_taken_back"
	case asked == StateRequested:
		return "request_answered"
	case m.State == StateInvited:
		return "invited_again"
	case isOwn && followed.State == StateActive:
		return "invitation_accepted"
	case isOwn && followed.State == StateDeclined:
		return "invitation_declined"
	}
	return "invitation_withdrawn"
}

// after is the step that followed the last time that the membership came to a state; nil if none did, or
// it is no longer known.
func (m *Membership) after(state MembershipState) *Change {
	for i := len(m.History) - 2; i >= 0; i-- {
		if m.History[i].State == state {
			return &m.History[i+1]
		}
	}
	return nil
}

// isDeclinedInvitation reports whether the person themselves has said no to an invitation.
func (m *Membership) isDeclinedInvitation() bool {
	return m.State == StateDeclined && m.lastBy() == m.PersonID
}

// nowOfAnswer says how it stands with an answer that no longer holds, as a text says it.
func (m *Membership) nowOfAnswer(kind notify.Kind) string {
	switch {
	case kind == NoticeInviteAnswered && m.State == StateInvited:
		return "person_invited_again"
	case kind == NoticeInviteAnswered:
		return "person_not_member"
	case m.State == StateActive:
		return "member_since"
	case m.State == StateRequested:
		return "asked_again"
	}
	return "not_member"
}

// Discreet are those of these groups of which outsiders may not know; a group that is gone counts as one.
func (s *Service) Discreet(ctx context.Context, ids []string) (map[string]bool, error) {
	found, err := s.store.byIDs(ctx, ids)
	discreet := make(map[string]bool, len(ids))
	for _, groupID := range ids {
		g := found[groupID]
		discreet[groupID] = g == nil || g.isHidden()
	}
	return discreet, err
}
