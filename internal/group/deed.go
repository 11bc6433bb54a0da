package group

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// deed is an act that somebody does to one person's membership of a group.
type deed struct {
	act
	group    *Group
	personID string
	by       string
	link     *Link // the link by which they join, which decides the act; nil: none
	token    idempotency.Token
}

// do does an act to a membership as the table of states says. If the membership has
// changed meanwhile, it tries again. Returns the table's refusal.
func (s *Service) do(ctx context.Context, d deed) (*Membership, error) {
	var m *Membership
	err := s.retry(ctx, func() error {
		var err error
		m, err = s.doOnce(ctx, d)
		return err
	})
	return m, err
}

func (s *Service) doOnce(ctx context.Context, d deed) (*Membership, error) {
	before, err := s.membershipOrNew(ctx, d.group.ID, d.personID)
	if err != nil {
		return nil, err
	}
	if d.link != nil {
		d.act = d.link.actOf(before)
	}
	before, ok := d.seen(before)
	if !ok {
		return before, nil
	}
	after, st, err := d.doneTo(before, d.by, s.now())
	if err != nil || st.to == "" {
		return after, err
	}
	after.ByContact = after.ByContact || d.isByContact()
	if err := before.checkTimes(st.to, d.by, s.now()); err != nil {
		return nil, err
	}
	if err := s.checkRoom(ctx, d, st.to); err != nil {
		return nil, err
	}
	if d.ends && before.State == StateActive {
		// The group is read after the membership: if the person is named a leader
		// meanwhile, their membership changes, and the write below is refused.
		g, err := s.store.get(ctx, d.group.ID)
		if err != nil {
			return nil, err
		}
		if g.hasLeader(d.personID) {
			if err := s.checkDeposer(ctx, g, d.personID); err != nil {
				return nil, err
			}
			return after, s.endLeader(ctx, g, before, after, d.token)
		}
	}
	effects := append(d.follows(before, after, st), d.token.Outcome(after)...)
	return after, s.putMembership(ctx, after, effects...)
}

// checkRoom refuses another group or invitation to a person who has as many as allowed,
// of all people or of this one. Two calls at once may both pass.
func (s *Service) checkRoom(ctx context.Context, d deed, to MembershipState) error {
	switch to {
	case StateRequested:
		return s.checkRequests(ctx, d.personID)
	case StateInvited:
		if err := s.checkInvitedToday(ctx, d); err != nil {
			return err
		}
	case StateActive:
	default:
		return nil
	}
	v := auth.FromContext(ctx)
	if to == StateActive && v.PersonID != d.personID {
		found, err := s.People.Load(ctx, []string{d.personID})
		if err != nil || found[d.personID] == nil {
			return err
		}
		v = found[d.personID].Viewer()
	}
	switch {
	case to == StateInvited:
		return s.checkInvited(ctx, d)
	case hasRoom(v):
		return nil
	}
	return isFull()
}

// checkRequests refuses another request to a person of whom as many wait for an answer as may. Two calls
// at once may both pass.
func (s *Service) checkRequests(ctx context.Context, personID string) error {
	waiting, err := s.RequestsOf(ctx, []string{personID})
	if err == nil && waiting[personID] >= MaxRequests {
		err = fault.Conflict("group.request.full").With("Max", MaxRequests)
	}
	return err
}

// checkInvitedToday refuses an inviter who has invited the person often enough within a day, to whatever
// groups, and whatever the answers were.
func (s *Service) checkInvitedToday(ctx context.Context, d deed) error {
	list, err := s.store.ofState(ctx, d.personID, maxLookedAt, StateInvited, StateDeclined, StateLeft, StateRemoved)
	if err != nil {
		return err
	}
	now := s.now()
	var times []time.Time
	for _, m := range list {
		for _, c := range m.History {
			if c.State == StateInvited && c.By == d.by && now.Before(c.At.Add(tellAgain)) {
				times = append(times, c.At)
			}
		}
	}
	if len(times) < maxInvitedADay {
		return nil
	}
	slices.SortFunc(times, time.Time.Compare)
	return fault.Exhausted("group.invite.often", times[0].Add(tellAgain).Sub(now)).With("Max", maxInvitedADay)
}

