package person

import (
	"context"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/area"
	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/search"
	"faellesskab/internal/text"
)

// groups is what people need to know of the groups: for their names, and for who sees what they can.
type groups interface {
	// LeadersOf are the ids of those who lead one of these groups.
	LeadersOf(ctx context.Context, groupIDs []string) ([]string, error)
	// Lead are those of these people who lead a group.
	Lead(ctx context.Context, personIDs []string) ([]string, error)
	// IsMunicipal reports whether a group of the municipality has a name that looks like this.
	IsMunicipal(ctx context.Context, nameKey string) (bool, error)
	// Manages reports whether somebody may manage the members of a group in which they have this grant.
	Manages(of auth.Grant, now time.Time) bool
}

// rename gives the person a name.
func (p *Person) rename(name string) {
	p.DisplayName, p.NameKey, p.NameTerms = name, text.Skeleton(name), search.Terms(name)
}

// checkName refuses a name by which the person would be taken for somebody else: for the municipality or
// one of its groups, for somebody who holds an office, for a leader of a group to which they belong or are
// invited, and, if it is written in another way, for a leader of any group or a contact person of an area. An
// honest namesake of a leader elsewhere keeps the name, and so does whoever holds an office. p is the person with the new name. Returns Invalid.
func (s *Service) checkName(ctx context.Context, p *Person) error {
	taken, err := s.isTaken(ctx, p)
	if err == nil && taken {
		return fault.Invalid("input.displayName", "person.name_taken")
	}
	return err
}

func (s *Service) isTaken(ctx context.Context, p *Person) (bool, error) {
	if area.IsMunicipality(p.NameKey) {
		return true, nil
	}
	if isMunicipal, err := s.Groups.IsMunicipal(ctx, p.NameKey); err != nil || isMunicipal {
		return isMunicipal, err
	}
	namesakes, err := s.store.namesakes(ctx, p.NameKey)
	if err != nil {
		return false, err
	}
	namesakes = slices.DeleteFunc(namesakes, func(other *Person) bool { return other.ID == p.ID })
	if slices.ContainsFunc(namesakes, func(other *Person) bool { return other.Viewer().HoldsOffice(s.DB.Now()) }) {
		return true, nil
	}
	if p.Viewer().HoldsOffice(s.DB.Now()) { // nobody keeps them from their name by leading a group under one that looks like it
		return false, nil
	}
	if isContact, err := s.Areas.IsContactOtherwise(ctx, p.DisplayName, p.NameKey); err != nil || isContact || len(namesakes) == 0 {
		return isContact, err
	}
	isLeader, err := s.isLeaderBeside(ctx, p, namesakes)
	if err != nil || isLeader {
		return isLeader, err
	}
	return s.isLeaderOtherwise(ctx, p, namesakes)
}

// isLeaderBeside reports whether one of these people leads a group to which p belongs or is invited.
func (s *Service) isLeaderBeside(ctx context.Context, p *Person, namesakes []*Person) (bool, error) {
	groupIDs := p.groupsWhere(func(g GroupCopy) bool { return g.Active || g.Invited })
	if len(groupIDs) == 0 {
		return false, nil
	}
	leaders, err := s.Groups.LeadersOf(ctx, groupIDs)
	return slices.ContainsFunc(namesakes, func(other *Person) bool { return slices.Contains(leaders, other.ID) }), err
}

// isLeaderOtherwise reports whether one of these people leads any group, and writes the name in another way
// than p.
func (s *Service) isLeaderOtherwise(ctx context.Context, p *Person, namesakes []*Person) (bool, error) {
	var ids []string
	for _, other := range namesakes {
		if !strings.EqualFold(other.DisplayName, p.DisplayName) { // capitals are no other way to write a name
			ids = append(ids, other.ID)
		}
	}
	if len(ids) == 0 {
		return false, nil
	}
	leaders, err := s.Groups.Lead(ctx, ids)
	return len(leaders) > 0, err
}
