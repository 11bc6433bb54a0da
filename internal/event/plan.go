package event

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/optional"
	"faellesskab/internal/schedule"
	"faellesskab/internal/search"
)

// EditScope says which dates of a series an edit is for.
type EditScope string

// The scopes.
const (
	ScopeThis      EditScope = "THIS"
	ScopeFollowing EditScope = "THIS_AND_FOLLOWING"
	ScopeAll       EditScope = "ALL"
)

// IsValid reports whether it is one of them.
func (s EditScope) IsValid() bool { return s == ScopeThis || s == ScopeFollowing || s == ScopeAll }

// plan is what an edit of a series does.
type plan struct {
	event *Event     // as it is to be
	own   *changed   // the one date that is edited by itself; nil: the series is
	dates []EditDate // all that are to come, in the order of their starts
}

// planToken stands for the version of an event and for the dates to come at which somebody has signed up. It stays when
// more people sign up there.
func (e *Event) planToken(version int, dates []*Occurrence, now time.Time) string {
	booked := []string{}
	for _, o := range dates {
		if o.StartsAt.After(now) && o.hasPeople() {
			booked = append(booked, o.ID)
		}
	}
	slices.Sort(booked)
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %q", e.ID, version, booked))
	return hex.EncodeToString(sum[:12])
}

// plan works out what an edit does with a series, which has these dates, at an instant. The event has the version that the
// edit gives it. Returns Problems, NotFound for a date that is not one of them, and Conflict for one that has begun.
func (in *UpdateInput) plan(e *Event, dates []*Occurrence, now time.Time) (*plan, error) {
	switch {
	case in.Scope == nil:
		return nil, fault.Invalid("input.scope", "event.scope")
	case *in.Scope == ScopeThis:
		return in.planOne(e, dates, now)
	case *in.Scope == ScopeFollowing:
		return in.planFollowing(e, dates, now)
	}
	return in.planAll(e, dates, now)
}

// dateOf is the date that the edit names; nil if it names none.
func (in *UpdateInput) dateOf(dates []*Occurrence, now time.Time) (*Occurrence, error) {
	if in.OccurrenceID == nil {
		return nil, nil //nolint:nilnil // nil says that it names none
	}
	i := slices.IndexFunc(dates, func(o *Occurrence) bool { return o.ID == *in.OccurrenceID })
	switch {
	case i < 0:
		return nil, &fault.Error{Kind: fault.KindNotFound, Key: "event.not_found", Field: "input.occurrenceId"}
	case !dates[i].StartsAt.After(now):
		return nil, &fault.Error{Kind: fault.KindConflict, Key: "event.date_begun", Field: "input.occurrenceId"}
	case dates[i].State == StateCancelled && *in.Scope == ScopeThis:
		return nil, &fault.Error{Kind: fault.KindConflict, Key: "event.date_cancelled", Field: "input.occurrenceId"}
	}
	return dates[i], nil
}

