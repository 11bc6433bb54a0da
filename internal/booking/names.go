package booking

import (
	"context"
	"time"
)

// keepNames is how long after the start the names of guests are kept.
const keepNames = 30 * 24 * time.Hour

// ForgetGuests removes the names of guests, and of people without an account, of what began long ago.
func (s *Service) ForgetGuests(ctx context.Context) error {
	return s.store.forgetGuests(ctx, s.now().Add(-keepNames))
}

// mustForget reports whether a booking names people who have no account.
func (b *Booking) mustForget() bool { return len(b.NamedGuests) > 0 || b.GuestName != nil }
