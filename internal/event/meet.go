package event

import (
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
)

// ToChange is an event that the viewer may change now. Returns NotFound, Forbidden, and Conflict if it is cancelled or over.
func (s *Service) ToChange(ctx context.Context, eventID string) (*Event, error) {
	e, err := s.visible(ctx, eventID)
	switch {
	case err != nil:
		return nil, err
	case !e.canPost(auth.FromContext(ctx), s.now()):
		return nil, fault.Forbidden("group.permission")
	}
	return e, e.mayChange(s.now())
}

// ToReport is a date of which the viewer may say what came out of it. Returns NotFound, Forbidden unless they may change its
// event, and Conflict before it has begun and if it does not take place.
func (s *Service) ToReport(ctx context.Context, occurrenceID string) (*Occurrence, error) {
	o, err := s.Occurrence(ctx, occurrenceID)
	if err != nil {
		return nil, err
	}
	e, err := s.visible(ctx, o.EventID)
	switch {
	case err != nil:
		return nil, err
	case !e.canPost(auth.FromContext(ctx), s.now()):
		return nil, fault.Forbidden("group.permission")
	}
	return o, o.mayReport(s.now())
}

// mayReport returns why nothing has come out of the date: it does not take place, or has not begun.
func (o *Occurrence) mayReport(now time.Time) error {
	switch {
	case !o.IsOn():
		return fault.Conflict("meeting.not_held")
	case o.StartsAt.After(now):
		return fault.Conflict("meeting.not_begun")
	}
	return nil
}

// IsOn reports whether the date takes place, or has taken place.
func (o *Occurrence) IsOn() bool { return o.State == StatePublished }

// EndedSince are published dates that have ended between two instants, behind the last one of the page before, in the
// order of their starts.
func (s *Service) EndedSince(ctx context.Context, from, to time.Time, last *Occurrence, limit int) ([]*Occurrence, error) {
	return s.store.ended(ctx, from, to, last, limit)
}

// LoadAll are the events with those ids for the program's own work. It hides nothing.
func (s *Service) LoadAll(ctx context.Context, eventIDs []string) (map[string]*Event, error) {
	return s.store.byIDs(ctx, eventIDs)
}

// MayBeChangedBy reports whether somebody may change the event: they may post in its group, or were named for it.
func (e *Event) MayBeChangedBy(v auth.Viewer, now time.Time) bool { return e.canPost(v, now) }

// News is what all news of the event says, for what other nouns tell of it.
func (e *Event) News() notify.Cause { return e.about() }
