package event

import (
	"context"

	"faellesskab/internal/booking"
)

// Hosts are the dates with those ids, for those who speak to the people there. It does not matter who
// asks. Those who organise the event may speak to them.
func (s *Service) Hosts(ctx context.Context, occurrenceIDs []string) (map[string]booking.Host, error) {
	dates, err := s.store.occurrencesByIDs(ctx, occurrenceIDs)
	if err != nil {
		return nil, err
	}
	eventIDs := make([]string, 0, len(dates))
	for _, o := range dates {
		eventIDs = append(eventIDs, o.EventID)
	}
	events, err := s.store.byIDs(ctx, eventIDs)
	hosts := make(map[string]booking.Host, len(dates))
	for occurrenceID, o := range dates {
		if e := events[o.EventID]; e != nil {
			hosts[occurrenceID] = booking.Host{Titles: inOneLanguage(e.Title), GroupID: e.GroupID, ThreadID: e.ThreadID(), CanSee: e.CanSee, MaySpeak: e.canPost}
		}
	}
	return hosts, err
}
