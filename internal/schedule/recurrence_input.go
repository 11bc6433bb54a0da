package schedule

import (
	"errors"
	"slices"
	"strconv"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
)

// RecurrenceInput says on which dates something is to happen again and again.
type RecurrenceInput struct {
	Rule        string
	ExtraDates  []clock.Local
	ExceptDates []clock.Local
}

// Clean checks the input for something whose first date is this, and tidies it; nil for nil. What is wrong is noted
// below the field: a rule that cannot be asked for, has no end, or does not have the first date; more than MaxDates
// dates, a last one that is too far away, or none at all; extra dates before the first or that the clock skips, and
// exceptions that leave nothing out.
func (in *RecurrenceInput) Clean(p *fault.Problems, field string, first Wall) *Recurrence {
	if in == nil {
		return nil
	}
	r := in.clean(p, field, first)
	if r != nil {
		in.checkExtra(p, field, first)
		in.checkExcept(p, field, slices.Concat(r.ruled(first.StartsAt, first.TimeZone), r.ExtraDates))
	}
	return r
}

// Check notes a rule that cannot be read and lists that are too long, whatever the first date is; nil has none.
func (in *RecurrenceInput) Check(p *fault.Problems, field string) {
	if in == nil || in.isTooLong(p, field) {
		return
	}
	if _, err := parseRule(in.Rule); err != nil {
		p.AddAt(field+".rule", whyNoRule(err))
	}
}

// clean is Clean without a look at the single dates.
func (in *RecurrenceInput) clean(p *fault.Problems, field string, first Wall) *Recurrence {
	if in.isTooLong(p, field) {
		return nil
	}
	rule, err := parseRule(in.Rule)
	if err != nil {
		p.AddAt(field+".rule", whyNoRule(err))
		return nil
	}
	slots, isMore := rule.expand(first.StartsAt, first.TimeZone, MaxDates)
	if problem := rule.whyNot(first, slots, isMore); problem != nil {
		p.AddAt(field+".rule", problem)
		return nil
	}
	r := &Recurrence{Rule: rule.text, ExtraDates: tidied(in.ExtraDates), ExceptDates: tidied(in.ExceptDates)}
	switch n := len(r.place(slots, first.TimeZone)); {
	case n == 0:
		p.Add(fault.Invalid(field, "recurrence.no_dates"))
	case n > MaxDates:
		p.Add(fault.Invalid(field, "recurrence.too_many").With("Max", MaxDates))
	}
	return r
}

// isTooLong notes lists that are longer than those of any recurrence, before anybody looks at what is in them.
func (in *RecurrenceInput) isTooLong(p *fault.Problems, field string) bool {
	before := len(*p)
	for name, list := range map[string][]clock.Local{"extraDates": in.ExtraDates, "exceptDates": in.ExceptDates} {
		if len(list) > MaxDates {
			p.Add(fault.Invalid(field+"."+name, "recurrence.too_many").With("Max", MaxDates))
		}
	}
	return len(*p) > before
}

// whyNoRule is why a text cannot be read as a rule.
func whyNoRule(err error) *fault.Error {
	if errors.Is(err, errNoEnd) {
		return fault.Invalid("", "recurrence.no_end")
	}
	return fault.Invalid("", "recurrence.rule").With("Example", "FREQ=WEEKLY;BYDAY=TU;COUNT=10")
}

// whyNot is why something whose first date is this cannot have the rule, which gives these starts; nil if it can.
func (r *rule) whyNot(first Wall, slots []clock.Local, isMore bool) *fault.Error {
	switch {
	case len(slots) == 0 && r.count == 0 && r.until.isBefore(first.StartsAt, first.TimeZone):
		return fault.Invalid("", "recurrence.no_dates")
	case len(slots) == 0 || slots[0] != first.StartsAt:
		near := r.nearest(first.StartsAt, first.TimeZone)
		if len(near) == 0 {
			return fault.Invalid("", "recurrence.no_dates")
		}
		return fault.Invalid("", "recurrence.misses").With("Nearest", near)
	case isMore || r.count > MaxDates:
		return fault.Invalid("", "recurrence.too_many").With("Max", MaxDates)
	case slots[len(slots)-1] > last(first.StartsAt) || len(slots) < r.count:
		return fault.Invalid("", "recurrence.too_long").With("Max", maxMonths)
	}
	return nil
}

// last is the latest start of something whose first date starts then. Whoever begins on the 31st may end on the last day
// of a shorter month.
func last(first clock.Local) clock.Local {
	start := first.OnPaper()
	end := start.AddDate(0, maxMonths, 0)
	if end.Day() != start.Day() {
		end = end.AddDate(0, 0, -end.Day())
	}
	return clock.LocalOf(end, "UTC")
}

// tidied are the times in order, each once; nil for none.
func tidied(list []clock.Local) []clock.Local {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

func (in *RecurrenceInput) checkExtra(p *fault.Problems, field string, first Wall) {
	for i, l := range in.ExtraDates {
		at := field + ".extraDates." + strconv.Itoa(i)
		_, err := l.In(first.TimeZone)
		switch {
		case err != nil:
			p.AddAt(at, err)
		case l <= first.StartsAt:
			p.Add(fault.Invalid(at, "recurrence.extra_early"))
		case l > last(first.StartsAt):
			p.Add(fault.Invalid(at, "recurrence.too_long").With("Max", maxMonths))
		}
	}
}

func (in *RecurrenceInput) checkExcept(p *fault.Problems, field string, slots []clock.Local) {
	for i, l := range in.ExceptDates {
		if !slices.Contains(slots, l) {
			p.Add(fault.Invalid(field+".exceptDates."+strconv.Itoa(i), "recurrence.except_unknown"))
		}
	}
}
