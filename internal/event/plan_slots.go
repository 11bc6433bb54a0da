package event

import (
	"cmp"
	"slices"
	"time"

	"faellesskab/internal/clock"
)

// nearBy is how far a date with people is moved at most to one that a changed rule has and that is new.
const nearBy = 6 * 24 * time.Hour

// placed are the dates to come that get another slot when the plan of a series is changed. A date stays the date of its
// slot: at the same time before and after, moved by as much as the series is. Where the series has no such date any more,
// people who have signed up follow to the nearest new one.
func placed(old, is *Series, dates []*Occurrence, now time.Time) []Placed {
	slots, by := is.slots(), is.First.StartsAtLocal.Since(old.First.StartsAtLocal)
	free := map[clock.Local]bool{}
	for _, slot := range slots {
		free[slot] = is.at(slot).StartsAt.After(now)
	}
	var list []Placed
	var lost []*Occurrence
	for _, o := range dates {
		to := o.Slot.Plus(by)
		switch {
		case o.Slot == "" || !o.StartsAt.After(now):
			free[o.Slot] = false
		case slices.Contains(slots, to):
			free[to] = false
			list = append(list, Placed{o.ID, to})
		default:
			lost = append(lost, o)
		}
	}
	for _, o := range lost {
		to := o.Slot // the date stays, or goes if nobody has signed up
		if near := nearest(slots, free, o.Slot.Plus(by)); o.hasPeople() && near != "" {
			to, free[near] = near, false
		}
		list = append(list, Placed{o.ID, to})
	}
	return slices.DeleteFunc(list, func(p Placed) bool {
		return slices.ContainsFunc(dates, func(o *Occurrence) bool { return o.ID == p.ID && o.Slot == p.Slot })
	})
}

// nearest is the free slot that is nearest to a time; empty if none is near.
func nearest(slots []clock.Local, free map[clock.Local]bool, to clock.Local) clock.Local {
	far := func(l clock.Local) time.Duration { return l.Since(to).Abs() }
	open := slices.DeleteFunc(slices.Clone(slots), func(l clock.Local) bool { return !free[l] || far(l) > nearBy })
	if len(open) == 0 {
		return ""
	}
	return slices.MinFunc(open, func(a, b clock.Local) int { return cmp.Or(cmp.Compare(far(a), far(b)), cmp.Compare(a, b)) })
}

// relocated are copies of the dates with the slots that they get.
func relocated(dates []*Occurrence, to []Placed) []*Occurrence {
	list := make([]*Occurrence, len(dates))
	for i, o := range dates {
		moved := *o
		if at := slices.IndexFunc(to, func(p Placed) bool { return p.ID == o.ID }); at >= 0 {
			moved.Slot = to[at].Slot
		}
		list[i] = &moved
	}
	return list
}
