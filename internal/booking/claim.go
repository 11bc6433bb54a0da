package booking

import (
	"context"

	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
)

// A claim is a seat that is taken and whose booking is not written yet. Several processes may
// finish one claim, and one of them may have been asleep for long. So the booking is written
// only as of the version that was read before the claim was seen to stand; and before the seat
// is given back, the booking gets a new version that refuses the claim.

// finishClaim writes the booking for which seats have been taken. If the person has got one in
// another way, or has left the line, it gives the seats back.
func (s *Service) finishClaim(ctx context.Context, call outbox.Call, a claimArgs) error {
	if a.More > 0 {
		has, err := s.writeGrown(ctx, &a.Booking, call.Batch)
		if err != nil || has {
			return err
		}
		return s.giveBack(ctx, call, a)
	}
	a.Booking.LastClaim = call.Batch
	if a.Booking.StartsAt.IsZero() {
		b, err := s.store.bookable(ctx, call.Doc.ID)
		if err != nil {
			return err
		}
		a.Booking.StartsAt, a.Booking.StartVersion = b.StartsAt, b.StartVersion
	}
	write := s.writeClaimed
	if a.Promote {
		write = s.writePromoted
	}
	has, err := write(ctx, &a.Booking)
	if err != nil {
		return err
	}
	if has {
		return s.followStart(ctx, &a.Booking)
	}
	return s.giveBack(ctx, call, a)
}

// writePromoted gives the claimed seat to a person in line. has is false if their booking has
// changed since they were chosen, which no process that comes later can undo.
func (s *Service) writePromoted(ctx context.Context, b *Booking) (has bool, err error) {
	if ok, err := s.store.promote(ctx, b); err != nil || ok {
		return ok, err
	}
	was, err := s.store.booking(ctx, b.BookableID, b.holder())
	// An earlier run may have written the booking.
	return err == nil && was.LastClaim == b.LastClaim, fault.UnlessNotFound(err)
}

// writeClaimed writes the booking of a person who has signed up. has is false if they have
// another one, and if another process has finished the claim.
func (s *Service) writeClaimed(ctx context.Context, p *Booking) (has bool, err error) {
	if ok, err := s.store.insert(ctx, p, outbox.Batch{}); err != nil {
		return false, err
	} else if ok {
		gone, err := s.removeOutslept(ctx, p)
		return !gone, err
	}
	for range 5 {
		was, err := s.store.booking(ctx, p.BookableID, p.holder())
		switch {
		case err != nil:
			return false, err
		case was.LastClaim == p.LastClaim:
			return true, nil // an earlier run has written it
		case was.Refused == p.LastClaim:
			return false, nil
		case was.State.IsSignedUp():
			if ok, err := s.store.refuse(ctx, was, p.LastClaim); err != nil || ok {
				return false, err
			}
			continue
		}
		b, err := s.store.bookableFor(ctx, p.BookableID, p.claimKey())
		if err != nil || b.Claims[p.claimKey()] != p.LastClaim {
			return false, err
		}
		if ok, err := s.store.renewAs(ctx, p, was.Version, outbox.Batch{}); err != nil || ok {
			return ok, err
		}
	}
	return false, fault.Conflict("booking.changed")
}

// giveBack gives the seats of a claim back, and lets people have them who were turned away
// meanwhile. That takes an effect of its own, since the claim is gone and will not be tried
// again.
func (s *Service) giveBack(ctx context.Context, call outbox.Call, a claimArgs) error {
	err := s.Outbox.Commit(ctx, call.Doc, []outbox.Effect{s.promoteEffect(call.Doc.ID)}, func(next outbox.Batch) error {
		return s.store.giveBack(ctx, call, a, next)
	})
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return err
	}
	return outbox.ErrStop
}
