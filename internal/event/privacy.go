package event

import (
	"context"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/privacy"
)

// collections returns the entries of events, their dates and the places at them.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{
		{
			Name: events, Basis: privacy.PublicTask, ShardKey: privacy.HashedID,
			Purpose:   "To show what groups do, when and where, and who organises it.",
			Whose:     "The group's. Of people it names who has written the event, and whom the organisers name in its texts.",
			Retention: "As long as the group: past events are the group's history.",
			Ends:      "Erasure takes out who has written it.",
			Kept: "The event, without an organiser, because it belongs to the group and others have signed up for it; also the texts and the place as " +
				"the organisers wrote them. Whoever is named in a text asks the organisers, who can change it.",
			Export: s.exportEvents, Erase: s.store.eraseOrganiser,
		},
		{
			Name: occurrences, Basis: privacy.PublicTask, ShardKey: privacy.HashedID,
			Purpose: "To know when an event happens and how many seats are left, and that no seat is given out twice.",
			Whose: "Nobody's own. For as long as it takes it names the person a seat is being given to, whose seats have come free, and for whose " +
				"party free seats wait.",
			Retention: "As long as the event. Who is being given a seat is named for seconds; whose seats have come free for at least an hour, until others come free.",
			Ends:      "The next change of the seats; erasure, together with the places.",
			Kept:      "How many seats are taken, which counts those who came.",
			Export:    s.Booking.ExportMarks, Erase: s.Booking.Erase,
		},
		{
			Name: attendances, Basis: privacy.Agreement, ShardKey: "{bookableId: hashed}",
			Purpose:   "To give out seats at events, to keep the line when they are full, and to let organisers know who comes.",
			Whose:     "The person's who has signed up. That they bring guests is a number, without names.",
			Retention: "Until the person is erased: it is their own list of what they took part in.",
			Ends:      "Erasure.",
			Kept: "Of a place at a date that has begun: that somebody had it, its state and the number of guests, so that the group and the municipality " +
				"can say how many came. It gets an id made by chance, and neither the person nor the time of signing up; nothing leads back. " +
				"A place at what is still to come goes to the next in line and is removed.",
			Export: s.exportAttendances, Erase: s.Booking.Erase,
		},
	}
}

// eventRecord is an event in the export of the person who has written it.
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
}

func (s *Service) exportEvents(ctx context.Context, personID string, keep func(record any) error) error {
	return s.store.walkOrganised(personID).Each(ctx, func(e *Event) error {
		return keep(eventRecord{ID: e.ID, GroupID: e.GroupID, Group: e.Card.Name, Title: e.Title, Description: e.Description, State: e.State,
			StartsAt: e.StartsAtLocal, EndsAt: e.EndsAtLocal, WrittenAt: e.CreatedAt})
	})
}

// attendanceRecord is a place at a date in the export of its person. Title is empty if the event no
// longer exists.
type attendanceRecord struct {
	booking.Record
	Title string `json:"title,omitempty"`
}

func (s *Service) exportAttendances(ctx context.Context, personID string, keep func(record any) error) error {
	return s.store.walkAttendances(personID).Each(ctx, func(a *Attendance) error {
		r := attendanceRecord{Record: a.Record()}
		o, err := s.store.occurrence(ctx, a.BookableID)
		if err == nil {
			var e *Event
			if e, err = s.store.get(ctx, o.EventID); err == nil {
				r.Title = e.Title
			}
		}
		if fault.UnlessNotFound(err) != nil {
			return err
		}
		return keep(r)
	})
}
