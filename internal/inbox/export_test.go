package inbox

import (
	"context"
	"time"
)

// ReadTogether reads what came to people, each since an instant: how many notices, by person. Those who have to read
// their own are missing.
func (s *Service) ReadTogether(ctx context.Context, from map[string]time.Time) (map[string]int, error) {
	var asked []since
	for personID, at := range from {
		asked = append(asked, since{personID, at})
	}
	found, err := s.readSince(ctx, asked)
	counts := map[string]int{}
	for q, of := range found {
		if !of.tooMany {
			counts[q.PersonID] = len(of.list)
		}
	}
	return counts, err
}
