package group

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
)

// showAsNow says how groups, memberships and roles are looked up for a call that is repeated.
func (s *Service) showAsNow() {
	idempotency.Shows(s.Keys, s.groupNow)
	idempotency.Shows(s.Keys, s.membershipNow)
	idempotency.Shows(s.Keys, s.roleNow)
}

// groupNow is a group as it is now. What the viewer may no longer know of is shown as it was kept, and
// offers them nothing.
func (s *Service) groupNow(ctx context.Context, kept *Group) (*Group, error) {
	found, err := s.ByIDs(ctx, []string{kept.ID})
	if g := found[kept.ID]; g != nil || err != nil {
		return g, err
	}
	kept.isGone = true
	return kept, nil
}

// membershipNow is a membership as it is now, which still tells what the call made of it.
func (s *Service) membershipNow(ctx context.Context, kept *Membership) (*Membership, error) {
	found, err := s.MembershipsByIDs(ctx, []string{kept.ID})
	m := found[kept.ID]
	if err == nil && m == nil {
		m, err = s.managed(ctx, kept)
	}
	if err != nil {
		return nil, err
	}
	m.Became = kept.State
	return m, nil
}

// managed is the membership of a person whom the viewer may invite or remove: people who may do that
// without seeing the list of those who are no members are told in the answer what has become of one.
// Returns NotFound for other viewers.
func (s *Service) managed(ctx context.Context, kept *Membership) (*Membership, error) {
	g, err := s.visible(ctx, kept.GroupID)
	if err != nil {
		return nil, err
	}
	v, now := auth.FromContext(ctx), s.now()
	if !g.Allows(v, Invite, now) && !g.Allows(v, ManageMembers, now) {
		return nil, fault.NotFound("group.not_member")
	}
	return s.store.membership(ctx, kept.GroupID, kept.PersonID)
}

func (s *Service) roleNow(ctx context.Context, kept *Role) (*Role, error) {
	g, err := s.visible(ctx, kept.GroupID)
	if err != nil {
		return nil, err
	}
	if r := g.role(kept.Key); r != nil && g.showsMembers(auth.FromContext(ctx), StateActive, s.now()) {
		return r, nil
	}
	return nil, noRole()
}
