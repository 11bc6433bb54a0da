package event

import (
	"context"

	"faellesskab/internal/group"
	"faellesskab/internal/person"
)

// handOver has another employee be the organiser of an employee's events in committees that have not ended. What
// they have made in groups of residents stays theirs, and what has ended says who made it.
func (s *Service) handOver(ctx context.Context, a person.HandedOver) error {
	found, err := s.People.Load(ctx, []string{a.ToID})
	if p := found[a.ToID]; err != nil || p == nil || p.Admits() != nil || !p.Viewer().HoldsOffice(s.now()) {
		return err
	}
	return s.store.walkOrganised(a.FromID).Each(ctx, func(e *Event) error {
		if e.Card.Kind != group.KindCommittee || e.IsOver(s.now()) && e.State != StateDraft {
			return nil
		}
		return s.store.reorganise(ctx, e.ID, a.FromID, a.ToID)
	})
}
