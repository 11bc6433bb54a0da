package booking

import (
	"context"

	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// Leave gives back a person's place, or their place in line. It declines a seat that is
// offered. Returns NotFound if they have none.
func (s *Service) Leave(ctx context.Context, bookableID, personID string, t idempotency.Token) (*Booking, error) {
	return s.change(ctx, bookableID, personID, t, func(p *Booking) error {
		switch p.State {
		case Confirmed, Waitlisted:
			p.State = Cancelled
		case Offered:
			p.State = Declined
		default:
			return fault.NotFound("booking.none")
		}
		return nil
	})
}

// change gives a person's place the state that decide says. Seats that it no longer takes
// go to the next in line. Returns NotFound if the person has no place, and what decide
// returns.
func (s *Service) change(ctx context.Context, bookableID, personID string, t idempotency.Token, decide func(p *Booking) error) (*Booking, error) {
	for range 5 {
		p, err := s.latest(ctx, bookableID, personID)
		if err != nil {
			return nil, err
		}
		held := p.State.Holds()
		if err := decide(p); err != nil {
			return nil, err
		}
		p.OfferExpiresAt = nil
		p.Version++
		var effects []outbox.Effect
		released := held && !p.State.Holds()
		if released {
			effects = append(effects, s.releaseEffect(p))
		}
		effects = append(effects, t.Outcome(p)...)
		if !released && !p.State.IsSignedUp() {
			effects = append(effects, s.promoteEffect(bookableID))
		}
		err = s.commit(ctx, p, s.Outbox.Batch(effects...))
		if !fault.Is(err, fault.KindConflict) {
			return p, err
		}
		// The place has changed meanwhile, perhaps by a promotion, so look again.
	}
	return nil, fault.Conflict("booking.changed")
}

// latest is a person's place. Returns NotFound if they never had one.
func (s *Service) latest(ctx context.Context, bookableID, personID string) (*Booking, error) {
	p, err := s.store.place(ctx, bookableID, personID)
	if fault.Is(err, fault.KindNotFound) || err == nil && !p.State.Holds() {
		// A claim may have been left half done, so finish it and look again.
		if err := s.runPending(ctx, bookableID, personID); err != nil {
			return nil, err
		}
		p, err = s.store.place(ctx, bookableID, personID)
	}
	if fault.Is(err, fault.KindNotFound) {
		return nil, fault.NotFound("booking.none")
	}
	return p, err
}
