package group

import (
	"context"

	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// SetRole gives a member a role. Who leads is decided by the group, which must
// keep a leader; the other roles by the membership. Returns Problems, NotFound
// for who is no member, Forbidden without the permission MANAGE_MEMBERS, for a role
// that is not the viewer's to give and for one given to oneself, and Conflict for
// the last leader, and for a first leader where another was quicker.
func (s *Service) SetRole(ctx context.Context, in SetRoleInput) (*Membership, error) {
	if err := in.Clean(s.now()); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "setMemberRole", Key: in.ClientMutationID, Input: in, On: bothRefs(in.GroupID, in.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		g, err := s.Require(ctx, in.GroupID, ManageMembers)
		if err != nil {
			return nil, err
		}
		isFirst, err := s.checkGift(ctx, g, in)
		if err != nil {
			return nil, err
		}
		m, err := s.member(ctx, g.ID, in.PersonID)
		if err != nil {
			return nil, err
		}
		if g, err = s.deciding(ctx, g, m); err != nil {
			return nil, err
		}
		isLeader, given := g.hasLeader(m.PersonID), m.Version
		m.Role, m.RoleExpiresAt = in.Role, in.ExpiresAt
		m.Version++
		if in.Role != RoleLeader && !isLeader {
			return m, s.writeMembership(ctx, m, append(s.roleEffects(m), t.Outcome(m)...)...)
		}
		return m, s.setLeader(ctx, g, in, isFirst, given, t.Outcome(m))
	})
}

// setLeader makes somebody a leader, or takes that from them: the group decides.
// given is the version of the membership as it was read.
func (s *Service) setLeader(ctx context.Context, g *Group, in SetRoleInput, isFirst bool, given int, outcome []outbox.Effect) error {
	effects := []outbox.Effect{outbox.New(effectRole,
		roleArgs{GroupID: g.ID, PersonID: in.PersonID, Role: in.Role, ExpiresAt: in.ExpiresAt, Version: given})}
	if isFirst {
		effects = append(effects, s.Audit.Effect(ctx, "appointFirstLeader", g.ID, map[string]string{"person": in.PersonID}))
	}
	return s.Outbox.Commit(ctx, g.ref(), append(effects, outcome...), func(b outbox.Batch) error {
		switch {
		case isFirst:
			return s.store.addFirstLeader(ctx, g, in.PersonID, b)
		case in.Role == RoleLeader:
			return s.store.addLeader(ctx, g.ID, in.PersonID, b)
		default:
			return s.removeLeader(ctx, g, in.PersonID, b)
		}
	})
}
