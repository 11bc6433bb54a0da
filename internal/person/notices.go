package person

import (
	"context"
	"slices"

	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
)

// The audiences of people, by what they have said of themselves.
const (
	AudienceSkillWanted notify.AudienceKind = "SKILL_WANTED" // the ids are skills
	AudienceHomeArea    notify.AudienceKind = "HOME_AREA"    // the ids are areas
	AudienceEveryone    notify.AudienceKind = "EVERYONE"     // everybody who may sign in; there are no ids
)

// audiences are the audiences of people.
func (s *Service) audiences() []notify.Audience {
	return []notify.Audience{
		{Kind: AudienceSkillWanted, Reason: notify.ReasonSkillWanted, Walk: s.walkSkills},
		{Kind: AudienceHomeArea, Reason: notify.ReasonHomeArea, Walk: s.walkAreas},
		{Kind: AudienceEveryone, Reason: notify.ReasonResident, Walk: s.walkEverybody},
	}
}

// walkSkills finds people who want to learn some of the skills, with a reason for each.
func (s *Service) walkSkills(ctx context.Context, ids []string, after string, limit int) ([]notify.Found, error) {
	skills, err := s.Skills.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	people, err := s.store.audience(ctx, "skillsWanted", ids, after, limit)
	found := make([]notify.Found, len(people))
	for i, p := range people {
		found[i] = notify.Found{PersonID: p.ID, Reasons: []notify.Reason{}}
		for _, skillID := range p.OwnSkillsWanted {
			k := skills[skillID]
			if k == nil || !slices.Contains(ids, skillID) {
				continue
			}
			words := map[string]string{}
			for _, l := range i18n.Languages {
				words["Skill_"+string(l)] = k.Names.In(l)
			}
			found[i].Reasons = append(found[i].Reasons, notify.Reason{Kind: notify.ReasonSkillWanted, Subject: skillID, Words: words})
		}
	}
	return found, err
}

// walkAreas finds people whose home is one of the areas.
func (s *Service) walkAreas(ctx context.Context, ids []string, after string, limit int) ([]notify.Found, error) {
	areas, err := s.Areas.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	people, err := s.store.audience(ctx, "homeAreaId", ids, after, limit)
	found := make([]notify.Found, len(people))
	for i, p := range people {
		reason := notify.Reason{Kind: notify.ReasonHomeArea, Subject: p.OwnHomeAreaID}
		if a := areas[p.OwnHomeAreaID]; a != nil {
			reason.Words = map[string]string{"Area": a.Name}
		}
		found[i] = notify.Found{PersonID: p.ID, Reasons: []notify.Reason{reason}}
	}
	return found, err
}

// walkEverybody finds everybody.
func (s *Service) walkEverybody(ctx context.Context, _ []string, after string, limit int) ([]notify.Found, error) {
	people, err := s.store.everybody(ctx, after, limit)
	found := make([]notify.Found, len(people))
	for i, p := range people {
		found[i] = notify.Found{PersonID: p.ID}
	}
	return found, err
}
