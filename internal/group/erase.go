package group

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
	"faellesskab/internal/privacy"
)

const (
	// eraseStep is how many groups or memberships one call of an erasure ends.
	eraseStep = 10
	// heirs is how many members are considered as the next leader.
	heirs = 20
)

// errNoHeirYet says that the membership of the next leader does not say yet that they lead.
var errNoHeirYet = errors.New("the next leader has not heard of it yet")

// eraseLed removes a person who has been erased from the leaders of all groups. If they were the only
// leader of a group, another member leads from then on: see heir.
func (s *Service) eraseLed(ctx context.Context, personID string) (left bool, err error) {
	return privacy.Each[*Group]{
		Find: func(ctx context.Context, except []string) ([]*Group, error) {
			return s.store.ledBy(ctx, personID, except, eraseStep)
		},
		ID:    func(g *Group) string { return g.ID },
		Erase: func(ctx context.Context, g *Group) error { return s.eraseLeader(ctx, g.ID, personID) },
	}.Do(ctx)
}

func (s *Service) eraseLeader(ctx context.Context, groupID, personID string) error {
	return s.takeLeader(ctx, groupID, personID, func(*Group) bool { return true })
}

// takeLeader takes a leader away who cannot lead, as long as the group is as the caller wants it.
func (s *Service) takeLeader(ctx context.Context, groupID, personID string, want func(g *Group) bool) error {
	g, err := s.store.get(ctx, groupID)
	if err != nil || !g.hasLeader(personID) {
		return fault.UnlessNotFound(err)
	}
	// They may have just started the group, and not be its first member yet.
	if err := s.Outbox.RunPendingAll(ctx, g.ref()); err != nil {
		return err
	}
	return s.retry(ctx, func() error {
		g, err := s.store.get(ctx, groupID)
		if err != nil || !g.hasLeader(personID) || !want(g) {
			return err
		}
		isKept, err := s.hasOtherLeader(ctx, g, personID)
		if err != nil {
			return err
		}
		if !isKept {
			if g, err = s.passOn(ctx, g, personID); err != nil {
				return err
			}
		}
		return s.store.removeLeader(ctx, g, personID, outbox.Batch{})
	})
}

// passOn lets another member lead a group whose only leader goes, and returns the changed group. If there
// is no such member, nothing changes.
func (s *Service) passOn(ctx context.Context, g *Group, personID string) (*Group, error) {
	heirID, err := s.heir(ctx, g, personID)
	if err != nil || heirID == "" {
		return g, err
	}
	err = s.nameLeader(ctx, g, heirID, []outbox.Effect{notify.Effect(inherited(g, heirID))})
	if fault.Is(err, fault.KindNotFound) {
		return nil, fault.VersionConflict().Because(err) // the member has left meanwhile, so another one is next
	}
	if err != nil {
		return nil, err
	}
	if g, err = s.store.get(ctx, g.ID); err != nil {
		return nil, err
	}
	if isKept, err := s.hasOtherLeader(ctx, g, personID); err != nil || !isKept {
		return nil, cmp.Or(err, errNoHeirYet)
	}
	return g, nil
}

// inherited tells a member that they lead the group from now on. It does not say of whom.
func inherited(g *Group, heirID string) notify.Cause {
	why := &notify.Reason{Kind: notify.ReasonGroupLeader, Subject: g.ID, Words: map[string]string{"Group": g.Name}}
	return notify.Cause{
		Key: notify.Key(id.Pair(g.ID, heirID), "leads", strconv.Itoa(g.LeadersVersion+1)), Kind: NoticeLeads,
		Args: notify.ArgsOf(leaderArgs{GroupID: g.ID, PersonID: heirID}), Subject: g.ID,
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{heirID}, Why: why}},
		Data:      map[string]string{"Group": g.Name},
	}
}

// isLed reports whether the person of these args leads the group.
func (g *Group) isLed(args notify.Args) (bool, error) {
	var a leaderArgs
	err := args.Decode(&a)
	return g.hasLeader(a.PersonID), err
}

// heir is the member who leads a group when its only leader goes: one who manages its members by a role
// already, or else the one who has been a member for the longest time. It is empty if there is none, and
// for municipal groups, whose leader people with SUPPORT choose.
func (s *Service) heir(ctx context.Context, g *Group, personID string) (string, error) {
	if g.Kind.isMunicipal() {
		return "", nil
	}
	managers, err := s.store.memberIDs(ctx, g.ID, g.rolesWith(ManageMembers), "", heirs)
	if err != nil {
		return "", err
	}
	oldest, err := s.store.byGroup(ctx, g.ID, StateActive, page.Keyset{Limit: heirs})
	if err != nil {
		return "", err
	}
	candidates := managers
	for _, m := range oldest {
		candidates = append(candidates, m.PersonID)
	}
	people, err := s.People.Load(ctx, candidates)
	if err != nil {
		return "", err
	}
	for _, candidateID := range candidates {
		if p := people[candidateID]; candidateID != personID && p != nil && p.Admits() == nil {
			return candidateID, nil
		}
	}
	return "", nil
}

// rolesWith are the keys of the group's roles that have a permission.
func (g *Group) rolesWith(p Permission) []string {
	var keys []string
	for _, r := range g.AllRoles() {
		if slices.Contains(r.Permissions, p) {
			keys = append(keys, r.Key)
		}
	}
	return keys
}

// eraseMemberships removes the memberships of a person who has been erased.
func (s *Service) eraseMemberships(ctx context.Context, personID string) (left bool, err error) {
	return privacy.Each[*Membership]{
		Find: func(ctx context.Context, except []string) ([]*Membership, error) {
			return s.store.membershipsOf(ctx, personID, except, eraseStep)
		},
		ID: func(m *Membership) string { return m.ID },
		Erase: func(ctx context.Context, m *Membership) error {
			return s.retry(ctx, func() error { return s.eraseMembership(ctx, m.GroupID, personID) })
		},
	}.Do(ctx)
}

// eraseDecisions removes a person who has been erased from the histories of others' memberships.
func (s *Service) eraseDecisions(ctx context.Context, personID string) (left bool, err error) {
	return privacy.Each[*Membership]{
		Find: func(ctx context.Context, except []string) ([]*Membership, error) {
			return s.store.decidedBy(ctx, personID, except, eraseStep)
		},
		ID:    func(m *Membership) string { return m.ID },
		Erase: func(ctx context.Context, m *Membership) error { return s.store.forgetDecider(ctx, m, personID) },
	}.Do(ctx)
}

// eraseMembership removes one membership, after its group has counted that it ended.
// Returns VERSION_CONFLICT if the membership was changed meanwhile.
func (s *Service) eraseMembership(ctx context.Context, groupID, personID string) error {
	if err := s.eraseLeader(ctx, groupID, personID); err != nil {
		return err
	}
	m, err := s.store.stored(ctx, groupID, personID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	after, st, err := actErase.doneTo(m, "", s.now())
	if err != nil {
		return err
	}
	if st.to != "" {
		if err := s.writeMembership(ctx, after, countEffects(m, after)...); err != nil {
			return err
		}
	}
	if err := s.Outbox.RunPendingAll(ctx, after.ref()); err != nil {
		return err
	}
	if err := s.store.forgetCountedOf(ctx, after); err != nil {
		return err
	}
	return s.store.removeMembership(ctx, after)
}
