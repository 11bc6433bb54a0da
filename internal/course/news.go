package course

import (
	"context"

	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/schedule"
	"faellesskab/internal/schedule/herald"
)

// noun are the courses as things with dates.
func (s *Service) noun() herald.Noun {
	return herald.Noun{Name: "course", Collection: courses, Kinds: datedKinds(), Holders: AudienceEnrolled, Others: AudienceTeachers, Seated: booking.AudienceSeated,
		Things: func(ctx context.Context, ids []string) ([]herald.Thing, error) {
			found, err := s.store.byIDs(ctx, ids)
			things := make([]herald.Thing, 0, len(found))
			for _, courseID := range ids {
				if c := found[courseID]; c != nil {
					things = append(things, c.thing())
				}
			}
			return things, err
		}}
}

// thing is the course as a thing with dates. People book the whole of it.
func (c *Course) thing() herald.Thing {
	return herald.Thing{ID: c.ID, About: c.about(), Snapshot: c.snapshot(), Telling: &c.Telling, Version: c.Version,
		IsOn: c.State == StatePublished, Reminders: c.Reminders(),
		Booked: func(schedule.Entry) string { return c.ID }, Words: c.wordsOf,
		RemindersOf: func(date schedule.Entry) []notify.ReminderOffset { return c.session(date.ID).Reminders() },
		Reminded: func(date schedule.Entry) notify.AudienceOf {
			return notify.AudienceOf{Kind: AudienceAtSession, IDs: []string{date.ID}}
		}}
}

// snapshot is what people may know of a course.
func (c *Course) snapshot() schedule.Snapshot {
	plan := make(schedule.Plan, len(c.Sessions))
	for i, session := range c.Sessions {
		plan[i] = session.entry()
	}
	return schedule.Snapshot{Plan: plan, Title: c.Titles, Description: c.Descriptions}
}

// entry is the session as a date.
func (s *Session) entry() schedule.Entry {
	return schedule.Entry{ID: s.ID, Date: s.Date, Place: s.Place}
}

// Reminders are the offsets staff chose; the defaults if they said nothing.
func (c *Course) Reminders() []notify.ReminderOffset { return notify.Chosen(c.Offsets) }

// about is what all news of the course says.
func (c *Course) about() notify.Cause { return notify.Cause{Subject: c.ID, ExpiresAt: &c.EndsAt} }

// words are the words that a text about the course and its first session may mention.
func (c *Course) words() map[string]string { return c.wordsOf(c.Titles, c.Sessions[0].entry()) }

func (c *Course) wordsOf(title i18n.Text, date schedule.Entry) map[string]string {
	words := date.Words()
	for _, l := range i18n.Languages {
		words["Title_"+string(l)] = title.In(l)
	}
	if c.CancelReason != nil {
		words["Reason"] = *c.CancelReason
	}
	return words
}

// about is what news of a seat says about the course.
func (s *Service) about(ctx context.Context, courseID string) (about notify.Cause, known map[string]string, err error) {
	c, err := s.store.get(ctx, courseID)
	if err != nil {
		return about, nil, err
	}
	if len(c.Sessions) == 0 {
		return about, nil, fault.NotFound("course.not_found")
	}
	return notify.Cause{Subject: c.ID, Data: c.words(), ExpiresAt: &c.StartsAt}, c.thing().KnownWords(s.now()), nil
}
