package booking

import "context"

// CameTo are how many people came to things, with their guests, by thing; those are missing at which nobody was checked in.
func (s *Service) CameTo(ctx context.Context, bookableIDs []string) (map[string]int, error) {
	return s.store.came(ctx, bookableIDs)
}
