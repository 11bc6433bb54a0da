package booking

import (
	"context"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/text"
)

// HandInput says whom an organiser signs up for what: a person, or somebody without an account.
type HandInput struct {
	ClientMutationID       *string
	OccurrenceID, CourseID *string
	PersonID               *string
	GuestName, Contact     *string
	Guests                 *int // nil: none, or as many as a person who waits has said
	CheckIn                bool
}

// maxContact is how many characters say how to reach somebody.
const maxContact = 120

var (
	strangerName    = text.Limits{Min: 1, Max: 60}
	strangerContact = text.Limits{Min: 1, Max: maxContact}
)

// hand is what an organiser asks for.
type hand struct {
	bookableID, holder string
	personID           string // empty: somebody without an account
	guestName, contact *string
	guests             *int
	checkIn            bool
}

// key names the claim of the booking.
func (h *hand) key() string { return h.asks(time.Time{}).claimKey() }

// asks is a new booking.
func (h *hand) asks(now time.Time) *Booking {
	b := &Booking{ID: IDOf(h.bookableID, h.holder), BookableID: h.bookableID, Sort: id.Prefix(h.bookableID), PersonID: h.personID,
		GuestName: h.guestName, Contact: h.contact, CreatedAt: now, Version: 1}
	if h.guests != nil {
		b.Guests = *h.guests
	}
	return b
}

// in says that the person is let in, if so; nil otherwise.
func (h *hand) in(now time.Time) *CheckIn {
	if !h.checkIn {
		return nil
	}
	return &CheckIn{At: now, Was: Confirmed}
}

// act is what happens to the booking.
func (h *hand) act() act {
	if h.checkIn {
		return actWalkIn
	}
	return actSign
}

// handOf checks what an organiser asks for. Returns Problems.
func (s *Service) handOf(ctx context.Context, in *HandInput) (*hand, error) {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	h := &hand{guests: in.Guests, checkIn: in.CheckIn}
	addIf(&p, in.Guests != nil && (*in.Guests < 0 || *in.Guests > MaxGuests), fault.Invalid("input.guests", "booking.guests").With("Max", MaxGuests))
	switch {
	case (in.OccurrenceID == nil) == (in.CourseID == nil):
		p.Add(fault.Invalid("input.occurrenceId", "booking.hand.what"))
	case in.OccurrenceID != nil:
		h.bookableID = *in.OccurrenceID
		p.Add(id.Check("input.occurrenceId", id.Occurrence, h.bookableID))
	default:
		h.bookableID = *in.CourseID
		p.Add(id.Check("input.courseId", id.Course, h.bookableID))
		addIf(&p, in.CheckIn, fault.Invalid("input.checkIn", "booking.hand.course"))
		addIf(&p, in.Guests != nil && *in.Guests > 0, fault.Invalid("input.guests", "booking.hand.alone"))
	}
	in.cleanWho(&p, h)
	if err := p.Err(); err != nil {
		return nil, err
	}
	if h.holder = h.personID; h.holder == "" {
		h.holder = s.Keys.NewID(ctx, in.ClientMutationID, id.Person)
	}
	return h, nil
}

func (in *HandInput) cleanWho(p *fault.Problems, h *hand) {
	if in.Contact != nil {
		contact := text.Clean(p, "input.contact", *in.Contact, strangerContact)
		h.contact = &contact
	}
	switch {
	case (in.PersonID == nil) == (in.GuestName == nil):
		p.Add(fault.Invalid("input.personId", "booking.hand.who"))
	case in.PersonID != nil:
		h.personID = *in.PersonID
		p.Add(id.Check("input.personId", id.Person, h.personID))
		addIf(p, in.Contact != nil, fault.Invalid("input.contact", "booking.hand.contact"))
	default:
		name := text.Clean(p, "input.guestName", *in.GuestName, strangerName)
		h.guestName = &name
	}
}
