package person

import (
	"cmp"
	"context"
	"slices"

	"faellesskab/internal/auth"
)

// Officers are the people who have a capability now, by a role or by itself, in the order of their ids.
// Those who are banned, disabled or erased are left out. They are few, so that all are read at once.
func (s *Service) Officers(ctx context.Context, c auth.Capability) ([]*Person, error) {
	byRole, err := s.store.withRoles(ctx, auth.RolesBringing(c))
	if err != nil {
		return nil, err
	}
	byGrant, err := s.store.withCapability(ctx, c)
	if err != nil {
		return nil, err
	}
	now := s.DB.Now()
	list := slices.DeleteFunc(append(byRole, byGrant...), func(p *Person) bool { return p.Admits() != nil || !p.Viewer().Can(c, now) })
	slices.SortFunc(list, func(a, b *Person) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(list, func(a, b *Person) bool { return a.ID == b.ID }), nil
}
