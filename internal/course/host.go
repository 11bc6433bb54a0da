package course

import (
	"context"

	"faellesskab/internal/booking"
)

// Hosts are the courses with those ids, for those who speak to the people enrolled. It does not matter
// who asks. People with COURSES may speak to them, and those who teach the course.
func (s *Service) Hosts(ctx context.Context, courseIDs []string) (map[string]booking.Host, error) {
	found, err := s.store.byIDs(ctx, courseIDs)
	hosts := make(map[string]booking.Host, len(found))
	for courseID, c := range found {
		hosts[courseID] = booking.Host{Titles: c.Titles, ThreadID: c.ID, CanSee: c.CanSee,
			MaySpeak: c.isRunBy, Led: c.hasLed}
	}
	return hosts, err
}
