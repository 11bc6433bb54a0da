package group

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
)

// The group's document alone decides who leads. A person who is named a leader is in its
// LeaderIDs at once, and in Naming until their membership says so. From then on the
// membership can end only by a write of the group. A leader counts only once their
// membership says that they lead.

// leaderArgs name the person whose membership has to be brought in line with the leaders.
type leaderArgs struct{ GroupID, PersonID string }

// isLedBy reports whether a person leads the group and their membership says so.
func (g *Group) isLedBy(personID string) bool {
	return g.hasLeader(personID) && g.Naming[personID] == ""
}

// others are the ids of those who lead the group besides a person.
func (g *Group) others(personID string) []string {
	return slices.DeleteFunc(slices.Clone(g.LeaderIDs), func(leaderID string) bool { return leaderID == personID || !g.isLedBy(leaderID) })
}

// BesideViewer are the ids of those who lead the group besides the viewer; none if the viewer
// does not lead it.
func (g *Group) BesideViewer(ctx context.Context) []string {
	v := auth.FromContext(ctx)
	if !g.isLedBy(v.PersonID) {
		return nil
	}
	return g.others(v.PersonID)
}

// countsAsLeader reports whether a leader counts as one who keeps the group led. A person whom
// the municipality has banned or disabled does not, nor does one who holds an office in a
// lokalforum, which is led by residents.
func (g *Group) countsAsLeader(p *person.Person, now time.Time) bool {
	return p.Admits() == nil && !(g.Kind == KindLokalforum && p.Viewer().HoldsOffice(now))
}

// isKeptBy reports whether one of these leaders keeps the group led.
func (g *Group) isKeptBy(leaders []*person.Person, now time.Time) bool {
	return slices.ContainsFunc(leaders, func(p *person.Person) bool { return g.countsAsLeader(p, now) })
}

// hasOtherLeader reports whether somebody else keeps the group led.
func (s *Service) hasOtherLeader(ctx context.Context, g *Group, personID string) (bool, error) {
	found, err := s.People.Load(ctx, g.others(personID))
	return g.isKeptBy(slices.Collect(maps.Values(found)), s.now()), err
}

// nameLeader makes a member a leader of the group. Returns VERSION_CONFLICT if the
// leaders are no longer those that were read, Conflict if there are too many, and
// NotFound if the person has left meanwhile.
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
		return notMember(ctx, personID)
	}
	return err
}

// checkDeposer refuses to end the leading of somebody else to whoever does not lead the
// group, nor answer for it by office: managing members is not enough. In a lokalforum residents
// settle that among themselves: whoever holds an office deposes no leader, even if they lead.
func (s *Service) checkDeposer(ctx context.Context, g *Group, personID string) error {
	v := auth.FromContext(ctx)
	switch {
	case v.PersonID == personID:
		return nil
	case g.Kind == KindLokalforum && v.HoldsOffice(s.now()):
		return fault.Forbidden("group.leader.by_resident")
	case g.isLedBy(v.PersonID) || g.staffReaches(v, s.now()):
		return nil
	}
	return fault.Forbidden("group.leader.by_leader")
}

// removeLeader takes a leader from a group that another one keeps led. Returns Conflict for
// the last leader, and VERSION_CONFLICT if the leaders are no longer those that were
// read. A leader whose membership does not say so yet does not count, and can be removed.
func (s *Service) removeLeader(ctx context.Context, g *Group, personID string, effects []outbox.Effect) error {
	if g.isLedBy(personID) {
		if isKept, err := s.hasOtherLeader(ctx, g, personID); err != nil || !isKept {
			return cmp.Or(err, error(fault.Conflict("group.last_leader")))
		}
	}
	return s.Outbox.Commit(ctx, g.ref(), effects, func(b outbox.Batch) error { return s.store.removeLeader(ctx, g, personID, b) })
}

// followLeaders brings a membership in line with the group's leaders. batch is the write
// that has named the person, or that of another change. The membership is read before
// the group, so that a write that succeeds rests on a group that is at least as new.
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
			return fault.VersionConflict() // they lost the role before the membership had it, so look again
		}
		return err
	})
}

// follow makes a membership say what the group says about leading, and reports whether it
// has changed. A person who is being named gets the role under that naming even if they
// led before, so that a write based on the membership without it is refused.
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

// undoNaming takes back the naming of a person who left before their membership said that
// they lead.
func (s *Service) undoNaming(ctx context.Context, g *Group, personID string, isNaming bool) error {
	if !isNaming {
		return nil
	}
	if err := s.store.removeLeader(ctx, g, personID, outbox.Batch{}); err != nil {
		return err
	}
	return outbox.ErrStop
}
