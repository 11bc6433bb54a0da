package booking

import (
	"context"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/privacy"
)

// Mark is what a bookable thing's own document keeps of one person's booking, in the export of the
// person.
type Mark struct {
	BookableID     string      `json:"id"`
	SeatOnItsWay   bool        `json:"seatOnItsWay,omitempty"`
	SeatsFreedAt   []time.Time `json:"seatsFreedAt,omitempty"`
	SeatsKeptSince *time.Time  `json:"seatsKeptSince,omitempty"`
	CountedInAt    []time.Time `json:"countedInAt,omitempty"`
}

// ExportMarks makes the export of the marks of a person's bookings in the documents of one
// sort of thing.
func (s *Service) ExportMarks(sort string) privacy.Export {
	return func(ctx context.Context, personID string, keep func(record any) error) error {
		return s.exportMarks(ctx, personID, sort, keep)
	}
}

func (s *Service) exportMarks(ctx context.Context, personID, sort string, keep func(record any) error) error {
	return s.store.walkBookings(personID, sort).Each(ctx, func(b *Booking) error {
		seats, err := s.store.marks(ctx, b)
		if err != nil {
			return fault.UnlessNotFound(err)
		}
		m := Mark{BookableID: b.BookableID, SeatOnItsWay: seats.Claims[personID] != ""}
		for _, r := range seats.Released {
			if r.Of == b.ID {
				m.SeatsFreedAt = append(m.SeatsFreedAt, r.At)
			}
		}
		slices.SortFunc(m.SeatsFreedAt, time.Time.Compare)
		for _, r := range seats.Admitted {
			if r.Of == b.ID {
				m.CountedInAt = append(m.CountedInAt, r.At)
			}
		}
		slices.SortFunc(m.CountedInAt, time.Time.Compare)
		if seats.Kept.isFor(b) {
			m.SeatsKeptSince = seats.Kept.Since
		}
		if !m.SeatOnItsWay && len(m.SeatsFreedAt) == 0 && len(m.CountedInAt) == 0 && m.SeatsKeptSince == nil {
			return nil
		}
		return keep(m)
	})
}

// Record is a booking in the export of its person. Title, in Danish, is empty if the thing is
// gone.
type Record struct {
	Booking          string          `json:"booking"`
	BookableID       string          `json:"of"`
	Title            string          `json:"title,omitempty"`
	State            State           `json:"state"`
	Guests           int             `json:"guests"`
	StartsAt         time.Time       `json:"startsAt"`
	SignedUpAt       time.Time       `json:"signedUpAt"`
	InLineSince      *time.Time      `json:"inLineSince,omitempty"`
	OfferExpiresAt   *time.Time      `json:"offerExpiresAt,omitempty"`
	EndedBecause     *EndedBecause   `json:"endedBecause,omitempty"`
	AttendedSessions []SessionRecord `json:"attendedSessions,omitempty"`
	MissedSessions   []SessionRecord `json:"missedSessions,omitempty"`
	DeclinedSessions []SessionRecord `json:"declinedSessions,omitempty"`
	EndedReason      *string         `json:"organiserWrote,omitempty"`
	CheckedInAt      *time.Time      `json:"checkedInAt,omitempty"`
	CheckInUndoneAt  *time.Time      `json:"checkInUndoneAt,omitempty"`
	Answers          []AnswerRecord  `json:"answers,omitempty"`
	NamedGuests      []NamedGuest    `json:"namedGuests,omitempty"`
}

// AnswerRecord is an answer to a question of an organiser.
type AnswerRecord struct {
	Question string   `json:"question"`
	Text     *string  `json:"text,omitempty"`
	Choices  []string `json:"choices,omitempty"`
	IsYes    *bool    `json:"isYes,omitempty"`
}

// SessionRecord is a session for which attendance was recorded. When it was is missing if the
// thing no longer has it.
type SessionRecord struct {
	Session  string     `json:"session"`
	StartsAt *time.Time `json:"startsAt,omitempty"`
	// CheckedInAt is when the person was let in, and UndoneAt when that was last undone.
	CheckedInAt *time.Time `json:"checkedInAt,omitempty"`
	UndoneAt    *time.Time `json:"undoneAt,omitempty"`
}

func (b *Booking) record() *Record {
	r := &Record{Booking: b.ID, BookableID: b.BookableID, State: b.State, Guests: b.Guests, StartsAt: b.StartsAt, SignedUpAt: b.CreatedAt,
		OfferExpiresAt: b.OfferExpiresAt, EndedBecause: b.EndedBecause, EndedReason: b.EndedReason, CheckedInAt: b.CheckedInAt(), CheckInUndoneAt: b.CheckInUndoneAt, NamedGuests: b.NamedGuests}
	for _, a := range b.Answers {
		r.Answers = append(r.Answers, AnswerRecord{Question: a.Question, Text: a.Text, Choices: a.Choices, IsYes: a.IsYes})
	}
	if !b.QueuedAt.IsZero() {
		since := b.inLineSince()
		r.InLineSince = &since
	}
	return r
}

// export hands over the bookings of a person, of every sort.
func (s *Service) export(ctx context.Context, personID string, keep func(record any) error) error {
	for _, prefix := range slices.Sorted(maps.Keys(s.sorts)) {
		err := s.store.walkBookings(personID, prefix).Each(ctx, func(b *Booking) error {
			r := b.record()
			if err := s.sorts[prefix].Tell(ctx, b, r); err != nil {
				return err
			}
			return keep(r)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
