package event

import (
	"context"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
	"faellesskab/internal/timer"
)

// timerRemind is the kind of the timers that remind of a date.
const timerRemind = "event.remind"

type remindArgs struct {
	EventID  string
	Offset   notify.ReminderOffset
	StartsAt time.Time
}

// Reminders are the offsets the organiser chose; the defaults if they said nothing.
func (e *Event) Reminders() []notify.ReminderOffset { return notify.Chosen(e.Offsets) }

// setReminders sets a timer for every offset that is still to come, also for offsets that
// the organiser did not choose, because people may have chosen them.
func (s *Service) setReminders(ctx context.Context, e *Event) error {
	if e.State != StatePublished {
		return nil
	}
	for offset, at := range notify.Ahead(e.StartsAt, e.TimeZone, s.now()) {
		key := notify.ReminderKey(occurrenceID(e.ID), offset, e.StartsAt)
		if err := s.Timers.Set(ctx, timer.New(key, timerRemind, at, remindArgs{e.ID, offset, e.StartsAt})); err != nil {
			return err
		}
	}
	return nil
}

// remind tells people who have a seat, unless the event was moved or cancelled since the
// timer was set.
func (s *Service) remind(ctx context.Context, a remindArgs) error {
	e, err := s.store.get(ctx, a.EventID)
	if err != nil {
		return err
	}
	if e.State != StatePublished || !e.StartsAt.Equal(a.StartsAt) {
		return nil
	}
	return s.Enqueue(ctx, notify.Cause{
		Key: notify.ReminderKey(occurrenceID(e.ID), a.Offset, e.StartsAt), Kind: NoticeReminder, Args: notify.ReminderArgsOf(a.Offset, e.StartsAt, e.Reminders()), Subject: e.ID,
		GroupID: e.GroupID, MembersOnly: e.OpenTo != group.Everyone,
		Audiences: []notify.AudienceOf{{Kind: booking.AudienceSeated, IDs: []string{occurrenceID(e.ID)}}},
		Data:      e.words(), ExpiresAt: &e.StartsAt,
	})
}
