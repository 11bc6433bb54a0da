package event

import (
	"context"
	"reflect"
	"time"

	"faellesskab/internal/booking"
)

// hasPeople reports whether somebody has a seat at the date, or is about to get one, or asks to come.
func (o *Occurrence) hasPeople() bool {
	return o.SeatsTaken > 0 || len(o.Claims) > 0 || o.HasQueue || o.isAsked
}

// asksFirst reports whether people who come to the date must be let in by its organisers.
func (o *Occurrence) asksFirst() bool { return o.Terms.OrNone() != nil && o.Terms.NeedsApproval }

// noteAsked notes at which dates somebody waits for the organiser to let them come, of which the seats say nothing.
func (s *Service) noteAsked(ctx context.Context, dates []*Occurrence) error {
	var ids []string
	for _, o := range dates {
		if o.Terms != nil {
			ids = append(ids, o.ID)
		}
	}
	asked, err := s.Booking.Asked(ctx, ids)
	for _, o := range dates {
		o.isAsked = asked[o.ID]
	}
	return err
}

// settleSeries makes the bookings of those dates follow that have changed in what they rest on. Dates without people, which
// may be hundreds, get their seats at once.
func (s *Service) settleSeries(ctx context.Context, e *Event) error {
	dates, err := s.datesOf(ctx, e)
	if err != nil {
		return err
	}
	if empty := e.emptyOf(dates, s.now()); len(empty) > 0 {
		if err := s.store.seat(ctx, e, empty); err != nil {
			return err
		}
		if dates, err = s.datesOf(ctx, e); err != nil {
			return err
		}
	}
	for _, o := range dates {
		if !o.isUnsettled(e, s.now()) {
			continue
		}
		if err := s.settleDate(ctx, o, e); err != nil {
			return err
		}
	}
	return nil
}

// emptyOf are those of the dates to settle which nobody has anything to do with.
func (e *Event) emptyOf(dates []*Occurrence, now time.Time) []*Occurrence {
	var empty []*Occurrence
	for _, o := range dates {
		isPlain := o.HandGuests == 0 && o.Given() == 0 && o.CapacityVersion <= e.Version
		isLost := o.Terms != nil && o.termsBy(e) == nil
		if o.isUnsettled(e, now) && o.State != StateCancelled && !o.hasPeople() && isPlain && !isLost {
			empty = append(empty, o)
		}
	}
	return empty
}

// emptySeats are the seats of a date by its event, when nobody has one.
func (o *Occurrence) emptySeats(e *Event) booking.Seats {
	return booking.NewSeats(o.capacityOf(e)).With(o.termsBy(e))
}

// settleDate makes the bookings of one date of a series follow it, and notes that they do.
func (s *Service) settleDate(ctx context.Context, o *Occurrence, e *Event) error {
	if err := s.settle(ctx, o, e); err != nil {
		return err
	}
	return s.store.settled(ctx, o.ID, o.Synced)
}

// isUnsettled reports whether bookings of the date have to follow it.
func (o *Occurrence) isUnsettled(e *Event, now time.Time) bool {
	switch {
	case o.IsOver(now):
		return false
	case !reflect.DeepEqual(o.Capacity, o.capacityOf(e)) || !o.Terms.Equal(o.termsBy(e)):
		return true
	}
	return o.hasPeople() && (o.StartVersion > o.Settled || o.State == StateCancelled && o.Settled < o.Synced)
}
