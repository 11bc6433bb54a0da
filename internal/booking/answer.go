package booking

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
)

// OfferInput names the place for which a seat is offered.
type OfferInput struct {
	ClientMutationID *string
	BookingID        string
}

// Offers lets people answer offers of every sort of thing that can be booked. The id of
// a place tells which sort it is.
type Offers struct {
	keys     *idempotency.Keys
	services map[string]*Service
}

// NewOffers makes Offers from the services, by the prefix of the ids of what they book.
func NewOffers(keys *idempotency.Keys, services map[string]*Service) *Offers {
	return &Offers{keys: keys, services: services}
}

// Accept takes the seat that is offered to the viewer. Returns Problems, NotFound for a
// place that is not the viewer's or that they may no longer see, and Conflict if the seat
// is no longer offered, or the thing is cancelled or has started.
func (o *Offers) Accept(ctx context.Context, in OfferInput) (*Booking, error) {
	return o.answer(ctx, "acceptOffer", in, (*Service).Accept)
}

// Decline gives the seat that is offered to the viewer to the next in line. Returns
// Problems, NotFound for a place that is not the viewer's, and Conflict if no seat is
// offered.
func (o *Offers) Decline(ctx context.Context, in OfferInput) (*Booking, error) {
	return o.answer(ctx, "declineOffer", in, (*Service).Decline)
}

type answer func(s *Service, ctx context.Context, bookableID, personID string, t idempotency.Token) (*Booking, error)

func (o *Offers) answer(ctx context.Context, operation string, in OfferInput, give answer) (*Booking, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	s, bookableID, personID := o.of(in.BookingID)
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	if s == nil {
		p.Add(fault.BadID("input.bookingId"))
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	if personID != v.PersonID {
		return nil, fault.NotFound("booking.none")
	}
	call := idempotency.Call{Operation: operation, Key: in.ClientMutationID, Input: in, On: s.Refs(bookableID, personID)}
	return idempotency.Do(ctx, o.keys, call, func(ctx context.Context, t idempotency.Token) (*Booking, error) {
		return give(s, ctx, bookableID, personID, t)
	})
}

// of splits the id of a place. The service is nil if it is no such id.
func (o *Offers) of(bookingID string) (s *Service, bookableID, personID string) {
	bookableID, personID, _ = id.Split(bookingID)
	if id.Prefix(personID) != id.Person {
		return nil, "", ""
	}
	return o.services[id.Prefix(bookableID)], bookableID, personID
}

// offered is the place of an offer. Returns NotFound if the offer no longer waits for an
// answer.
func (o *Offers) offered(ctx context.Context, a offerArgs) (*Booking, error) {
	s, err := o.service(a.BookableID)
	if err != nil {
		return nil, err
	}
	p, err := s.store.place(ctx, a.BookableID, a.PersonID)
	if err == nil && !p.isOfferOf(a.Claim) {
		err = fault.NotFound("booking.no_offer")
	}
	return p, err
}
