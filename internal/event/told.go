package event

import (
	"context"
	"time"

	"faellesskab/internal/schedule/herald"
)

// followOnce makes the only date of an event follow it; ok is false if the date has followed another version meanwhile.
func (s *Service) followOnce(ctx context.Context, e *Event, actor string) (ok bool, err error) {
	if err := s.store.followGroups(ctx, e); err != nil {
		return false, err
	}
	o, err := s.store.occurrence(ctx, occurrenceID(e.ID))
	if err != nil || o.Synced >= e.Version {
		return true, err
	}
	c := &changed{e.bring(*o, true, s.now()), *o}
	if err := s.noteNews(ctx, e, []*changed{c}, actor); err != nil {
		return false, err
	}
	return s.store.followEvent(ctx, c)
}

// noteNews notes what people do not know yet of dates that are about to be changed, and sets the timer that tells them. It is
// set before the dates are written, since a timer without a change tells nothing. All that one version of an event changes
// is told at once, so that somebody who has signed up for several dates hears of it once.
func (s *Service) noteNews(ctx context.Context, e *Event, dates []*changed, actor string) error {
	var ids []string
	var tellAt time.Time
	for _, c := range dates {
		at, ok := s.herald.Note(c.before.snapshot(e), s.thing(e, c.Occurrence))
		if !ok {
			continue
		}
		if ids = append(ids, c.ID); tellAt.IsZero() || at.Before(tellAt) {
			tellAt = at
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return s.herald.TellAt(ctx, tellAt, herald.Change{ID: e.ID, Version: e.Version, Actor: actor, Things: ids})
}
