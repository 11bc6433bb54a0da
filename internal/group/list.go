package group

import (
	"context"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/page"
	"faellesskab/internal/search"
)

const listGroups = "groups"

// List are the groups the viewer may know of, by name. Returns Problems for a
// bad filter or page.
func (s *Service) List(ctx context.Context, f *Filter, a page.Args) (*Connection, error) {
	k, err := a.Open(listGroups)
	if err != nil {
		return nil, err
	}
	if f == nil {
		f = &Filter{}
	}
	if err := f.clean(); err != nil {
		return nil, err
	}
	var facets []string
	if f.Query != nil && *f.Query != "" {
		if facets = search.Query(*f.Query); len(facets) == 0 {
			return page.Build(listGroups, a, []*Group{}, groupPosition), nil
		}
	}
	v := auth.FromContext(ctx)
	reached, err := s.hiddenInReach(ctx, v)
	if err != nil {
		return nil, err
	}
	listings := slices.Concat([]string{Everyone}, v.GroupIDs(), v.InvitedTo, reached)
	if f.AreaID != nil {
		facets = append(facets, areaFacet(*f.AreaID))
	}
	if f.Kind != nil {
		facets = append(facets, kindFacet(*f.Kind))
	}
	return page.Walk[*Group]{
		List: listGroups, Position: groupPosition,
		Read: func(k page.Keyset) ([]*Group, error) { return s.store.list(ctx, facets, listings, k) },
		Keep: func(list []*Group) ([]*Group, error) { return s.dropDeleted(list), nil },
	}.Page(a, k)
}

// dropDeleted leaves out groups that are deleted, of which people are members until their memberships have ended.
func (s *Service) dropDeleted(list []*Group) []*Group {
	now := s.now()
	return slices.DeleteFunc(list, func(g *Group) bool { return g.isDeleted(now) })
}

func groupPosition(g *Group) page.Position { return page.Position{Key: g.SortName, ID: g.ID} }

// hiddenInReach are the ids of the hidden groups that the viewer answers for by
// office. Lokalforums are never hidden, and committees are few.
func (s *Service) hiddenInReach(ctx context.Context, v auth.Viewer) ([]string, error) {
	if !answersForGroups(v, s.now()) {
		return nil, nil
	}
	return s.store.hidden(ctx, KindCommittee)
}
