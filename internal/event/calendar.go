package event

import (
	"context"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/group"
	"faellesskab/internal/ical"
	"faellesskab/internal/id"
	"faellesskab/internal/page"
)

// Within are the dates that have not ended by an instant, and start before another (nil: whenever), and for which the viewer
// has signed up, soonest first. Dates that are cancelled or no longer visible are left out.
func (s *Service) Within(ctx context.Context, from time.Time, to *time.Time, a page.Args) (*OccurrenceConnection, error) {
	dates := map[string]*Occurrence{}
	c, err := s.Booking.Within(ctx, booking.Stretch{Sort: id.Occurrence, From: from.Add(-longest), To: to}, a, func(list []*booking.Booking) ([]*booking.Booking, error) {
		return s.happening(ctx, list, dates, func(o *Occurrence) bool { return !o.IsOver(from) })
	})
	return datesOf(c, dates), err
}

// OwnFeed are the dates for which the viewer has signed up and that start at or after an instant, for calendar programs. Those
// that were cancelled are among them, since a program that has shown one has to be told.
func (s *Service) OwnFeed(ctx context.Context, from time.Time, limit int) ([]ical.Event, error) {
	bookings, err := s.Booking.Shown(ctx, id.Occurrence, from, limit)
	if err != nil || len(bookings) == 0 {
		return nil, err
	}
	ids := make([]string, len(bookings))
	for i, b := range bookings {
		ids[i] = b.BookableID
	}
	dates, err := s.OccurrencesByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	list, err := s.forCalendars(ctx, slices.Collect(maps.Values(dates)))
	for _, b := range bookings {
		if e := list[b.BookableID]; e != nil && e.Status == ical.Confirmed && !b.State.HasSeat() {
			e.Status = ical.Tentative
		}
	}
	return inOrderOfStart(list), err
}

// Feed are the dates of a group, or else of the groups of an area, that have not ended by an instant and that the viewer
// sees, for calendar programs, also those that were cancelled.
func (s *Service) Feed(ctx context.Context, groupID, areaID string, from time.Time, limit int) ([]ical.Event, error) {
	facet := areaFacet(areaID)
	if groupID != "" {
		facet = groupFacet(groupID)
	}
	w := wanted{circles: circlesOf(auth.FromContext(ctx)), facets: [][]string{{facet}}}
	var dates []*Occurrence
	for _, state := range []State{StatePublished, StateCancelled} {
		some, err := s.store.feed(ctx, w, state, from, limit)
		if err != nil {
			return nil, err
		}
		dates = append(dates, some...)
	}
	list, err := s.forCalendars(ctx, dates)
	all := inOrderOfStart(list)
	return all[:min(len(all), limit)], err
}

// DateFile is one date for a calendar program. Returns NotFound if the viewer may not see it.
func (s *Service) DateFile(ctx context.Context, occurrenceID string) ([]ical.Event, error) {
	o, err := s.Occurrence(ctx, occurrenceID)
	if err != nil {
		return nil, err
	}
	list, err := s.forCalendars(ctx, []*Occurrence{o})
	if err == nil && len(list) == 0 {
		err = missing()
	}
	return inOrderOfStart(list), err
}

// File are the dates of an event for a calendar program, up to limit, from the first on. Returns NotFound if the viewer may
// not see the event.
func (s *Service) File(ctx context.Context, eventID string, limit int) ([]ical.Event, error) {
	e, err := s.visible(ctx, eventID)
	if err != nil {
		return nil, err
	}
	dates, err := s.store.occurrencesOf(ctx, e.ID, page.Keyset{Limit: limit})
	if err != nil {
		return nil, err
	}
	list, err := s.forCalendars(ctx, dates)
	return inOrderOfStart(list), err
}

// forCalendars are dates as calendar programs are given them, by their ids. Those of events that were never published are
// left out.
func (s *Service) forCalendars(ctx context.Context, dates []*Occurrence) (map[string]*ical.Event, error) {
	var ids []string
	for _, o := range dates {
		ids = append(ids, o.EventID)
	}
	slices.Sort(ids)
	of, err := s.store.byIDs(ctx, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	list := make(map[string]*ical.Event, len(dates))
	for _, o := range dates {
		if e := of[o.EventID]; e != nil && e.State.isKnown() && e.wasPublic() {
			list[o.ID] = o.forCalendar(e, s.PublicURL)
		}
	}
	return list, nil
}

// uidEnd ends the names of dates in calendars. It never changes, wherever the server is.
const uidEnd = "@faellesskab"

// forCalendar is the date as a calendar program is given it.
func (o *Occurrence) forCalendar(e *Event, publicURL string) *ical.Event {
	out := &ical.Event{UID: o.ID + uidEnd, Sequence: o.Sequence, ChangedAt: later(o.ChangedAt, o.CreatedAt), Date: o.Date, IsAllDay: o.IsAllDay,
		Status: ical.Confirmed, Summary: o.Title, Description: e.Description, Location: o.Place.Written()}
	if o.State == StateCancelled {
		out.Status = ical.Cancelled
	}
	if o.Place != nil {
		out.Latitude, out.Longitude = o.Place.Latitude, o.Place.Longitude
	}
	if e.isPublic() {
		out.URL = publicURL + PagePath + e.ID
	}
	return out
}

// PagePath is the folder of the pages of public events.
const PagePath = "/events/"

func inOrderOfStart(list map[string]*ical.Event) []ical.Event {
	all := make([]ical.Event, 0, len(list))
	for _, e := range list {
		all = append(all, *e)
	}
	ical.Sort(all)
	return all
}

// Page is an event that everybody may see, with its next dates up to limit, or its last one if none is to come. Returns
// NotFound for every other event.
func (s *Service) Page(ctx context.Context, eventID string, limit int) (*Event, []*Occurrence, error) {
	e, err := s.Get(ctx, eventID)
	if err != nil {
		return nil, nil, err
	}
	if !e.isPublic() || !e.wasPublic() {
		return nil, nil, missing()
	}
	dates, err := s.store.comingOf(ctx, e.ID, s.now(), limit)
	if err != nil || len(dates) > 0 {
		return e, dates, err
	}
	last, err := s.lastOf(ctx, e)
	return e, []*Occurrence{last}, err
}

// lastOf is the last date of an event that took place. The event itself knows the date of one that happens once; what it
// knows of a series is late by some minutes.
func (s *Service) lastOf(ctx context.Context, e *Event) (*Occurrence, error) {
	if e.Series != nil {
		lastID, err := s.store.lastDate(ctx, e.ID, s.now())
		if err != nil {
			return nil, err
		}
		if lastID != "" {
			return s.store.occurrence(ctx, lastID)
		}
	}
	return NewOccurrence(e), nil
}

// PublicHosts are the names of the groups that host the event and of which everybody may know, its own first.
func (e *Event) PublicHosts() []string {
	var names []string
	cards := []group.Card{e.Card}
	for _, c := range e.coHosts(true) {
		cards = append(cards, c.Card)
	}
	for _, c := range cards {
		if c.Group().OpenTo() == group.Everyone {
			names = append(names, c.Name)
		}
	}
	return names
}
