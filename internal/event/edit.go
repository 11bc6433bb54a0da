package event

import (
	"cmp"
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
	"faellesskab/internal/schedule"
)

// EditOutcome is what an edit does with a date.
type EditOutcome string

// The outcomes.
const (
	EditKept    EditOutcome = "KEPT"
	EditMoved   EditOutcome = "MOVED"
	EditAdded   EditOutcome = "ADDED"
	EditRemoved EditOutcome = "REMOVED"
	// EditCancelled is a date that people have signed up for, and that does not take place.
	EditCancelled EditOutcome = "CANCELLED"
)

// IsValid reports whether it is one of them.
func (o EditOutcome) IsValid() bool {
	return slices.Contains([]EditOutcome{EditKept, EditMoved, EditAdded, EditRemoved, EditCancelled}, o)
}

// EditDate is what an edit does with one date.
type EditDate struct {
	Before, After *clock.Local // the starts; nil: there is no such date
	People        int          // who have a seat, are offered one or are in line
	What          EditOutcome

	id     string
	isHeld bool // somebody has signed up
	isTold bool
}

// EditPreview says what an edit does.
type EditPreview struct {
	PlanToken  string
	PeopleTold int
	Dates      []EditDate
}

func (p *EditPreview) count(what EditOutcome) int {
	n := 0
	for _, d := range p.Dates {
		if d.What == what {
			n++
		}
	}
	return n
}

// Kept is how many dates stay when they are.
func (p *EditPreview) Kept() int { return p.count(EditKept) }

// Moved is how many dates get another time.
func (p *EditPreview) Moved() int { return p.count(EditMoved) }

// Added is how many dates are new.
func (p *EditPreview) Added() int { return p.count(EditAdded) }

// Removed is how many dates go, to which nobody comes.
func (p *EditPreview) Removed() int { return p.count(EditRemoved) }

// Cancelled is how many dates with people do not take place.
func (p *EditPreview) Cancelled() int { return p.count(EditCancelled) }

// editDates are what becomes of the dates to come, in the order of their starts.
func editDates(e *Event, dates []*Occurrence, does following, now time.Time) []EditDate {
	var list []EditDate
	for _, o := range dates {
		if !o.StartsAt.After(now) {
			continue
		}
		before := o.StartsAtLocal
		d := EditDate{Before: &before, After: &before, What: EditKept, id: o.ID, isHeld: o.hasPeople()}
		if i := slices.IndexFunc(does.changed, func(c *changed) bool { return c.ID == o.ID }); i >= 0 {
			d.follow(e, does.changed[i], now)
		}
		if slices.ContainsFunc(does.gone, func(gone *Occurrence) bool { return gone.ID == o.ID }) {
			d.After, d.What = nil, EditRemoved
		}
		list = append(list, d)
	}
	for _, slot := range does.new {
		list = append(list, EditDate{After: &slot, What: EditAdded})
	}
	sortEdits(list)
	return list
}

func sortEdits(list []EditDate) {
	slices.SortStableFunc(list, func(a, b EditDate) int {
		return cmp.Or(cmp.Compare(*cmp.Or(a.Before, a.After), *cmp.Or(b.Before, b.After)), cmp.Compare(a.id, b.id))
	})
}

// follow notes how a date is changed.
func (d *EditDate) follow(e *Event, c *changed, now time.Time) {
	before, after := c.before.StartsAtLocal, c.StartsAtLocal
	d.Before, d.After = &before, &after
	if !c.Date.IsSame(c.before.Date) {
		d.What = EditMoved
	}
	if c.isOff() && !c.before.isOff() {
		d.After, d.What, d.isTold = nil, EditCancelled, c.before.State == StatePublished
		return
	}
	_, isNews := (&schedule.Telling{}).Note(c.before.snapshot(e), c.snapshot(e), e.Version, now)
	d.isTold = isNews && c.State == StatePublished
}

// PreviewEdit says what an edit would do, without doing it. Returns what Update returns.
func (s *Service) PreviewEdit(ctx context.Context, in UpdateInput) (*EditPreview, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	e, err := s.visible(ctx, in.EventID)
	if err != nil {
		return nil, err
	}
	switch {
	case !e.canPost(auth.FromContext(ctx), s.now()):
		return nil, fault.Forbidden("group.permission")
	case in.ExpectedVersion != nil && *in.ExpectedVersion != e.Version:
		return nil, fault.VersionConflict()
	}
	if err := e.mayChange(s.now()); err != nil {
		return nil, err
	}
	version := e.Version
	e.Version++
	dates, p, err := s.planOf(ctx, e, &in)
	if err != nil {
		return nil, err
	}
	return s.preview(ctx, &EditPreview{PlanToken: e.planToken(version, dates, s.now()), Dates: p.dates})
}

