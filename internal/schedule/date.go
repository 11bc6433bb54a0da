package schedule

import (
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
)

// Date says when something happens, by the clock on the wall, and as the instants that
// follow from it.
type Date struct {
	StartsAt      time.Time   `bson:"startsAt"`
	EndsAt        time.Time   `bson:"endsAt"`
	StartsAtLocal clock.Local `bson:"startsAtLocal"`
	EndsAtLocal   clock.Local `bson:"endsAtLocal"`
	TimeZone      clock.Zone  `bson:"timeZone"`
}

// Wall is a date as people write it: by the clock on the wall of a zone.
type Wall struct {
	StartsAt clock.Local
	EndsAt   clock.Local
	TimeZone clock.Zone
}

// Limits are what a noun allows of its dates.
type Limits struct {
	// After is an instant after which a date must start. The zero value allows any start.
	After time.Time
	// Kept is the date before an edit. Its start may stay where it is, and if it was to end after
	// that instant, it must still do so: what runs is cancelled, and not made to have ended.
	Kept Date
	// Longest is how long a date may last by the clock on the wall, and TooLong refuses a
	// longer one.
	Longest time.Duration
	TooLong *fault.Error
}

// Date computes the instants of a date and checks them. What is wrong is noted at startsAt or
// endsAt of the field, and the date is then of no use.
func (w Wall) Date(p *fault.Problems, field string, limits Limits) Date {
	start, errStart := w.StartsAt.In(w.TimeZone)
	end, errEnd := w.EndsAt.In(w.TimeZone)
	p.AddAt(field+".startsAt", errStart)
	p.AddAt(field+".endsAt", errEnd)
	switch {
	case errStart != nil || errEnd != nil:
	case !limits.After.IsZero() && !start.After(limits.After) && !start.Equal(limits.Kept.StartsAt):
		p.Add(fault.Invalid(field+".startsAt", "time.past"))
	case limits.Kept.EndsAt.After(limits.After) && !end.After(limits.After):
		p.Add(fault.Invalid(field+".endsAt", "time.past"))
	case !end.After(start):
		p.Add(fault.Invalid(field+".endsAt", "time.order"))
	case w.EndsAt > w.StartsAt.Plus(limits.Longest).Shown(w.TimeZone):
		p.AddAt(field+".endsAt", limits.TooLong)
	}
	return Date{StartsAt: start, EndsAt: end, StartsAtLocal: w.StartsAt, EndsAtLocal: w.EndsAt, TimeZone: w.TimeZone}
}

// Start is the start, by the clock where it is.
func (d Date) Start() clock.Moment { return clock.Moment{At: d.StartsAt, Zone: d.TimeZone} }

// End is the end, by the clock where it is.
func (d Date) End() clock.Moment { return clock.Moment{At: d.EndsAt, Zone: d.TimeZone} }

// IsOver reports whether the date has ended at an instant. What has only started is not over.
func (d Date) IsOver(at time.Time) bool { return !d.EndsAt.After(at) }

// IsRunning reports whether the date has started at an instant and is not over.
func (d Date) IsRunning(at time.Time) bool { return !d.StartsAt.After(at) && !d.IsOver(at) }

// IsSame reports whether two dates are at the same time, by the clock on the wall too.
func (d Date) IsSame(other Date) bool {
	return d.StartsAt.Equal(other.StartsAt) && d.EndsAt.Equal(other.EndsAt) && d.Wall() == other.Wall()
}

// Wall is the date by the clock on the wall.
func (d Date) Wall() Wall {
	return Wall{StartsAt: d.StartsAtLocal, EndsAt: d.EndsAtLocal, TimeZone: d.TimeZone}
}

// StartingAt is the date by the clock on the wall with another start, which takes the end
// along, so that it lasts as long as before by that clock. A start that does not exist leaves
// the end.
func (d Date) StartingAt(startsAt clock.Local, zone clock.Zone) Wall {
	w := Wall{StartsAt: startsAt, EndsAt: d.EndsAtLocal, TimeZone: zone}
	if _, err := startsAt.In(zone); err == nil {
		w.EndsAt = startsAt.Plus(d.EndsAtLocal.Since(d.StartsAtLocal)).Shown(zone)
	}
	return w
}
