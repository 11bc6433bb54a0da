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

// IsValid reports whether it is one of them.
func (s State) IsValid() bool {
	switch s {
	case PendingApproval, Confirmed, Waitlisted, Offered, Declined, Cancelled, Attended, NoShow:
		return true
	}
	return false
}

// EndedBecause is why a place was cancelled that the person did not give up.
type EndedBecause string

// Why places end.
const (
	EndedLostAccess  EndedBecause = "LOST_ACCESS"  // the person left or lost the group, or it closed
	EndedNeverFits   EndedBecause = "NEVER_FITS"   // the party is larger than the thing has seats
	EndedRemoved     EndedBecause = "REMOVED"      // by the organiser
	EndedOfferLapsed EndedBecause = "OFFER_LAPSED" // not answered in time
	EndedOver        EndedBecause = "OVER"         // still in line when it began, was cancelled or completed
)

// signedUp are the states in which a person cannot sign up again.
var signedUp = []State{PendingApproval, Confirmed, Waitlisted, Offered, Attended, NoShow}

// IsSignedUp reports whether the person has a place or is in line for one.
func (s State) IsSignedUp() bool { return slices.Contains(signedUp, s) }

// holding are the states in which a place takes seats.
var holding = []State{Confirmed, Offered, Attended, NoShow}

// Holds reports whether a place in this state takes seats.
func (s State) Holds() bool { return slices.Contains(holding, s) }

// awaited are the states of places that are still to be used.
var awaited = []State{Confirmed, Waitlisted, Offered, PendingApproval}

// isHeld reports whether a place in this state is still to be used.
func (s State) isHeld() bool { return slices.Contains(awaited, s) }

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
	// LineEnds is the start for which a timer is set that ends the line; nil: none.
	LineEnds *time.Time `bson:"lineEnds,omitempty" json:"-"`
	// Kept says for whom free seats wait until there are enough of them.
	Kept *Kept `bson:"kept,omitempty" json:"-"`
	// CapacityVersion is the version of its owner that the capacity follows: one that
	// comes late changes nothing.
	CapacityVersion int `bson:"capacityVersion,omitempty" json:"-"`
	// Claims are the people whose seat is taken but whose place is not yet
	// written: person id to batch of effects.
	Claims map[string]string `bson:"claims,omitempty" json:"-"`
	// Released are the releases that have been counted, by effect.
	Released map[string]Release `bson:"released,omitempty" json:"-"`
}

// Release is a release that has been counted: when, and of which place. It is
// forgotten only when its effect is gone, however late that is.
type Release struct {
	At    time.Time `bson:"at"`
	Place string    `bson:"place"`
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

// SeatsLeft is how many seats somebody who signs up now can have, never below zero;
// nil if there is no limit. What is free while people wait in line is theirs first.
func (s Seats) SeatsLeft() *int {
	if s.Capacity == nil {
		return nil
	}
	n := max(s.FreeSeats, 0)
	if s.HasQueue {
		n = 0
	}
	return &n
}

// fits reports whether a party can ever have seats: there may be none left now.
func (s Seats) fits(p *Place) bool { return s.Capacity == nil || p.seats() <= *s.Capacity }

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
	// EndedBecause says why the place was cancelled if the person did not give it up;
	// nil otherwise.
	EndedBecause *EndedBecause `bson:"endedBecause,omitempty"`
	// LastClaim is the batch of effects that last gave the person a seat.
	LastClaim string `bson:"lastClaim" json:"-"`
	Version   int    `bson:"version"`

	outbox.Pending `bson:",inline"`
}

// seats is how many seats a place takes.
func (p *Place) seats() int { return 1 + p.Guests }

// wasOver reports whether the place ended because it was over.
func (p *Place) wasOver() bool { return p.EndedBecause != nil && *p.EndedBecause == EndedOver }

// IDOf is the id of a person's place.
func IDOf(bookableID, personID string) string { return id.Pair(bookableID, personID) }

// Bookable is what this package reads of a bookable thing.
type Bookable struct {
	ID       string    `bson:"_id"`
	State    string    `bson:"state"`
	StartsAt time.Time `bson:"startsAt"`
	OpenTo   string    `bson:"openTo"`
	GroupID  string    `bson:"groupId"` // empty: it is no group's
	Seats    `bson:",inline"`
}

// IsOpen reports whether seats can be taken at an instant.
func (b *Bookable) IsOpen(now time.Time) bool { return b.State == published && b.StartsAt.After(now) }