// preview counts the people of the dates.
func (s *Service) preview(ctx context.Context, p *EditPreview) (*EditPreview, error) {
	told := map[string]bool{}
	for i := range p.Dates {
		d := &p.Dates[i]
		for after := ""; d.isHeld; {
			list, err := s.Booking.Holders(ctx, d.id, after, accessPage)
			if err != nil {
				return nil, err
			}
			for _, b := range list {
				d.People++
				if after = b.PersonID; d.isTold && b.PersonID != auth.FromContext(ctx).PersonID {
					told[b.PersonID] = true
				}
			}
			if len(list) < accessPage {
				break
			}
		}
	}
	p.PeopleTold = len(told)
	return p, nil
}

// accessPage is how many people are counted at a time.
const accessPage = 500

// planOf works out what an edit does with the present dates of an event, which has the version that the edit gives it.
// An event that happens once has one date.
func (s *Service) planOf(ctx context.Context, e *Event, in *UpdateInput) ([]*Occurrence, *plan, error) {
	if e.Series == nil {
		return s.planOnce(ctx, e, in)
	}
	dates, err := s.datesOf(ctx, e)
	if err != nil {
		return nil, nil, err
	}
	p, err := in.plan(e, dates, s.now())
	return dates, p, err
}

// planOnce is planOf for an event that happens once.
func (s *Service) planOnce(ctx context.Context, e *Event, in *UpdateInput) ([]*Occurrence, *plan, error) {
	o, err := s.store.occurrence(ctx, occurrenceID(e.ID))
	if err != nil {
		return nil, nil, err
	}
	if in.Recurrence != nil {
		return nil, nil, fault.Invalid("input.recurrence", "event.once")
	}
	if err := in.apply(e, s.now()); err != nil {
		return nil, nil, err
	}
	c := &changed{e.bring(*o, true, s.now()), *o}
	dates := []*Occurrence{o}
	return dates, &plan{event: e, dates: editDates(e, dates, following{changed: []*changed{c}}, s.now())}, nil
}

// Update changes a draft, or a published event that is not over. People who signed up for a
// published event are told what has changed, two minutes after the last change. Returns
// Problems, NotFound, Forbidden without the permission POST_EVENTS, Conflict for an event that is
// cancelled or over, and VERSION_CONFLICT.
func (s *Service) Update(ctx context.Context, in UpdateInput) (*Event, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "updateEvent", Key: in.ClientMutationID, Input: in}
	e, err := s.change(ctx, call, in.EventID, in.ExpectedVersion, func(e *Event) ([]outbox.Effect, error) {
		if err := e.mayChange(s.now()); err != nil {
			return nil, err
		}
		if e.Series != nil {
			return s.edit(ctx, e, &in)
		}
		if in.Recurrence != nil {
			return nil, fault.Invalid("input.recurrence", "event.once")
		}
		before := *e
		if err := in.apply(e, s.now()); err != nil {
			return nil, err
		}
		if !e.StartsAt.Equal(before.StartsAt) {
			e.StartVersion = e.Version
		}
		return nil, nil
	})
	if err != nil || e.Series == nil {
		return e, err
	}
	return s.store.get(ctx, e.ID) // what follows has changed the series, and perhaps split it
}

// edit changes a series as planned. Once somebody has signed up, the edit must be of the plan that a preview has shown.
func (s *Service) edit(ctx context.Context, e *Event, in *UpdateInput) ([]outbox.Effect, error) {
	now := s.now()
	dates, p, err := s.planOf(ctx, e, in)
	if err != nil {
		return nil, err
	}
	isBooked := slices.ContainsFunc(dates, func(o *Occurrence) bool { return o.StartsAt.After(now) && o.hasPeople() })
	switch {
	case in.PlanToken == nil && isBooked:
		return nil, fault.Invalid("input.planToken", "event.plan_token")
	case in.PlanToken != nil && *in.PlanToken != e.planToken(e.Version-1, dates, now):
		stale := *fault.VersionConflict()
		stale.Field = "input.planToken"
		return nil, &stale
	}
	var effects []outbox.Effect
	if p.own != nil {
		own := ownArgs{EventID: e.ID, DateID: p.own.ID, Version: e.Version, Actor: auth.FromContext(ctx).PersonID, Edit: *in}
		if in.SignUp.IsSet() {
			own.Terms = p.own.OwnTerms
		}
		effects = append(effects, outbox.New(effectOwn, own))
	}
	if next := e.Series.Following; next != nil {
		effects = append(effects, outbox.New(EffectCopied, Copied{FromID: e.ID, ToID: next.ID}))
	}
	return effects, nil
}
