package schedule

import (
	"slices"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
)

// farthestCopy is how many days besides the wanted one are tried for the first date of a copy.
const farthestCopy = 31

// Copy is the recurrence of a copy of something that began with a date, whose first date is to be at a start or near it,
// and that date. Both have as many dates. If the rule does not have the start, the nearest day that it has is taken, of the
// same weekday if there is one; exact forbids that. What is wrong is noted at the field.
func (r *Recurrence) Copy(p *fault.Problems, field string, first Date, to clock.Local, exact bool) (*Recurrence, clock.Local) {
	var wrong fault.Problems
	for _, days := range nearDays(exact) {
		from := to.Plus(time.Duration(days) * 24 * time.Hour)
		var tried fault.Problems
		if copied := r.movedTo(first, from).Clean(&tried, field, first.StartingAt(from, first.TimeZone)); len(tried) == 0 {
			return copied, from
		}
		if wrong == nil {
			wrong = tried
		}
	}
	for _, problem := range wrong {
		p.AddAt(field, problem)
	}
	return nil, to
}

// nearDays are the distances in days that are tried, whole weeks first.
func nearDays(exact bool) []int {
	days := []int{0}
	if exact {
		return days
	}
	for _, isWeek := range []bool{true, false} {
		for n := 1; n <= farthestCopy; n++ {
			if (n%7 == 0) == isWeek {
				days = append(days, -n, n)
			}
		}
	}
	return days
}

// movedTo asks for the same dates, as many days later as a new first date is. Exceptions that the rule does not have then are
// left out.
func (r *Recurrence) movedTo(first Date, to clock.Local) *RecurrenceInput {
	by := to.Since(first.StartsAtLocal)
	in := &RecurrenceInput{Rule: r.Rule}
	rule, err := parseRule(r.Rule)
	if err != nil {
		return in
	}
	in.Rule = rule.times(len(r.ruled(first.StartsAtLocal, first.TimeZone)))
	for _, l := range r.ExtraDates {
		in.ExtraDates = append(in.ExtraDates, l.Plus(by))
	}
	moved := Recurrence{Rule: in.Rule, ExtraDates: in.ExtraDates}
	slots := moved.Slots(to, first.TimeZone)
	for _, l := range r.ExceptDates {
		if except := l.Plus(by); slices.Contains(slots, except) {
			in.ExceptDates = append(in.ExceptDates, except)
		}
	}
	return in
}

// Moved is the recurrence of something whose dates are all moved as its first one is, and of which there are as many. What is
// wrong is noted at the field, also that the rule does not have the new first date.
func (r *Recurrence) Moved(p *fault.Problems, field string, old Date, first Wall) *Recurrence {
	in, by := &RecurrenceInput{Rule: r.Rule}, first.StartsAt.Since(old.StartsAtLocal)
	if rule, err := parseRule(r.Rule); err == nil && !rule.until.isNone() && (by != 0 || first.TimeZone != old.TimeZone) {
		in.Rule = rule.times(len(r.ruled(old.StartsAtLocal, old.TimeZone)))
	}
	for _, l := range r.ExtraDates {
		in.ExtraDates = append(in.ExtraDates, l.Plus(by))
	}
	for _, l := range r.ExceptDates {
		in.ExceptDates = append(in.ExceptDates, l.Plus(by))
	}
	var wrong fault.Problems
	moved := in.clean(&wrong, field, first)
	for _, problem := range wrong {
		p.AddAt(field, problem)
	}
	return moved
}

// Equal reports whether both have the same rule and the same single dates.
func (r *Recurrence) Equal(other *Recurrence) bool {
	return r.Rule == other.Rule && slices.Equal(r.ExtraDates, other.ExtraDates) && slices.Equal(r.ExceptDates, other.ExceptDates)
}
