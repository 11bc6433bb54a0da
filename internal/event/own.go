package event

import (
	"context"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
)

// effectOwn is an edit of one date of a series by itself.
const effectOwn = "event.own"

type ownArgs struct {
	EventID string
	DateID  string
	Version int
	Actor   string
	Edit    UpdateInput
	// Terms are what the date asks for by itself, if the edit has set it.
	Terms *booking.Terms `json:",omitempty"`
}

// editOwn edits a date by itself. An edit that comes late leaves alone what a later one has made of the date.
func (s *Service) editOwn(ctx context.Context, a ownArgs) error {
	e, err := s.store.get(ctx, a.EventID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	for range 5 {
		ok, err := s.editOnce(ctx, e, a)
		switch {
		case err != nil:
			return err
		case ok:
			return s.syncDate(ctx, a.DateID)
		}
	}
	return fault.VersionConflict()
}

// syncDate lets lists, reminders and bookings of an event follow one of its dates that was changed by itself.
func (s *Service) syncDate(ctx context.Context, dateID string) error {
	o, err := s.store.occurrence(ctx, dateID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	e, err := s.store.get(ctx, o.EventID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	return s.sync(ctx, e, "")
}

// editOnce is one try; ok is false if the date has been changed meanwhile.
func (s *Service) editOnce(ctx context.Context, e *Event, a ownArgs) (ok bool, err error) {
	o, err := s.store.occurrence(ctx, a.DateID)
	if err != nil || o.OwnVersion > a.Version {
		return true, fault.UnlessNotFound(err)
	}
	if o.OwnVersion < a.Version {
		if ok, err := s.writeOwn(ctx, e, o, a); err != nil || !ok {
			return false, err
		}
	}
	if err := s.Booking.FollowStart(ctx, o.ID); err != nil {
		return false, err
	}
	capacity, terms := o.capacityOf(e), o.termsBy(e) // its window moves with the start
	if a.Edit.Capacity.IsSet() {
		capacity = a.Edit.Capacity.Value()
	} else if terms == nil {
		return true, nil
	}
	return true, s.Booking.SetSeats(ctx, o.ID, capacity, terms, a.Version)
}

// writeOwn changes the date; ok is false if somebody else has changed it meanwhile.
func (s *Service) writeOwn(ctx context.Context, e *Event, o *Occurrence, a ownArgs) (ok bool, err error) {
	c := &changed{o, *o}
	var p fault.Problems
	if err := a.Edit.applyOwn(&p, e, o, time.Time{}); err != nil {
		return false, err // the edit was accepted as it is, so that this is a mistake of the program
	}
	if a.Terms != nil {
		o.setOwnTerms(a.Terms)
	}
	o.mark(&c.before, a.Version, s.now())
	o.OwnVersion, o.Synced = a.Version, max(o.Synced, a.Version)
	at := *e
	at.Version = a.Version
	if err := s.noteNews(ctx, &at, []*changed{c}, a.Actor); err != nil {
		return false, err
	}
	return s.store.own(ctx, c)
}
