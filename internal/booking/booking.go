package booking

import (
	"slices"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/outbox"
)

// State is where a place stands.
type State string

// The states.
const (
	PendingApproval State = "PENDING_APPROVAL"
	Confirmed       State = "CONFIRMED"
	Waitlisted      State = "WAITLISTED"
	Offered         State = "OFFERED"
	Declined        State = "DECLINED"
	Cancelled       State = "CANCELLED"
	Attended        State = "ATTENDED"
	NoShow          State = "NO_SHOW"
)

// Loss is why somebody was taken out of line.
type Loss string

// LostAccess says that they might not take the seat any more when it was their
// turn.
const LostAccess Loss = "LOST_ACCESS"

// standing are the states in which a person cannot sign up again.
var standing = []State{PendingApproval, Confirmed, Waitlisted, Offered, Attended, NoShow}

// Stands reports whether the person has a place or is in line for one.
func (s State) Stands() bool { return slices.Contains(standing, s) }

// holding are the states in which a place takes seats.
var holding = []State{Confirmed, Offered, Attended, NoShow}

// Holds reports whether a place in this state takes seats.
func (s State) Holds() bool { return slices.Contains(holding, s) }

// published is the state in which a bookable thing can be booked. Events and
// courses call it the same.
const published = "PUBLISHED"

// unlimited stands for the free seats of a thing without a capacity, so that
// one update serves both kinds.
const unlimited = 1 << 30

// Seats is the part of a bookable thing's document that this package keeps.
// Documents embed it inline, beside a "state" and a "startsAt".
type Seats struct {
	Capacity   *int `bson:"capacity,omitempty"` // nil: no limit
	SeatsTaken int  `bson:"seatsTaken"`
	FreeSeats  int  `bson:"seatsLeft"` // below zero after the capacity was lowered
	// HasQueue keeps newcomers from passing those in line; QueueSeq counts those
	// who have joined it.
	HasQueue bool `bson:"hasQueue,omitempty"`
	QueueSeq int  `bson:"queueSeq,omitempty"`
	// Claims are the people whose seat is taken but whose place is not yet
	// written: person id to batch of effects.
	Claims map[string]string `bson:"claims,omitempty" json:"-"`
	// Released are the releases that have been counted, by effect.
	Released map[string]time.Time `bson:"released,omitempty" json:"-"`
}

// maxCapacity is the largest capacity that can be asked for.
const maxCapacity = 100_000

// CheckCapacity refuses a capacity that cannot be; nil is no limit.
func CheckCapacity(p *fault.Problems, field string, capacity *int) {
	if capacity != nil && (*capacity < 0 || *capacity > maxCapacity) {
		p.Add(fault.Invalid(field, "booking.capacity").With("Max", maxCapacity))
	}
}

// NewSeats are the seats of a new thing; nil is no limit.
func NewSeats(capacity *int) Seats {
	return Seats{Capacity: capacity, FreeSeats: freeSeats(capacity, 0)}
}

func freeSeats(capacity *int, taken int) int {
	if capacity == nil {
		return unlimited
	}
	return *capacity - taken
}

// SeatsLeft is how many seats are free, never below zero; nil if there is no
// limit.
func (s Seats) SeatsLeft() *int {
	if s.Capacity == nil {
		return nil
	}
	n := max(s.FreeSeats, 0)
	return &n
}

// Place is one person's place at one bookable thing. Documents embed it
// inline.
type Place struct {
	ID         string    `bson:"_id"` // bookableID:personID
	BookableID string    `bson:"bookableId"`
	PersonID   string    `bson:"personId"`
	State      State     `bson:"state"`
	Guests     int       `bson:"guests"`
	StartsAt   time.Time `bson:"startsAt"` // of the bookable thing
	CreatedAt  time.Time `bson:"createdAt"`
	QueuedAt   time.Time `bson:"queuedAt"` // when the person last joined the line
	// OfferExpiresAt is until when an offered seat is kept; nil unless OFFERED.
	OfferExpiresAt *time.Time `bson:"offerExpiresAt,omitempty"`
	// LostBecause says why a place in line was cancelled that the person did not
	// give up; empty otherwise.
	LostBecause Loss `bson:"lostBecause,omitempty"`
	// LastClaim is the batch of effects that last gave the person a seat.
	LastClaim string `bson:"lastClaim" json:"-"`
	Version   int    `bson:"version"`

	outbox.Pending `bson:",inline"`
}

// seats is how many seats a place takes.
func (p *Place) seats() int { return 1 + p.Guests }

// IDOf is the id of a person's place.
func IDOf(bookableID, personID string) string { return id.Pair(bookableID, personID) }

// Bookable is what this package reads of a bookable thing.
type Bookable struct {
	ID       string    `bson:"_id"`
	State    string    `bson:"state"`
	StartsAt time.Time `bson:"startsAt"`
	Audience string    `bson:"audience"`
	Seats    `bson:",inline"`
}

// IsOpen reports whether seats can be taken at an instant.
func (b *Bookable) IsOpen(now time.Time) bool { return b.State == published && b.StartsAt.After(now) }
