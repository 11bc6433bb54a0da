package course

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/page"
)

// maxOwn is how many of a person's courses are looked at for their sessions: those that start last.
const maxOwn = 100

// SessionConnection is a page of sessions.
type SessionConnection = page.Connection[*Session]

// Course is the course of the session.
func (s *Session) Course() *Course { return s.of }

// Title is the title of the session's course in the viewer's language.
func (s *Session) Title(ctx context.Context) string { return s.of.Title(ctx, nil) }

// Group is the group that holds the session: none does.
func (s *Session) Group() *group.Group { return nil }

func sessionPosition(s *Session) page.Position {
	return page.Position{Key: page.TimeKey(s.StartsAt), ID: s.ID}
}

// Upcoming are the sessions that are not over of published courses in which the viewer has a seat or
// is in line, soonest first.
func (s *Service) Upcoming(ctx context.Context, a page.Args) (*SessionConnection, error) {
	return s.own(ctx, a, page.Order{List: booking.ListUpcoming}, func(x *Session, now time.Time) bool { return !x.IsOver(now) })
}

// Past are the sessions that are over of courses that took place and in which the viewer had a seat,
// the latest first.
func (s *Service) Past(ctx context.Context, a page.Args) (*SessionConnection, error) {
	return s.own(ctx, a, page.Order{List: booking.ListPast, Direction: page.Descending}, (*Session).IsOver)
}

func (s *Service) own(ctx context.Context, a page.Args, o page.Order, fits func(*Session, time.Time) bool) (*SessionConnection, error) {
	k, err := a.OpenTime(o.List)
	if err != nil {
		return nil, err
	}
	bookings, err := s.Booking.Latest(ctx, id.Course, o.IsBackwards(), maxOwn)
	if err != nil || len(bookings) == 0 {
		return page.Build(o.List, a, []*Session{}, sessionPosition), err
	}
	ids := make([]string, len(bookings))
	for i, b := range bookings {
		ids[i] = b.BookableID
	}
	courses, err := s.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	list, now := []*Session{}, s.now()
	for _, c := range courses {
		for i := range c.Sessions {
			x := &c.Sessions[i]
			if c.takesPlace() && fits(x, now) && (k.IsStart() || o.Compare(sessionPosition(x), k.Position) > 0) {
				list = append(list, x)
			}
		}
	}
	slices.SortFunc(list, func(x, y *Session) int { return o.Compare(sessionPosition(x), sessionPosition(y)) })
	return page.Build(o.List, a, list, sessionPosition), nil
}

// takesPlace reports whether the course takes place, or has taken place.
func (c *Course) takesPlace() bool { return c.State == StatePublished || c.State == StateCompleted }
