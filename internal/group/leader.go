package group

import (
	"context"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/outbox"
)

// deciding is the group of a membership. It is read anew where the membership says
// that somebody leads and the group, read before that, does not: the group decides.
func (s *Service) deciding(ctx context.Context, g *Group, m *Membership) (*Group, error) {
	if m.Role != RoleLeader || g.hasLeader(m.PersonID) {
		return g, nil
	}
	return s.store.get(ctx, g.ID)
}

// otherLeaders are the leaders besides a person whose memberships say so too. One
// who is chosen and does not know it yet may be leaving, and lets nobody go.
func (s *Service) otherLeaders(ctx context.Context, g *Group, personID string) ([]string, error) {
	var ids []string
	for _, leaderID := range g.LeaderIDs {
		if leaderID != personID {
			ids = append(ids, id.Pair(g.ID, leaderID))
		}
	}
	found, err := s.store.membershipsByIDs(ctx, ids)
	others := []string{}
	for _, m := range found {
		if m.State == StateActive && m.Role == RoleLeader {
			others = append(others, m.PersonID)
		}
	}
	return others, err
}

// removeLeader takes a leader from a group that keeps another one. Returns Conflict
// for the last.
func (s *Service) removeLeader(ctx context.Context, g *Group, personID string, b outbox.Batch) error {
	others, err := s.otherLeaders(ctx, g, personID)
	if err != nil {
		return err
	}
	return s.store.removeLeader(ctx, g.ID, personID, others, b)
}

// followLeaders brings a membership's role in line with the group's leaders, which
// decide. It looks at the group as it is now, and again once it has made a leader, so
// the order in which two such effects run does not matter.
func (s *Service) followLeaders(ctx context.Context, a roleArgs) error {
	return s.retry(ctx, func() error {
		m, err := s.store.membership(ctx, a.GroupID, a.PersonID)
		if err != nil {
			return err
		}
		if m.State != StateActive {
			// They left before the role reached them: the group forgets it too.
			return s.store.dropLeader(ctx, a.GroupID, a.PersonID)
		}
		g, err := s.store.get(ctx, a.GroupID)
		if err != nil || !a.follow(g, m) {
			return err
		}
		m.Version++
		if err := s.writeMembership(ctx, m, s.roleEffects(m)...); err != nil || m.Role != RoleLeader {
			return err
		}
		if g, err = s.store.get(ctx, a.GroupID); err == nil && !g.hasLeader(a.PersonID) {
			return fault.VersionConflict() // whoever took it from them has not seen it here
		}
		return err
	})
}

// follow gives a membership the role that follows from the group, and reports
// whether it is another one. A role that was given later stays.
func (a roleArgs) follow(g *Group, m *Membership) bool {
	role, ends := a.Role, a.ExpiresAt
	switch {
	case g.hasLeader(a.PersonID):
		role, ends = RoleLeader, nil
	case m.Role != RoleLeader && (role == RoleLeader || a.Version > 0 && m.Version > a.Version):
		return false
	case role == RoleLeader:
		role, ends = RoleMember, nil
	}
	if m.Role == role {
		return false
	}
	m.Role, m.RoleExpiresAt = role, ends
	return true
}
