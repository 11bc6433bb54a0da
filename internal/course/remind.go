package course

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"faellesskab/internal/notify"
	"faellesskab/internal/timer"
)

// timerRemind is the kind of the timers that remind of a session.
const timerRemind = "course.remind"

type remindArgs struct {
	CourseID string
	Offset   notify.ReminderOffset
	StartsAt time.Time
}

// Reminders are the offsets staff chose; the defaults if they said nothing.
func (c *Course) Reminders() []notify.ReminderOffset {
	if c.Offsets == nil {
		return notify.DefaultOffsets
	}
	return c.Offsets
}

// setReminders sets a timer for every session and every offset still to come: also
// for offsets that staff did not choose, because people may.
func (s *Service) setReminders(ctx context.Context, c *Course) error {
	if c.State != StatePublished {
		return nil
	}
	for _, session := range c.Sessions {
		for offset, at := range notify.Ahead(session.StartsAt, c.TimeZone, s.now()) {
			key := notify.ReminderKey(c.ID, offset, session.StartsAt)
			if err := s.Timers.Set(ctx, timer.New(key, timerRemind, at, remindArgs{c.ID, offset, session.StartsAt})); err != nil {
				return err
			}
		}
	}
	return nil
}

// remind tells those who have a seat, unless the session was moved or the course
// cancelled since the timer was set.
func (s *Service) remind(ctx context.Context, raw json.RawMessage) error {
	var a remindArgs
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	c, err := s.store.get(ctx, a.CourseID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(c.Sessions, func(session Session) bool { return session.StartsAt.Equal(a.StartsAt) })
	if c.State != StatePublished || i < 0 {
		return nil
	}
	words := c.wordsOf(c.Sessions[i])
	words["Offset"] = string(a.Offset)
	return s.Enqueue(ctx, notify.Cause{
		Key: notify.ReminderKey(c.ID, a.Offset, a.StartsAt), Kind: notify.KindCourseReminder, Subject: c.ID,
		Optional:  !slices.Contains(c.Reminders(), a.Offset),
		Audiences: []notify.AudienceOf{{Kind: notify.AudienceSeated, IDs: []string{c.ID}}},
		Data:      words, ExpiresAt: &c.Sessions[i].StartsAt,
	})
}
