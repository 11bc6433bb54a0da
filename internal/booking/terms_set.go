package booking

import (
	"context"

	"faellesskab/internal/fault"
)

// SetSeats changes the capacity of a thing, nil is no limit, and what is asked of those who sign up, nil is
// nothing, as of a version of the thing's owner. Nobody loses a seat. People in line get seats that have
// become free, or are taken out of line if they can no longer fit; and the line and the offers end when
// they should now.
func (s *Service) SetSeats(ctx context.Context, bookableID string, capacity *int, t *Terms, version int) error {
	for range 10 {
		b, err := s.store.bookable(ctx, bookableID)
		if err != nil {
			return err
		}
		ok := b.CapacityVersion > version // a newer version has set them
		if !ok {
			if ok, err = s.store.setSeats(ctx, b, capacity, t, version); err != nil {
				return err
			}
		}
		if !ok {
			continue
		}
		if b.Terms != nil || t != nil {
			if err := s.followTerms(ctx, bookableID); err != nil {
				return err
			}
		}
		if err := s.endMisfits(ctx, bookableID); err != nil {
			return err
		}
		return s.Promote(ctx, bookableID)
	}
	return fault.Unavailable("booking.busy", nil)
}

// followTerms makes what waits at a thing end when it should by its new terms.
func (s *Service) followTerms(ctx context.Context, bookableID string) error {
	b, err := s.store.bookable(ctx, bookableID)
	if err != nil {
		return err
	}
	if b.IsOpen(s.now()) {
		return s.followEnd(ctx, b)
	}
	return s.EndLine(ctx, bookableID)
}
