package event

import (
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
	"faellesskab/internal/schedule"
)

// CopyInput is an event to be made anew.
type CopyInput struct {
	ClientMutationID *string
	EventID          string
	StartsAt         *clock.Local
}

// Clean checks the input. Returns Problems.
func (in *CopyInput) Clean() error { return checkEvent(in.ClientMutationID, in.EventID).Err() }

// Copy writes a draft that is like an event, with its dates at another time: on the same days of the week, a year later or as
// many years as it takes, unless the input says when. Returns Problems, NotFound for an event the viewer may not see, and
// Forbidden without the permission POST_EVENTS.
func (s *Service) Copy(ctx context.Context, in CopyInput) (*Event, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	newID := s.Keys.NewID(ctx, in.ClientMutationID, id.Event)
	call := idempotency.Call{Operation: "copyEvent", Key: in.ClientMutationID, Input: in, On: []outbox.Ref{{Collection: events, ID: newID}}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Event, error) {
		e, err := s.visible(ctx, in.EventID)
		if err != nil {
			return nil, err
		}
		copied, err := e.copyTo(in.StartsAt, s.now())
		if err != nil {
			return nil, err
		}
		copied.ID = newID
		follow := outbox.New(EffectCopied, Copied{FromID: e.ID, ToID: newID, PersonID: auth.FromContext(ctx).PersonID})
		return s.make(ctx, copied, e.GroupID, t, follow)
	})
}

// copyTo is a draft like the event that begins then, or on the same day of the week in a year that has not begun. Returns
// Problems.
func (e *Event) copyTo(startsAt *clock.Local, now time.Time) (*Event, error) {
	var p fault.Problems
	first := e.firstDate()
	to := yearsLater(first, now)
	if startsAt != nil {
		to = *startsAt
	}
	c := &Event{Title: e.Title, Description: e.Description, Category: e.Category, Place: e.Place, IsAllDay: e.IsAllDay, Capacity: e.Capacity, Terms: e.Terms.Copy(),
		Offsets: e.Offsets}
	if e.Series != nil {
		var r *schedule.Recurrence
		if r, to = e.Series.Copy(&p, "input.startsAt", first, to, startsAt != nil); len(p) > 0 {
			return nil, p.Err()
		}
		c.Series = &Series{Recurrence: *r}
	}
	wall := first.StartingAt(to, first.TimeZone)
	if e.IsAllDay {
		wall = wholeDays(wall)
	}
	c.Date = wall.Date(&p, "input", limits(now, schedule.Date{}))
	if c.Series != nil {
		c.Series.First = c.Date
	}
	return c, p.Err()
}

// yearsLater is the start on the same day of the week nearest to the same day of the first year in which it lies ahead.
func yearsLater(d schedule.Date, now time.Time) clock.Local {
	start := d.StartsAtLocal.OnPaper()
	for years := 1; ; years++ {
		days := start.AddDate(years, 0, 0).Sub(start).Hours() / 24
		weeks := int(days+3) / 7
		l := d.StartsAtLocal.Plus(time.Duration(weeks) * 7 * 24 * time.Hour)
		if at, err := l.In(d.TimeZone); err != nil || at.After(now) {
			return l
		}
	}
}
