package course

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/ical"
	"faellesskab/internal/id"
	"faellesskab/internal/page"
)

// Within are the sessions that have not ended by an instant, and start before another (nil: whenever), of courses that take
// or took place and for which the viewer has signed up, soonest first.
func (s *Service) Within(ctx context.Context, from time.Time, to *time.Time, a page.Args) (*SessionConnection, error) {
	o := page.Order{List: booking.ListWithin}
	k, err := a.OpenTime(o.List)
	if err != nil {
		return nil, err
	}
	bookings, err := s.Booking.LatestShown(ctx, id.Course, maxOwn)
	if err != nil {
		return nil, err
	}
	list := []*Session{}
	err = s.eachSession(ctx, bookings, func(c *Course, x *Session) {
		if c.takesPlace() && !x.IsOver(from) && (to == nil || x.StartsAt.Before(*to)) && (k.IsStart() || o.Compare(sessionPosition(x), k.Position) > 0) {
			list = append(list, x)
		}
	})
	slices.SortFunc(list, func(x, y *Session) int { return o.Compare(sessionPosition(x), sessionPosition(y)) })
	return page.Build(o.List, a, list, sessionPosition), err
}

// uidEnd ends the names of sessions in calendars. It never changes, wherever the server is.
const uidEnd = "@faellesskab"

// OwnFeed are the sessions that have not ended by an instant, of courses for which the viewer has signed up, for calendar
// programs, also of those that were cancelled.
func (s *Service) OwnFeed(ctx context.Context, from time.Time, limit int) ([]ical.Event, error) {
	bookings, err := s.Booking.LatestShown(ctx, id.Course, maxOwn)
	if err != nil {
		return nil, err
	}
	hasSeat := map[string]bool{}
	for _, b := range bookings {
		hasSeat[b.BookableID] = b.State.HasSeat()
	}
	var list []ical.Event
	err = s.eachSession(ctx, bookings, func(c *Course, x *Session) {
		if !x.IsOver(from) && c.State != StateDraft {
			list = append(list, x.forCalendar(ctx, hasSeat[c.ID]))
		}
	})
	ical.Sort(list)
	return list[:min(len(list), limit)], err
}

// forCalendar is the session as a calendar program is given it.
func (s *Session) forCalendar(ctx context.Context, hasSeat bool) ical.Event {
	changed := s.of.ChangedAt
	if changed.IsZero() {
		changed = s.of.CreatedAt
	}
	e := ical.Event{UID: s.ID + uidEnd, Sequence: s.of.Version - 1, ChangedAt: changed, Date: s.Date, Status: ical.Confirmed,
		Summary: s.Title(ctx), Description: s.of.Description(ctx, nil), Location: s.Place.Written()}
	switch {
	case s.of.State == StateCancelled:
		e.Status = ical.Cancelled
	case !hasSeat:
		e.Status = ical.Tentative
	}
	if s.Place != nil {
		e.Latitude, e.Longitude = s.Place.Latitude, s.Place.Longitude
	}
	return e
}

// eachSession calls do with each session of the booked courses that the viewer may see.
func (s *Service) eachSession(ctx context.Context, bookings []*booking.Booking, do func(c *Course, x *Session)) error {
	if len(bookings) == 0 {
		return nil
	}
	ids := make([]string, len(bookings))
	for i, b := range bookings {
		ids[i] = b.BookableID
	}
	found, err := s.ByIDs(ctx, ids)
	for _, c := range found {
		for i := range c.Sessions {
			do(c, &c.Sessions[i])
		}
	}
	return err
}
