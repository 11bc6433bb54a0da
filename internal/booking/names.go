package booking

import (
	"context"
	"time"
)

// keepNames is how long after the start the names of guests are kept.
const keepNames = 30 * 24 * time.Hour

// ForgetGuests removes the names of guests of what began long ago.
func (s *Service) ForgetGuests(ctx context.Context) error {
	return s.store.forgetGuests(ctx, s.now().Add(-keepNames))
}