// planOne edits one date, which stands by itself then in what is edited.
func (in *UpdateInput) planOne(e *Event, dates []*Occurrence, now time.Time) (*plan, error) {
	o, err := in.dateOf(dates, now)
	if err != nil {
		return nil, err
	}
	var p fault.Problems
	if o == nil {
		p.Add(fault.Invalid("input.occurrenceId", "event.occurrence"))
	}
	for field, isSet := range map[string]bool{"description": in.Description.IsSet(), "reminders": in.Reminders.IsSet(),
		"recurrence": in.Recurrence != nil, "timeZone": in.TimeZone.IsSet(), "cancelsBooked": in.CancelsBooked} {
		if isSet {
			p.Add(fault.Invalid("input."+field, "event.whole_only"))
		}
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	c := &changed{o, *o}
	next := *o
	c.Occurrence = &next
	if err := in.applyOwn(&p, e, &next, now); err != nil {
		return nil, err
	}
	if in.applyTerms(&p, e, &next); len(p) > 0 {
		return nil, p.Err()
	}
	next.mark(&c.before, e.Version, now)
	next.Synced, next.OwnVersion = e.Version, e.Version
	return &plan{event: e, own: c, dates: editDates(e, dates, following{changed: []*changed{c}}, now)}, nil
}

// applyOwn changes a date by itself, except for what is asked of those who sign up. Returns Problems.
func (in *UpdateInput) applyOwn(p *fault.Problems, e *Event, o *Occurrence, now time.Time) error {
	own := func(what Own, isSet bool) {
		if isSet && !o.stands(what) {
			o.Own = append(slices.Clone(o.Own), what)
		}
	}
	if in.Title.IsSet() {
		optional.Set(&o.Title, in.Title)
		o.Words = search.Terms(o.Title, e.Description)
	}
	if in.Place.IsSet() {
		o.Place = in.Place.Value().Clean(p, "input.place")
	}
	optional.Put(&o.Capacity, in.Capacity)
	optional.Set(&o.IsAllDay, in.IsAllDay)
	if in.hasTime() {
		o.Date = in.dateFrom(p, o.Date, o.IsAllDay, limits(now, o.Date))
	}
	own(OwnTitle, in.Title.IsSet())
	own(OwnPlace, in.Place.IsSet())
	own(OwnCapacity, in.Capacity.IsSet())
	own(OwnTime, in.hasTime())
	return p.Err()
}

func (in *UpdateInput) hasTime() bool {
	return in.StartsAt.IsSet() || in.EndsAt.IsSet() || in.TimeZone.IsSet() || in.IsAllDay.IsSet()
}

// dateFrom is a date as the edit changes it.
func (in *UpdateInput) dateFrom(p *fault.Problems, d schedule.Date, isAllDay bool, l schedule.Limits) schedule.Date {
	wall := in.wall(d)
	if isAllDay {
		wall = wholeDays(wall)
	}
	return wall.Date(p, "input", l)
}

// planAll edits the series.
func (in *UpdateInput) planAll(e *Event, dates []*Occurrence, now time.Time) (*plan, error) {
	o, err := in.dateOf(dates, now)
	if err != nil {
		return nil, err
	}
	does, err := in.editSeries(e, o, dates, now)
	if err != nil {
		return nil, err
	}
	return &plan{event: e, dates: editDates(e, dates, does, now)}, nil
}

// editSeries changes a series, and says what becomes of its dates: they follow it, except in what stands by itself. The date
// o is the one that the times of the edit are of; nil: the first. Returns Problems.
func (in *UpdateInput) editSeries(e *Event, o *Occurrence, dates []*Occurrence, now time.Time) (following, error) {
	series, old := *e.Series, *e.Series
	e.Series = &series
	if in.hasTime() || in.Recurrence != nil {
		optional.Set(&e.IsAllDay, in.IsAllDay)
		if err := in.applyRule(e, o); err != nil {
			return following{}, err
		}
		named := o
		if !in.StartsAt.IsSet() {
			named = nil
		}
		series.Placed = placed(&old, &series, dates, named, now)
		dates = relocated(dates, series.Placed)
		if in.CancelsBooked {
			series.Ended = series.lost(dates, now)
		}
	}
	rest := *in
	rest.StartsAt, rest.EndsAt, rest.TimeZone, rest.IsAllDay = optional.Edit[clock.Local]{}, optional.Edit[clock.Local]{}, optional.Edit[clock.Zone]{}, optional.Edit[bool]{}
	if err := rest.apply(e, now); err != nil {
		return following{}, err
	}
	does := e.follow(dates, now)
	for _, c := range does.changed {
		if c.before.StartsAt.After(now) && !c.StartsAt.After(now) {
			return following{}, fault.Invalid("input.startsAt", "time.past")
		}
	}
	return does, nil
}

// applyRule gives the series other times, by the time that a date of it is to have, or another rule. Returns Problems.
func (in *UpdateInput) applyRule(e *Event, o *Occurrence) error {
	var p fault.Problems
	s := e.Series
	base := s.First
	if o != nil && o.Slot != "" {
		base = s.at(o.Slot)
	}
	d := in.dateFrom(&p, base, e.IsAllDay, limits(time.Time{}, schedule.Date{}))
	if err := p.Err(); err != nil {
		return err
	}
	start := s.First.StartsAtLocal.Plus(d.StartsAtLocal.Since(base.StartsAtLocal))
	first := schedule.Wall{StartsAt: start, EndsAt: start.Plus(d.EndsAtLocal.Since(d.StartsAtLocal)), TimeZone: d.TimeZone}
	old := s.First
	s.First = first.Date(&p, "input", limits(time.Time{}, schedule.Date{}))
	if len(p) > 0 {
		return p.Err()
	}
	r := s.Recurrence.Moved(&p, "input.startsAt", old, first)
	if in.Recurrence != nil {
		p = nil
		r = in.Recurrence.Clean(&p, "input.recurrence", first)
	}
	if r != nil {
		s.Recurrence = *r
	}
	return p.Err()
}
