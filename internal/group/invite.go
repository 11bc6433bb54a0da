package group

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// Invite invites a person to a group and tells them. Who has asked to join is let
// in; who is a member or invited already stays so and hears nothing. Returns
// Problems, NotFound for a group the viewer may not know of or an unknown person,
// Forbidden without the permission APPROVE_MEMBERS and for oneself, and Conflict for who is
// banned from the group.
func (s *Service) Invite(ctx context.Context, in InviteInput) (*Membership, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "inviteToGroup", Key: in.ClientMutationID, Input: in, On: membershipRef(in.GroupID, in.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		g, err := s.Require(ctx, in.GroupID, ApproveMembers)
		if err != nil {
			return nil, err
		}
		if err := s.checkPerson(ctx, in.PersonID); err != nil {
			return nil, err
		}
		var m *Membership
		err = s.retry(ctx, func() error {
			var err error
			m, err = s.invite(ctx, g, in.PersonID, t)
			return err
		})
		return m, err
	})
}

func (s *Service) checkPerson(ctx context.Context, personID string) error {
	found, err := s.People.Load(ctx, []string{personID})
	if err != nil {
		return err
	}
	if found[personID] == nil {
		return &fault.Error{Kind: fault.KindNotFound, Key: "person.not_found", Field: "input.personId"}
	}
	return nil
}

func (s *Service) invite(ctx context.Context, g *Group, personID string, t idempotency.Token) (*Membership, error) {
	m, err := s.membershipOrNew(ctx, g.ID, personID)
	if err != nil {
		return nil, err
	}
	tell, state := invited, StateInvited
	switch m.State {
	case StateActive, StateInvited:
		return m, nil
	case StateBanned:
		return nil, fault.Conflict("group.invite.banned")
	case StateRequested:
		tell, state = answered, StateActive
	}
	by := auth.FromContext(ctx).PersonID
	if personID == by {
		return nil, fault.Forbidden("auth.self")
	}
	m.become(state, by, s.now())
	m.Version++
	// The copy comes first: by it the notice is decided.
	effects := []outbox.Effect{copyEffect(m), notify.Effect(tell(ctx, g, m))}
	if state == StateActive {
		effects = append(effects, recountEffect(m))
	}
	err = s.putMembership(ctx, m, append(effects, t.Outcome(m)...)...)
	if fault.Is(err, fault.KindConflict) {
		// Two at once: what the other one made of it counts.
		return nil, fault.VersionConflict().Because(err)
	}
	return m, err
}

// membershipOrNew is a person's membership of a group; one that is not written yet
// if there never was one.
func (s *Service) membershipOrNew(ctx context.Context, groupID, personID string) (*Membership, error) {
	m, err := s.store.membership(ctx, groupID, personID)
	if fault.Is(err, fault.KindNotFound) {
		return newMembership(groupID, personID), nil
	}
	return m, err
}

func invited(ctx context.Context, g *Group, m *Membership) notify.Cause {
	why := &notify.Reason{Kind: notify.ReasonInvited, Subject: g.ID, Words: map[string]string{"Group": g.Name}}
	return notify.Cause{
		Key: m.newsKey(newsInvited), Kind: notify.KindGroupInvited, Subject: g.ID,
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{m.PersonID}, Why: why}},
		Actor:     auth.FromContext(ctx).PersonID, Data: map[string]string{"Group": g.Name},
	}
}

// DeclineInvitation says no to an invitation. Returns Problems, and NotFound for a
// group the viewer may not know of or is not invited to.
func (s *Service) DeclineInvitation(ctx context.Context, in DeclineInput) (*Membership, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "declineInvitation", Key: in.ClientMutationID, Input: in, On: membershipRef(in.GroupID, v.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		g, err := s.visible(ctx, in.GroupID)
		if err != nil {
			return nil, err
		}
		m, err := s.store.membership(ctx, g.ID, v.PersonID)
		if fault.Is(err, fault.KindNotFound) || err == nil && m.State != StateInvited {
			return nil, fault.NotFound("group.invitation.none")
		}
		if err != nil {
			return nil, err
		}
		m.become(StateDeclined, v.PersonID, s.now())
		m.Version++
		return m, s.writeMembership(ctx, m, append([]outbox.Effect{copyEffect(m)}, t.Outcome(m)...)...)
	})
}
