package person

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
)

// SkillLevel is how well somebody says they have a skill.
type SkillLevel string

// The levels, from the lowest.
const (
	LevelBeginner     SkillLevel = "BEGINNER"
	LevelIntermediate SkillLevel = "INTERMEDIATE"
	LevelAdvanced     SkillLevel = "ADVANCED"
	LevelExpert       SkillLevel = "EXPERT"
)

// IsValid reports whether it is one of them.
func (l SkillLevel) IsValid() bool {
	return slices.Contains([]SkillLevel{LevelBeginner, LevelIntermediate, LevelAdvanced, LevelExpert}, l)
}

// SkillVisibility says who may see which skills a person has, and find them by these.
type SkillVisibility string

// The visibilities, from the most private.
const (
	VisibleToNobody   SkillVisibility = "NOBODY"
	VisibleToLeaders  SkillVisibility = "LEADERS"  // those who manage the members of a group in which the person is
	VisibleToMembers  SkillVisibility = "MEMBERS"  // and all other members of these groups
	VisibleToEveryone SkillVisibility = "EVERYONE" // everybody who is signed in
)

// IsValid reports whether it is one of them.
func (v SkillVisibility) IsValid() bool {
	return slices.Contains([]SkillVisibility{VisibleToNobody, VisibleToLeaders, VisibleToMembers, VisibleToEveryone}, v)
}

// SaidSkill is a skill that a person says they have.
type SaidSkill struct {
	SkillID string      `bson:"skillId"`
	Level   *SkillLevel `bson:"level,omitempty"` // nil: they do not say how well
}

// Skill is one skill that a person has: because they say so, can teach it, or got it by a course.
type Skill struct {
	SkillID  string
	Level    *SkillLevel
	EarnedAt *time.Time // nil: no course gave it
	CanTeach bool
}

// IsEarned reports whether a course gave the person the skill.
func (k *Skill) IsEarned() bool { return k.EarnedAt != nil }

// skills are the skills the person has: those that courses gave first, newest first, and then the others by id.
func (p *Person) skills() []*Skill {
	levels := map[string]*SkillLevel{}
	ids, others := p.SkillIDs(), slices.Clone(p.SkillsTaught)
	for _, said := range p.SaidSkills {
		levels[said.SkillID] = said.Level
		others = append(others, said.SkillID)
	}
	slices.Sort(others)
	for _, skillID := range slices.Compact(others) {
		if !slices.Contains(ids, skillID) {
			ids = append(ids, skillID)
		}
	}
	list := make([]*Skill, len(ids))
	for i, skillID := range ids {
		list[i] = &Skill{SkillID: skillID, Level: levels[skillID], CanTeach: slices.Contains(p.SkillsTaught, skillID)}
		if grant, isEarned := p.Skills[skillID]; isEarned {
			list[i].EarnedAt = &grant.At
		}
	}
	return list
}

// Has reports whether the person has a skill: because a course gave it to them, or they say that they have it or can teach it.
func (p *Person) Has(skillID string) bool {
	_, isEarned := p.Skills[skillID]
	return isEarned || slices.Contains(p.SkillsTaught, skillID) ||
		slices.ContainsFunc(p.SaidSkills, func(said SaidSkill) bool { return said.SkillID == skillID })
}

// PersonSkills are the skills the person has, as far as the viewer may see them; nil if they may not.
func (s *Service) PersonSkills(ctx context.Context, p *Person) []*Skill {
	if !s.showsSkills(auth.FromContext(ctx), p) {
		return nil
	}
	return p.skills()
}

// showsSkills reports whether the viewer may see which skills a person has.
func (s *Service) showsSkills(v auth.Viewer, p *Person) bool {
	if v.IsAnonymous() {
		return false
	}
	if v.PersonID == p.ID {
		return true
	}
	switch p.SkillsVisibleTo {
	case VisibleToEveryone:
		return true
	case VisibleToMembers:
		return p.sharesGroup(v, func(auth.Grant) bool { return true })
	case VisibleToLeaders:
		now := s.DB.Now()
		return p.sharesGroup(v, func(of auth.Grant) bool { return s.Groups.Manages(of, now) })
	}
	return false
}

// sharesGroup reports whether the person and the viewer are in the same group, in which the viewer's roles fit.
func (p *Person) sharesGroup(v auth.Viewer, fits func(auth.Grant) bool) bool {
	for groupID, of := range v.Groups {
		if p.Groups[groupID].Active && fits(of) {
			return true
		}
	}
	return false
}

// OwnSkillVisibility is who may see the person's skills; nil unless they are the viewer.
func (p *Person) OwnSkillVisibility(ctx context.Context) *SkillVisibility {
	if !p.isViewer(ctx) {
		return nil
	}
	to := p.SkillsVisibleTo
	if !to.IsValid() {
		to = VisibleToNobody
	}
	return &to
}

// maxEarnedFindable is how many of the skills that courses gave somebody can be found by, besides those that they name.
const maxEarnedFindable = 50

// TeachFacet is the term by which those are found who can teach a skill; any skill if it is empty.
func TeachFacet(skillID string) string { return "teach:" + skillID }

// Findable are the terms by which those who manage a group's members find the person among them: their skills, and
// what they can teach. It is empty unless the person has agreed to be found.
func (p *Person) Findable() []string {
	switch p.SkillsVisibleTo {
	case VisibleToLeaders, VisibleToMembers, VisibleToEveryone:
	default:
		return nil
	}
	if p.Admits() != nil {
		return nil
	}
	var terms []string
	for i, k := range p.skills() {
		if k.IsEarned() && i >= maxEarnedFindable && k.Level == nil && !k.CanTeach {
			continue
		}
		terms = append(terms, k.SkillID)
		if k.CanTeach {
			terms = append(terms, TeachFacet(k.SkillID))
		}
	}
	if len(p.SkillsTaught) > 0 {
		terms = append(terms, TeachFacet(""))
	}
	return terms
}
