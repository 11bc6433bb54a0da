package group

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
)

// The kinds of effects of this package.
const (
	effectFound  = "group.found"           // the person who started the group becomes its first member
	effectCopy   = "group.copy_membership" // the person's copy is brought in line with the membership
	effectCount  = "group.count"           // the group's member count changes
	effectLeader = "group.leader"          // the membership is brought in line with the group's leaders
	effectEnd    = "group.end_membership"  // a former leader's membership ends
	effectUse    = "group.use_link"        // the link counts a person who has joined by it
	effectRevoke = "group.revoke_links"    // links of the group end
)

type foundArgs struct {
	GroupID, PersonID string
	At                time.Time
}

type copyArgs struct{ PersonID, GroupID string }

type countArgs struct {
	GroupID string
	Delta   int
}

type endArgs struct {
	GroupID, PersonID string
	State             MembershipState
	By                string
	Since             time.Time // when the ending membership began
	At                time.Time // when it was decided
}

type useArgs struct{ LinkID, PersonID string }

// revokeArgs name a link; without one they mean all links that the group had at that time.
type revokeArgs struct {
	GroupID, LinkID string
	At              time.Time
}

func copyEffect(m *Membership) outbox.Effect {
	return outbox.New(effectCopy, copyArgs{PersonID: m.PersonID, GroupID: m.GroupID})
}

// countEffects are the effects of a change by which the group has one member more or
// less.
func countEffects(before, after *Membership) []outbox.Effect {
	delta := 0
	if before.State == StateActive {
		delta--
	}
	if after.State == StateActive {
		delta++
	}
	if delta == 0 {
		return nil
	}
	return []outbox.Effect{outbox.New(effectCount, countArgs{GroupID: after.GroupID, Delta: delta})}
}

func (s *Service) registerEffects() {
	outbox.On(s.Outbox, effectFound, "group.founder", func(ctx context.Context, _ outbox.Call, a foundArgs) error {
		return s.found(ctx, a)
	})
	outbox.On(s.Outbox, effectCopy, "group.copies", func(ctx context.Context, _ outbox.Call, a copyArgs) error {
		return s.copyTo(ctx, a.PersonID, a.GroupID)
	})
	outbox.On(s.Outbox, effectCount, "group.count", s.count)
	outbox.On(s.Outbox, effectLeader, "group.leaders", func(ctx context.Context, call outbox.Call, a leaderArgs) error {
		return s.followLeaders(ctx, a, call.Batch)
	})
	outbox.On(s.Outbox, effectEnd, "group.ended", func(ctx context.Context, _ outbox.Call, a endArgs) error {
		return s.end(ctx, a)
	})
	outbox.On(s.Outbox, effectOpened, "group.requests", func(ctx context.Context, _ outbox.Call, w admitWalk) error {
		return s.admitAll(ctx, w)
	})
	outbox.On(s.Outbox, effectRoleChanged, "group.holders", func(ctx context.Context, _ outbox.Call, w roleWalk) error {
		return s.tellHolders(ctx, w)
	})
	outbox.On(s.Outbox, EffectAccessEnded, "group.links", func(ctx context.Context, _ outbox.Call, a AccessEnded) error {
		return s.endLinks(ctx, a)
	})
	outbox.On(s.Outbox, effectLapsed, "group.lapsed_links", func(ctx context.Context, _ outbox.Call, a lapsedArgs) error {
		return s.endLapsed(ctx, a)
	})
	outbox.On(s.Outbox, person.EffectHandedOver, "group.handovers", func(ctx context.Context, _ outbox.Call, a person.HandedOver) error {
		return s.handOver(ctx, a)
	})
	outbox.On(s.Outbox, effectUse, "group.link_uses", func(ctx context.Context, _ outbox.Call, a useArgs) error {
		return s.store.useLink(ctx, a.LinkID, a.PersonID)
	})
	outbox.On(s.Outbox, effectRevoke, "group.revoked_links", s.endRevoked)
	outbox.On(s.Outbox, person.EffectContacts, "group.contacts", func(ctx context.Context, _ outbox.Call, a person.ContactsChanged) error {
		return s.meetContacts(ctx, a)
	})
	outbox.On(s.Outbox, person.EffectSkills, "group.skills", func(ctx context.Context, _ outbox.Call, a person.SkillsChanged) error {
		return s.copySkills(ctx, a)
	})
	outbox.On(s.Outbox, effectEmptied, "group.disbanded", func(ctx context.Context, _ outbox.Call, w disbandWalk) error {
		return s.disband(ctx, w)
	})
}

// isDue reports whether the membership has still to end. If it is a ban, it is also due if the person has left
// by themselves or come back meanwhile, unless they were banned since.
func (a endArgs) isDue(m *Membership) bool {
	if a.State != StateBanned {
		return m.State == StateActive && m.Since.Equal(a.Since)
	}
	wasBanned := slices.ContainsFunc(m.History, func(c Change) bool { return c.State == StateBanned && !c.At.Before(a.At) })
	return !wasBanned && actBan.from[m.State].to == StateBanned
}

// end ends the membership of a person who led the group, unless they have come back or been
// named again since. The group is read after the membership: if the person is named later,
// that either changes the membership meanwhile, or finds that it has ended.
func (s *Service) end(ctx context.Context, a endArgs) error {
	return s.retry(ctx, func() error {
		m, err := s.store.membership(ctx, a.GroupID, a.PersonID)
		if err != nil || !a.isDue(m) {
			return err
		}
		g, err := s.store.get(ctx, a.GroupID)
		if err != nil || g.hasLeader(a.PersonID) {
			return err
		}
		ended := *m
		ended.become(a.State, a.By, s.now())
		ended.Version++
		effects := append(countEffects(m, &ended), copyEffect(&ended), ended.accessEnded())
		return s.writeMembership(ctx, &ended, effects...)
	})
}

// writeMembership writes a changed membership, whose version has been raised by one, and
// runs the effects. Roles that have ended are left out, which has effects too. Returns VERSION_CONFLICT if somebody else has changed it meanwhile.
func (s *Service) writeMembership(ctx context.Context, m *Membership, effects ...outbox.Effect) error {
	return s.Outbox.Commit(ctx, m.ref(), append(m.lapsing(), effects...), func(b outbox.Batch) error { return s.store.updateMembership(ctx, m, b) })
}

// retry repeats a write that met another one.
func (s *Service) retry(ctx context.Context, write func() error) error {
	var err error
	for range 5 {
		if err = write(); !fault.HasCode(err, fault.CodeVersionConflict) || ctx.Err() != nil {
			return err
		}
	}
	return err
}
