package course

import (
	"context"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/person"
	"faellesskab/internal/skill"
)

// Lacking are the skills that the course asks for and a person neither got by a course nor says they have or can teach. A nil
// person has none.
func (c *Course) Lacking(p *person.Person) []string {
	return slices.DeleteFunc(slices.Clone(c.PrerequisiteSkillIDs), func(skillID string) bool { return p != nil && p.Has(skillID) })
}

// isAskedFor reports whether a skill still counts as one that people have before they enrol: nobody can say any more that they
// have one that is retired.
func isAskedFor(k *skill.Skill) bool { return k != nil && !k.IsRetired }

// stillAskedFor are those of the skills that are.
func (s *Service) stillAskedFor(ctx context.Context, skillIDs []string) ([]string, error) {
	if len(skillIDs) == 0 {
		return nil, nil
	}
	skills, err := s.Skills.ByIDs(ctx, skillIDs)
	return slices.DeleteFunc(skillIDs, func(skillID string) bool { return !isAskedFor(skills[skillID]) }), err
}

// checkPrerequisites refuses a viewer who could enrol in a course but for the skills that it asks for. Whoever has a booking
// already, and whoever comes too late, hears that instead.
func (s *Service) checkPrerequisites(ctx context.Context, courseID string) error {
	c, err := s.store.get(ctx, courseID)
	if err != nil || len(c.PrerequisiteSkillIDs) == 0 {
		return fault.UnlessNotFound(err) // what is not there is found out by signing up
	}
	v := auth.FromContext(ctx)
	found, err := s.People.Load(ctx, []string{v.PersonID})
	if err != nil {
		return err
	}
	missing, err := s.stillAskedFor(ctx, c.Lacking(found[v.PersonID]))
	if err != nil || len(missing) == 0 {
		return err
	}
	own, err := s.Booking.OwnViews(ctx, []string{courseID})
	if err != nil || !booking.CanSignUp(string(c.State), c.StartsAt, c.Seats, own[courseID], s.now()) {
		return err
	}
	return booking.RefuseLacking(missing, fault.Conflict("course.lacks_skills"))
}
