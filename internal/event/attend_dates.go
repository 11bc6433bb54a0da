package event

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
)

// maxDatesAtOnce is for how many dates somebody can sign up at once.
const maxDatesAtOnce = 20

// AttendDatesInput are dates to attend.
type AttendDatesInput struct {
	ClientMutationID *string
	OccurrenceIDs    []string
	Guests           int
	Answers          []booking.AnswerInput `json:",omitempty"`
	GuestNames       []string              `json:",omitempty"`
	GuestAgeBands    []booking.AgeBand     `json:",omitempty"`
}

// one is the input for one of the dates.
func (in *AttendDatesInput) one(dateID string) AttendInput {
	return AttendInput{ClientMutationID: in.keyOf(dateID), OccurrenceID: dateID, Guests: in.Guests,
		Answers: in.Answers, GuestNames: in.GuestNames, GuestAgeBands: in.GuestAgeBands}
}

// Clean checks the input and tidies it. Returns Problems.
func (in *AttendDatesInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	in.OccurrenceIDs = id.Clean(&p, "input.occurrenceIds", in.OccurrenceIDs, id.Limits{Prefix: id.Occurrence, Max: maxDatesAtOnce})
	if len(in.OccurrenceIDs) == 0 {
		p.Add(fault.Invalid("input.occurrenceIds", "event.no_dates"))
	}
	checkGuests(&p, in.Guests)
	said := in.one("")
	said.reply().Check(&p)
	return p.Err()
}

// OccurrenceOutcome is the outcome of signing up for one of several dates.
type OccurrenceOutcome struct {
	OccurrenceID string
	*booking.SignedUp
}

// AttendDates signs the viewer up for dates, each by itself: a seat, a place in line, or a refusal. Whoever has signed up for
// one of them already keeps what they have. Returns Problems, NotFound for a date that the viewer may not see, and Forbidden
// if its group has banned them; nothing has changed then.
func (s *Service) AttendDates(ctx context.Context, in AttendDatesInput) ([]*OccurrenceOutcome, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	asked := in.OccurrenceIDs
	if err := in.Clean(); err != nil {
		return nil, err
	}
	var outcomes []*OccurrenceOutcome
	call := idempotency.Call{Operation: "attendDates", Key: in.ClientMutationID, Input: in}
	_, err := idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, _ idempotency.Token) (isDone bool, err error) {
		if err := s.mayAttend(ctx, asked, in); err != nil {
			return false, err
		}
		outcomes, err = s.attendEach(ctx, asked, in)
		return err == nil, err
	})
	if err != nil || outcomes != nil {
		return outcomes, err
	}
	return s.attendEach(ctx, asked, in) // a repeat finds what the first call has done at each date
}

// mayAttend checks all dates before the viewer is signed up for the first of them.
func (s *Service) mayAttend(ctx context.Context, dateIDs []string, in AttendDatesInput) error {
	found, err := s.OccurrencesByIDs(ctx, dateIDs)
	if err != nil {
		return err
	}
	v, said := auth.FromContext(ctx), in.one("")
	var wrong error
	for i, dateID := range dateIDs {
		o := found[dateID]
		switch {
		case o == nil:
			return &fault.Error{Kind: fault.KindNotFound, Key: "event.not_found", Field: "input.occurrenceIds." + strconv.Itoa(i)}
		case o.bookable().Bars(v.BannedFrom):
			return &fault.Error{Kind: fault.KindForbidden, Key: "booking.banned", Field: "input.occurrenceIds." + strconv.Itoa(i)}
		case wrong != nil:
		case o.Capacity != nil && *o.Capacity > 0 && 1+in.Guests > *o.Capacity:
			wrong = fault.Invalid("input.guests", "booking.party").With("Max", *o.Capacity)
		default:
			wrong = o.Terms.CheckReply(in.Guests, said.reply(), "input.guests")
		}
	}
	return wrong
}

// attendEach signs the viewer up for one date after the other, under a key for each.
func (s *Service) attendEach(ctx context.Context, dateIDs []string, in AttendDatesInput) ([]*OccurrenceOutcome, error) {
	var outcomes []*OccurrenceOutcome
	seen := map[string]bool{}
	for _, dateID := range dateIDs {
		if seen[dateID] {
			continue
		}
		seen[dateID] = true
		signed, err := s.Attend(ctx, in.one(dateID))
		if fault.Is(err, fault.KindConflict) {
			signed, err = s.Booking.SignedUpFor(ctx, dateID, err)
		}
		if err != nil {
			return nil, err
		}
		outcomes = append(outcomes, &OccurrenceOutcome{dateID, signed})
	}
	return outcomes, nil
}

// keyOf is the key under which the viewer is signed up for one of the dates; nil if the call has none.
func (in *AttendDatesInput) keyOf(dateID string) *string {
	if in.ClientMutationID == nil || *in.ClientMutationID == "" {
		return nil
	}
	key := uuid.NewSHA1(uuid.MustParse(*in.ClientMutationID), []byte(dateID)).String()
	return &key
}
