package checkin

import (
	"context"
	"errors"
	"time"

	"faellesskab/internal/audit"
	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
	"faellesskab/internal/secret"
)

const (
	// late is how long after an arrival its record may come.
	late = 72 * time.Hour
	// fast is how far the clock of a phone may be ahead.
	fast = 2 * time.Minute
	// asked is how old an arrival may be for which the program is asked, and not only told of it.
	asked = time.Minute
)

// The actions in the record of what was done to others.
const (
	auditCheckIn = "checkIn"
	auditUndo    = "undoCheckIn"
	auditClose   = "closeAttendance"
)

// Deps are what the service works with.
type Deps struct {
	DB       *mongodb.DB
	Keys     *idempotency.Keys
	Audit    *audit.Log
	Bookings *booking.Service
	People   *person.Service
	// PublicURL is where the server is reached from outside.
	PublicURL string
	Secrets   secret.Keys // sign the codes
}

// Service is what can be done at a door.
type Service struct{ Deps }

// New makes the service.
func New(d Deps) *Service {
	s := &Service{d}
	idempotency.ShowsAsKept[*booking.Arrived](d.Keys)
	idempotency.ShowsAsKept[*Undone](d.Keys)
	idempotency.ShowsAsKept[*Closed](d.Keys)
	return s
}

func (s *Service) now() time.Time { return s.DB.Now() }

// CheckIn lets somebody in. Whoever is in already stays so, since then. Returns Problems, NotFound for what the
// viewer may not see and for a booking that does not exist, Forbidden unless they may let people in, and
// Conflict for an old code, at another door, outside the time in which people are let in, and for a booking that
// has no seat or has ended.
func (s *Service) CheckIn(ctx context.Context, in Input) (*booking.Arrived, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	if err := in.Clean(s, s.now()); err != nil {
		return nil, err
	}
	bookingID, field := in.bookingID()
	bookableID, personID, _ := id.Split(bookingID)
	call := idempotency.Call{Operation: "checkIn", Key: in.ClientMutationID, Input: in, On: s.Bookings.Refs(bookableID, personID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*booking.Arrived, error) {
		a, err := s.arrival(ctx, in, bookableID, field)
		if err != nil {
			return nil, err
		}
		a.PersonID = personID
		arrived, err := s.Bookings.Admit(ctx, a, func(arrived *booking.Arrived) []outbox.Effect {
			details := map[string]string{"at": a.At.UTC().Format(time.RFC3339)}
			return append([]outbox.Effect{s.Audit.Effect(ctx, auditCheckIn, bookingID, details)}, t.Outcome(arrived)...)
		})
		return arrived, at(field, err)
	})
}

// at names the field at fault, if nothing does yet.
func at(field string, err error) error {
	if f, isFault := errors.AsType[*fault.Error](err); isFault && f.Field == "" && (f.Kind == fault.KindConflict || f.Kind == fault.KindNotFound) {
		named := *f
		named.Field = field
		return &named
	}
	return err
}

// arrival judges whether somebody may come in at that door at that time.
func (s *Service) arrival(ctx context.Context, in Input, bookableID, field string) (booking.Arrival, error) {
	now := s.now()
	a := booking.Arrival{BookableID: bookableID, At: now}
	door, err := s.Bookings.AtDoor(ctx, bookableID)
	if err != nil {
		return a, at(field, err)
	}
	if in.At != nil {
		a.At, a.IsPast = earlier(*in.At, now), now.Sub(*in.At) > asked
		if now.Sub(*in.At) > late {
			return a, &fault.Error{Kind: fault.KindConflict, Key: "checkin.late", Field: "input.at"}
		}
	}
	part, err := s.partAt(ctx, in, door, a.At, field)
	if err != nil {
		return a, err
	}
	a.Part = part.ID
	if in.Code != nil {
		a.Knows = func(b *booking.Booking) error {
			if sinceOf(b.CreatedAt) != in.ticket.since {
				return fault.Conflict("checkin.code.old")
			}
			return nil
		}
	}
	return a, nil
}

// partAt is the part of a thing at whose door somebody comes at an instant.
func (s *Service) partAt(ctx context.Context, in Input, d *booking.Bookable, when time.Time, field string) (booking.DoorPart, error) {
	isElsewhere := in.OccurrenceID != nil && *in.OccurrenceID != d.ID
	others := false                  // somebody else stands there
	var open, next *booking.DoorPart // next is what the person has booked, and is not over if there is more
	for i, p := range d.Parts {
		if in.SessionID != nil && *in.SessionID != p.ID {
			continue
		}
		if p.IsOthers {
			others = true
			continue
		}
		if p.IsOpenAt(when) && !isElsewhere && (open == nil || !open.End.At.After(when)) {
			open = &d.Parts[i] // until midnight others of the day are open too
		}
		if next == nil || !next.Closes().After(when) {
			next = &d.Parts[i]
		}
	}
	if open != nil {
		return *open, s.isHeld(d, field)
	}
	if next == nil && others {
		return booking.DoorPart{}, fault.Forbidden("checkin.permission")
	}
	if next == nil {
		return booking.DoorPart{}, &fault.Error{Kind: fault.KindConflict, Key: "checkin.elsewhere", Field: field}
	}
	if in.At != nil && !isElsewhere {
		field = "input.at"
	}
	isOfAnotherDay := in.Code != nil && in.At == nil && clock.Day(when, next.Start.Zone) != clock.Day(next.Start.At, next.Start.Zone)
	return booking.DoorPart{}, s.wrongTime(ctx, *next, field, isElsewhere || isOfAnotherDay)
}

// isHeld refuses a thing that does not happen, or is over and settled.
func (s *Service) isHeld(d *booking.Bookable, field string) error {
	switch {
	case d.IsHeld():
		return nil
	case d.IsCancelled():
		return &fault.Error{Kind: fault.KindConflict, Key: "checkin.cancelled", Field: field}
	}
	return &fault.Error{Kind: fault.KindConflict, Key: "checkin.closed", Field: field}
}

// wrongTime says when that is which the person has booked, and whether the booking is still good there.
func (s *Service) wrongTime(ctx context.Context, p booking.DoorPart, field string, isWrongDate bool) error {
	reader := i18n.Reader{Language: auth.LanguageOf(ctx, nil), Zone: clock.Copenhagen, Now: s.now()}
	f := fault.Conflict("checkin.outside")
	switch {
	case isWrongDate && p.Closes().After(s.now()):
		f = fault.Conflict("checkin.wrong_date")
	case isWrongDate:
		f = fault.Conflict("checkin.past_date")
	}
	f.Field = field
	return f.With("At", reader.When(p.Start))
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
