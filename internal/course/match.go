package course

import (
	"context"

	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
)

// maxMatches is how many courses in one skill a person is told of after a new wish.
const maxMatches = 3

// match tells a person of the courses that exist already in the skills they have just wished
// for, once for each course and skill.
func (s *Service) match(ctx context.Context, w person.Wishes) error {
	skills, err := s.Skills.ByIDs(ctx, w.SkillIDs)
	if err != nil {
		return err
	}
	for _, skillID := range w.SkillIDs {
		if skills[skillID] == nil {
			continue
		}
		published := StatePublished
		found, err := s.store.list(ctx, Filter{State: &published, SkillID: &skillID}, nil, false, page.Keyset{Limit: maxMatches})
		if err != nil {
			return err
		}
		for _, c := range found {
			if !c.StartsAt.After(s.now()) {
				continue
			}
			if err := s.Enqueue(ctx, c.matched(w.PersonID, skillID, skills[skillID].Names)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Course) matched(personID, skillID string, name i18n.Text) notify.Cause {
	words := c.words()
	why := notify.Reason{Kind: notify.ReasonSkillWanted, Subject: skillID, Words: map[string]string{}}
	for _, l := range i18n.Languages {
		words["Skill_"+string(l)] = name.In(l)
		why.Words["Skill_"+string(l)] = name.In(l)
	}
	return notify.Cause{Key: notify.Key(c.ID, "matched", personID+":"+skillID), Kind: NoticeMatched, Subject: c.ID,
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{personID}, Why: &why}},
		Data:      words, ExpiresAt: &c.StartsAt}
}
