package event

import (
	"context"

	"faellesskab/internal/area"
	"faellesskab/internal/group"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
)

// handOver has another employee be the organiser of an employee's events in committees that have not ended, and tells
// them once for each committee. What the first has made in groups of residents stays theirs, and what has ended says
// who made it.
func (s *Service) handOver(ctx context.Context, call outbox.Call, a person.HandedOver) error {
	found, err := s.People.Load(ctx, []string{a.ToID})
	if p := found[a.ToID]; err != nil || p == nil || p.Admits() != nil || !p.Viewer().HoldsOffice(s.now()) {
		return err
	}
	told := map[string]bool{}
	return s.store.walkOrganised(a.FromID).Each(ctx, func(e *Event) error {
		if e.Card.Kind != group.KindCommittee || e.IsOver(s.now()) && e.State != StateDraft {
			return nil
		}
		if !told[e.GroupID] { // before the event goes over, since nobody would find it after a crash
			news := area.HandedOver(e.GroupID, a.ToID, call.Batch, map[string]string{"Group": e.Card.KnownName(s.now())})
			if err := s.Enqueue(ctx, news); err != nil {
				return err
			}
			told[e.GroupID] = true
		}
		return s.store.reorganise(ctx, e.ID, a.FromID, a.ToID)
	})
}
