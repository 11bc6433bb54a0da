package course

import (
	"context"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/person"
)

// publicAudiences are the audiences of a new course: people who want to learn its skills, and
// people whose home is in one of its areas. A course for all areas is not told to
// everybody.
func (c *Course) publicAudiences() []notify.AudienceOf {
	var list []notify.AudienceOf
	if len(c.SkillIDs) > 0 {
		list = append(list, notify.AudienceOf{Kind: person.AudienceSkillWanted, IDs: c.SkillIDs})
	}
	if len(c.AreaIDs) > 0 {
		list = append(list, notify.AudienceOf{Kind: person.AudienceHomeArea, IDs: c.AreaIDs})
	}
	return list
}

func (c *Course) cause(ctx context.Context, now time.Time, kind notify.Kind, what string, audiences []notify.AudienceOf) notify.Cause {
	return notify.Cause{
		Key: notify.Key(c.ID, what, strconv.Itoa(c.Version)), Kind: kind, Subject: c.ID,
		Audiences: audiences, Actor: auth.FromContext(ctx).PersonID, Data: c.words(), ExpiresAt: &c.EndsAt, TurnsUpAt: c.plan().Next(now),
	}
}

func (c *Course) words() map[string]string { return c.wordsOf(c.Sessions[0]) }

// wordsOf are the words that a text about one session may mention.
func (c *Course) wordsOf(session Session) map[string]string {
	words := map[string]string{"StartsAt": string(session.StartsAtLocal), "EndsAt": string(session.EndsAtLocal), "Place": ""}
	for _, l := range i18n.Languages {
		words["Title_"+string(l)] = c.Titles.In(l)
	}
	if c.CancelReason != nil {
		words["Reason"] = *c.CancelReason
	}
	if p := session.Place; p != nil {
		words["Place"] = p.Name
	}
	return words
}

// about is what news of a seat says about the course.
func (s *Service) about(ctx context.Context, courseID string) (notify.Cause, error) {
	c, err := s.store.get(ctx, courseID)
	if err != nil {
		return notify.Cause{}, err
	}
	if len(c.Sessions) == 0 {
		return notify.Cause{}, fault.NotFound("course.not_found")
	}
	return notify.Cause{Subject: c.ID, Data: c.words(), ExpiresAt: &c.StartsAt}, nil
}
