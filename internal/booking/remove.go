package booking

import (
	"context"

	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// Remove takes somebody else off the list, and tells them why. Their seats go to the next in line. Returns
// Problems, NotFound for a booking that the viewer may not see, Forbidden without the right to decide who
// comes, and Conflict for the viewer's own booking, one that has ended or is checked in, or if others keep
// changing it.
func (s *Service) Remove(ctx context.Context, in DecideInput) (*Decided, error) {
	return s.decide(ctx, "removeBooking", in, s.remove)
}

func (s *Service) remove(ctx context.Context, p *Booking, reason *string, t idempotency.Token) (ok bool, err error) {
	if p.IsOf(viewerID(ctx)) {
		return false, fault.Conflict("booking.hand.own")
	}
	st, err := actRemove.doTo(p)
	if err != nil {
		return false, err
	}
	p.EndedReason = reason
	p.Version++
	effects := []outbox.Effect{s.Audit.Effect(ctx, "booking.removed", p.ID, nil)}
	if p.PersonID != "" {
		about, err := s.aboutKnown(ctx, p.BookableID)
		if err != nil {
			return false, err
		}
		c := p.endedCause(about, st)
		c.Actor = viewerID(ctx)
		effects = append(effects, notify.Effect(c))
	}
	err = s.commit(ctx, p, s.Outbox.Batch(s.following(p, st, append(effects, t.Outcome(&Decided{p.ID})...)...)...))
	if fault.Is(err, fault.KindConflict) {
		return false, nil
	}
	return err == nil, err
}
