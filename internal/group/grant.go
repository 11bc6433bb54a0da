package group

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// GrantRole gives a member a role, or changes when a role they hold ends. The group
// keeps who leads, and the membership keeps the other roles. Returns Problems, NotFound
// if the person is no member or the role does not exist, Forbidden without the permission
// MANAGE_MEMBERS, for a role that the viewer may not give and for one given to oneself,
// and Conflict if there are too many roles or leaders.
func (s *Service) GrantRole(ctx context.Context, in GrantRoleInput) (*Membership, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "grantGroupRole", Key: in.ClientMutationID, Input: in, On: bothRefs(in.GroupID, in.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		if err := s.checkEnd(in.ExpiresAt); err != nil {
			return nil, err
		}
		var m *Membership
		err := s.retry(ctx, func() error {
			var err error
			m, err = s.grantOnce(ctx, in, t)
			return err
		})
		return m, err
	})
}

func (s *Service) grantOnce(ctx context.Context, in GrantRoleInput, t idempotency.Token) (*Membership, error) {
	g, err := s.Require(ctx, in.GroupID, ManageMembers)
	if err != nil {
		return nil, err
	}
	role := g.role(in.Key)
	if role == nil {
		return nil, noRole()
	}
	isFirst, err := s.checkGift(ctx, g, in, role)
	if err != nil {
		return nil, err
	}
	m, err := s.member(ctx, g.ID, in.PersonID)
	if err != nil {
		return nil, err
	}
	// A person whom the group names, and whose membership says nothing of it, is named again: a
	// repair may be about to take the old name away.
	isKnown := g.hasLeader(in.PersonID) && (m.leads() || g.Naming[in.PersonID] != "")
	if in.Key == RoleLeader && isKnown {
		return m, nil
	}
	h := Holding{Key: in.Key, EndsAt: in.ExpiresAt}
	after := *m
	after.hold(h)
	after.Version++
	if len(after.Held(g)) > 1+MaxHeld && m.holding(in.Key) == nil {
		return nil, fault.Conflict("group.role.held_many").With("Max", MaxHeld)
	}
	if in.Key != RoleLeader {
		effects := append(s.roleEffects(g, m, &after), s.endEffects(&after, h)...)
		return &after, s.writeMembership(ctx, &after, append(effects, t.Outcome(&after)...)...)
	}
	effects := t.Outcome(&after)
	if isFirst {
		effects = append(effects, s.Audit.Effect(ctx, "appointFirstLeader", g.ID, map[string]string{"person": in.PersonID}))
	}
	return &after, s.nameLeader(ctx, g, in.PersonID, effects)
}

// RevokeRole takes a role from a member, at once or at an instant before it ends by
// itself. Everybody may give up their own roles. Returns Problems, NotFound if the person
// is no member or does not hold the role, Forbidden for another person's role without the
// permission MANAGE_MEMBERS, and Conflict for the last leader.
func (s *Service) RevokeRole(ctx context.Context, in RevokeRoleInput) (*Membership, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "revokeGroupRole", Key: in.ClientMutationID, Input: in, On: bothRefs(in.GroupID, in.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		if err := s.checkEnd(in.ExpiresAt); err != nil {
			return nil, err
		}
		var m *Membership
		err := s.retry(ctx, func() error {
			var err error
			m, err = s.revokeOnce(ctx, in, t)
			return err
		})
		return m, err
	})
}

func (s *Service) revokeOnce(ctx context.Context, in RevokeRoleInput, t idempotency.Token) (*Membership, error) {
	if err := s.checkRevoker(ctx, in); err != nil {
		return nil, err
	}
	m, err := s.member(ctx, in.GroupID, in.PersonID)
	if err != nil {
		return nil, err
	}
	// The group is read after the membership: if the person is named a leader meanwhile,
	// their membership changes, and the write below is refused.
	g, err := s.store.get(ctx, in.GroupID)
	if err != nil {
		return nil, err
	}
	held := m.holding(in.Key)
	if in.Key == RoleLeader && g.hasLeader(in.PersonID) {
		held = &Holding{Key: RoleLeader}
	}
	if held == nil {
		return nil, noRole()
	}
	after := *m
	after.Version++
	after.Holds = m.without(in.Key)
	if in.Key == RoleLeader {
		if err := s.checkDeposer(ctx, g, in.PersonID); err != nil {
			return nil, err
		}
		follow := outbox.New(effectLeader, leaderArgs{GroupID: g.ID, PersonID: in.PersonID})
		return &after, s.removeLeader(ctx, g, in.PersonID, append([]outbox.Effect{follow}, t.Outcome(&after)...))
	}
	var ends []outbox.Effect
	if in.ExpiresAt != nil {
		if held.EndsAt != nil && !in.ExpiresAt.Before(*held.EndsAt) {
			return nil, fault.Invalid("input.expiresAt", "group.role.ends_sooner")
		}
		sooner := Holding{Key: in.Key, EndsAt: in.ExpiresAt}
		after.hold(sooner)
		ends = s.endEffects(&after, sooner)
	}
	effects := append(s.roleEffects(g, m, &after), ends...)
	return &after, s.writeMembership(ctx, &after, append(effects, t.Outcome(&after)...)...)
}

