package course

import (
	"context"
	"time"

	"faellesskab/internal/booking"
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
func (c *Course) Reminders() []notify.ReminderOffset { return notify.Chosen(c.Offsets) }

// setReminders sets a timer for every session and every offset that is still to come, also
// for offsets that staff did not choose, because people may have chosen them.
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

// remind tells people who have a seat, unless the session was moved or the course cancelled
// since the timer was set.
func (s *Service) remind(ctx context.Context, a remindArgs) error {
	c, err := s.store.get(ctx, a.CourseID)
	if err != nil {
		return err
	}
	session := c.startingAt(a.StartsAt)
	if c.State != StatePublished || session == nil {
		return nil
	}
	return s.Enqueue(ctx, notify.Cause{
		Key: notify.ReminderKey(c.ID, a.Offset, a.StartsAt), Kind: NoticeReminder, Args: notify.ReminderArgsOf(a.Offset, a.StartsAt, c.Reminders()), Subject: c.ID,
		Audiences: []notify.AudienceOf{{Kind: booking.AudienceSeated, IDs: []string{c.ID}}},
		Data:      c.wordsOf(*session), ExpiresAt: &session.StartsAt,
	})
}
