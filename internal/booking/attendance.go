package booking

import (
	"context"

	"faellesskab/internal/fault"
)

// Record records which people attended one session of a thing, and replaces an earlier
// record. Returns NotFound for a person without a seat.
func (s *Service) Record(ctx context.Context, bookableID, sessionID string, personIDs []string) error {
	ids := make([]string, len(personIDs))
	for i, personID := range personIDs {
		ids[i] = IDOf(bookableID, personID)
	}
	found, err := s.store.byIDs(ctx, ids)
	if err != nil {
		return err
	}
	for _, bookingID := range ids {
		if b := found[bookingID]; b == nil || b.State != Confirmed {
			return fault.NotFound("booking.not_seated")
		}
	}
	// Both updates set a state, so a repeat after a crash in between ends in the same
	// state.
	return s.store.record(ctx, bookableID, sessionID, ids)
}

// Settle goes through the people who had a seat at a thing that is over. Those for whom came
// returns true get the state ATTENDED, and others NO_SHOW. What came writes is written before
// the state.
func (s *Service) Settle(ctx context.Context, bookableID string, came func(ctx context.Context, b *Booking) (bool, error)) error {
	for {
		list, err := s.store.unsettled(ctx, bookableID)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, b := range list {
			attended, err := came(ctx, b)
			if err != nil {
				return err
			}
			state := NoShow
			if attended {
				state = Attended
			}
			if err := s.store.settle(ctx, b.ID, state); err != nil {
				return err
			}
		}
	}
}
