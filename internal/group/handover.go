package group

import (
	"context"
	"errors"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
)

// EffectHandedOver is the kind of the effect that a committee has gone from one employee to another, who leads it now.
const EffectHandedOver = "group.handed_over"

// HandedOver are the arguments of EffectHandedOver.
type HandedOver struct {
	person.HandedOver
	GroupID string
}

// handOver has the committees that an employee leads be led by another one. The residents' own groups stay with
// them: employees lead those as residents, and never a lokalforum.
func (s *Service) handOver(ctx context.Context, a person.HandedOver) error {
	return s.store.walkLed(a.FromID).Each(ctx, func(g *Group) error {
		if g.Kind != KindCommittee {
			return nil
		}
		return s.retry(ctx, func() error { return s.handGroup(ctx, g.ID, a) })
	})
}

// handGroup has one committee be led by another person, who becomes a member first. It stays as it is if they
// cannot: they are banned from it, are in too many groups, or may not sign in any more.
func (s *Service) handGroup(ctx context.Context, groupID string, a person.HandedOver) error {
	g, err := s.store.get(ctx, groupID)
	if err != nil || !g.hasLeader(a.FromID) {
		return fault.UnlessNotFound(err)
	}
	if mayLead, err := s.mayTakeOver(ctx, g, a.ToID); err != nil || !mayLead {
		return err
	}
	m, err := s.do(ctx, deed{act: actTakeOver, group: g, personID: a.ToID})
	if isRefused(err) || err == nil && m.State != StateActive {
		return nil
	}
	if err != nil {
		return err
	}
	if !g.hasLeader(a.ToID) {
		err := s.nameLeader(ctx, g, a.ToID, []outbox.Effect{notify.Effect(handedOver(g, a.ToID))})
		if isRefused(err) {
			return nil // as many people as may lead it already
		}
		if err != nil {
			return err
		}
	}
	// A process that died in an earlier try may have left this undone.
	if _, err := s.Outbox.RunPendingClaim(ctx, g.ref(), namingPath(a.ToID)); err != nil {
		return err
	}
	if g, err = s.store.get(ctx, groupID); err != nil {
		return err
	}
	if !g.isLedBy(a.ToID) {
		return errNoHeirYet
	}
	follow := outbox.New(effectLeader, leaderArgs{GroupID: g.ID, PersonID: a.FromID})
	return s.removeLeader(ctx, g, a.FromID, []outbox.Effect{follow, outbox.New(EffectHandedOver, HandedOver{a, g.ID})})
}

// handedOver tells an employee that they lead the committee from now on, and why. It does not say who did.
func handedOver(g *Group, personID string) notify.Cause {
	c := inherited(g, personID)
	c.Data["Handed"] = "true"
	return c
}

// mayTakeOver reports whether a person would count as the leader of a group and still holds an office.
func (s *Service) mayTakeOver(ctx context.Context, g *Group, personID string) (bool, error) {
	found, err := s.People.Load(ctx, []string{personID})
	if err != nil || found[personID] == nil {
		return false, err
	}
	p := found[personID]
	return g.countsAsLeader(p, s.now()) && p.Viewer().HoldsOffice(s.now()), nil
}

// isRefused reports whether the rules of groups refuse something, which trying again does not change.
func isRefused(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Kind == fault.KindConflict && f.PublicCode() != fault.CodeVersionConflict
}
