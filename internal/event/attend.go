package event

import (
	"context"
	"maps"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
)

// Attend signs the viewer up for a date, or puts them in line. Returns Problems, also for a
// party larger than the capacity, and what booking.SignUp returns.
func (s *Service) Attend(ctx context.Context, in AttendInput) (*booking.SignedUp, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "attendEvent", Key: in.ClientMutationID, Input: in}
	r := request(v, in.OccurrenceID, in.Guests)
	r.Reply = in.reply()
	return s.Booking.SignUp(ctx, call, r)
}

func request(v auth.Viewer, occurrenceID string, guests int) booking.Request {
	return booking.Request{BookableID: occurrenceID, Guests: guests, Circles: circlesOf(v), BarredFrom: v.BannedFrom, Field: "input.guests"}
}

// UpdateAttendance changes how many guests the viewer brings along to a date. Returns Problems, and
// what booking.Resize returns.
func (s *Service) UpdateAttendance(ctx context.Context, in UpdateAttendanceInput) (*Attendance, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "updateAttendance", Key: in.ClientMutationID, Input: in}
	r := request(v, in.OccurrenceID, in.Guests)
	r.Reply = in.reply()
	b, err := s.Booking.Resize(ctx, call, r)
	if err != nil {
		return nil, err
	}
	return attendance(b), nil
}

// Leave gives back the viewer's seat, or their place in line. Returns Problems, and NotFound
// if they have none.
func (s *Service) Leave(ctx context.Context, in LeaveInput) (*booking.Booking, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	return s.Booking.GiveUp(ctx, idempotency.Call{Operation: "cancelAttendance", Key: in.ClientMutationID, Input: in}, in.OccurrenceID)
}

// bookables are those of the dates that the viewer may see, as package booking sees them.
func (s *Service) bookables(ctx context.Context, ids []string) (map[string]*booking.Bookable, error) {
	found, err := s.OccurrencesByIDs(ctx, ids)
	dates := make(map[string]*booking.Bookable, len(found))
	for occurrenceID, o := range found {
		dates[occurrenceID] = o.bookable()
	}
	return dates, err
}

// mayTake reports whether a person may take a seat at a date, which means that they could
// sign up for it now. A person without a record belongs to no group.
func (s *Service) mayTake(ctx context.Context, b *booking.Bookable, personID string) (bool, error) {
	found, err := s.People.Load(ctx, []string{personID})
	if err != nil {
		return false, err
	}
	return may(found[personID], b), nil
}

func may(p *person.Person, b *booking.Bookable) bool {
	if p == nil {
		return b.OpenTo == group.Everyone
	}
	return p.Admits() == nil && mayTakePart(p.Viewer(), b)
}

// mayTakePart reports whether a viewer may have a booking at an event of a group: they may see
// it, and are banned from none of the groups that host it.
func mayTakePart(v auth.Viewer, b *booking.Bookable) bool {
	isTheirs := func(circle string) bool { return circle == group.Everyone || v.InGroup(circle) }
	return b.IsSeenIn(isTheirs) && !b.Bars(v.BannedFrom)
}

// bookable is the date as package booking sees it.
func (o *Occurrence) bookable() *booking.Bookable {
	return &booking.Bookable{ID: o.ID, State: string(o.State), StartsAt: o.StartsAt, OpenTo: o.OpenTo, Circles: o.Circles, GroupID: o.GroupID,
		CoGroupIDs: o.CoGroupIDs, Parts: []booking.DoorPart{o.door()}, Seats: booking.Seats{Terms: o.Terms}}
}

// Occurrence is one date. Returns NotFound if the viewer may not see its event.
func (s *Service) Occurrence(ctx context.Context, occurrenceID string) (*Occurrence, error) {
	found, err := s.OccurrencesByIDs(ctx, []string{occurrenceID})
	if err != nil {
		return nil, err
	}
	if o := found[occurrenceID]; o != nil {
		return o, nil
	}
	return nil, fault.NotFound("event.not_found")
}

// OccurrencesByIDs are the dates with those ids, by id. Dates that the viewer may not see
// are missing.
func (s *Service) OccurrencesByIDs(ctx context.Context, ids []string) (map[string]*Occurrence, error) {
	found, err := s.store.occurrencesByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	v := auth.FromContext(ctx)
	var doubtful []string
	for _, o := range found {
		if !o.isOpenTo(v) {
			doubtful = append(doubtful, o.EventID)
		}
	}
	if len(doubtful) == 0 {
		return found, nil
	}
	seen, err := s.ByIDs(ctx, doubtful)
	if err != nil {
		return nil, err
	}
	for occurrenceID, o := range found {
		if seen[o.EventID] == nil && !o.isOpenTo(v) {
			delete(found, occurrenceID)
		}
	}
	return found, nil
}

const listOccurrences = "occurrences"

// Occurrences are the dates of an event the viewer sees, in order.
func (s *Service) Occurrences(ctx context.Context, e *Event, a page.Args) (*OccurrenceConnection, error) {
	k, err := a.OpenTime(listOccurrences)
	if err != nil {
		return nil, err
	}
	list, err := s.store.occurrencesOf(ctx, e.ID, k)
	if err != nil {
		return nil, err
	}
	return page.Build(listOccurrences, a, list, occurrencePosition), nil
}

