package event

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/person"
	"faellesskab/internal/timer"
)

// timerAccess is the kind of the timers that go on with ending bookings.
const timerAccess = "event.access"

const (
	// accessStep is how many bookings one step looks at, so that a large group delays
	// neither the request that closes it nor a timer beyond its lease.
	accessStep = 20
	// accessDates is how many dates one step looks at.
	accessDates = 20
	// accessAgain is how long after the first walk there is a second one: a request
	// that was under way may have read that the person still has access, and taken a
	// booking since. No request takes as long as that.
	accessAgain = 2 * time.Minute
)

// accessWalk goes through bookings that people may have lost: the bookings of one person, in
// the order of starts, or everybody's at the dates of a group.
type accessWalk struct {
	group.AccessEnded
	EventID string    // the only event whose dates it goes through; empty: all of the group
	Again   bool      // whether it is the second walk
	Start   time.Time // the start of the last date, or of the person's last booking
	ID      string    // the id of that; empty: none yet
	At      string    // the date whose people the walk goes through; empty: none
	After   string    // the last of these people
}

func (w accessWalk) timer(at time.Time) timer.Timer {
	key := strings.Join([]string{"access", w.GroupID + w.EventID, w.PersonID, strconv.Itoa(w.Version), strconv.FormatBool(w.Again), w.ID, w.At, w.After}, ":")
	return timer.New(key, timerAccess, at, w)
}

// endBookings ends, in steps, the bookings at a group's dates that people may no longer have,
// and sets the timer of the second walk.
func (s *Service) endBookings(ctx context.Context, w accessWalk) error {
	again := w
	again.Again = true
	if err := s.Timers.Set(ctx, again.timer(s.now().Add(accessAgain))); err != nil {
		return err
	}
	return s.walk(ctx, w)
}

// walk takes a step from where the last one has stopped.
func (s *Service) walk(ctx context.Context, w accessWalk) error {
	if w.Again && w.PersonID != "" && w.ID == "" { // a request may have named them meanwhile
		if err := s.endNaming(ctx, w.AccessEnded); err != nil {
			return err
		}
	}
	step := s.walkDates
	if w.PersonID != "" {
		step = s.walkPerson
	}
	ended, err := step(ctx, &w)
	if err != nil || ended {
		return err
	}
	return s.Timers.Set(ctx, w.timer(s.now()))
}

// walkPerson is a step through the bookings of one person.
func (s *Service) walkPerson(ctx context.Context, w *accessWalk) (ended bool, err error) {
	found, err := s.People.Load(ctx, []string{w.PersonID})
	if err != nil {
		return false, err
	}
	if p := found[w.PersonID]; p != nil && !p.Knows(w.GroupID, w.Version) {
		return false, fmt.Errorf("places of %s: the copy of the membership is late", w.PersonID)
	}
	places, err := s.Booking.Awaited(ctx, w.PersonID, id.Occurrence, booking.Last{StartsAt: w.Start, ID: w.ID}, accessStep)
	if err != nil || len(places) == 0 {
		return true, err
	}
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = p.BookableID
	}
	dates, err := s.store.occurrencesByIDs(ctx, ids)
	if err != nil {
		return false, err
	}
	for _, p := range places {
		if o := dates[p.BookableID]; o == nil || o.GroupID != w.GroupID && !slices.Contains(o.CoGroupIDs, w.GroupID) {
			continue
		}
		if err := s.Booking.EndLost(ctx, p.BookableID, w.PersonID); err != nil {
			return false, err
		}
	}
	last := places[len(places)-1]
	w.Start, w.ID = last.StartsAt, last.ID
	return len(places) < accessStep, nil
}

// walkDates is a step through everybody's bookings at the dates of a group.
func (s *Service) walkDates(ctx context.Context, w *accessWalk) (ended bool, err error) {
	// Who may see a date depends on its copy of the group, which must be current.
	follow, of := s.followGroup, w.GroupID
	if w.EventID != "" {
		follow, of = s.followHosts, w.EventID
	}
	if err := follow(ctx, of); err != nil {
		return false, err
	}
	looked := 0
	for range accessDates {
		o, err := s.dateOf(ctx, w)
		if err != nil || o == nil {
			return true, err
		}
		n, err := s.endAt(ctx, o, w)
		if err != nil {
			return false, err
		}
		if looked += n; looked >= accessStep {
			return false, nil
		}
	}
	return false, nil
}

// dateOf is the date whose people the walk goes through now; nil after the last date.
func (s *Service) dateOf(ctx context.Context, w *accessWalk) (*Occurrence, error) {
	if w.At != "" {
		return s.store.occurrence(ctx, w.At)
	}
	return s.store.nextDate(ctx, w, s.now())
}

// endAt looks at a page of a date's people, ends the bookings of those who may not see it,
// and moves the walk on. It returns how many people it has looked at.
func (s *Service) endAt(ctx context.Context, o *Occurrence, w *accessWalk) (int, error) {
	holders, err := s.Booking.Holders(ctx, o.ID, w.After, accessStep)
	if err != nil {
		return 0, err
	}
	ids := make([]string, len(holders))
	for i, b := range holders {
		ids[i] = b.PersonID
	}
	people, err := s.People.Load(ctx, ids)
	if err != nil {
		return 0, err
	}
	for _, personID := range ids {
		if mayHold(people[personID], o) {
			continue
		}
		if err := s.Booking.EndLost(ctx, o.ID, personID); err != nil {
			return 0, err
		}
	}
	w.At, w.Start, w.ID, w.After = "", o.StartsAt, o.ID, ""
	if len(ids) == accessStep {
		w.At, w.After = o.ID, ids[len(ids)-1]
	}
	return len(ids), nil
}

// mayHold reports whether a person may have a booking at a date, which means that they could
// sign up for it now. A person without a record belongs to no group.
func mayHold(p *person.Person, o *Occurrence) bool {
	return may(p, o.bookable())
}
