package group

import (
	"context"
	"maps"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/page"
)

// Approve lets a person in who has asked to join the group. Returns Problems, NotFound for
// a group the viewer may not know of or a person who has not asked, and Forbidden without
// the permission APPROVE_MEMBERS and for the viewer's own request.
func (s *Service) Approve(ctx context.Context, in AnswerInput) (*Membership, error) {
	return s.answer(ctx, "approveJoinRequest", in, actApprove)
}

// Decline declines the request of a person who has asked to join. Returns what Approve
// returns.
func (s *Service) Decline(ctx context.Context, in AnswerInput) (*Membership, error) {
	return s.answer(ctx, "declineJoinRequest", in, actDecline)
}

func (s *Service) answer(ctx context.Context, operation string, in AnswerInput, a act) (*Membership, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: operation, Key: in.ClientMutationID, Input: in, On: membershipRef(in.GroupID, in.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		return s.manage(ctx, a, in.GroupID, in.PersonID, t)
	})
}

// manage does an act to another person's membership. The viewer needs the permission that
// the table of states names.
func (s *Service) manage(ctx context.Context, a act, groupID, personID string, t idempotency.Token) (*Membership, error) {
	g, err := s.Require(ctx, groupID, a.permission())
	if err != nil {
		return nil, err
	}
	return s.do(ctx, deed{act: a, group: g, personID: personID, by: auth.FromContext(ctx).PersonID, token: t})
}

func answered(g *Group, m *Membership) notify.Cause {
	return notify.Cause{
		Key: m.newsKey(newsAnswered), Kind: NoticeJoinAnswered, Args: m.joinArgs(), Subject: g.ID,
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{m.PersonID}}},
		Actor:     m.lastBy(),
		Data:      map[string]string{"Group": g.Name, "Answer": string(m.State)},
	}
}

// Remove ends a person's membership, and bans them if the input says so; a person who has
// left can still be banned. Returns Problems, NotFound if they are no member (for a ban:
// if they never had a membership), Forbidden without the permission MANAGE_MEMBERS and for
// banning oneself, and Conflict for the last leader.
func (s *Service) Remove(ctx context.Context, in RemoveInput) (*Membership, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	a := actRemove
	if in.Ban {
		a = actBan
	}
	call := idempotency.Call{Operation: "removeMember", Key: in.ClientMutationID, Input: in, On: bothRefs(in.GroupID, in.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		return s.manage(ctx, a, in.GroupID, in.PersonID, t)
	})
}

// LiftBan lets a banned person come back the way others come in. Returns Problems,
// NotFound if they are not banned, and Forbidden without the permission MANAGE_MEMBERS
// and for oneself.
func (s *Service) LiftBan(ctx context.Context, in LiftBanInput) (*Membership, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "liftBan", Key: in.ClientMutationID, Input: in, On: membershipRef(in.GroupID, in.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Membership, error) {
		return s.manage(ctx, actLiftBan, in.GroupID, in.PersonID, t)
	})
}

func (s *Service) member(ctx context.Context, groupID, personID string) (*Membership, error) {
	m, err := s.store.membership(ctx, groupID, personID)
	if fault.Is(err, fault.KindNotFound) || err == nil && m.State != StateActive {
		return nil, notMember(ctx, personID)
	}
	return m, err
}

// notMember says that a person is not in the group, to themselves or to somebody else.
func notMember(ctx context.Context, personID string) *fault.Error {
	if auth.FromContext(ctx).PersonID == personID {
		return fault.NotFound("group.not_member")
	}
	return fault.NotFound("group.person_not_member")
}

const listMemberships = "memberships"

// Memberships are a group's memberships in one state (ACTIVE if nil), oldest first. own
// is the viewer's own membership, as in Can. Returns Forbidden unless the viewer is a
// member; states other than ACTIVE need APPROVE_MEMBERS, and looking for members by what they can MANAGE_MEMBERS.
func (s *Service) Memberships(ctx context.Context, g *Group, own *Membership, f ListFilter, a page.Args) (*MembershipConnection, error) {
	want := StateActive
	if f.State != nil {
		want = *f.State
	}
	v := own.asOf(auth.FromContext(ctx), g)
	term := f.Skills.term()
	if !g.showsMembers(v, want, s.now()) || term != "" && !g.findsBySkill(v, s.now()) {
		return nil, fault.Forbidden("group.members")
	}
	if err := f.Skills.check(want); err != nil {
		return nil, err
	}
	if term != "" {
		return s.skilled(ctx, g, term, a)
	}
	k, err := a.OpenTime(listMemberships)
	if err != nil {
		return nil, err
	}
	list, err := s.store.byGroup(ctx, g.ID, want, k)
	if err != nil {
		return nil, err
	}
	c := page.Build(listMemberships, a, list, func(m *Membership) page.Position {
		return page.Position{Key: page.TimeKey(m.Since), ID: m.ID}
	})
	return &MembershipConnection{*c, func(ctx context.Context) (int, error) {
		if want == StateActive {
			return g.MemberCount, nil
		}
		return s.store.countState(ctx, g.ID, want)
	}}, nil
}

