package group

import (
	"cmp"
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// Join makes the viewer a member, or leaves a request, as the join policy says;
// with the code of an invitation link a member at once. Returns NotFound for a
// group the viewer may not know of or a code that does not let them in, Conflict
// for who is a member or has asked already, and Forbidden for who is banned or not
// invited.
func (s *Service) Join(ctx context.Context, in JoinInput) (*Membership, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "joinGroup", Key: in.ClientMutationID, Input: in, On: membershipRef(in.GroupID, v.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		g, l, err := s.joinable(ctx, in)
		if err != nil {
			return nil, err
		}
		m, err := s.membershipOrNew(ctx, g.ID, v.PersonID)
		if err != nil {
			return nil, err
		}
		state, err := joinState(g, m, l != nil)
		if err != nil {
			return nil, err
		}
		return s.enter(ctx, g, m, state, l, t)
	})
}

// joinable is the group to join, and the link by which; nil if by none.
func (s *Service) joinable(ctx context.Context, in JoinInput) (*Group, *Link, error) {
	if in.InvitationCode == nil {
		g, err := s.visible(ctx, in.GroupID)
		return g, nil, err
	}
	l, g, err := s.open(ctx, *in.InvitationCode)
	v := auth.FromContext(ctx)
	switch {
	case err != nil:
		return nil, nil, err
	case g.ID != in.GroupID:
		return nil, nil, fault.NotFound("group.invitation.not_found")
	case l.CreatedBy == v.PersonID && !v.InGroup(g.ID):
		// Staff may invite where they are no members; nobody lets themselves in.
		return nil, nil, fault.Forbidden("auth.self")
	}
	return g, l, nil
}

// joinState is what a membership becomes when the person wants to join, perhaps by
// a link.
func joinState(g *Group, m *Membership, byLink bool) (MembershipState, error) {
	switch {
	case m.State == StateActive:
		return "", fault.Conflict("group.join.already")
	case m.State == StateBanned || !m.isKnown():
		return "", fault.Forbidden("group.join.banned")
	case m.State == StateInvited || byLink:
		return StateActive, nil
	case m.State == StateRequested:
		return "", fault.Conflict("group.join.pending")
	case g.isHidden():
		return "", fault.Forbidden("group.join.invite_only") // known by office
	}
	switch g.JoinPolicy {
	case JoinOpen:
		return StateActive, nil
	case JoinAsk:
		return StateRequested, nil
	}
	return "", fault.Forbidden("group.join.invite_only")
}

func (s *Service) enter(ctx context.Context, g *Group, m *Membership, state MembershipState, l *Link, t idempotency.Token) (*Membership, error) {
	m.become(state, m.PersonID, s.now())
	m.Version++
	effects := []outbox.Effect{copyEffect(m)}
	if state == StateActive {
		effects = append(effects, recountEffect(m))
	} else {
		effects = append(effects, notify.Effect(s.requested(g, m)))
	}
	if l != nil {
		effects = append(effects, outbox.New(effectUse, useArgs{LinkID: l.ID, PersonID: m.PersonID}))
	}
	err := s.putMembership(ctx, m, append(effects, t.Outcome(m)...)...)
	if fault.Is(err, fault.KindConflict) {
		// Two at once: the other one was first.
		return nil, fault.Conflict("group.join.already").Because(err)
	}
	return m, err
}

// putMembership is writeMembership for one that may be new.
func (s *Service) putMembership(ctx context.Context, m *Membership, effects ...outbox.Effect) error {
	if m.Version > 1 {
		return s.writeMembership(ctx, m, effects...)
	}
	b := s.Outbox.Batch(effects...)
	m.Pending = b.Pending()
	if err := s.store.insertMembership(ctx, m); err != nil {
		return err
	}
	s.Outbox.Carry(ctx, outbox.Ref{Collection: memberships, ID: m.ID}, b)
	return nil
}