// checkInvited refuses another invitation to a person of whom as many wait for an answer as may, of all
// inviters or of this one. Those by a contact are counted apart: they must not show in how others are answered.
func (s *Service) checkInvited(ctx context.Context, d deed) error {
	waiting, err := s.store.ofState(ctx, d.personID, MaxInvitations+maxByContact, StateInvited)
	if err != nil {
		return err
	}
	all, sent := 0, 0
	for _, m := range waiting {
		if m.ByContact != d.isByContact() {
			continue
		}
		if all++; m.lastBy() == d.by {
			sent++
		}
	}
	switch {
	case d.isByContact() && all >= maxByContact, all >= MaxInvitations:
		return fault.Conflict("group.invite.full").With("Max", MaxInvitations)
	case d.isByContact(), sent < MaxInvitationsBy:
		return nil
	}
	return fault.Conflict("group.invite.many").With("Max", MaxInvitationsBy)
}

// hasRoom reports whether somebody can be in one group more.
func hasRoom(v auth.Viewer) bool { return len(v.Groups) < MaxGroups }

// isFull is the refusal of another group.
func isFull() *fault.Error { return fault.Conflict("group.join.full").With("Max", MaxGroups) }

// follows are the effects of a deed that has changed a membership. The person's copy
// comes first, since decisions about notices depend on it.
func (d deed) follows(before, after *Membership, st step) []outbox.Effect {
	effects := append([]outbox.Effect{copyEffect(after)}, countEffects(before, after)...)
	if d.ends {
		effects = append(effects, after.accessEnded())
	}
	switch {
	case st.tell == newsAnswered:
		effects = append(effects, notify.Effect(answered(d.group, after)))
	case st.tell != "" && after.isTold(st.tell):
		effects = append(effects, after.tell(d.group, st.tell))
	case st.tell != "":
		effects = append(effects, after.later(st.tell))
	}
	if c, ok := invitationAnswered(d.group, before, after); ok {
		effects = append(effects, notify.Effect(c))
	}
	if d.link != nil {
		effects = append(effects, outbox.New(effectUse, useArgs{LinkID: d.link.ID, PersonID: d.personID}))
	}
	return effects
}

// endLeader ends the membership of a leader. It writes the group first, which must keep
// another leader.
func (s *Service) endLeader(ctx context.Context, g *Group, before, after *Membership, t idempotency.Token) error {
	a := endArgs{GroupID: g.ID, PersonID: after.PersonID, State: after.State, By: after.lastBy(), Since: before.Since, At: after.Since}
	return s.removeLeader(ctx, g, after.PersonID, append([]outbox.Effect{outbox.New(effectEnd, a)}, t.Outcome(after)...))
}

// membershipOrNew is a person's membership of a group, or a new one that is not stored
// yet if there never was one.
func (s *Service) membershipOrNew(ctx context.Context, groupID, personID string) (*Membership, error) {
	m, err := s.store.membership(ctx, groupID, personID)
	if fault.Is(err, fault.KindNotFound) {
		return newMembership(groupID, personID), nil
	}
	return m, err
}

// putMembership is writeMembership for a membership that may be new. Returns
// VERSION_CONFLICT if another call was quicker.
func (s *Service) putMembership(ctx context.Context, m *Membership, effects ...outbox.Effect) error {
	if m.Version > 1 {
		return s.writeMembership(ctx, m, effects...)
	}
	return s.Outbox.Commit(ctx, m.ref(), effects, func(b outbox.Batch) error {
		m.Pending = b.Pending()
		err := s.store.insertMembership(ctx, m)
		if fault.Is(err, fault.KindConflict) {
			err = fault.VersionConflict().Because(err)
		}
		return err
	})
}
