package group

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
)

// showAsNow says how groups, memberships and roles are looked up for a call that is repeated.
func (s *Service) showAsNow() {
	idempotency.ShowsByID(s.Keys, func(g *Group) string { return g.ID }, s.ByIDs)
	idempotency.Shows(s.Keys, s.membershipNow)
	idempotency.Shows(s.Keys, s.roleNow)
}

// membershipNow is a membership as it is now, which still tells what the call made of it.
func (s *Service) membershipNow(ctx context.Context, kept *Membership) (*Membership, error) {
	found, err := s.MembershipsByIDs(ctx, []string{kept.ID})
	m := found[kept.ID]
	if err == nil && m == nil {
		err = fault.NotFound("group.not_member")
	}
	if err != nil {
		return nil, err
	}
	m.Became = kept.State
	return m, nil
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
