package booking

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
)

// OfferInput names the booking for which a seat is offered.
type OfferInput struct {
	ClientMutationID *string
	BookingID        string
	Answers          []AnswerInput `json:",omitempty"`
	GuestNames       []string      `json:",omitempty"`
	GuestAgeBands    []AgeBand     `json:",omitempty"`
}

func (in OfferInput) reply() Reply {
	return Reply{Answers: in.Answers, GuestNames: in.GuestNames, GuestAgeBands: in.GuestAgeBands}
}

// AcceptOffer takes the seat that is offered to the viewer. Returns Problems, NotFound for a
// booking that is not the viewer's or of a thing that they may no longer see, Forbidden if they
// are banned from its group, and Conflict if the seat is no longer offered, the thing is cancelled
// or has started, or others keep changing the booking.
func (s *Service) AcceptOffer(ctx context.Context, in OfferInput) (*Booking, error) {
	return s.answer(ctx, "acceptOffer", in, s.Accept)
}

// DeclineOffer gives the seat that is offered to the viewer to the next in line. Returns
// Problems, NotFound for a booking that is not the viewer's, and Conflict if no seat is
// offered, or others keep changing the booking.
func (s *Service) DeclineOffer(ctx context.Context, in OfferInput) (*Booking, error) {
	return s.answer(ctx, "declineOffer", in, s.Decline)
}

type answer func(ctx context.Context, bookableID, personID string, r Reply, t idempotency.Token) (*Booking, error)

func (s *Service) answer(ctx context.Context, operation string, in OfferInput, give answer) (*Booking, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	bookableID, personID, _ := id.Split(in.BookingID)
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	in.reply().Check(&p)
	if s.sorts[id.Prefix(bookableID)] == nil || id.Prefix(personID) != id.Person {
		p.Add(fault.BadID("input.bookingId"))
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: operation, Key: in.ClientMutationID, Input: in, On: s.Refs(bookableID, personID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Booking, error) {
		if personID != v.PersonID {
			return nil, fault.NotFound("booking.none")
		}
		return give(ctx, bookableID, personID, in.reply(), t)
	})
}
