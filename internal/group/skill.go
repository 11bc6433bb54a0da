package group

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
)

// MembershipFilter says which members are looked for by what they can.
type MembershipFilter struct {
	SkillID  *string // nil: whatever it is
	CanTeach *bool   // true: only those who can teach it
}

// ListFilter says which memberships a list has.
type ListFilter struct {
	State  *MembershipState // nil: ACTIVE
	Skills *MembershipFilter
}

// term is the term by which the members are found; empty: all members are meant.
func (f *MembershipFilter) term() string {
	switch {
	case f == nil:
		return ""
	case f.CanTeach != nil && *f.CanTeach && f.SkillID != nil:
		return person.TeachFacet(*f.SkillID)
	case f.CanTeach != nil && *f.CanTeach:
		return person.TeachFacet("")
	case f.SkillID != nil:
		return *f.SkillID
	}
	return ""
}

// check checks the filter of a list of memberships in a state. Returns Problems.
func (f *MembershipFilter) check(state MembershipState) error {
	var p fault.Problems
	if f != nil && f.SkillID != nil {
		p.Add(id.Check("filter.skillId", id.Skill, *f.SkillID))
	}
	if state != StateActive && f.term() != "" {
		p.Add(fault.Invalid("filter", "group.skill.state"))
	}
	return p.Err()
}

// findsBySkill reports whether the viewer may look for members by what they can: those who manage the members by a role
// of their own in the group. An office is not enough, since people agreed to be found by their group.
func (g *Group) findsBySkill(v auth.Viewer, now time.Time) bool {
	of, isIn := v.Groups[g.ID]
	return isIn && GrantAllows(of, ManageMembers, now) && g.Allows(v, ManageMembers, now)
}

const listSkilled = "skilled_memberships"

// skilled are the members who are found by this term, longest in the group first. Whoever no longer agrees is left out,
// also before the membership says so.
func (s *Service) skilled(ctx context.Context, g *Group, term string, a page.Args) (*MembershipConnection, error) {
	k, err := a.OpenTime(listSkilled)
	if err != nil {
		return nil, err
	}
	c, err := page.Walk[*Membership]{
		List:     listSkilled,
		Position: func(m *Membership) page.Position { return page.Position{Key: page.TimeKey(m.Since), ID: m.ID} },
		Read:     func(k page.Keyset) ([]*Membership, error) { return s.store.skilled(ctx, g.ID, term, k) },
		Keep:     func(list []*Membership) ([]*Membership, error) { return s.dropHidden(ctx, term, list) },
	}.Page(a, k)
	if err != nil {
		return nil, err
	}
	return &MembershipConnection{*c, func(ctx context.Context) (int, error) { return s.countSkilled(ctx, g.ID, term) }}, nil
}

// dropHidden leaves out members who do not agree any more to be found by this term.
func (s *Service) dropHidden(ctx context.Context, term string, list []*Membership) ([]*Membership, error) {
	if len(list) == 0 {
		return list, nil
	}
	ids := make([]string, len(list))
	for i, m := range list {
		ids[i] = m.PersonID
	}
	people, err := s.People.Load(ctx, ids)
	return slices.DeleteFunc(list, func(m *Membership) bool {
		p := people[m.PersonID]
		return p == nil || !slices.Contains(p.Findable(), term)
	}), err
}

// countSkilled counts the list of skilled page by page, since only people's own documents say who agrees.
func (s *Service) countSkilled(ctx context.Context, groupID string, term string) (int, error) {
	n := 0
	for k := (page.Keyset{Limit: maxCounted}); ; {
		list, err := s.store.skilled(ctx, groupID, term, k)
		if err != nil {
			return 0, err
		}
		read := len(list)
		if read > 0 {
			k.Position = page.Position{Key: page.TimeKey(list[read-1].Since), ID: list[read-1].ID}
		}
		found, err := s.dropHidden(ctx, term, list)
		if n += len(found); err != nil || read < k.Limit {
			return n, err
		}
	}
}

// maxCounted is how many members are counted at once.
const maxCounted = 500

// copySkills copies what a person is found by into their memberships.
func (s *Service) copySkills(ctx context.Context, a person.SkillsChanged) error {
	people, err := s.People.Load(ctx, []string{a.PersonID})
	p := people[a.PersonID]
	if err != nil || p == nil || p.ErasedAt != nil {
		return err
	}
	return s.store.copySkillsToAll(ctx, p)
}

// copySkillsTo copies what a person is found by into a membership that may be new. p is the person; nil if they are to
// be read.
func (s *Service) copySkillsTo(ctx context.Context, m *Membership, p *person.Person) error {
	if m.State != StateActive {
		return nil
	}
	if p == nil { // a call that was interrupted may have come as far as the person's copy
		people, err := s.People.Load(ctx, []string{m.PersonID})
		if p = people[m.PersonID]; err != nil || p == nil {
			return err
		}
	}
	if p.ErasedAt != nil || len(p.Findable()) == 0 || m.SkillsAsOf >= p.SkillsVersion {
		return nil
	}
	return s.store.copySkillsTo(ctx, m, p)
}
