package event

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"faellesskab/internal/group"
	"faellesskab/internal/notify"
	"faellesskab/internal/timer"
)

// timerRemind is the kind of the timers that remind of a date.
const timerRemind = "event.remind"

type remindArgs struct {
	EventID  string
	Rung     notify.Rung
	StartsAt time.Time
}

// Reminders are the rungs the organiser chose; the defaults if they said nothing.
func (e *Event) Reminders() []notify.Rung {
	if e.Rungs == nil {
		return notify.DefaultRungs
	}
	return e.Rungs
}

// setReminders sets a timer for every rung still to come: also for those the
// organiser did not choose, because people may.
func (s *Service) setReminders(ctx context.Context, e *Event) error {
	if e.State != StatePublished {
		return nil
	}
	for rung, at := range notify.Ahead(e.StartsAt, e.TimeZone, s.now()) {
		key := notify.ReminderKey(occurrenceID(e.ID), rung, e.StartsAt)
		if err := s.Timers.Set(ctx, timer.New(key, timerRemind, at, remindArgs{e.ID, rung, e.StartsAt})); err != nil {
			return err
		}
	}
	return nil
}

// remind tells those who have a seat, unless the event was moved or cancelled
// since the timer was set.
func (s *Service) remind(ctx context.Context, raw json.RawMessage) error {
	var a remindArgs
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	e, err := s.store.get(ctx, a.EventID)
	if err != nil {
		return err
	}
	if e.State != StatePublished || !e.StartsAt.Equal(a.StartsAt) {
		return nil
	}
	words := e.words()
	words["Rung"] = string(a.Rung)
	return s.HandIn(ctx, notify.Cause{
		Key: notify.ReminderKey(occurrenceID(e.ID), a.Rung, e.StartsAt), Kind: notify.KindEventReminder, Subject: e.ID,
		GroupID: e.GroupID, MembersOnly: e.Audience != group.Everyone, Optional: !slices.Contains(e.Reminders(), a.Rung),
		Audiences: []notify.Audience{{Kind: notify.AudienceSeated, IDs: []string{occurrenceID(e.ID)}}},
		Data:      words, ExpiresAt: &e.StartsAt,
	})
}
