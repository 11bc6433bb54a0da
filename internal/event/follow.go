package event

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
)

// followEvent makes the dates follow a newer version of their event, and returns the event as it is then. The dates of a
// series are made as they come near, and taken out if the series has them no longer and nobody has signed up. Whoever
// finds the event changed meanwhile begins anew, so that nothing stays that an older plan has left. Actor is who has changed
// the event, if that is known: the others who have signed up are told.
func (s *Service) followEvent(ctx context.Context, e *Event, actor string) (*Event, error) {
	try := s.followSeries
	if e.Series == nil {
		try = s.followOnce
	}
	for range 5 {
		if ok, err := try(ctx, e, actor); err != nil || ok {
			return e, err
		}
		var err error
		if e, err = s.store.get(ctx, e.ID); err != nil {
			return nil, err
		}
	}
	return nil, fault.VersionConflict()
}

// followSeries is one try; ok is false if the event has changed since it was read.
func (s *Service) followSeries(ctx context.Context, e *Event, actor string) (ok bool, err error) {
	if err := s.split(ctx, e, actor); err != nil {
		return false, err
	}
	if err := s.store.followGroups(ctx, e); err != nil {
		return false, err
	}
	dates, err := s.datesOf(ctx, e)
	if err != nil {
		return false, err
	}
	f := e.follow(dates, s.now())
	if err := s.noteNews(ctx, e, f.changed, actor); err != nil {
		return false, err
	}
	if err := s.store.write(ctx, e, f); err != nil {
		return false, err
	}
	if err := s.insertDates(ctx, e, f.new); err != nil {
		return false, err
	}
	if dates, err = s.datesOf(ctx, e); err != nil {
		return false, err
	}
	if slices.ContainsFunc(dates, func(o *Occurrence) bool { return o.Synced < e.Version }) {
		return false, nil // another process has made them follow an older version meanwhile
	}
	if err := s.tellEnded(ctx, e, dates, actor); err != nil {
		return false, err
	}
	return s.noteLook(ctx, e, dates)
}

// noteLook sets the reminders of a series and notes how its dates are; ok is false if the event has changed since it was
// read. The reminders come first: once it is noted that somebody has looked, nobody looks again for long.
func (s *Service) noteLook(ctx context.Context, e *Event, dates []*Occurrence) (ok bool, err error) {
	if err := s.remindSeries(ctx, e, dates); err != nil {
		return false, err
	}
	e.note(dates, s.now())
	return s.store.look(ctx, e)
}

// insertDates writes the dates of slots. Groups that have changed since the event was read have not found these dates, which
// follow them now.
func (s *Service) insertDates(ctx context.Context, e *Event, slots []clock.Local) (err error) {
	if len(slots) == 0 {
		return nil
	}
	for round := 0; len(slots) > 0; round++ {
		if slots, err = s.store.insertDates(ctx, e, slots, round); err != nil {
			return err
		}
	}
	now, err := s.store.get(ctx, e.ID)
	if err != nil {
		return err
	}
	return s.store.followGroups(ctx, now)
}

const (
	// remindNext is for how many of the next dates reminders are set, however far away they are, and remindWithin how soon
	// others start for which they are set too. Somebody looks again when a date is over.
	remindNext   = 2
	remindWithin = 9 * 24 * time.Hour
)

// remindSeries sets the reminders of the next dates.
func (s *Service) remindSeries(ctx context.Context, e *Event, dates []*Occurrence) error {
	n, now := 0, s.now()
	for _, o := range dates {
		if o.State != StatePublished || !o.StartsAt.After(now) {
			continue
		}
		if n++; n > remindNext && o.StartsAt.Sub(now) > remindWithin {
			return nil
		}
		if err := s.herald.SetReminders(ctx, s.thing(e, o)); err != nil {
			return err
		}
	}
	return nil
}

