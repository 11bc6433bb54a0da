package checkin

import (
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
)

// Input is somebody who comes.
type Input struct {
	ClientMutationID *string
	BookingID        *string // one of this and Code
	Code             *string
	OccurrenceID     *string // at whose door it is; nil: that of the booking
	SessionID        *string // the same of a course; nil: the session at that time
	At               *time.Time

	ticket ticket // what Code says
}

// Clean checks the input. Returns Problems.
func (in *Input) Clean(s *Service, now time.Time) error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	switch {
	case (in.BookingID == nil) == (in.Code == nil):
		p.Add(fault.Invalid("input.bookingId", "checkin.one"))
	case in.BookingID != nil:
		p.Add(s.Bookings.CheckID("input.bookingId", *in.BookingID))
	default:
		var ok bool
		if in.ticket, ok = read(*in.Code); !ok || !s.isGenuine(in.ticket) {
			p.Add(fault.Invalid("input.code", "checkin.code.forged"))
		}
	}
	if in.OccurrenceID != nil {
		p.Add(id.Check("input.occurrenceId", id.Occurrence, *in.OccurrenceID))
	}
	checkSession(&p, in.SessionID)
	if in.At != nil && in.At.After(now.Add(fast)) {
		p.Add(fault.Invalid("input.at", "checkin.future"))
	}
	return p.Err()
}

func checkSession(p *fault.Problems, sessionID *string) {
	if sessionID != nil {
		p.Add(id.Check("input.sessionId", id.Pair(id.Session, id.Course), *sessionID))
	}
}

// bookingID is the booking of the person, and the field that names it.
func (in *Input) bookingID() (bookingID, field string) {
	if in.Code != nil {
		return in.ticket.bookingID, "input.code"
	}
	return *in.BookingID, "input.bookingId"
}

// UndoInput is somebody who was checked in by mistake.
type UndoInput struct {
	ClientMutationID *string
	BookingID        string
	SessionID        *string
}

// Clean checks the input. Returns Problems.
func (in *UndoInput) Clean(s *Service) error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(s.Bookings.CheckID("input.bookingId", in.BookingID))
	checkSession(&p, in.SessionID)
	return p.Err()
}

// CloseAttendanceInput names a date at which nobody else is expected.
type CloseAttendanceInput struct {
	ClientMutationID *string
	OccurrenceID     string
}

// Clean checks the input. Returns Problems.
func (in *CloseAttendanceInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.occurrenceId", id.Occurrence, in.OccurrenceID))
	return p.Err()
}
