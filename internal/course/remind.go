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
	Rung     notify.Rung
	StartsAt time.Time
}

// Reminders are the rungs staff chose; the defaults if they said nothing.
func (c *Course) Reminders() []notify.Rung {
	if c.Rungs == nil {
		return notify.DefaultRungs
	}
	return c.Rungs
}

// setReminders sets a timer for every session and every rung still to come: also
// for rungs that staff did not choose, because people may.
func (s *Service) setReminders(ctx context.Context, c *Course) error {
	if c.State != StatePublished {
		return nil
	}
	for _, session := range c.Sessions {
		for rung, at := range notify.Ahead(session.StartsAt, c.TimeZone, s.now()) {
			key := notify.ReminderKey(c.ID, rung, session.StartsAt)
			if err := s.Timers.Set(ctx, timer.New(key, timerRemind, at, remindArgs{c.ID, rung, session.StartsAt})); err != nil {
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
	words["Rung"] = string(a.Rung)
	return s.HandIn(ctx, notify.Cause{
		Key: notify.ReminderKey(c.ID, a.Rung, a.StartsAt), Kind: notify.KindCourseReminder, Subject: c.ID,
		Optional:  !slices.Contains(c.Reminders(), a.Rung),
		Audiences: []notify.Audience{{Kind: notify.AudienceSeated, IDs: []string{c.ID}}},
		Data:      words, ExpiresAt: &c.Sessions[i].StartsAt,
	})
}
