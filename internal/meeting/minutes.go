package meeting

import (
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
	"faellesskab/internal/text"
)

// Minutes are what came out of one date of an event.
type Minutes struct {
	ID        string    `bson:"_id"` // of the date
	EventID   string    `bson:"eventId"`
	StartsAt  time.Time `bson:"startsAt"` // of the date
	Text      string    `bson:"text"`     // empty: taken back
	WrittenBy string    `bson:"writtenBy"`
	WrittenAt time.Time `bson:"writtenAt"`
	Version   int       `bson:"version"`

	outbox.Pending `bson:",inline"`
}

// SaveMinutesInput is what came out of a date.
type SaveMinutesInput struct {
	ClientMutationID *string
	OccurrenceID     string
	ExpectedVersion  *int
	Text             string // empty: they are taken back
}

// Clean checks the input and tidies its text. Returns Problems.
func (in *SaveMinutesInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.occurrenceId", id.Occurrence, in.OccurrenceID))
	in.Text = text.Clean(&p, "input.text", in.Text, text.Limits{Max: 10_000, Lines: true})
	return p.Err()
}

// SaveMinutes writes the minutes of a date in place of older ones; empty ones are taken back. Returns Problems, NotFound for
// a date the viewer may not see, Forbidden unless they may change its event, Conflict before it has begun and if it does
// not take place, and VERSION_CONFLICT.
func (s *Service) SaveMinutes(ctx context.Context, in SaveMinutesInput) (*event.Occurrence, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	ref := outbox.Ref{Collection: minutes, ID: in.OccurrenceID}
	call := idempotency.Call{Operation: "saveMinutes", Key: in.ClientMutationID, Input: in, On: []outbox.Ref{ref}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*event.Occurrence, error) {
		o, err := s.Events.ToReport(ctx, in.OccurrenceID)
		if err != nil {
			return nil, err
		}
		found, err := s.store.minutes(ctx, []string{o.ID})
		if err != nil {
			return nil, err
		}
		m := &Minutes{ID: o.ID, EventID: o.EventID, StartsAt: o.StartsAt, Text: in.Text, WrittenBy: v.PersonID, WrittenAt: s.now(), Version: 1}
		if was := found[o.ID]; was != nil {
			m.Version = was.Version + 1
		}
		if in.ExpectedVersion != nil && *in.ExpectedVersion != m.Version-1 {
			return nil, fault.VersionConflict()
		}
		return o, s.Outbox.Commit(ctx, ref, t.Outcome(o), func(b outbox.Batch) error { return s.store.saveMinutes(ctx, m, b) })
	})
}

// MinutesOf are the minutes of dates by the date's id, and for an event's id those of its latest date that has some. It does
// not matter who asks: whoever sees the event sees them.
func (s *Service) MinutesOf(ctx context.Context, ids []string) (map[string]*Minutes, error) {
	var dates, events []string
	for _, of := range ids {
		if id.Prefix(of) == id.Event {
			events = append(events, of)
		} else {
			dates = append(dates, of)
		}
	}
	found, err := s.store.minutes(ctx, dates)
	if err != nil {
		return nil, err
	}
	for of, m := range found {
		if m.Text == "" {
			delete(found, of)
		}
	}
	for _, eventID := range events {
		m, err := s.store.latestMinutes(ctx, eventID)
		if err != nil {
			return nil, err
		}
		if m != nil {
			found[eventID] = m
		}
	}
	return found, nil
}

// Came is how many people came to a date, with their guests.
type Came int

// CameTo are how many people came to dates, by date; those are missing at which nobody was checked in.
func (s *Service) CameTo(ctx context.Context, dateIDs []string) (map[string]*Came, error) {
	counts, err := s.Bookings.CameTo(ctx, dateIDs)
	came := make(map[string]*Came, len(counts))
	for dateID, n := range counts {
		came[dateID] = new(Came(n))
	}
	return came, err
}
