package group

import (
	"context"
	"errors"

	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
)

// Who leads is decided by the group's document alone. Whoever is named is in its
// LeaderIDs at once, and in Naming until their membership has heard of it: from then
// on it can only end by a write of the group. Only those count whose membership has.

// leaderArgs are a person whose membership is to say whether they lead.
type leaderArgs struct{ GroupID, PersonID string }

// isLedBy reports whether a person leads the group, and their membership has heard of
// it.
func (g *Group) isLedBy(personID string) bool {
	return g.hasLeader(personID) && g.Naming[personID] == ""
}

// hasOtherLeader reports whether somebody else leads the group.
func (g *Group) hasOtherLeader(personID string) bool {
	for _, leaderID := range g.LeaderIDs {
		if leaderID != personID && g.isLedBy(leaderID) {
			return true
		}
	}
	return false
}

// nameLeader makes a member a leader of a group whose leaders are still those that
// were read. Returns VERSION_CONFLICT otherwise, Conflict where there are too many,
// and NotFound for who has left meanwhile.
func (s *Service) nameLeader(ctx context.Context, g *Group, personID string, effects []outbox.Effect) error {
	if len(g.LeaderIDs) >= maxLeaders {
		return fault.Conflict("group.leader.many").With("Max", maxLeaders)
	}
	follow := outbox.New(effectLeader, leaderArgs{GroupID: g.ID, PersonID: personID})
	follow.Clear = []string{namingPath(personID)}
	err := s.Outbox.Commit(ctx, g.ref(), append([]outbox.Effect{follow}, effects...), func(b outbox.Batch) error {
		return s.store.nameLeader(ctx, g, personID, b)
	})
	if errors.Is(err, outbox.ErrUndone) {
		return fault.NotFound("group.not_member")
	}
	return err
}

// removeLeader takes a leader from a group that keeps another one. Returns Conflict
// for the last, and VERSION_CONFLICT if the leaders are no longer those that were
// read. Whoever is named and has not heard of it yet does not count, and may go.
func (s *Service) removeLeader(ctx context.Context, g *Group, personID string, effects []outbox.Effect) error {
	if g.isLedBy(personID) && !g.hasOtherLeader(personID) {
		return fault.Conflict("group.last_leader")
	}
	return s.Outbox.Commit(ctx, g.ref(), effects, func(b outbox.Batch) error { return s.store.removeLeader(ctx, g, personID, b) })
}

// followLeaders brings a membership in line with the group's leaders, which decide.
// batch is the write that has named the person; that of another change otherwise.
// The membership is read first: whatever the group says after that, nobody has
// changed the membership since if the write of it succeeds.
func (s *Service) followLeaders(ctx context.Context, a leaderArgs, batch string) error {
	return s.retry(ctx, func() error {
		m, err := s.store.membership(ctx, a.GroupID, a.PersonID)
		if err != nil {
			return err
		}
		g, err := s.store.get(ctx, a.GroupID)
		if err != nil {
			return err
		}
		isNaming := g.Naming[a.PersonID] == batch
		if m.State != StateActive {
			return s.undoNaming(ctx, g, a.PersonID, isNaming)
		}
		before := *m
		if !m.follow(g, batch, isNaming) {
			return nil
		}
		if err := s.writeMembership(ctx, m, s.roleEffects(g, &before, m)...); err != nil || !m.leads() {
			return err
		}
		if g, err = s.store.get(ctx, a.GroupID); err == nil && !g.hasLeader(a.PersonID) {
			return fault.VersionConflict() // whoever took it from them has not seen it here
		}
		return err
	})
}

// follow gives a membership what the group says about leading, and reports whether
// it is to be written. Whoever is being named gets it in that name, also where they
// led before: so whoever has read the membership without it does not write it.
func (m *Membership) follow(g *Group, batch string, isNaming bool) bool {
	held := m.holding(RoleLeader)
	switch {
	case isNaming && held != nil && held.Naming == batch:
		return false
	case isNaming || g.hasLeader(m.PersonID) && held == nil:
		m.hold(Holding{Key: RoleLeader, Naming: batch})
	case !g.hasLeader(m.PersonID) && held != nil:
		m.Holds = m.without(RoleLeader)
	default:
		return false
	}
	m.Version++
	return true
}

// undoNaming takes back the naming of somebody who had left before they heard of it.
func (s *Service) undoNaming(ctx context.Context, g *Group, personID string, isNaming bool) error {
	if !isNaming {
		return nil
	}
	if err := s.store.removeLeader(ctx, g, personID, outbox.Batch{}); err != nil {
		return err
	}
	return outbox.ErrStop
}
