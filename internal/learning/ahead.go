package learning

import (
	"cmp"
	"context"
	"slices"

	"faellesskab/internal/course"
	"faellesskab/internal/group"
	"faellesskab/internal/person"
	"faellesskab/internal/skill"
)

const (
	// looked is how many courses are looked at for each reason.
	looked = 100
	// maxSuggested is how many courses are suggested.
	maxSuggested = 20
)

// ahead is what lies ahead of a person.
type ahead struct{ wished, suggested []*Step }

// lookAhead finds what a person wishes to learn, and what they could: courses in skills that they want, for their groups, in
// what they are interested in, and for their area, each for the strongest reason.
func (s *Service) lookAhead(ctx context.Context, p *person.Person) (*ahead, error) {
	skills := map[string]*skill.Skill{}
	var wantedIn []*course.Course
	var err error
	if len(p.OwnSkillsWanted) > 0 {
		if skills, err = s.Skills.ByIDs(ctx, p.OwnSkillsWanted); err != nil {
			return nil, err
		}
		if wantedIn, err = s.Courses.Ahead(ctx, course.Topics{SkillIDs: p.OwnSkillsWanted}, looked); err != nil {
			return nil, err
		}
	}
	wantedIn = slices.DeleteFunc(wantedIn, func(c *course.Course) bool { return teaches(p, c) })
	a, c := &ahead{wished: []*Step{}}, newCandidates(p)
	for _, skillID := range p.OwnSkillsWanted {
		if k := skills[skillID]; k != nil {
			a.wished = append(a.wished, wanted(k, firstIn(wantedIn, skillID)))
		}
	}
	for _, of := range wantedIn {
		if i := slices.IndexFunc(p.OwnSkillsWanted, func(skillID string) bool { return skills[skillID] != nil && slices.Contains(of.SkillIDs, skillID) }); i >= 0 {
			c.add(of, wanted(skills[p.OwnSkillsWanted[i]], of.ID))
		}
	}
	if err := s.addMeant(ctx, p, c); err != nil {
		return nil, err
	}
	if err := s.addInteresting(ctx, p, c); err != nil {
		return nil, err
	}
	a.suggested, err = s.best(ctx, c)
	return a, err
}

// firstIn is the id of the first of these courses that teaches a skill; empty if none does.
func firstIn(list []*course.Course, skillID string) string {
	for _, c := range list {
		if slices.Contains(c.SkillIDs, skillID) {
			return c.ID
		}
	}
	return ""
}

// addMeant adds the courses that are meant for the person's groups, or for their area.
func (s *Service) addMeant(ctx context.Context, p *person.Person, c *candidates) error {
	own, err := s.Groups.Belongings(ctx)
	if err != nil {
		return err
	}
	in := make([]course.Belonging, len(own))
	for i, b := range own {
		in[i] = course.Belonging{Kind: b.Group.Kind, AreaID: b.Group.AreaID, Roles: b.Roles}
	}
	meant, err := s.Courses.MeantFor(ctx, p.OwnHomeAreaID, in, looked)
	if err != nil || len(meant) == 0 {
		return err
	}
	home, err := s.Areas.ByIDs(ctx, []string{p.OwnHomeAreaID})
	if err != nil {
		return err
	}
	for _, of := range meant {
		a := of.Audience()
		i := slices.IndexFunc(in, func(b course.Belonging) bool { return a.IsFor("", []course.Belonging{b}) })
		switch {
		case i >= 0:
			c.add(of, said(groupKey(a), "Group", own[i].Group.Name)(of.ID, ReasonGroup))
		case home[p.OwnHomeAreaID] != nil:
			c.add(of, said("why.home_area", "Area", home[p.OwnHomeAreaID].Name)(of.ID, ReasonHomeArea))
		}
	}
	return nil
}

// groupKey is the text for a course that is meant for members of groups, or for those with a role in one.
func groupKey(a *course.Audience) string {
	if len(a.GroupRoles) > 0 && !slices.Contains(a.GroupRoles, group.RoleMember) {
		return "why.learning.role"
	}
	return "why.group_member"
}

// addInteresting adds the courses that have the words of one of the person's interests.
func (s *Service) addInteresting(ctx context.Context, p *person.Person, c *candidates) error {
	if len(p.OwnInterests) == 0 {
		return nil
	}
	list, err := s.Courses.Ahead(ctx, course.Topics{Interests: p.OwnInterests}, looked)
	for _, of := range list {
		if i := slices.IndexFunc(p.OwnInterests, of.IsAbout); i >= 0 {
			c.add(of, said("why.learning.interest", "Interest", p.OwnInterests[i])(of.ID, ReasonInterest))
		}
	}
	return err
}

// candidate is a course that may be suggested, and why.
type candidate struct {
	of   *course.Course
	step *Step
}

// candidates are the courses that may be suggested to a person, each once.
type candidates struct {
	to   *person.Person
	list []candidate
}

func newCandidates(p *person.Person) *candidates { return &candidates{to: p} }

// strength orders the reasons of suggestions.
var strength = []Reason{ReasonSkillWanted, ReasonGroup, ReasonInterest, ReasonHomeArea}

// add adds a course, unless the person teaches it or can all of it already. A stronger reason replaces a weaker one.
func (c *candidates) add(of *course.Course, step *Step) {
	if teaches(c.to, of) || step.Reason != ReasonSkillWanted && knows(c.to, of) {
		return
	}
	i := slices.IndexFunc(c.list, func(x candidate) bool { return x.of.ID == of.ID })
	switch {
	case i < 0:
		c.list = append(c.list, candidate{of, step})
	case slices.Index(strength, step.Reason) < slices.Index(strength, c.list[i].step.Reason):
		c.list[i].step = step
	}
}

// best are the first candidates for which the person has no booking: those first whose prerequisites they have, then by the
// strength of the reason, then soonest first.
func (s *Service) best(ctx context.Context, c *candidates) ([]*Step, error) {
	if len(c.list) == 0 {
		return []*Step{}, nil
	}
	ids := make([]string, len(c.list))
	for i, x := range c.list {
		ids[i] = x.of.ID
	}
	own, err := s.Bookings.OwnViews(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(c.list, func(x candidate) bool { return own[x.of.ID] != nil })
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(compare(lacks(c.to, a.of), lacks(c.to, b.of)), cmp.Compare(slices.Index(strength, a.step.Reason), slices.Index(strength, b.step.Reason)),
			a.of.StartsAt.Compare(b.of.StartsAt), cmp.Compare(a.of.ID, b.of.ID))
	})
	steps := make([]*Step, 0, maxSuggested)
	for _, x := range list[:min(len(list), maxSuggested)] {
		steps = append(steps, x.step)
	}
	return steps, nil
}

// compare puts what does not hold before what does.
func compare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
