package announcement

import (
	"context"
	"time"
)

// keepFor is how long an announcement is kept, in every state.
const keepFor = 2 * 365 * 24 * time.Hour

// Purge removes announcements that were written two years ago. The audit trail still knows
// who announced for the municipality and who decided.
func (s *Service) Purge(ctx context.Context) error {
	return s.store.removeOld(ctx, s.now().Add(-keepFor))
}
