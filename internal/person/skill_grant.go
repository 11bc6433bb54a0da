package person

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/fault"
)

// SkillGrant says how a person got a skill.
type SkillGrant struct {
	CourseID string    `bson:"courseId"`
	At       time.Time `bson:"at"`
	// WasWanted says that the person wished to learn the skill until they got it.
	WasWanted bool `bson:"wasWanted,omitempty"`
	// Also are later courses that taught the person the same skill.
	Also []LaterGrant `bson:"also,omitempty"`
}

// LaterGrant is a further course that taught somebody a skill.
type LaterGrant struct {
	CourseID string    `bson:"courseId"`
	At       time.Time `bson:"at"`
}

// maxLaterGrants is how many further courses are kept for one skill.
const maxLaterGrants = 20

// GrantSkill gives a person a skill that they learned on a course, and ends their wish for it. If they have it already,
// only the course is added. isNew reports whether they have it by this course, also if an earlier call has given it to them.
func (s *Service) GrantSkill(ctx context.Context, personID, skillID string, g SkillGrant) (isNew bool, err error) {
	_, err = fault.Again(func() (*Person, error) {
		p, err := s.find(ctx, personID)
		if err != nil {
			return nil, err
		}
		had, has := p.Skills[skillID]
		if isNew = !has || had.CourseID == g.CourseID; has && (isNew || !had.add(g)) {
			return p, nil
		}
		if !has {
			had = g
			had.WasWanted = slices.Contains(p.OwnSkillsWanted, skillID)
		}
		return p, s.writeSkills(ctx, p, skillChange{do: func(p *Person) { p.gain(skillID, had) }, grants: map[string]*SkillGrant{skillID: &had}}, nil)
	})
	return isNew, fault.UnlessNotFound(err)
}

// TakeBackSkill takes a skill from a person that a course gave them. If another course taught them the skill too, they keep
// it by that one; otherwise their wish for it comes back. If they do not have it by this course, nothing happens.
func (s *Service) TakeBackSkill(ctx context.Context, personID, skillID, courseID string) error {
	_, err := fault.Again(func() (*Person, error) {
		p, err := s.find(ctx, personID)
		if err != nil {
			return nil, err
		}
		had, has := p.Skills[skillID]
		left := had.without(courseID)
		if !has || left != nil && left.CourseID == had.CourseID && len(left.Also) == len(had.Also) {
			return p, nil
		}
		return p, s.writeSkills(ctx, p, skillChange{do: func(p *Person) { p.lose(skillID, left) }, grants: map[string]*SkillGrant{skillID: left}}, nil)
	})
	return fault.UnlessNotFound(err)
}

// add adds another course; it reports whether that changed anything.
func (g *SkillGrant) add(other SkillGrant) bool {
	if len(g.Also) >= maxLaterGrants || slices.ContainsFunc(g.Also, func(of LaterGrant) bool { return of.CourseID == other.CourseID }) {
		return false
	}
	g.Also = append(slices.Clone(g.Also), LaterGrant{CourseID: other.CourseID, At: other.At})
	return true
}

// without is the grant without a course; nil if nothing is left of it.
func (g SkillGrant) without(courseID string) *SkillGrant {
	g.Also = slices.DeleteFunc(slices.Clone(g.Also), func(of LaterGrant) bool { return of.CourseID == courseID })
	if g.CourseID != courseID {
		return &g
	}
	if len(g.Also) == 0 {
		return nil
	}
	first := g.Also[0]
	return &SkillGrant{CourseID: first.CourseID, At: first.At, WasWanted: g.WasWanted, Also: g.Also[1:]}
}

// gain adds a grant to the person's skills.
func (p *Person) gain(skillID string, g SkillGrant) {
	if p.Skills == nil {
		p.Skills = map[string]SkillGrant{}
	}
	p.Skills[skillID] = g
	p.OwnSkillsWanted = slices.DeleteFunc(slices.Clone(p.OwnSkillsWanted), func(wanted string) bool { return wanted == skillID })
}

// lose leaves of a grant what another course gave; if nothing did, the person wishes for the skill again if they did before.
func (p *Person) lose(skillID string, left *SkillGrant) {
	had := p.Skills[skillID]
	if left != nil {
		p.Skills[skillID] = *left
		return
	}
	delete(p.Skills, skillID)
	if had.WasWanted && len(p.OwnSkillsWanted) < maxSkillsWanted && !slices.Contains(p.OwnSkillsWanted, skillID) {
		p.OwnSkillsWanted = append(slices.Clone(p.OwnSkillsWanted), skillID)
		slices.Sort(p.OwnSkillsWanted)
	}
}