// datesOf are the dates of a series with the slots that the present plan gives them.
func (s *Service) datesOf(ctx context.Context, e *Event) ([]*Occurrence, error) {
	dates, err := s.store.datesOf(ctx, e.ID)
	for _, o := range dates {
		if i := slices.IndexFunc(e.Series.Placed, func(p Placed) bool { return p.ID == o.ID }); i >= 0 && o.Synced < e.Version {
			o.Slot = e.Series.Placed[i].Slot
		}
	}
	if err != nil {
		return nil, err
	}
	return e.own(dates), s.noteAsked(ctx, dates)
}

// own are those of the dates that are not given to an event that continues this one.
func (e *Event) own(dates []*Occurrence) []*Occurrence {
	if e.Series.CutAt == "" {
		return dates
	}
	return slices.DeleteFunc(dates, func(o *Occurrence) bool { return o.Slot >= e.Series.CutAt })
}

// following says what is to be done so that dates follow their event.
type following struct {
	changed []*changed
	gone    []*Occurrence // unless somebody has signed up
	new     []clock.Local // the slots of dates that are not made yet
}

// changed is a date as it is to be, and as it was.
type changed struct {
	*Occurrence
	before Occurrence
}

// follow compares the dates of a series with its plan.
func (e *Event) follow(dates []*Occurrence, now time.Time) following {
	var f following
	slots, has := e.Series.slots(), map[clock.Local]bool{}
	for _, o := range dates {
		has[o.Slot] = true
		isPlanned := slices.Contains(slots, o.Slot)
		switch {
		case o.Slot != "" && !isPlanned && o.StartsAt.After(now) && !o.hasPeople():
			f.gone = append(f.gone, o)
		case o.Synced < e.Version:
			f.changed = append(f.changed, &changed{e.bring(*o, isPlanned, now), *o})
		}
	}
	for _, slot := range e.Series.made(now) {
		if !has[slot] && e.Series.at(slot).StartsAt.After(now) {
			f.new = append(f.new, slot)
		}
	}
	return f
}

// bring is a date as it follows the event. What is over stays as it was, and so does what stands by itself.
func (e *Event) bring(o Occurrence, isPlanned bool, now time.Time) *Occurrence {
	before := o
	o.Synced = e.Version
	if o.IsOver(now) && e.Series != nil {
		return &o
	}
	if !isPlanned {
		e.end(&o, now)
	}
	if tookPlace := o.State == StatePublished && e.CancelledAt != nil && o.IsOver(*e.CancelledAt); !o.isOff() && !tookPlace {
		o.State, o.CancelReason = e.State, e.CancelReason
	}
	if !o.stands(OwnTitle) {
		o.Title = e.Title
	}
	o.Text = e.digest()
	o.Words = e.termsAs(o.Title)
	if !o.stands(OwnPlace) {
		o.Place = e.Place
	}
	if isPlanned && !o.stands(OwnTime) && (e.Series == nil || o.StartsAt.After(now)) {
		o.Date, o.IsAllDay = e.dateOf(o.Slot), e.IsAllDay
	}
	o.mark(&before, e.Version, now)
	return &o
}

// mark notes in a date what calendars and bookings have to follow since it was as before.
func (o *Occurrence) mark(before *Occurrence, version int, now time.Time) {
	isOn := func(o *Occurrence) bool { return o.State != StateCancelled }
	if !o.Date.IsSame(before.Date) || !o.Place.Equal(before.Place) || isOn(o) != isOn(before) {
		o.Sequence++
	}
	if !o.StartsAt.Equal(before.StartsAt) {
		o.StartVersion = version
	}
	o.ChangedAt = now
}

// LookAtSeries makes the dates of series that have come near, and lets lists show the next ones. Each series is looked
// at by one process at a time; one that fails waits for the next time, and holds up no other.
func (s *Service) LookAtSeries(ctx context.Context) error {
	var failed []error
	for ctx.Err() == nil {
		e, err := s.store.claimDue(ctx, s.now())
		if fault.Is(err, fault.KindNotFound) {
			break
		}
		if err != nil {
			return err
		}
		if _, err := s.followEvent(ctx, e, ""); err != nil {
			failed = append(failed, fmt.Errorf("dates of event %s: %w", e.ID, err))
		}
	}
	return errors.Join(failed...)
}
