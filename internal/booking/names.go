package booking

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/id"
)

const (
	// keepNames is how long after the end the names of guests are kept.
	keepNames = 30 * 24 * time.Hour
	// forgetThings is of how many things the end is read at once.
	forgetThings = 100
)

// ForgetGuests removes the names of guests, and of people without an account, of what ended long ago. A course
// whose first session was long ago may still go on, and its organiser needs them.
func (s *Service) ForgetGuests(ctx context.Context) error {
	before := s.now().Add(-keepNames)
	things, err := s.store.withNames(ctx, before)
	if err != nil || len(things) == 0 {
		return err
	}
	isUnknown := func(thingID string) bool { return s.sorts[id.Prefix(thingID)] == nil } // only a newer version knows when it ends
	except := slices.DeleteFunc(slices.Clone(things), func(thingID string) bool { return !isUnknown(thingID) })
	for some := range slices.Chunk(slices.DeleteFunc(things, isUnknown), forgetThings) {
		going, err := s.store.goingOn(ctx, some, before)
		if err != nil {
			return err
		}
		except = append(except, going...)
	}
	return s.store.forgetGuests(ctx, before, except)
}

// mustForget reports whether a booking names people who have no account.
func (b *Booking) mustForget() bool { return len(b.NamedGuests) > 0 || b.GuestName != nil }
