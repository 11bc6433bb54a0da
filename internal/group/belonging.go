package group

import (
	"context"

	"faellesskab/internal/auth"
)

// Belonging is a group of somebody, and the keys of the roles that they hold in it.
type Belonging struct {
	Group *Group
	Roles []string
}

// Belongings are the viewer's groups that are not closed, by id, with the roles that they hold there.
func (s *Service) Belongings(ctx context.Context) ([]Belonging, error) {
	ids := auth.FromContext(ctx).GroupIDs()
	if len(ids) == 0 {
		return nil, nil
	}
	groups, err := s.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	own, err := s.OwnByGroup(ctx, ids)
	if err != nil {
		return nil, err
	}
	var list []Belonging
	for _, groupID := range ids {
		g, m := groups[groupID], own[groupID]
		if g == nil || g.isArchived() || m.stateOrNone() != StateActive {
			continue
		}
		b := Belonging{Group: g}
		for _, h := range m.Holds {
			b.Roles = append(b.Roles, h.Key)
		}
		list = append(list, b)
	}
	return list, nil
}
