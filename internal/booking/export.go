package booking

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/fault"
)

// Mark is what a bookable thing's own document keeps of one person's place, in the export of the
// person.
type Mark struct {
	BookableID     string      `json:"id"`
	SeatOnItsWay   bool        `json:"seatOnItsWay,omitempty"`
	SeatsFreedAt   []time.Time `json:"seatsFreedAt,omitempty"`
	SeatsKeptSince *time.Time  `json:"seatsKeptSince,omitempty"`
}

// ExportMarks calls keep with the marks of a person's places.
func (s *Service) ExportMarks(ctx context.Context, personID string, keep func(record any) error) error {
	return s.store.walkBookings(personID).Each(ctx, func(p *Booking) error {
		seats, err := s.store.marks(ctx, p)
		if err != nil {
			return fault.UnlessNotFound(err)
		}
		m := Mark{BookableID: p.BookableID, SeatOnItsWay: seats.Claims[personID] != ""}
		for _, r := range seats.Released {
			if r.Of == p.ID {
				m.SeatsFreedAt = append(m.SeatsFreedAt, r.At)
			}
		}
		slices.SortFunc(m.SeatsFreedAt, time.Time.Compare)
		if seats.Kept.isFor(p) {
			m.SeatsKeptSince = seats.Kept.Since
		}
		if !m.SeatOnItsWay && len(m.SeatsFreedAt) == 0 && m.SeatsKeptSince == nil {
			return nil
		}
		return keep(m)
	})
}

// Record is a place in the export of its person. Domains embed it.
type Record struct {
	Booking        string        `json:"place"`
	BookableID     string        `json:"of"`
	State          State         `json:"state"`
	Guests         int           `json:"guests"`
	StartsAt       time.Time     `json:"startsAt"`
	SignedUpAt     time.Time     `json:"signedUpAt"`
	InLineSince    *time.Time    `json:"inLineSince,omitempty"`
	OfferExpiresAt *time.Time    `json:"offerExpiresAt,omitempty"`
	EndedBecause   *EndedBecause `json:"endedBecause,omitempty"`
}

// Record is the place in the form for the export.
func (p *Booking) Record() Record {
	r := Record{Booking: p.ID, BookableID: p.BookableID, State: p.State, Guests: p.Guests, StartsAt: p.StartsAt, SignedUpAt: p.CreatedAt,
		OfferExpiresAt: p.OfferExpiresAt, EndedBecause: p.EndedBecause}
	if !p.QueuedAt.IsZero() {
		r.InLineSince = &p.QueuedAt
	}
	return r
}
