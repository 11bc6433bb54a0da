package event

import (
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
)

// AttendInput is a date to attend.
type AttendInput struct {
	ClientMutationID *string
	OccurrenceID     string
	Guests           int
	Answers          []booking.AnswerInput `json:",omitempty"`
	GuestNames       []string              `json:",omitempty"`
	GuestAgeBands    []booking.AgeBand     `json:",omitempty"`
}

func (in *AttendInput) reply() booking.Reply {
	return booking.Reply{Answers: in.Answers, GuestNames: in.GuestNames, GuestAgeBands: in.GuestAgeBands}
}

// Clean checks the input. Returns Problems.
func (in *AttendInput) Clean() error {
	p := checkOccurrence(in.ClientMutationID, in.OccurrenceID)
	checkGuests(&p, in.Guests)
	in.reply().Check(&p)
	return p.Err()
}

func checkGuests(p *fault.Problems, guests int) {
	if guests < 0 || guests > maxGuests {
		p.Add(fault.Invalid("input.guests", "booking.guests").With("Max", maxGuests))
	}
}

// UpdateAttendanceInput is a date that the viewer attends with other guests than before.
type UpdateAttendanceInput struct {
	ClientMutationID *string
	OccurrenceID     string
	Guests           int
	GuestNames       []string          `json:",omitempty"`
	GuestAgeBands    []booking.AgeBand `json:",omitempty"`
}

func (in *UpdateAttendanceInput) reply() booking.Reply {
	return booking.Reply{GuestNames: in.GuestNames, GuestAgeBands: in.GuestAgeBands}
}

// Clean checks the input. Returns Problems.
func (in *UpdateAttendanceInput) Clean() error {
	p := checkOccurrence(in.ClientMutationID, in.OccurrenceID)
	checkGuests(&p, in.Guests)
	in.reply().Check(&p)
	return p.Err()
}

// LeaveInput is a date that the viewer does not want to attend after all.
type LeaveInput struct {
	ClientMutationID *string
	OccurrenceID     string
}

// Clean checks the input. Returns Problems.
func (in *LeaveInput) Clean() error {
	return checkOccurrence(in.ClientMutationID, in.OccurrenceID).Err()
}
