package booking

import (
	"context"

	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// Leave gives a person's place, or their place in line, back; a seat that is
// offered is declined. Returns NotFound for who has none.
func (s *Service) Leave(ctx context.Context, bookableID, personID string, t idempotency.Token) (*Place, error) {
	return s.change(ctx, bookableID, personID, t, func(p *Place) error {
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

// change gives a person's place the state that decide says; seats it no longer
// takes go to the next in line. Returns NotFound for who has no place, and what
// decide returns.
func (s *Service) change(ctx context.Context, bookableID, personID string, t idempotency.Token, decide func(p *Place) error) (*Place, error) {
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
		err = s.commitPlace(ctx, p, s.Outbox.Batch(effects...))
		if !fault.Is(err, fault.KindConflict) {
			return p, err
		}
		// The place has changed meanwhile, perhaps by a promotion: look again.
	}
	return nil, fault.Conflict("booking.changed")
}

// latest is a person's place. Returns NotFound for who never had one.
func (s *Service) latest(ctx context.Context, bookableID, personID string) (*Place, error) {
	p, err := s.store.place(ctx, bookableID, personID)
	if fault.Is(err, fault.KindNotFound) || err == nil && !p.State.Holds() {
		// Perhaps a seat is still on its way.
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
