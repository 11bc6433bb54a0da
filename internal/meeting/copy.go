package meeting

import (
	"context"

	"faellesskab/internal/course"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

func (s *Service) registerEffects() {
	outbox.On(s.Outbox, event.EffectCopied, "meeting.agendas", func(ctx context.Context, _ outbox.Call, c event.Copied) error {
		return s.copyAgenda(ctx, c)
	})
	outbox.On(s.Outbox, course.EffectScheduled, "meeting.sessions", func(ctx context.Context, _ outbox.Call, c course.Scheduled) error {
		return s.followCourse(ctx, c.CourseID)
	})
	timer.On(s.Timers, timerSession, s.followSession)
}

// copyAgenda gives a new event the agenda of the one after which it was made, as items of whoever has made it. The minutes
// and the feedback stay with the dates that they are about.
func (s *Service) copyAgenda(ctx context.Context, c event.Copied) error {
	found, err := s.store.agendas(ctx, []string{c.FromID})
	if err != nil || found[c.FromID] == nil {
		return err
	}
	next, err := s.copyOf(ctx, found[c.FromID], c)
	if err != nil || len(next.Items) == 0 {
		return err
	}
	if err := s.store.saveAgenda(ctx, next, outbox.Batch{}); !fault.Is(err, fault.KindConflict) {
		return err
	}
	return nil // it was copied before, or somebody has written another one since
}

// copyOf is an agenda for the new event, with the same items.
func (s *Service) copyOf(ctx context.Context, a *Agenda, c event.Copied) (*Agenda, error) {
	found, err := s.People.Load(ctx, []string{c.PersonID})
	if err != nil {
		return nil, err
	}
	by := c.PersonID
	if p := found[by]; p == nil || p.Admits() != nil {
		by = "" // they have no account any more
	}
	items := make([]AgendaItemInput, len(a.Items))
	for i, item := range a.Items {
		items[i].Text = item.Text
	}
	next, err := (&Agenda{ID: c.ToID}).with(items, by)
	if err == nil && c.PersonID == "" {
		for i := range next.Items {
			next.Items[i].ProposedBy = a.Items[i].ProposedBy
		}
	}
	return next, err
}
