package event

import (
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/schedule"
)

// evening is when the evening begins, by the clock on the wall.
const evening clock.Daily = "17:00"

// EveningInput is the group and the time of an event that somebody is about to make.
type EveningInput struct {
	GroupID  string
	EventID  *string // whose own dates do not count; nil: all count
	StartsAt clock.Local
	EndsAt   *clock.Local // nil: only the start counts
	TimeZone clock.Zone
}

// clean is the date of the input. Returns Problems.
func (in *EveningInput) clean() (schedule.Date, error) {
	var p fault.Problems
	p.Add(id.Check("input.groupId", id.Group, in.GroupID))
	if in.EventID != nil {
		p.Add(id.Check("input.eventId", id.Event, *in.EventID))
	}
	w := schedule.Wall{StartsAt: in.StartsAt, TimeZone: in.TimeZone}
	if in.EndsAt != nil {
		w.EndsAt = *in.EndsAt
	} else {
		w.EndsAt = in.StartsAt.Plus(time.Minute).Shown(in.TimeZone)
	}
	d := w.Date(&p, "input", limits(time.Time{}, schedule.Date{}))
	return d, p.Err()
}

// OthersThatEvening is how many dates of the group's area lie on the evening of an event that somebody is about to make, as
// far as the viewer may see them; nil if the group has no area. Returns Problems, and NotFound for a group of which the
// viewer may not know.
func (s *Service) OthersThatEvening(ctx context.Context, in EveningInput) (*int, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	d, err := in.clean()
	if err != nil {
		return nil, err
	}
	g, err := s.Groups.Get(ctx, in.GroupID)
	if err != nil {
		return nil, err
	}
	but := ""
	if in.EventID != nil {
		but = *in.EventID
	}
	return s.countOthers(ctx, g.AreaID, but, d)
}

// OthersOn is how many other dates of the area lie on the evening of the event's first date; nil if its group has no area.
func (s *Service) OthersOn(ctx context.Context, e *Event) (*int, error) {
	return s.countOthers(ctx, e.Card.AreaID, e.ID, e.firstDate())
}

func (s *Service) countOthers(ctx context.Context, areaID, but string, d schedule.Date) (*int, error) {
	if areaID == "" {
		return nil, nil //nolint:nilnil // nobody knows where it is
	}
	from, to := eveningOf(d)
	w := wanted{circles: circlesOf(auth.FromContext(ctx)), facets: [][]string{{areaFacet(areaID)}}}
	n, err := s.store.countBetween(ctx, w, but, from, to)
	return &n, err
}

// eveningOf is the evening on which a date lies, or the day until then, or both: of the day on which it starts.
func eveningOf(d schedule.Date) (from, to time.Time) {
	day, next := clock.Day(d.StartsAt, d.TimeZone), clock.DayBefore(d.StartsAt, d.TimeZone, -1)
	from, to = clock.On(day, d.TimeZone, "00:00"), clock.On(next, d.TimeZone, "00:00")
	switch begins := clock.On(day, d.TimeZone, evening); {
	case !d.StartsAt.Before(begins):
		from = begins
	case !d.EndsAt.After(begins):
		to = begins
	}
	return from, to
}
