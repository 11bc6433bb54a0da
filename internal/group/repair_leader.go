package group

import (
	"context"
	"slices"

	"faellesskab/internal/fault"
)

// repairNaming stands in a membership for the write by which a leader was named, which a repair
// does not know.
const repairNaming = "repair"

// repairLeaders brings the memberships of groups in line with the leaders that the groups name. A
// leader who is no member, and so cannot lead, is taken away as if they had been erased.
func (s *Service) repairLeaders(ctx context.Context, list []*Group) (found []Difference, err error) {
	leading, err := s.store.leading(ctx, list)
	if err != nil {
		return nil, err
	}
	for _, g := range list {
		wrong := 0
		for _, personID := range differing(g.LeaderIDs, leading[g.ID]) {
			isWrong, err := s.repairLeader(ctx, leaderArgs{GroupID: g.ID, PersonID: personID})
			if err != nil {
				return found, err
			}
			if isWrong {
				wrong++
			}
		}
		if wrong > 0 {
			found = append(found, Difference{g.ID, "leaders", wrong, 0})
		}
	}
	return found, nil
}

// differing are the ids that are in one list only.
func differing(a, b []string) []string {
	only := slices.DeleteFunc(slices.Clone(a), func(personID string) bool { return slices.Contains(b, personID) })
	for _, personID := range b {
		if !slices.Contains(a, personID) {
			only = append(only, personID)
		}
	}
	return only
}

// repairLeader looks closer at one person, and mends what is wrong unless something is under way,
// or was put aside and may be tried again.
func (s *Service) repairLeader(ctx context.Context, a leaderArgs) (isWrong bool, err error) {
	var c comparison
	g, m := Group{ID: a.GroupID}, newMembership(a.GroupID, a.PersonID)
	aside, err := s.Outbox.AroundPutAside(ctx, func() (err error) {
		c, err = s.compareLeader(ctx, a)
		return err
	}, g.ref(), m.ref())
	switch {
	case err != nil || aside || !c.disagree:
		return false, err
	case c.isMember:
		return true, s.followLeaders(ctx, a, repairNaming)
	}
	// They may have come again since, and have been named again.
	return true, s.takeLeader(ctx, a.GroupID, a.PersonID, func(g *Group) bool { return g.LeadersVersion == c.leadersVersion })
}

// comparison is what a group and a membership say of somebody's leading.
type comparison struct {
	isMember, disagree bool
	leadersVersion     int // of the group
}

// compareLeader reports whether a group and a membership disagree about who leads, while nothing is
// under way. The membership is read before the group, as in followLeaders, and once more after it:
// somebody who had left may have come again and been named meanwhile.
func (s *Service) compareLeader(ctx context.Context, a leaderArgs) (comparison, error) {
	before, err := s.membershipOrNone(ctx, a)
	if err != nil {
		return comparison{}, err
	}
	g, err := s.store.get(ctx, a.GroupID)
	if err != nil {
		return comparison{}, fault.UnlessNotFound(err)
	}
	m, err := s.membershipOrNone(ctx, a)
	if err != nil {
		return comparison{}, err
	}
	isMember := m.State == StateActive
	isUnderWay := len(g.Due) > 0 || len(m.Due) > 0 || g.Naming[a.PersonID] != "" || m.Version != before.Version
	return comparison{isMember, !isUnderWay && g.hasLeader(a.PersonID) != (isMember && m.leads()), g.LeadersVersion}, nil
}

// membershipOrNone is a membership, or an empty one of somebody who never had any.
func (s *Service) membershipOrNone(ctx context.Context, a leaderArgs) (*Membership, error) {
	m, err := s.store.membership(ctx, a.GroupID, a.PersonID)
	if fault.Is(err, fault.KindNotFound) {
		return newMembership(a.GroupID, a.PersonID), nil
	}
	return m, err
}
