package event

import (
	"cmp"
	"slices"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
)

// nearBy is how far a date with people is moved at most to one that a changed rule has and that is new.
const nearBy = 6 * 24 * time.Hour

// placed are the dates to come that get another slot when the plan of a series is changed. A date stays the date of its
// slot: if the rule is another one, of the same slot if it has that, and otherwise of the slot that is as much later as the
// series is. Where the series has no such date any more, people who have signed up follow to the nearest new one. The date that
// the edit gives a time goes there in any case; nil: it gives none.
func placed(old, is *Series, dates []*Occurrence, named *Occurrence, now time.Time) []Placed {
	slots, by := is.slots(), is.First.StartsAtLocal.Since(old.First.StartsAtLocal)
	free := map[clock.Local]bool{}
	for _, slot := range slots {
		free[slot] = true
	}
	var list []Placed
	place := func(o *Occurrence, to clock.Local) bool {
		if !free[to] {
			return false
		}
		free[to] = false
		if to != o.Slot {
			list = append(list, Placed{o.ID, to})
		}
		return true
	}
	var left []*Occurrence
	isPlaced := named != nil && place(named, named.Slot.Plus(by))
	for _, o := range dates {
		if isPlaced && o.ID == named.ID {
			continue
		}
		if isToCome := o.Slot != "" && o.StartsAt.After(now); !isToCome {
			free[o.Slot] = false
		} else if is.isMoved(old) || !place(o, o.Slot) {
			left = append(left, o)
		}
	}
	left = slices.DeleteFunc(left, func(o *Occurrence) bool { return place(o, o.Slot.Plus(by)) })
	for _, o := range left {
		if o.hasPeople() { // otherwise the date goes
			place(o, nearest(slots, o.Slot.Plus(by), func(l clock.Local) bool { return free[l] && is.at(l).StartsAt.After(now) }))
		}
	}
	return list
}

// isMoved reports whether the series has as many dates as before by the same rule, at another time.
func (s *Series) isMoved(old *Series) bool {
	r := old.Recurrence.Moved(&fault.Problems{}, "", old.First, s.First.Wall())
	return r != nil && r.Equal(&s.Recurrence)
}

// lost are the dates to come that the series does not have, although people have signed up.
func (s *Series) lost(dates []*Occurrence, now time.Time) []string {
	var ids []string
	slots := s.slots()
	for _, o := range dates {
		if o.Slot != "" && o.StartsAt.After(now) && o.hasPeople() && !o.isOff() && !slices.Contains(slots, o.Slot) {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// nearest is the free slot that is nearest to a time; empty if none is near.
func nearest(slots []clock.Local, to clock.Local, isFree func(clock.Local) bool) clock.Local {
	far := func(l clock.Local) time.Duration { return l.Since(to).Abs() }
	open := slices.DeleteFunc(slices.Clone(slots), func(l clock.Local) bool { return !isFree(l) || far(l) > nearBy })
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
