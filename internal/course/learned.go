package course

import (
	"context"
	"strconv"
	"strings"

	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
)

// reasonTookPart is the reason of people who have completed a course.
const reasonTookPart notify.ReasonKind = "TOOK_PART"

// learnedArgs say by which completion people have learned something.
type learnedArgs struct{ CompletedIn int }

// tellLearned tells a person of the skills that they have got by a course.
func (s *Service) tellLearned(ctx context.Context, c *Course, personID string, skillIDs []string) error {
	if len(skillIDs) == 0 {
		return nil
	}
	skills, err := s.Skills.ByIDs(ctx, skillIDs)
	if err != nil {
		return err
	}
	var names []i18n.Text
	for _, skillID := range skillIDs {
		if k := skills[skillID]; k != nil {
			names = append(names, k.Names)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return s.Enqueue(ctx, c.learned(personID, names))
}

func (c *Course) learned(personID string, skills []i18n.Text) notify.Cause {
	words := map[string]string{}
	for _, l := range i18n.Languages {
		list := make([]string, len(skills))
		for i, name := range skills {
			list[i] = name.In(l)
		}
		words["Title_"+string(l)], words["Skills_"+string(l)] = c.Titles.In(l), strings.Join(list, ", ")
	}
	if len(skills) > 1 {
		words["Several"] = "1"
	}
	why := notify.Reason{Kind: reasonTookPart, Subject: c.ID}
	version := personID
	if c.CompletedIn > 0 { // another completion is other news
		version += ":" + strconv.Itoa(c.CompletedIn)
	}
	return notify.Cause{Key: notify.Key(c.ID, "learned", version), Args: notify.ArgsOf(learnedArgs{c.CompletedIn}), Kind: NoticeSkillsEarned, Subject: c.ID,
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{personID}, Why: &why}}, Data: words}
}
