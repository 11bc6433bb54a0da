package event

import (
	"context"
	"fmt"

	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/outbox"
)

// effectSync makes the dates of an event follow it.
const effectSync = "event.sync"

type syncArgs struct{ EventID string }

func (s *Service) registerEffects() {
	s.Outbox.Handle(effectSync, func(ctx context.Context, call outbox.Call) error {
		var a syncArgs
		if err := call.Decode(&a); err != nil {
			return err
		}
		e, err := s.store.get(ctx, a.EventID)
		if err != nil {
			return err
		}
		return s.sync(ctx, e)
	})
	s.Outbox.Handle(group.EffectChanged, func(ctx context.Context, call outbox.Call) error {
		var a group.Changed
		if err := call.Decode(&a); err != nil {
			return err
		}
		return s.followGroup(ctx, a.GroupID)
	})
}

// sync makes the date, and the reminders of it, follow the event as it is now. Older versions never undo
// newer ones.
func (s *Service) sync(ctx context.Context, e *Event) error {
	if err := s.store.followEvent(ctx, e); err != nil {
		return err
	}
	o, err := s.store.occurrence(ctx, occurrenceID(e.ID))
	if err != nil {
		return fmt.Errorf("date of event %s: %w", e.ID, err)
	}
	if err := s.Booking.SetStart(ctx, o.ID, o.StartsAt); err != nil {
		return err
	}
	if err := s.Booking.SetCapacity(ctx, o.ID, e.Capacity, e.Version); err != nil {
		return err
	}
	return s.setReminders(ctx, e)
}

// followGroup brings the copies of a group on its events up to date, and with
// them who may see the events.
func (s *Service) followGroup(ctx context.Context, groupID string) error {
	found, err := s.Groups.Load(ctx, []string{groupID})
	if err != nil {
		return err
	}
	g := found[groupID]
	if g == nil {
		return fault.NotFound("group.not_found")
	}
	return s.store.followGroup(ctx, g)
}
