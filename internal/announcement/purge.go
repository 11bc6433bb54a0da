package announcement

import (
	"context"
	"time"
)

const (
	// keepFor is how long an announcement is kept, in whatever state.
	keepFor = 2 * 365 * 24 * time.Hour
	// purgeBatch is how many are removed at a time, so that others get their turn.
	purgeBatch = 200
)

// Purge removes announcements that were written two years ago. Who announced for
// the municipality and who decided stays in the audit log.
func (s *Service) Purge(ctx context.Context) error {
	for {
		removed, err := s.store.removeOld(ctx, s.now().Add(-keepFor), purgeBatch)
		if err != nil || removed < purgeBatch {
			return err
		}
	}
}