const listOwn = "own_memberships"

// Own are the viewer's active and pending memberships, by group id. It leaves out requests
// to groups that have been hidden since, which do not exist for the viewer.
func (s *Service) Own(ctx context.Context, a page.Args) (*MembershipConnection, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	k, err := a.Open(listOwn)
	if err != nil {
		return nil, err
	}
	c, err := page.Walk[*Membership]{
		List:     listOwn,
		Position: func(m *Membership) page.Position { return page.Position{ID: m.ID} },
		Read: func(k page.Keyset) ([]*Membership, error) {
			return s.store.byPerson(ctx, v.PersonID, k)
		},
		Keep: func(list []*Membership) ([]*Membership, error) { return s.dropUnseen(ctx, list) },
	}.Page(a, k)
	if err != nil {
		return nil, err
	}
	return &MembershipConnection{*c, func(ctx context.Context) (int, error) { return s.countOwn(ctx, v.PersonID) }}, nil
}

// countOwn is how long the list of Own is. People have few memberships that wait, so these are looked at
// one by one.
func (s *Service) countOwn(ctx context.Context, personID string) (int, error) {
	n := 0
	for k := (page.Keyset{Limit: page.MaxFirst}); ; {
		list, err := s.store.byPerson(ctx, personID, k)
		if err != nil {
			return 0, err
		}
		read := len(list)
		if read > 0 {
			k.Position = page.Position{ID: list[read-1].ID}
		}
		seen, err := s.dropUnseen(ctx, list)
		if n += len(seen); err != nil || read < k.Limit {
			return n, err
		}
	}
}

// dropUnseen leaves out pending memberships of groups that the viewer may not know of. It
// has to read the groups, since memberships do not say so.
func (s *Service) dropUnseen(ctx context.Context, list []*Membership) ([]*Membership, error) {
	var pending []string
	for _, m := range list {
		if m.State != StateActive {
			pending = append(pending, m.GroupID)
		}
	}
	if len(pending) == 0 {
		return list, nil
	}
	seen, err := s.ByIDs(ctx, pending)
	return slices.DeleteFunc(list, func(m *Membership) bool { return m.State != StateActive && seen[m.GroupID] == nil }), err
}

// OwnByGroup are the viewer's own memberships of these groups, by group id. Groups of
// which they never had one are missing.
func (s *Service) OwnByGroup(ctx context.Context, groupIDs []string) (map[string]*Membership, error) {
	v := auth.FromContext(ctx)
	if v.IsAnonymous() {
		return map[string]*Membership{}, nil
	}
	return s.store.ofPerson(ctx, v.PersonID, groupIDs)
}

// withOwn adds the groups of which the viewer has become a member since the request
// began, perhaps by a link in the same request.
func (s *Service) withOwn(ctx context.Context, seen, all map[string]*Group) error {
	var unseen []string
	for groupID := range all {
		if seen[groupID] == nil {
			unseen = append(unseen, groupID)
		}
	}
	if len(unseen) == 0 {
		return nil
	}
	slices.Sort(unseen)
	own, err := s.OwnByGroup(ctx, unseen)
	for groupID, m := range own {
		if m.State == StateActive && !all[groupID].isDeleted(s.now()) {
			seen[groupID] = all[groupID]
		}
	}
	return err
}

// MembershipsByIDs are the memberships with those ids that the viewer may see: their own, and
// those that Memberships lists for them.
func (s *Service) MembershipsByIDs(ctx context.Context, ids []string) (map[string]*Membership, error) {
	found, err := s.store.membershipsByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	v := auth.FromContext(ctx)
	var others []string // the groups of others' memberships
	for _, m := range found {
		if m.PersonID != v.PersonID && !slices.Contains(others, m.GroupID) {
			others = append(others, m.GroupID)
		}
	}
	if len(others) == 0 || v.IsAnonymous() {
		maps.DeleteFunc(found, func(_ string, m *Membership) bool { return v.IsAnonymous() || m.PersonID != v.PersonID })
		return found, nil
	}
	groups, err := s.ByIDs(ctx, others)
	maps.DeleteFunc(found, func(_ string, m *Membership) bool {
		g := groups[m.GroupID]
		return m.PersonID != v.PersonID && (g == nil || m.ByContact || !g.showsMembers(v, m.State, s.now()))
	})
	return found, err
}
