package booking

import (
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/text"
)

const (
	// MaxGuests is how many guests anybody brings at most.
	MaxGuests    = 10
	maxQuestions = 8
	minOptions   = 2
	maxOptions   = 20
	// farthestYears is how long before the start sign-up opens at most, which is longer than any series lasts.
	farthestYears = 3
	farthest      = farthestYears * 366 * 24 * time.Hour
)

var (
	questionLine = text.Limits{Min: 1, Max: 200}
	optionLine   = text.Limits{Min: 1, Max: 100}
)

// TermsInput is what an organiser asks of those who sign up.
type TermsInput struct {
	OpensAt       *clock.Local
	ClosesAt      *clock.Local
	NeedsApproval bool
	MaxGuests     *int
	NamesGuests   bool
	ReservedSeats int
	IsFair        bool
	Questions     []QuestionInput
}

// QuestionInput is one question; without an id it is new.
type QuestionInput struct {
	ID         *string
	Text       string
	Kind       QuestionKind
	Options    []string
	IsRequired bool
}

// Asked is for what terms are set.
type Asked struct {
	// StartsAt is the start of the thing, or of the first one if there are many, in that zone.
	StartsAt clock.Local
	TimeZone clock.Zone
	Capacity *int
	// Had are the terms before, whose questions may be kept; nil: none.
	Had *Terms
	// Given is how many of the seats that were reserved have been given to people by hand. The input says how
	// many of them are left.
	Given int
	// IsCourse says that nobody brings guests, and that there is no date before to be fair about.
	IsCourse bool
}

// Clean makes terms of the input, without the instants; nil if it asks for nothing. It notes what is
// wrong below a field.
func (in *TermsInput) Clean(p *fault.Problems, field string, of Asked) *Terms {
	if in == nil {
		return nil
	}
	t := &Terms{OpensBefore: of.before(p, field+".opensAt", in.OpensAt), ClosesBefore: of.before(p, field+".closesAt", in.ClosesAt),
		NeedsApproval: in.NeedsApproval, MaxGuests: in.MaxGuests, NamesGuests: in.NamesGuests, ReservedSeats: in.ReservedSeats + of.Given, IsFair: in.IsFair}
	if t.OpensBefore != nil && t.ClosesBefore != nil && *t.OpensBefore <= *t.ClosesBefore {
		p.Add(fault.Invalid(field+".closesAt", "time.order"))
	}
	if in.MaxGuests != nil && (*in.MaxGuests < 0 || *in.MaxGuests > MaxGuests) {
		p.Add(fault.Invalid(field+".maxGuests", "booking.guests").With("Max", MaxGuests))
	}
	switch {
	case in.ReservedSeats < 0 || in.ReservedSeats > maxCapacity:
		p.Add(fault.Invalid(field+".reservedSeats", "booking.capacity").With("Max", maxCapacity))
	default:
		t.CheckReserved(p, field+".reservedSeats", of.Capacity)
	}
	of.refuseForCourse(p, field, in)
	t.Questions = cleanQuestions(p, field+".questions", in.Questions, of.Had)
	if in.asksNothing() {
		return nil
	}
	return t
}

// Check notes which texts cannot stand, whatever the terms are for; nil asks for nothing.
func (in *TermsInput) Check(p *fault.Problems, field string) {
	if in == nil {
		return
	}
	for i, q := range in.Questions[:min(len(in.Questions), maxQuestions)] {
		q.cleanTexts(p, field+".questions."+strconv.Itoa(i))
	}
}

// CheckReserved refuses more reserved seats than there are seats in all.
func (t *Terms) CheckReserved(p *fault.Problems, field string, capacity *int) {
	if n := t.reserved(); n > 0 && (capacity == nil || n > *capacity) {
		p.Add(fault.Invalid(field, "booking.reserved"))
	}
}

func (in *TermsInput) asksNothing() bool {
	return in.OpensAt == nil && in.ClosesAt == nil && !in.NeedsApproval && in.MaxGuests == nil && !in.NamesGuests &&
		in.ReservedSeats == 0 && !in.IsFair && len(in.Questions) == 0
}

func (of Asked) refuseForCourse(p *fault.Problems, field string, in *TermsInput) {
	if !of.IsCourse {
		return
	}
	addIf(p, in.MaxGuests != nil && *in.MaxGuests > 0, fault.Invalid(field+".maxGuests", "booking.terms.course"))
	addIf(p, in.NamesGuests, fault.Invalid(field+".namesGuests", "booking.terms.course"))
	addIf(p, in.IsFair, fault.Invalid(field+".isFair", "booking.terms.course"))
}

func addIf(p *fault.Problems, isWrong bool, e *fault.Error) {
	if isWrong {
		p.Add(e)
	}
}

// before is how long before the start a time on the wall lies.
func (of Asked) before(p *fault.Problems, field string, at *clock.Local) *time.Duration {
	if at == nil {
		return nil
	}
	_, err := at.In(of.TimeZone)
	p.AddAt(field, err)
	if _, errStart := of.StartsAt.In(of.TimeZone); err != nil || errStart != nil {
		return nil // a start that does not exist is a problem of its own
	}
	by := of.StartsAt.Since(*at)
	if by < 0 || by > farthest {
		p.Add(fault.Invalid(field, "booking.window"))
	}
	return &by
}

func cleanQuestions(p *fault.Problems, field string, list []QuestionInput, had *Terms) []Question {
	if len(list) > maxQuestions {
		p.Add(fault.Invalid(field, "booking.questions").With("Max", maxQuestions))
		return nil
	}
	var cleaned []Question
	seen := map[string]bool{}
	for i, in := range list {
		q := in.clean(p, field+"."+strconv.Itoa(i), had)
		if q.ID != "" && seen[q.ID] {
			p.Add(fault.Invalid(field+"."+strconv.Itoa(i)+".id", "booking.question.twice"))
		}
		seen[q.ID] = true
		cleaned = append(cleaned, q)
	}
	return cleaned
}

func (in *QuestionInput) clean(p *fault.Problems, field string, had *Terms) Question {
	q := in.cleanTexts(p, field)
	if in.ID != nil {
		was := had.question(*in.ID)
		switch q.ID = *in.ID; {
		case was == nil:
			p.Add(fault.Invalid(field+".id", "booking.question.unknown"))
		case was.Kind != in.Kind:
			p.Add(fault.Invalid(field+".kind", "booking.question.kind"))
		}
	}
	switch {
	case !in.Kind.hasOptions() && len(in.Options) > 0:
		p.Add(fault.Invalid(field+".options", "booking.question.no_options"))
	case in.Kind.hasOptions() && (len(in.Options) < minOptions || len(in.Options) > maxOptions || hasTwice(q.Options)):
		p.Add(fault.Invalid(field+".options", "booking.question.options").With("Min", minOptions).With("Max", maxOptions))
	}
	return q
}

// cleanTexts is the question without its id, as far as its texts can stand.
func (in *QuestionInput) cleanTexts(p *fault.Problems, field string) Question {
	q := Question{Text: text.Clean(p, field+".text", in.Text, questionLine), Kind: in.Kind, IsRequired: in.IsRequired}
	for i, option := range in.Options[:min(len(in.Options), maxOptions)] {
		q.Options = append(q.Options, text.Clean(p, field+".options."+strconv.Itoa(i), option, optionLine))
	}
	return q
}

func hasTwice(list []string) bool {
	return len(slices.Compact(slices.Sorted(slices.Values(list)))) < len(list)
}
