package booking

import (
	"slices"
	"strconv"

	"faellesskab/internal/fault"
	"faellesskab/internal/text"
)

// Answer is a person's answer to a question. It keeps the words of the question, which may change later.
type Answer struct {
	QuestionID string       `bson:"questionId"`
	Question   string       `bson:"question"`
	Kind       QuestionKind `bson:"kind"`
	Text       *string      `bson:"text,omitempty"`
	Choices    []string     `bson:"choices,omitempty"`
	IsYes      *bool        `bson:"isYes,omitempty"`
}

// NamedGuest is a guest whom the organiser asked to be named.
type NamedGuest struct {
	Name    string   `bson:"name"`
	AgeBand *AgeBand `bson:"ageBand,omitempty"`
}

// AgeBand says about how old a guest is.
type AgeBand string

// The age bands.
const (
	AgeUnder3  AgeBand = "UNDER_3"
	Age3To6    AgeBand = "FROM_3_TO_6"
	Age7To12   AgeBand = "FROM_7_TO_12"
	Age13To17  AgeBand = "FROM_13_TO_17"
	AgeGrownUp AgeBand = "FROM_18"
)

// IsValid reports whether it is one of them.
func (b AgeBand) IsValid() bool {
	switch b {
	case AgeUnder3, Age3To6, Age7To12, Age13To17, AgeGrownUp:
		return true
	}
	return false
}

// AnswerInput is an answer to one question.
type AnswerInput struct {
	QuestionID string
	Text       *string
	Choices    []string
	IsYes      *bool
}

// Reply is what a person says besides that they want to come.
type Reply struct {
	Answers       []AnswerInput
	GuestNames    []string
	GuestAgeBands []AgeBand
}

// Check notes what cannot be said, whatever the thing asks for.
func (r Reply) Check(p *fault.Problems) {
	for i, a := range r.Answers {
		if a.Text != nil {
			text.Clean(p, "input.answers."+strconv.Itoa(i)+".text", *a.Text, answerText)
		}
		for n, choice := range a.Choices {
			text.Clean(p, "input.answers."+strconv.Itoa(i)+".choices."+strconv.Itoa(n), choice, optionLine)
		}
	}
	for i, name := range r.GuestNames {
		text.Clean(p, "input.guestNames."+strconv.Itoa(i), name, guestNameLine)
	}
}

func (r Reply) isEmpty() bool {
	return len(r.Answers) == 0 && len(r.GuestNames) == 0 && len(r.GuestAgeBands) == 0
}

// CheckReply returns Problems for what a party cannot say under these terms, and for what it has to say before it has a seat.
func (t *Terms) CheckReply(guests int, r Reply, guestsField string) error {
	b := &Booking{Guests: guests}
	if err := b.reply(t, r, guestsField); err != nil {
		return err
	}
	return b.lacking(t)
}

var (
	answerText    = text.Limits{Max: 1000, Lines: true}
	guestNameLine = text.Limits{Min: 1, Max: 60}
)

// reply puts into a booking what a person says, in place of what they have said before about the same.
// Returns Problems for what is not asked, or is no answer.
func (b *Booking) reply(t *Terms, r Reply, guestsField string) error {
	var p fault.Problems
	if most := t.maxGuests(); b.Guests > most {
		p.Add(fault.Invalid(guestsField, "booking.guests").With("Max", most))
	}
	for i, in := range r.Answers {
		field := "input.answers." + strconv.Itoa(i)
		q := t.question(in.QuestionID)
		if q == nil || slices.ContainsFunc(r.Answers[:i], func(other AnswerInput) bool { return other.QuestionID == in.QuestionID }) {
			p.Add(fault.Invalid(field+".questionId", "booking.question.unknown"))
			continue
		}
		b.Answers = slices.DeleteFunc(slices.Clone(b.Answers), func(a Answer) bool { return a.QuestionID == q.ID })
		if a := in.clean(&p, field, q); a != nil {
			b.Answers = append(b.Answers, *a)
		}
	}
	b.nameGuests(&p, t, r)
	return p.Err()
}

// clean is the answer; nil if nothing is said.
func (in *AnswerInput) clean(p *fault.Problems, field string, q *Question) *Answer {
	a := &Answer{QuestionID: q.ID, Question: q.Text, Kind: q.Kind}
	addIf(p, in.Text != nil && q.Kind != QuestionText, fault.Invalid(field+".text", "booking.answer.kind"))
	addIf(p, len(in.Choices) > 0 && !q.Kind.hasOptions(), fault.Invalid(field+".choices", "booking.answer.kind"))
	addIf(p, in.IsYes != nil && q.Kind != QuestionYesNo, fault.Invalid(field+".isYes", "booking.answer.kind"))
	for i, choice := range in.Choices {
		if q.Kind.hasOptions() && (!slices.Contains(q.Options, choice) || slices.Contains(in.Choices[:i], choice)) {
			p.Add(fault.Invalid(field+".choices."+strconv.Itoa(i), "booking.answer.choice"))
		}
	}
	if q.Kind == QuestionChoice && len(in.Choices) > 1 {
		p.Add(fault.Invalid(field+".choices", "booking.answer.one"))
	}
	if in.Text != nil {
		if said := text.Clean(p, field+".text", *in.Text, answerText); said != "" {
			a.Text = &said
		}
	}
	a.Choices, a.IsYes = in.Choices, in.IsYes
	if a.Text == nil && len(a.Choices) == 0 && a.IsYes == nil {
		return nil
	}
	return a
}

// nameGuests takes over the names of guests, or forgets those of guests who do not come.
func (b *Booking) nameGuests(p *fault.Problems, t *Terms, r Reply) {
	isAsked := t.OrNone() != nil && t.NamesGuests
	switch {
	case len(r.GuestAgeBands) > 0 && len(r.GuestAgeBands) != len(r.GuestNames):
		p.Add(fault.Invalid("input.guestAgeBands", "booking.guest_names.ages"))
	case len(r.GuestNames) == 0:
		b.NamedGuests = b.NamedGuests[:min(len(b.NamedGuests), b.Guests)]
	case !isAsked:
		p.Add(fault.Invalid("input.guestNames", "booking.guest_names.unasked"))
	case len(r.GuestNames) != b.Guests:
		p.Add(fault.Invalid("input.guestNames", "booking.guest_names"))
	default:
		b.NamedGuests = make([]NamedGuest, b.Guests)
		for i, name := range r.GuestNames {
			b.NamedGuests[i].Name = text.Clean(p, "input.guestNames."+strconv.Itoa(i), name, guestNameLine)
			if len(r.GuestAgeBands) > 0 {
				b.NamedGuests[i].AgeBand = &r.GuestAgeBands[i]
			}
		}
	}
}

// lacking is what a person must still say before they have a seat.
func (b *Booking) lacking(t *Terms) error {
	if t = t.OrNone(); t == nil {
		return nil
	}
	var p fault.Problems
	for i, q := range t.Questions {
		isAnswered := slices.ContainsFunc(b.Answers, func(a Answer) bool { return a.QuestionID == q.ID })
		if q.IsRequired && !isAnswered {
			p.Add(fault.Invalid("input.answers", "booking.answer.required").With("Number", i+1))
		}
	}
	p.AddAt("input.guestNames", b.lackingNames(t))
	return p.Err()
}

// lackingNames asks for the names of guests who must be named.
func (b *Booking) lackingNames(t *Terms) error {
	if t = t.OrNone(); t == nil || !t.NamesGuests || len(b.NamedGuests) >= b.Guests {
		return nil
	}
	return fault.Invalid("input.guestNames", "booking.guest_names")
}
