package event

import (
	"context"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/privacy"
)

// collections returns the entries of events and their dates.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{
		{
			Name: events, Basis: privacy.PublicTask, ShardKey: privacy.Unsharded,
			Purpose:   "To show what groups do, when and where, and who organises it.",
			Whose:     "The group's. Of people it names who has written the event, who was named a co-organiser, and whom the organisers name in its texts.",
			Retention: "As long as the group: past events are the group's history.",
			Ends:      "Erasure takes out who has written it, and who is a co-organiser; whoever leaves the group is a co-organiser no longer.",
			Kept: "The event, without an organiser, because it belongs to the group and others have signed up for it; also the texts and the place as " +
				"the organisers wrote them. Whoever is named in a text asks the organisers, who can change it.",
			Export: s.exportEvents, Erase: privacy.InTurn(s.store.eraseOrganiser, s.store.eraseCoOrganiser),
		},
		{
			Name: occurrences, Basis: privacy.PublicTask, ShardKey: privacy.Unsharded,
			Purpose: "To know when an event happens and how many seats are left, and that no seat is given out twice.",
			Whose: "Nobody's own. For as long as it takes it names the person a seat is being given to, whose seats have come free, and for whose " +
				"party free seats wait.",
			Retention: "As long as the event. Who is being given a seat is named for seconds; whose seats have come free for at least an hour, until others come free.",
			Ends:      "The next change of the seats; erasure, together with the bookings.",
			Kept:      "How many seats are taken, which counts those who came.",
			Export:    s.Booking.ExportMarks(id.Occurrence), Erase: s.Booking.Erase,
		},
	}
}

// eventRecord is an event in the export of the person who has written it, or was named a co-organiser.
type eventRecord struct {
	ID          string      `json:"id"`
	GroupID     string      `json:"groupId"`
	Group       string      `json:"group"`
	Title       string      `json:"title"`
	Description string      `json:"description"`
	State       State       `json:"state"`
	StartsAt    clock.Local `json:"startsAt"`
	EndsAt      clock.Local `json:"endsAt"`
	WrittenAt   time.Time   `json:"writtenAt"`
	You         string      `json:"you"` // WROTE_IT or CO_ORGANISES_IT
}

func (s *Service) exportEvents(ctx context.Context, personID string, keep func(record any) error) error {
	record := func(you string) func(*Event) error {
		return func(e *Event) error {
			return keep(eventRecord{ID: e.ID, GroupID: e.GroupID, Group: e.Card.Name, Title: e.Title, Description: e.Description, State: e.State,
				StartsAt: e.StartsAtLocal, EndsAt: e.EndsAtLocal, WrittenAt: e.CreatedAt, You: you})
		}
	}
	if err := s.store.walkOrganised(personID).Each(ctx, record("WROTE_IT")); err != nil {
		return err
	}
	return s.store.walkCoOrganised(personID).Each(ctx, record("CO_ORGANISES_IT"))
}

// tell adds to a booking in the export of its person what the event knows.
func (s *Service) tell(ctx context.Context, b *booking.Booking, r *booking.Record) error {
	o, err := s.store.occurrence(ctx, b.BookableID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	e, err := s.store.get(ctx, o.EventID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	r.Title = e.Title
	return nil
}
