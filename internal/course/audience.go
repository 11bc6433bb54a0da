package course

import (
	"context"
	"maps"
	"slices"

	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
)

// AudienceMeant are the members of groups for whom a course is meant; its ids are courses.
const AudienceMeant notify.AudienceKind = "COURSE_MEANT"

// Audience says for whom a course is meant: those who meet each of its conditions that are not empty. Without
// groups, areas are those where people live; with groups, areas are those of the groups.
type Audience struct {
	AreaIDs    []string
	GroupKinds []group.Kind
	GroupRoles []GroupRole
}

// Audience is for whom the course is meant.
func (c *Course) Audience() *Audience {
	return &Audience{AreaIDs: c.AreaIDs, GroupKinds: append([]group.Kind{}, c.GroupKinds...), GroupRoles: append([]GroupRole{}, c.GroupRoles...)}
}

// isOfGroups reports whether one has to be in a group.
func (a *Audience) isOfGroups() bool { return len(a.GroupKinds) > 0 || len(a.GroupRoles) > 0 }

// meant is which members of which groups are meant.
func (a *Audience) meant() group.Meant {
	m := group.Meant{Kinds: a.GroupKinds, AreaIDs: a.AreaIDs}
	for _, role := range a.GroupRoles {
		m.Roles = append(m.Roles, string(role))
	}
	return m
}

// memberFacet stands for a kind of groups and a role in them, each of which may be any.
func memberFacet(kind, role string) string { return "members:" + kind + ":" + role }

const anyOne = "*"

// facets are the terms by which the course is found for members of groups, at most 36.
func (a *Audience) facets() []string {
	if !a.isOfGroups() {
		return nil
	}
	kinds, roles := []string{anyOne}, []string{anyOne}
	if len(a.GroupKinds) > 0 {
		kinds = nil
	}
	for _, kind := range a.GroupKinds {
		kinds = append(kinds, string(kind))
	}
	if len(a.GroupRoles) > 0 && !slices.Contains(a.GroupRoles, group.RoleMember) {
		roles = a.meant().Roles
	}
	var facets []string
	for _, kind := range kinds {
		for _, role := range roles {
			facets = append(facets, memberFacet(kind, role))
		}
	}
	return facets
}

// MeantFor are the first courses, up to limit, that have not begun and are meant in particular for a person with that home
// (empty: none) and these groups, soonest first.
func (s *Service) MeantFor(ctx context.Context, homeAreaID string, groups []Belonging, limit int) ([]*Course, error) {
	var facets []string
	if homeAreaID != "" {
		facets = append(facets, areaFacet(homeAreaID))
	}
	for _, in := range groups {
		for _, role := range append([]string{anyOne}, in.Roles...) {
			facets = append(facets, memberFacet(string(in.Kind), role), memberFacet(anyOne, role))
		}
	}
	if len(facets) == 0 {
		return nil, nil
	}
	list, err := s.store.meantFor(ctx, tidy(facets), meantAtOnce)
	list = slices.DeleteFunc(list, func(c *Course) bool { return !c.Audience().IsFor(homeAreaID, groups) })
	list = s.dropClosed(list)
	return list[:min(len(list), limit)], err
}

// meantAtOnce is how many courses are looked at that may be meant for a person.
const meantAtOnce = 100

// Belonging is one group of a person, and the roles that they hold in it.
type Belonging struct {
	Kind   group.Kind
	AreaID string
	Roles  []string
}

// IsFor reports whether the course is meant in particular for a person with that home and these groups. A course
// that is for everyone is not.
func (a *Audience) IsFor(homeAreaID string, groups []Belonging) bool {
	if !a.isOfGroups() {
		return slices.Contains(a.AreaIDs, homeAreaID)
	}
	return slices.ContainsFunc(groups, a.has)
}

func (a *Audience) has(in Belonging) bool {
	holds := len(a.GroupRoles) == 0 || slices.Contains(a.GroupRoles, group.RoleMember) ||
		slices.ContainsFunc(a.GroupRoles, func(role GroupRole) bool { return slices.Contains(in.Roles, string(role)) })
	return holds && (len(a.GroupKinds) == 0 || slices.Contains(a.GroupKinds, in.Kind)) && (len(a.AreaIDs) == 0 || slices.Contains(a.AreaIDs, in.AreaID))
}

// audienceOfMeant finds members of groups for whom a course is meant as it is now.
func (s *Service) audienceOfMeant() notify.Audience {
	return notify.Audience{Kind: AudienceMeant, Reason: notify.ReasonGroupMember, Still: s.areStillMeant,
		Walk: notify.EachFor(func(ctx context.Context, courseID, after string, limit int) ([]notify.Found, error) {
			c, err := s.store.get(ctx, courseID)
			if err != nil {
				return nil, fault.UnlessNotFound(err)
			}
			found, err := s.Groups.WalkMeant(ctx, c.Audience().meant(), after, limit)
			for _, f := range found {
				for i := range f.Reasons {
					f.Reasons[i].Of = courseID
				}
			}
			return found, err
		})}
}

// areStillMeant tells which of these people are members of the group that is the subject of their reason, and hold one of the roles
// for which the course is meant.
func (s *Service) areStillMeant(ctx context.Context, asked []notify.Concern) (map[notify.Concern]bool, error) {
	of := map[string][]notify.Concern{}
	for _, c := range asked {
		of[c.Of] = append(of[c.Of], c)
	}
	courses, err := s.store.byIDs(ctx, slices.Collect(maps.Keys(of)))
	if err != nil {
		return nil, err
	}
	still := map[notify.Concern]bool{}
	for courseID, list := range of {
		var meant group.Meant
		if c := courses[courseID]; c != nil {
			meant = c.Audience().meant()
		}
		found, err := notify.Plainly(s.Groups.AreMeant(meant))(ctx, list)
		if err != nil {
			return nil, err
		}
		maps.Copy(still, found)
	}
	return still, nil
}
