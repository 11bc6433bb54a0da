package group

import (
	"context"

	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
)

// found makes the person who started a group its first member and its leader.
func (s *Service) found(ctx context.Context, a foundArgs) error {
	m := newMembership(a.GroupID, a.PersonID)
	m.become(StateActive, a.PersonID, a.At)
	m.hold(Holding{Key: RoleLeader})
	m.Version = 1
	err := s.store.insertMembership(ctx, m)
	if fault.Is(err, fault.KindConflict) {
		return s.foundAgain(ctx, a)
	}
	if err != nil {
		return err
	}
	return s.copyTo(ctx, a.PersonID, a.GroupID)
}

// foundAgain is found for a person who has a membership already: because this is a
// repeat, or because they saw the group before they were a member, and joined it or
// asked to. The group decides whether they still lead it.
func (s *Service) foundAgain(ctx context.Context, a foundArgs) error {
	return s.retry(ctx, func() error {
		m, err := s.store.membership(ctx, a.GroupID, a.PersonID)
		if err != nil {
			return err
		}
		g, err := s.store.get(ctx, a.GroupID)
		if err != nil {
			return err
		}
		st, joined := actFound.from[m.State], m.State == StateActive
		if m.leads() || !g.isLedBy(a.PersonID) || st.to == "" && !joined {
			return s.copyTo(ctx, a.PersonID, a.GroupID)
		}
		effects := []outbox.Effect{copyEffect(m)}
		if joined { // the group counted them when it was made, and once more when they joined
			effects = append(effects, outbox.New(effectCount, countArgs{GroupID: g.ID, Delta: -1}))
		} else {
			m.become(st.to, a.PersonID, s.now())
		}
		m.hold(Holding{Key: RoleLeader})
		m.Version++
		return s.writeMembership(ctx, m, effects...)
	})
}
