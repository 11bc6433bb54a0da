package booking

import (
	"context"
	"errors"
	"slices"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// maxStrangers is how many people without an account can be signed up for one thing, so that nobody fills
// the database with them.
const maxStrangers = 1000

// CanSignUpByHand reports whether an organiser who signs somebody up by hand now would not be refused, as far
// as the thing says.
func CanSignUpByHand(state string, ends clock.Moment, seats Seats, now time.Time) bool {
	b := Bookable{State: state, EndsAt: ends.At, TimeZone: ends.Zone, Seats: seats}
	return b.isOpenByHand(now, false) == nil && seats.FreeSeats+seats.Reserved > 0
}

// isOpenByHand returns why nobody can be signed up by hand.
func (b *Bookable) isOpenByHand(now time.Time, atTheDoor bool) error {
	door := b.door()
	switch {
	case b.State == draft:
		return fault.Conflict("booking.hand.draft")
	case b.State == cancelled:
		return fault.Conflict("booking.hand.cancelled")
	case b.State != published || !door.Closes().After(now):
		return fault.Conflict("booking.hand.over")
	case atTheDoor && door.Opens().After(now):
		return &fault.Error{Kind: fault.KindConflict, Key: "booking.hand.early", Field: "input.checkIn"}
	case b.HandGuests >= maxStrangers:
		return fault.Conflict("booking.hand.many").With("Max", maxStrangers)
	}
	return nil
}

// claimByHand takes the seats, and lets the booking follow; nil if something has changed since it was read.
func (s *Service) claimByHand(ctx context.Context, n *byHandNow, done *SignedByHand, t idempotency.Token) (*SignedByHand, error) {
	p := n.booking
	claim := outbox.New(kindClaim, claimArgs{Booking: *p, Promote: n.isHeld, Reserved: n.reserved})
	claim.Clear = []string{claimPath(p.claimKey())}
	batch := s.Outbox.Batch(append([]outbox.Effect{claim}, t.Outcome(done)...)...)
	more, err := s.afterHand(ctx, n, done, batch.ID)
	if err != nil {
		return nil, err
	}
	batch.Effects = slices.Insert(batch.Effects, 1, more...)
	err = s.Outbox.CommitBatch(ctx, s.bookableRef(p.BookableID), batch, func(batch outbox.Batch) error {
		return s.store.takeByHand(ctx, n, batch)
	})
	switch {
	case fault.Is(err, fault.KindNotFound):
		return nil, nil //nolint:nilnil // the seats or the start are others than were read
	case errors.Is(err, outbox.ErrUndone):
		return nil, nil //nolint:nilnil // the person has got a booking meanwhile
	}
	return done, err
}
