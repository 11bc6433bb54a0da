package booking

import (
	"context"

	"faellesskab/internal/fault"
)

// Presence says which people attended one session of a thing.
type Presence struct {
	BookableID, SessionID string
	PersonIDs             []string
	// Version rises with each record of the thing.
	Version int
}

// Record writes who attended a session, in place of an earlier record. It changes nothing that
// a later version has written.
func (s *Service) Record(ctx context.Context, a Presence) error { return s.store.record(ctx, a) }

// CheckSeated returns NotFound if one of these people has no seat.
func (s *Service) CheckSeated(ctx context.Context, bookableID string, personIDs []string) error {
	ids := idsOf(bookableID, personIDs)
	found, err := s.store.byIDs(ctx, ids)
	if err != nil {
		return err
	}
	for _, bookingID := range ids {
		if b := found[bookingID]; b == nil || b.State != Confirmed {
			return &fault.Error{Kind: fault.KindNotFound, Key: "course.not_enrolled", Field: "input.personIds"}
		}
	}
	return nil
}

func idsOf(bookableID string, personIDs []string) []string {
	ids := make([]string, len(personIDs))
	for i, personID := range personIDs {
		ids[i] = IDOf(bookableID, personID)
	}
	return ids
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
