package group

import (
	"context"

	"faellesskab/internal/notify"
)

// Standing is how a group, and a piece of news about it, stand now.
func (s *Service) Standing(ctx context.Context, kind notify.Kind, groupID, key string) (notify.Standing, error) {
	found, err := s.store.byIDs(ctx, []string{groupID})
	g := found[groupID]
	if err != nil || g == nil {
		return notify.Standing{}, err
	}
	return notify.Standing{Alive: true, Words: map[string]string{"Group": g.Name}}, nil
}
