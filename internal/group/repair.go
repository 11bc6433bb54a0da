package group

import (
	"context"

	"faellesskab/internal/fault"
)

const (
	// repairPage is how many groups, or memberships, one query reads.
	repairPage = 100
	// repairTries is how often a repair looks at a group that people join and leave.
	repairTries = 3
)

// Difference is a number that was wrong.
type Difference struct {
	GroupID string
	What    string // "members", or "leaders": people of whom the group and their membership disagreed
	Was, Is int
}

// Repair counts the members of all groups, compares the leaders with their memberships, and mends
// what is wrong. A group in which something is under way is left to the next run. It returns what
// was wrong.
func (s *Service) Repair(ctx context.Context) (found []Difference, err error) {
	for after := ""; ; {
		list, err := s.store.counts(ctx, after)
		if err != nil || len(list) == 0 {
			return found, err
		}
		members, err := s.store.countMembers(ctx, list)
		if err != nil {
			return found, err
		}
		for _, g := range list {
			if g.MemberCount == members[g.ID] {
				continue
			}
			d, err := s.repairCount(ctx, g.ID)
			if err != nil {
				return found, err
			}
			found = append(found, d...)
		}
		d, err := s.repairLeaders(ctx, list)
		if found = append(found, d...); err != nil {
			return found, err
		}
		after = list[len(list)-1].ID
	}
}

// RepairAndTell is Repair for the job, which writes into the log what was wrong. Operators' alerts
// look for the message, so it must not change.
func (s *Service) RepairAndTell(ctx context.Context) error {
	found, err := s.Repair(ctx)
	for _, d := range found {
		s.Log.WarnContext(ctx, "a count was wrong", "id", d.GroupID, "what", d.What, "was", d.Was, "is", d.Is)
	}
	return err
}

// repairCount mends the count of one group, if nothing is under way and the count has not changed
// since it was read.
func (s *Service) repairCount(ctx context.Context, groupID string) ([]Difference, error) {
	for range repairTries {
		g, err := s.store.get(ctx, groupID)
		if err != nil {
			return nil, fault.UnlessNotFound(err)
		}
		n, underWay := 0, false
		aside, err := s.Outbox.AroundPutAside(ctx, func() (err error) {
			n, underWay, err = s.store.recount(ctx, groupID)
			return err
		}, g.ref(), (&Membership{ID: groupID + ":"}).ref())
		switch {
		case err != nil || aside:
			return nil, err
		case underWay || len(g.Due) > 0:
			continue
		case n == g.MemberCount:
			return nil, nil
		}
		if ok, err := s.store.mendCount(ctx, g, n); err != nil || ok {
			return []Difference{{groupID, "members", g.MemberCount, n}}, err
		}
	}
	return nil, nil
}
