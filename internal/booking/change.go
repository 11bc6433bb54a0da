package booking

import (
	"context"

	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// Leave gives back a person's booking, or their place in line. It declines a seat that is
// offered. Returns NotFound if they have none, and Conflict if others keep changing it.
func (s *Service) Leave(ctx context.Context, bookableID, personID string, t idempotency.Token) (*Booking, error) {
	return s.change(ctx, bookableID, personID, t, actLeave.doTo)
}

// change does an act to a person's booking. Seats that it no longer takes go to the next in
// line. Returns NotFound if the person has no booking, what do returns, and Conflict if the booking
// has changed each time that it was written.
func (s *Service) change(ctx context.Context, bookableID, personID string, t idempotency.Token, do func(b *Booking) (step, error)) (*Booking, error) {
	for range 5 {
		p, err := s.latest(ctx, bookableID, personID)
		if err != nil {
			return nil, err
		}
		st, err := do(p)
		if err != nil {
			return nil, err
		}
		p.Version++
		err = s.commit(ctx, p, s.Outbox.Batch(s.following(p, st, t.Outcome(p)...)...))
		if !fault.Is(err, fault.KindConflict) {
			return p, err
		}
		// The booking has changed meanwhile, perhaps by a promotion, so look again.
	}
	return nil, fault.Conflict("booking.changed")
}

// following are the effects of a step that was taken with a booking: seats that become free go
// to the line, and so do those that have waited for the person.
func (s *Service) following(b *Booking, st step, own ...outbox.Effect) []outbox.Effect {
	switch {
	case st.frees():
		return append([]outbox.Effect{s.releaseEffect(b)}, own...) // the release looks at the line
	case st.looks:
		return append(own, s.promoteEffect(b.BookableID))
	}
	return own
}

// latest is a person's booking. Returns NotFound if they never had one, and Unavailable if
// another one is about to be written.
func (s *Service) latest(ctx context.Context, bookableID, personID string) (*Booking, error) {
	b, err := s.store.booking(ctx, bookableID, personID)
	if fault.Is(err, fault.KindNotFound) || err == nil && !b.State.Holds() {
		// A claim may have been left half done, so finish it and look again.
		waits, failed := s.runPending(ctx, bookableID, personID)
		if failed != nil {
			return nil, failed
		}
		b, err = s.store.booking(ctx, bookableID, personID)
		if waits && fault.UnlessNotFound(err) == nil && (err != nil || !b.State.IsSignedUp()) {
			return nil, fault.Unavailable("booking.busy", nil)
		}
	}
	if fault.Is(err, fault.KindNotFound) {
		return nil, fault.NotFound("booking.none")
	}
	return b, err
}