// FirstOccurrences are dates of several events, by the keys that FirstKey and NextKey give, in order. One query finds those
// of a whole list of events.
func (s *Service) FirstOccurrences(ctx context.Context, keys []string) (map[string][]*Occurrence, error) {
	var ids []string
	for _, key := range keys {
		ids = append(ids, datesOfKey(key)...)
	}
	slices.Sort(ids)
	found, err := s.store.occurrencesByIDs(ctx, slices.Compact(ids))
	byKey := make(map[string][]*Occurrence, len(found))
	for _, key := range keys {
		for _, dateID := range datesOfKey(key) {
			if o := found[dateID]; o != nil && isDateOf(key, o) {
				byKey[key] = append(byKey[key], o)
			}
		}
		sortDates(byKey[key])
	}
	return byKey, err
}

// PageOf makes the first page from dates that are loaded already.
func PageOf(list []*Occurrence, a page.Args) *OccurrenceConnection {
	return page.Build(listOccurrences, a, list, occurrencePosition)
}

func occurrencePosition(o *Occurrence) page.Position {
	return page.Position{Key: page.TimeKey(o.StartsAt), ID: o.ID}
}

// Upcoming are the dates that are not over and at which the viewer has a seat or is in line,
// soonest first. Dates that are cancelled or no longer visible are left out.
func (s *Service) Upcoming(ctx context.Context, a page.Args) (*OccurrenceConnection, error) {
	dates, now := map[string]*Occurrence{}, s.now()
	c, err := s.Booking.Upcoming(ctx, id.Occurrence, now.Add(-longest), a, func(list []*booking.Booking) ([]*booking.Booking, error) {
		return s.happening(ctx, list, dates, func(o *Occurrence) bool { return !o.IsOver(now) })
	})
	return datesOf(c, dates), err
}

// Past are the dates that are over and at which the viewer had a seat, the latest first. Dates
// that were cancelled or are no longer visible are left out.
func (s *Service) Past(ctx context.Context, a page.Args) (*OccurrenceConnection, error) {
	dates, now := map[string]*Occurrence{}, s.now()
	c, err := s.Booking.Past(ctx, id.Occurrence, a, func(list []*booking.Booking) ([]*booking.Booking, error) {
		return s.happening(ctx, list, dates, func(o *Occurrence) bool { return o.IsOver(now) })
	})
	return datesOf(c, dates), err
}

func datesOf(c *booking.Connection, dates map[string]*Occurrence) *OccurrenceConnection {
	if c == nil {
		return nil
	}
	return page.Map(c, func(b *booking.Booking) *Occurrence { return dates[b.BookableID] })
}

// happening are the bookings of dates that are published, that the viewer may see and that fits
// fits. It adds the dates to found.
func (s *Service) happening(ctx context.Context, list []*booking.Booking, found map[string]*Occurrence, fits func(*Occurrence) bool) ([]*booking.Booking, error) {
	ids := make([]string, len(list))
	for i, b := range list {
		ids[i] = b.BookableID
	}
	dates, err := s.OccurrencesByIDs(ctx, ids)
	maps.Copy(found, dates)
	return slices.DeleteFunc(list, func(b *booking.Booking) bool {
		o := dates[b.BookableID]
		return o == nil || o.State != StatePublished || !fits(o)
	}), err
}

// AttendancesByIDs are the attendances with those ids that the viewer may see, by id: their own,
// and those of dates whose attendances are listed for them.
func (s *Service) AttendancesByIDs(ctx context.Context, ids []string) (map[string]*Attendance, error) {
	shown, err := s.listedDates(ctx, ids)
	if err != nil {
		return nil, err
	}
	found, err := s.Booking.ByIDs(ctx, ids, len(shown) > 0)
	v := auth.FromContext(ctx)
	maps.DeleteFunc(found, func(_ string, b *booking.Booking) bool { return !b.IsOf(v.PersonID) && !shown[b.BookableID] })
	return booking.Map(found, attendance), err
}

// listedDates are the dates of others' attendances with those ids whose attendances are listed for
// the viewer. It asks by the ids and not by what is found, so that the time it takes tells nothing.
func (s *Service) listedDates(ctx context.Context, ids []string) (map[string]bool, error) {
	v := auth.FromContext(ctx)
	var dateIDs []string
	for _, attendanceID := range ids {
		if dateID, personID, ok := id.Split(attendanceID); ok && personID != v.PersonID && !slices.Contains(dateIDs, dateID) {
			dateIDs = append(dateIDs, dateID)
		}
	}
	if len(dateIDs) == 0 || v.IsAnonymous() {
		return nil, nil
	}
	dates, err := s.OccurrencesByIDs(ctx, dateIDs)
	if err != nil {
		return nil, err
	}
	var eventIDs []string
	for _, o := range dates {
		eventIDs = append(eventIDs, o.EventID)
	}
	events, err := s.ByIDs(ctx, eventIDs)
	shown := map[string]bool{}
	for dateID, o := range dates {
		if events[o.EventID].canShowAttendances(v, s.now()) {
			shown[dateID] = true
		}
	}
	return shown, err
}

// Attendances are a date's attendances in one state (CONFIRMED if nil), in the order of
// signing up. e is the date's event, nil if the viewer may not see it. Returns Forbidden unless they may
// post events in the group, or check people in.
func (s *Service) Attendances(ctx context.Context, o *Occurrence, e *Event, state *booking.State, a page.Args) (*AttendanceConnection, error) {
	if !e.canShowAttendances(auth.FromContext(ctx), s.now()) {
		return nil, fault.Forbidden("event.attendees")
	}
	list, err := s.Booking.List(ctx, o.ID, state, a)
	if err != nil {
		return nil, err
	}
	return page.Map(list, attendance), nil
}
