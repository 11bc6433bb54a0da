package person

import "context"

// Erased are those of these people who have been erased, or are just being erased.
func (s *Service) Erased(ctx context.Context, ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return s.store.erased(ctx, ids)
}
