package person

import "context"

// Erased are those of these people who have been erased, or are just being erased.
func (s *Service) Erased(ctx context.Context, ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return s.store.erased(ctx, ids)
}

// Admitted reports whether there is a person with that id who may use the app.
func (s *Service) Admitted(ctx context.Context, personID string) (bool, error) {
	found, err := s.Load(ctx, []string{personID})
	p := found[personID]
	return p != nil && p.Admits() == nil, err
}
