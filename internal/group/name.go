package group

import (
	"context"
	"slices"
	"strings"

	"faellesskab/internal/area"
	"faellesskab/internal/fault"
)

// checkName refuses a name by which the group would be taken for the municipality or one of its groups, or,
// if residents write it in another way, for a group of its area that everybody may know of. Two groups may
// honestly have the same name; hidden groups are not looked at, since a refusal would tell of them. Returns
// Invalid.
func (s *Service) checkName(ctx context.Context, g *Group) error {
	taken := fault.Invalid("input.name", "group.name_taken")
	if area.IsMunicipality(g.NameKey) {
		return taken
	}
	namesakes, err := s.store.namesakes(ctx, g.NameKey)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(namesakes, func(other *Group) bool { return other.ID != g.ID && g.isMistakenFor(other) }) {
		return taken
	}
	return nil
}

// isMistakenFor reports whether the group, whose name looks like that of another, would be taken for it.
func (g *Group) isMistakenFor(other *Group) bool {
	isSame := strings.EqualFold(g.Name, other.Name) // capitals are no other way to write a name
	switch {
	case other.Kind.isMunicipal():
		return !g.Kind.isMunicipal() || !isSame
	case g.Kind.isMunicipal(): // nobody keeps the municipality from a name by being first
		return false
	}
	return !isSame && other.AreaID == g.AreaID && (other.Listing == Everyone || other.isArchived() && !other.isHidden())
}

// IsMunicipal reports whether a group of the municipality has a name that looks like this.
func (s *Service) IsMunicipal(ctx context.Context, nameKey string) (bool, error) {
	list, err := s.store.namesakes(ctx, nameKey)
	return slices.ContainsFunc(list, func(g *Group) bool { return g.Kind.isMunicipal() }), err
}

// LeadersOf are the ids of those who lead one of these groups.
func (s *Service) LeadersOf(ctx context.Context, groupIDs []string) ([]string, error) {
	list, err := s.store.leadersOf(ctx, groupIDs)
	var ids []string
	for _, g := range list {
		ids = append(ids, g.LeaderIDs...)
	}
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// Lead are those of these people who lead a group.
func (s *Service) Lead(ctx context.Context, personIDs []string) ([]string, error) {
	list, err := s.store.ledByAny(ctx, personIDs)
	var ids []string
	for _, g := range list {
		for _, leaderID := range g.LeaderIDs {
			if slices.Contains(personIDs, leaderID) && !slices.Contains(ids, leaderID) {
				ids = append(ids, leaderID)
			}
		}
	}
	return ids, err
}
