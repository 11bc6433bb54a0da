package course

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/ical"
	"faellesskab/internal/page"
)

// atOnce is how many courses of an area are read at once for their sessions.
const atOnce = 100

// span is a stretch of time, and the courses that are looked for in it: for an area, those in these states that have not ended
// by its beginning and that start before its end (nil: it has none).
type span struct {
	AreaID string
	States []State
	From   time.Time
	To     *time.Time
}

// has reports whether a session lies in the span.
func (s span) has(x *Session) bool {
	return !x.IsOver(s.From) && (s.To == nil || x.StartsAt.Before(*s.To))
}

// InArea are the sessions that have not ended by an instant, and start before another (nil: whenever), of courses for an area
// that take or took place, soonest first. Their cursors are those of booking.ListWithin.
func (s *Service) InArea(ctx context.Context, areaID string, from time.Time, to *time.Time, a page.Args) (*SessionConnection, error) {
	o := page.Order{List: booking.ListWithin}
	k, err := a.OpenTime(o.List)
	if err != nil {
		return nil, err
	}
	in := span{AreaID: areaID, States: []State{StatePublished, StateCompleted}, From: from, To: to}
	list, err := s.sessionsOf(ctx, in, k.Limit, func(x *Session) bool {
		return k.IsStart() || o.Compare(sessionPosition(x), k.Position) > 0
	})
	return page.Build(o.List, a, list, sessionPosition), err
}

// AreaFeed are the first sessions, up to limit, that have not ended by an instant, of courses for an area, for calendar
// programs, also of those that were cancelled.
func (s *Service) AreaFeed(ctx context.Context, areaID string, from time.Time, limit int) ([]ical.Event, error) {
	in := span{AreaID: areaID, States: []State{StatePublished, StateCompleted, StateCancelled}, From: from}
	sessions, err := s.sessionsOf(ctx, in, limit, func(x *Session) bool { return x.of.wasPublic() })
	list := make([]ical.Event, len(sessions))
	for i, x := range sessions {
		list[i] = x.forCalendar(ctx, true)
	}
	return list, err
}

// sessionsOf are the first sessions of a span that fit, up to limit. Courses are read in the order of their starts until
// none of those that were not read can have a session in front of these.
func (s *Service) sessionsOf(ctx context.Context, in span, limit int, fits func(*Session) bool) ([]*Session, error) {
	o, list := page.Order{List: booking.ListWithin}, []*Session{}
	for k := (page.Keyset{Limit: atOnce}); ; {
		read, err := s.store.ofArea(ctx, in, k)
		if err != nil {
			return nil, err
		}
		for _, c := range read {
			for i := range c.Sessions {
				if x := &c.Sessions[i]; in.has(x) && fits(x) {
					list = append(list, x)
				}
			}
		}
		slices.SortFunc(list, func(x, y *Session) int { return o.Compare(sessionPosition(x), sessionPosition(y)) })
		if len(read) < atOnce {
			return list[:min(len(list), limit)], nil
		}
		last := read[len(read)-1]
		if len(list) >= limit && list[limit-1].StartsAt.Before(last.StartsAt) {
			return list[:limit], nil
		}
		k.Position = page.Position{Key: page.TimeKey(last.StartsAt), ID: last.ID}
	}
}