func (s *Service) requested(g *Group, m *Membership) notify.Cause {
	return notify.Cause{
		Key: m.newsKey(newsRequested), Kind: notify.KindJoinRequested, Subject: g.ID, GroupID: g.ID,
		Audiences: []notify.AudienceOf{{Kind: notify.AudienceGroupApprovers, IDs: []string{g.ID}}},
		Actor:     m.PersonID, Data: map[string]string{"Group": g.Name},
	}
}

// Leave ends the viewer's membership, or takes their request back. Returns
// NotFound for who is no member, and Conflict for the last leader.
func (s *Service) Leave(ctx context.Context, in LeaveInput) (*Membership, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "leaveGroup", Key: in.ClientMutationID, Input: in, On: bothRefs(in.GroupID, v.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		g, err := s.visible(ctx, in.GroupID)
		if err != nil {
			return nil, err
		}
		return s.exit(ctx, g, v.PersonID, StateLeft, v.PersonID, t)
	})
}

// exit ends a membership. For a leader the group decides, because it must keep
// one; for everyone else the membership does.
func (s *Service) exit(ctx context.Context, g *Group, personID string, state MembershipState, by string, t idempotency.Token) (*Membership, error) {
	m, err := s.store.membership(ctx, g.ID, personID)
	if fault.Is(err, fault.KindNotFound) || err == nil && !m.canEnd(by) {
		return nil, fault.NotFound("group.not_member")
	}
	if err != nil {
		return nil, err
	}
	if g, err = s.deciding(ctx, g, m); err != nil {
		return nil, err
	}
	ended := *m
	ended.become(state, by, s.now())
	ended.Version++
	if !g.hasLeader(personID) {
		effects := []outbox.Effect{copyEffect(&ended), recountEffect(&ended), ended.accessEnded()}
		return &ended, s.writeMembership(ctx, &ended, append(effects, t.Outcome(&ended)...)...)
	}
	end := outbox.New(effectEnd, endArgs{GroupID: g.ID, PersonID: personID, State: state, By: by, Since: m.Since})
	b := s.Outbox.Batch(append([]outbox.Effect{end}, t.Outcome(&ended)...)...)
	if err := s.removeLeader(ctx, g, personID, b); err != nil {
		return nil, err
	}
	s.Outbox.Carry(ctx, outbox.Ref{Collection: groups, ID: g.ID}, b)
	return &ended, nil
}

// canEnd reports whether a membership can be ended by somebody: one that stands, a
// request, and an invitation that is taken back. Who is invited declines it.
func (m *Membership) canEnd(by string) bool {
	return m.State == StateActive || m.State == StateRequested || m.State == StateInvited && by != m.PersonID
}

// SetNotifications says how much the viewer wants to hear of a group. Returns
// Problems, and NotFound for who is no member.
func (s *Service) SetNotifications(ctx context.Context, in NotificationsInput) (*Membership, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "setGroupNotifications", Key: in.ClientMutationID, Input: in, On: membershipRef(in.GroupID, v.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		var m *Membership
		err := s.retry(ctx, func() error {
			var err error
			m, err = s.store.membership(ctx, in.GroupID, v.PersonID)
			if fault.Is(err, fault.KindNotFound) || err == nil && m.State != StateActive {
				return fault.NotFound("group.not_member")
			}
			if err != nil || cmp.Or(m.Level, notify.LevelAll) == in.Level {
				return err
			}
			m.Level = in.Level
			m.Version++
			return s.writeMembership(ctx, m, append([]outbox.Effect{copyEffect(m)}, t.Outcome(m)...)...)
		})
		return m, err
	})
}

func membershipRef(groupID, personID string) []outbox.Ref {
	return []outbox.Ref{{Collection: memberships, ID: id.Pair(groupID, personID)}}
}

func bothRefs(groupID, personID string) []outbox.Ref {
	return append(membershipRef(groupID, personID), outbox.Ref{Collection: groups, ID: groupID})
}
