package checkin

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// Undone is the booking of a check-in that was undone. Whoever shows it reads it anew.
type Undone struct{ BookingID string }

// Closed is a date whose attendance is closed.
type Closed struct{ OccurrenceID string }

// Undo undoes a check-in. Returns Problems, NotFound for what the viewer may not see and for a booking that does
// not exist, Forbidden unless they may let people in, and Conflict if the person is not checked in.
func (s *Service) Undo(ctx context.Context, in UndoInput) (*Undone, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	if err := in.Clean(s); err != nil {
		return nil, err
	}
	bookableID, personID, _ := id.Split(in.BookingID)
	call := idempotency.Call{Operation: "undoCheckIn", Key: in.ClientMutationID, Input: in, On: s.Bookings.Refs(bookableID, personID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Undone, error) {
		d, err := s.Bookings.AtDoor(ctx, bookableID)
		if err != nil {
			return nil, at("input.bookingId", err)
		}
		part, err := partOf(d, in.SessionID)
		if err != nil {
			return nil, err
		}
		undone := &Undone{in.BookingID}
		err = s.Bookings.Readmit(ctx, bookableID, personID, part, func() []outbox.Effect {
			return append([]outbox.Effect{s.Audit.Effect(ctx, auditUndo, in.BookingID, nil)}, t.Outcome(undone)...)
		})
		return undone, at("input.bookingId", err)
	})
}

// partOf is the part that an undoing names: a session of a course, which has to be named, or the one part of a date.
func partOf(d *booking.Bookable, sessionID *string) (string, error) {
	isCourse := len(d.Parts) > 0 && d.Parts[0].ID != ""
	switch {
	case sessionID == nil && isCourse:
		return "", fault.Invalid("input.sessionId", "checkin.session.missing")
	case sessionID == nil:
		return "", nil
	case !d.IsHeld():
		return "", &fault.Error{Kind: fault.KindConflict, Key: "checkin.closed", Field: "input.bookingId"}
	}
	for _, p := range d.Parts {
		switch {
		case p.ID == *sessionID && p.IsOthers:
			return "", fault.Forbidden("checkin.permission")
		case p.ID == *sessionID:
			return p.ID, nil
		}
	}
	return "", &fault.Error{Kind: fault.KindConflict, Key: "checkin.elsewhere", Field: "input.sessionId"}
}

// CloseAttendance says that nobody else is expected at a date: those who have a seat and were not let in get the
// state NO_SHOW. Returns Problems, NotFound for a date that the viewer may not see, Forbidden unless they may let
// people in, and Conflict if the date has not begun, or does not happen.
func (s *Service) CloseAttendance(ctx context.Context, in CloseAttendanceInput) (*Closed, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "closeAttendance", Key: in.ClientMutationID, Input: in, On: s.Bookings.Refs(in.OccurrenceID, "")[:1]}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Closed, error) {
		if _, err := s.Bookings.AtDoor(ctx, in.OccurrenceID); err != nil {
			return nil, at("input.occurrenceId", err)
		}
		closed := &Closed{in.OccurrenceID}
		effects := append([]outbox.Effect{s.Audit.Effect(ctx, auditClose, in.OccurrenceID, nil)}, t.Outcome(closed)...)
		return closed, at("input.occurrenceId", s.Bookings.CloseAttendance(ctx, in.OccurrenceID, effects))
	})
}
