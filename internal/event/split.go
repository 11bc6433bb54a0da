package event

import (
	"context"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/schedule/herald"
)

// planFollowing edits a date of a series and those behind it: a new event continues the series with them, and the ids of the
// dates stay. If there are none before, the series is edited.
func (in *UpdateInput) planFollowing(e *Event, dates []*Occurrence, now time.Time) (*plan, error) {
	o, err := in.dateOf(dates, now)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, fault.Invalid("input.occurrenceId", "event.occurrence")
	}
	rest, tail := partedAt(dates, o.Slot)
	before, from, after := e.Series.Split(e.Series.First.StartsAtLocal, o.Slot, e.Series.First.TimeZone)
	if len(rest) == 0 || before == nil || after == nil {
		return in.planAll(e, dates, now)
	}
	next := e.continued(&Series{Recurrence: *after, First: e.Series.at(from), ID: e.ThreadID()})
	does, err := in.editSeries(next, o, tail, now)
	if err != nil {
		return nil, err
	}
	next.note(does.after(), now)
	series := *e.Series
	e.Series, e.ContinuedByID = &series, next.ID
	series.Recurrence, series.CutAt, series.Following = *before, o.Slot, next
	list := slices.Concat(editDates(e, rest, e.follow(rest, now), now), editDates(next, tail, does, now))
	sortEdits(list)
	return &plan{event: e, dates: list}, nil
}

// partedAt are the dates before a slot, and the others.
func partedAt(dates []*Occurrence, slot clock.Local) (before, behind []*Occurrence) {
	for _, o := range dates {
		if o.Slot < slot {
			before = append(before, o)
		} else {
			behind = append(behind, o)
		}
	}
	return before, behind
}

// continued is an event that continues this one with a part of the series. It says nothing of people, who may be erased
// before it is written.
func (e *Event) continued(s *Series) *Event {
	next := *e
	next.ID, next.ContinuesID = id.Derive(id.Event, e.ID, strconv.Itoa(e.Version)), e.ID
	next.Series, next.Date, next.StartVersion = s, s.First, 0
	next.OrganiserID, next.CoOrganiserIDs = "", nil
	next.Effects, next.Due = nil, nil
	return &next
}

// FollowingOf is the event that continues the edited one with what the edit is for; empty if none does.
func (in *UpdateInput) FollowingOf(e *Event) string {
	if in.Scope == nil || *in.Scope != ScopeFollowing {
		return ""
	}
	return e.ContinuedByID
}

// after are the dates as they are to be that are there already.
func (f following) after() []*Occurrence {
	var dates []*Occurrence
	for _, c := range f.changed {
		dates = append(dates, c.Occurrence)
	}
	return dates
}

// split writes the event that continues a series, if there is one that is not written yet, and gives it its dates. Until
// that is done nobody changes the series.
func (s *Service) split(ctx context.Context, e *Event, actor string) error {
	next := e.Series.Following
	if next == nil {
		return nil
	}
	if err := s.store.insertNext(ctx, e); err != nil {
		return err
	}
	if err := s.store.handDates(ctx, e); err != nil {
		return err
	}
	next, err := s.store.get(ctx, next.ID)
	if err != nil {
		return err
	}
	if err := s.sync(ctx, next, actor); err != nil {
		return err
	}
	if err := s.store.endSplit(ctx, e); err != nil {
		return err
	}
	e.Series.Following, e.Series.CutAt = nil, ""
	return nil
}

// finished is the event, whose dates have all that its last change has made of them in such a way that another change must
// not come between.
func (s *Service) finished(ctx context.Context, e *Event) (*Event, error) {
	if e.Series == nil || e.Series.Following == nil && len(e.Series.Placed) == 0 && len(e.Series.Ended) == 0 {
		return e, nil
	}
	if err := s.sync(ctx, e, ""); err != nil {
		return nil, err
	}
	now, err := s.store.get(ctx, e.ID)
	if err == nil && now.Version != e.Version {
		return nil, fault.VersionConflict()
	}
	return now, err
}

// end cancels a date if the last change of the plan says so, and it was not changed by itself meanwhile.
func (e *Event) end(o *Occurrence, now time.Time) {
	if e.Series == nil || o.isOff() || !o.StartsAt.After(now) || o.OwnVersion >= e.Version || !slices.Contains(e.Series.Ended, o.ID) {
		return
	}
	o.Own, o.OwnVersion = append(slices.Clone(o.Own), OwnState), e.Version
	o.State, o.CancelReason = StateCancelled, nil
}

// tellEnded tells people of dates that the last change of the plan has cancelled: each once, by the soonest of theirs.
func (s *Service) tellEnded(ctx context.Context, e *Event, dates []*Occurrence, actor string) error {
	if len(e.Series.Ended) == 0 || !e.wasPublic() {
		return nil
	}
	var off []herald.Thing
	for _, o := range dates {
		if slices.Contains(e.Series.Ended, o.ID) && o.isOff() && o.OwnVersion == e.Version {
			o.Card = e.Card
			off = append(off, s.thing(e, o))
		}
	}
	for _, c := range s.herald.Cancelled(ctx, actor, e.Version, off) {
		if err := s.Enqueue(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
