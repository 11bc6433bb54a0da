package schedule

import (
	"slices"
	"time"

	"faellesskab/internal/clock"
)

const (
	// MaxDates is how many dates something that recurs may have.
	MaxDates = 400
	// maxMonths is how long after the first date the last one may start.
	maxMonths = 24
)

// Recurrence says on which dates something happens again and again: by a rule, with dates besides and
// dates left out. All times are by the clock on the wall, in the zone of the thing.
type Recurrence struct {
	// Rule is an RRULE of RFC 5545 without its name, such as "FREQ=WEEKLY;BYDAY=TU;COUNT=10"; see parseRule for
	// the parts it may have.
	Rule string `bson:"rule"`
	// ExtraDates are starts besides those of the rule, and ExceptDates starts that are left out; both in
	// order, each once.
	ExtraDates  []clock.Local `bson:"extraDates,omitempty"`
	ExceptDates []clock.Local `bson:"exceptDates,omitempty"`
}

// Slots are the starts of all dates, in order, of something whose rule begins at first. A start that the clock of
// the zone skips is left out, and of a start that comes twice there is one. A rule that only a newer version
// understands has no dates of its own.
func (r *Recurrence) Slots(first clock.Local, zone clock.Zone) []clock.Local {
	return r.place(r.ruled(first, zone), zone)
}

// place puts in the extra dates, and leaves out what is excepted, or skipped by the clock.
func (r *Recurrence) place(slots []clock.Local, zone clock.Zone) []clock.Local {
	slots = slices.Concat(slots, r.ExtraDates)
	slices.Sort(slots)
	return slices.DeleteFunc(slices.Compact(slots), func(l clock.Local) bool {
		_, err := l.In(zone)
		return err != nil || slices.Contains(r.ExceptDates, l)
	})
}

// ruled are the starts by the rule alone, also those that the clock skips.
func (r *Recurrence) ruled(first clock.Local, zone clock.Zone) []clock.Local {
	rule, err := parseRule(r.Rule)
	if err != nil {
		return nil
	}
	slots, _ := rule.expand(first, zone, MaxDates)
	return slots
}

// Split divides the dates at one of them: before has those that start earlier, and after the others, whose rule
// begins at from. A number of dates is divided, and exceptions stay where they are. Nil stands for no dates at all.
func (r *Recurrence) Split(first, at clock.Local, zone clock.Zone) (before *Recurrence, from clock.Local, after *Recurrence) {
	slots := r.ruled(first, zone)
	n, _ := slices.BinarySearch(slots, at)
	before, after = r.part(n, func(l clock.Local) bool { return l < at }), r.part(len(slots)-n, func(l clock.Local) bool { return l >= at })
	from = at
	if n < len(slots) {
		from = slots[n]
	} else if after != nil {
		after.Rule = onlyOnce // what is left are extra dates, the first of which is at
	}
	if n == 0 && before != nil {
		before.Rule = onlyOnce
		before.ExceptDates = append([]clock.Local{first}, before.ExceptDates...)
	}
	return before, from, after
}

// onlyOnce is a rule that has its first date and no other.
const onlyOnce = "FREQ=DAILY;COUNT=1"

// part is the recurrence with so many dates of its rule, and with those other dates that are kept; nil if there are
// none.
func (r *Recurrence) part(ruled int, keeps func(clock.Local) bool) *Recurrence {
	part := &Recurrence{Rule: r.Rule}
	for _, l := range r.ExtraDates {
		if keeps(l) {
			part.ExtraDates = append(part.ExtraDates, l)
		}
	}
	for _, l := range r.ExceptDates {
		if keeps(l) {
			part.ExceptDates = append(part.ExceptDates, l)
		}
	}
	if ruled == 0 && len(part.ExtraDates) == 0 {
		return nil
	}
	if rule, err := parseRule(r.Rule); err == nil && ruled > 0 {
		part.Rule = rule.times(ruled)
	}
	return part
}

// LeavesOut reports whether the rule passes over months or years that do not have the day on which it begins, such as
// the 31st or 29 February, so that whoever makes it can be warned.
func (r *Recurrence) LeavesOut(first clock.Local) bool {
	rule, err := parseRule(r.Rule)
	if err != nil || len(rule.days) > 0 {
		return false
	}
	monthDays := rule.monthDays
	if len(monthDays) == 0 {
		monthDays = []int{first.OnPaper().Day()}
	}
	switch rule.freq {
	case monthly:
		return slices.ContainsFunc(monthDays, func(d int) bool { return d > 28 || d < -28 })
	case yearly:
		return len(rule.monthDays) == 0 && first.OnPaper().Month() == time.February && first.OnPaper().Day() == 29
	}
	return false
}
