package course

import (
	"context"
	"slices"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
)

// SubjectState is how a course, and a piece of news about it, stand now: what waited
// for the morning is told as it is in the morning, or not at all.
func (s *Service) SubjectState(ctx context.Context, kind notify.Kind, courseID, key string) (notify.SubjectState, error) {
	c, err := s.store.get(ctx, courseID)
	if fault.Is(err, fault.KindNotFound) {
		return notify.SubjectState{}, nil
	}
	if err != nil {
		return notify.SubjectState{}, err
	}
	want := StatePublished
	if kind == notify.KindCourseCancelled {
		want = StateCancelled
	}
	if c.State != want {
		return notify.SubjectState{}, nil
	}
	now := notify.SubjectState{Alive: true, Words: c.words(), ExpiresAt: &c.EndsAt}
	switch kind {
	case notify.KindCourseReminder:
		session := c.remindedOf(key)
		if session == nil {
			return notify.SubjectState{}, nil
		}
		now.Words, now.ExpiresAt = c.wordsOf(*session), &session.StartsAt
	case notify.KindCourseMoved:
		if now.Words = c.stillNew(key, s.now()); now.Words == nil {
			return notify.SubjectState{}, nil
		}
	case notify.KindCourseChanged:
		now.Alive = !c.isRetold(key)
	case notify.KindSeatGranted, notify.KindSeatOffered, notify.KindCourseMatched:
		now.ExpiresAt = &c.StartsAt
	}
	return now, nil
}

// remindedOf is the session whose start is the one in the key of a reminder; nil
// if none starts then any more.
func (c *Course) remindedOf(key string) *Session {
	for i, session := range c.Sessions {
		if slices.ContainsFunc(notify.ReminderOffsets, func(r notify.ReminderOffset) bool { return key == notify.ReminderKey(c.ID, r, session.StartsAt) }) {
			return &c.Sessions[i]
		}
	}
	return nil
}