// checkRevoker refuses a viewer who may not take roles from the person.
func (s *Service) checkRevoker(ctx context.Context, in RevokeRoleInput) error {
	if in.PersonID == auth.FromContext(ctx).PersonID {
		_, err := s.visible(ctx, in.GroupID)
		return err
	}
	_, err := s.Require(ctx, in.GroupID, ManageMembers)
	return err
}

func noRole() *fault.Error {
	return &fault.Error{Kind: fault.KindNotFound, Key: "group.role.not_found", Field: "input.key"}
}

// forGood is later than every instant that an input can set as an end.
var forGood = time.Date(3000, time.January, 2, 0, 0, 0, 0, time.UTC)

// checkGive refuses permissions that the viewer may not give members until an instant. A leader gives any.
// Everybody else gives permissions that every member has, and those that they have themselves for as long; if
// they gave them for longer, they could be given them back. Only a leader gives permissions that only a newer
// version knows.
func (s *Service) checkGive(ctx context.Context, g *Group, list []Permission, until time.Time) error {
	v, now := auth.FromContext(ctx), s.now()
	if g.isLedBy(v.PersonID) {
		return nil
	}
	everybodys := g.role(RoleMember).Permissions
	gifts := slices.DeleteFunc(slices.Clone(list), func(p Permission) bool { return slices.Contains(everybodys, p) })
	lacks := func(at time.Time) bool {
		return slices.ContainsFunc(gifts, func(p Permission) bool { return !g.Allows(v, p, at) })
	}
	switch {
	case lacks(now):
		return fault.Forbidden("group.role.not_held")
	case lacks(until.Add(-time.Millisecond)): // it is not held any more from then on
		return fault.Forbidden("group.role.outlives")
	}
	return nil
}

// checkGift refuses a role that the viewer may not give, and any role that they would
// give themselves. isFirst says that the role makes the first leader of a municipal
// group that has none, whom people with SUPPORT choose.
func (s *Service) checkGift(ctx context.Context, g *Group, in GrantRoleInput, r *Role) (isFirst bool, err error) {
	v, personID, until := auth.FromContext(ctx), in.PersonID, forGood
	if in.ExpiresAt != nil {
		until = *in.ExpiresAt
	}
	switch {
	case personID == v.PersonID:
		return false, fault.Forbidden("auth.self")
	case r.Key != RoleLeader:
		return false, s.checkGive(ctx, g, g.allOf(r), until)
	case g.isLedBy(v.PersonID):
		return false, nil
	case !g.staffReaches(v, s.now()):
		return false, fault.Forbidden("group.role.not_held")
	}
	people, err := s.People.Load(ctx, append(slices.Clone(g.LeaderIDs), personID))
	if err != nil {
		return false, err
	}
	for _, leaderID := range g.LeaderIDs {
		if p := people[leaderID]; p != nil && g.countsAsLeader(p, s.now()) {
			return false, fault.Forbidden("group.role.not_held")
		}
	}
	if p := people[personID]; g.Kind == KindLokalforum && p != nil && p.Viewer().HoldsOffice(s.now()) {
		return false, fault.Forbidden("group.leader.resident")
	}
	return true, nil
}

// allOf are the permissions of a role, including those that only a newer version knows.
func (g *Group) allOf(r *Role) []Permission {
	if own, ok := g.OwnRoles[r.Key]; ok {
		return own.Permissions
	}
	return r.Permissions
}
