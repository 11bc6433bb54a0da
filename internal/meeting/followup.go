package meeting

import (
	"context"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

const (
	// followEvery is how often somebody looks for dates that are over.
	followEvery = 30 * time.Minute
	// followFor is how long after a date people are still told of what follows, if nobody could look for so long.
	followFor = 3 * 24 * time.Hour
	// keepFollowUps is how long it is known that a date has been followed up. Nobody looks at it for as long.
	keepFollowUps = 30 * 24 * time.Hour
	// followHour is the hour of the day after, where the date was, at which people are told.
	followHour = 10
	// followPage is how many dates are looked at together.
	followPage = 100
)

// followUp is that what follows a date has been set going. There is one for each date, so that it is done once.
type followUp struct {
	ID string    `bson:"_id"` // of the date
	At time.Time `bson:"at"`

	outbox.Pending `bson:",inline"`
}

// Purge removes what only matters for a time.
func (s *Service) Purge(ctx context.Context) error { return s.store.purge(ctx, s.now()) }

// dueAt is when people are told of what follows a date: in the morning after its last day.
func dueAt(o *event.Occurrence) time.Time {
	return morningAfter(clock.Moment{At: o.EndsAt, Zone: o.TimeZone})
}

// morningAfter is when people are told of what follows something that has ended.
func morningAfter(ended clock.Moment) time.Time {
	end := ended.Zone.At(ended.At.Add(-time.Nanosecond)) // what ends at midnight belongs to the day before
	return time.Date(end.Year(), end.Month(), end.Day()+1, followHour, 0, 0, 0, end.Location())
}

// FollowUp reminds the organisers of dates that are over of the minutes, and asks those who came how it was: once for each
// date, on the day after.
func (s *Service) FollowUp(ctx context.Context) error {
	now := s.now()
	for last := (*event.Occurrence)(nil); ; {
		dates, err := s.Events.EndedSince(ctx, now.Add(-followFor), now, last, followPage)
		if err != nil || len(dates) == 0 {
			return err
		}
		last = dates[len(dates)-1]
		if err := s.followAll(ctx, dates); err != nil {
			return err
		}
	}
}

// followAll sets going what follows those of the dates for which it is time, and for which nobody has done so.
func (s *Service) followAll(ctx context.Context, dates []*event.Occurrence) error {
	ids, eventIDs := make([]string, len(dates)), make([]string, len(dates))
	for i, o := range dates {
		ids[i], eventIDs[i] = o.ID, o.EventID
	}
	done, err := s.store.followUps(ctx, ids)
	if err != nil {
		return err
	}
	events, err := s.Events.LoadAll(ctx, eventIDs)
	if err != nil {
		return err
	}
	for _, o := range dates {
		e := events[o.EventID]
		if done[o.ID] != nil || e == nil || dueAt(o).After(s.now()) {
			continue
		}
		effects, err := s.following(ctx, e, o)
		if err != nil {
			return err
		}
		ref, f := outbox.Ref{Collection: followUps, ID: o.ID}, &followUp{ID: o.ID, At: s.now()}
		err = s.Outbox.Commit(ctx, ref, effects, func(b outbox.Batch) error {
			f.Pending = b.Pending()
			return s.store.insertFollowUp(ctx, f)
		})
		if err != nil && !fault.Is(err, fault.KindConflict) { // another process was quicker
			return err
		}
	}
	return nil
}

// following is the news that follows a date.
func (s *Service) following(ctx context.Context, e *event.Event, o *event.Occurrence) ([]outbox.Effect, error) {
	var effects []outbox.Effect
	isDue, err := s.needsMinutes(ctx, e, o)
	if err != nil {
		return nil, err
	}
	if isDue {
		people, err := s.writers(ctx, e)
		if err != nil {
			return nil, err
		}
		if len(people) > 0 {
			effects = append(effects, notify.Effect(minutesDue(e, o, people)))
		}
	}
	if o.SeatsTaken > 0 {
		effects = append(effects, notify.Effect(howWasIt(e, o)))
	}
	return effects, nil
}

// needsMinutes reports whether its organisers are reminded of the minutes of a date: they are not written, and the event
// happens once or is one that has minutes. Nobody writes them of a class each Tuesday.
func (s *Service) needsMinutes(ctx context.Context, e *event.Event, o *event.Occurrence) (bool, error) {
	found, err := s.store.minutes(ctx, []string{o.ID})
	if err != nil || found[o.ID] != nil {
		return false, err
	}
	if e.Series == nil || e.Category != nil && *e.Category == event.CategoryMeeting {
		return true, nil
	}
	agenda, err := s.store.agendas(ctx, []string{e.ID})
	if err != nil || len(agenda[e.ID].List()) > 0 {
		return err == nil, err
	}
	latest, err := s.store.latestMinutes(ctx, e.ID)
	return latest != nil, err
}

// writers are the organiser and the co-organisers of an event, as far as they may still write its minutes.
func (s *Service) writers(ctx context.Context, e *event.Event) ([]string, error) {
	ids := append([]string{e.OrganiserID}, e.CoOrganiserIDs...)
	found, err := s.People.Load(ctx, ids)
	var may []string
	for _, personID := range ids {
		if p := found[personID]; p != nil && p.Admits() == nil && e.MayBeChangedBy(p.Viewer(), s.now()) {
			may = append(may, personID)
		}
	}
	return may, err
}

// closesAt is when nobody can give feedback any more to what ended at an instant.
func closesAt(endedAt time.Time) *time.Time {
	at := clock.Ceil(endedAt.Add(feedbackFor))
	return &at
}
