package booking

import (
	"slices"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/outbox"
)

// State is the state of a booking.
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

// EndedBecause is why a booking was cancelled although the person did not give it up.
type EndedBecause string

// The reasons.
const (
	EndedLostAccess  EndedBecause = "LOST_ACCESS"    // the person left or lost the group, or it closed
	EndedNeverFits   EndedBecause = "NEVER_FITS"     // the party is larger than the thing has seats
	EndedRemoved     EndedBecause = "REMOVED"        // the organiser removed the person
	EndedOfferLapsed EndedBecause = "OFFER_LAPSED"   // the person did not answer in time
	EndedOver        EndedBecause = "OVER"           // the person was still in line when it began, was cancelled or completed
	EndedClosed      EndedBecause = "SIGN_UP_CLOSED" // the person was still in line when sign-up closed
	EndedNotApproved EndedBecause = "NOT_APPROVED"   // the organiser has declined the person
)

// These are states of a thing, for which all nouns use the same words. In published it can be
// booked.
const (
	draft     = "DRAFT"
	published = "PUBLISHED"
	cancelled = "CANCELLED"
)

// unlimited stands for the free seats of a thing without a capacity, so that
// one update serves both kinds.
const unlimited = 1 << 30

// Seats is the part of a bookable thing's document that belongs to this package.
// Documents embed it inline, beside a "state" and a "startsAt".
type Seats struct {
	Capacity   *int `bson:"capacity,omitempty"` // nil: no limit
	SeatsTaken int  `bson:"seatsTaken"`
	FreeSeats  int  `bson:"seatsLeft"` // below zero after the capacity was lowered
	// Reserved are seats that the organiser keeps back. They are neither free nor taken.
	Reserved int `bson:"reserved,omitempty" json:"-"`
	// Terms are what is asked of those who sign up; nil: nothing. The write that takes a seat asks for the
	// version of the terms that were read.
	Terms *Terms `bson:"signUp,omitempty" json:"-"`
	// SeatsVersion counts the changes of the numbers of seats, so that a repair that comes
	// late changes nothing.
	SeatsVersion int `bson:"seatsVersion" json:"-"`
	// StartVersion is the version of the owner that has set the start; 0: it never moved.
	StartVersion int `bson:"startVersion,omitempty" json:"-"`
	// HasQueue keeps newcomers from passing people in line. Closing names the call that
	// looks whether the line is empty, so that it can be closed: whoever joins meanwhile
	// removes it.
	HasQueue bool   `bson:"hasQueue,omitempty"`
	Closing  string `bson:"closing,omitempty" json:"-"`
	// LineEnds is the start at which a timer will end the line; nil: no timer is set.
	LineEnds *time.Time `bson:"lineEnds,omitempty" json:"-"`
	// Kept says for which party free seats wait until there are enough of them.
	Kept *Kept `bson:"kept,omitempty" json:"-"`
	// CapacityVersion is the version of the owner that has set the capacity, so that a
	// late call with an older version changes nothing.
	CapacityVersion int `bson:"capacityVersion,omitempty" json:"-"`
	// Claims has the people whose seat is taken and whose booking is not written yet:
	// the person's id (see claimKey), and the batch of effects that writes it.
	Claims map[string]string `bson:"claims,omitempty" json:"-"`
	// HandGuests is how many people without an account have been signed up by hand.
	HandGuests int `bson:"handGuests,omitempty" json:"-"`
	// RollCalls has the last record of attendance at each part of the thing.
	RollCalls map[string]RollCall `bson:"rollCalls,omitempty" json:"-"`
	// Erasures counts the copies that are made of bookings whose people are being erased. No record
	// of attendance for which the bookings were read before is accepted after it.
	Erasures int `bson:"erasures,omitempty" json:"-"`
	// Released marks the releases that have been counted, and Admitted the check-ins.
	Released outbox.Marks `bson:"released,omitempty" json:"-"`
	Admitted outbox.Marks `bson:"admitted,omitempty" json:"-"`
	// AttendanceClosedAt is when somebody said that nobody else is expected; nil: not yet.
	AttendanceClosedAt *time.Time `bson:"attendanceClosedAt,omitempty" json:"-"`
}

// maxCapacity is the largest capacity that can be asked for.
const maxCapacity = 100_000

// CheckCapacity refuses an impossible capacity; nil is no limit.
func CheckCapacity(p *fault.Problems, field string, capacity *int) {
	if capacity != nil && (*capacity < 0 || *capacity > maxCapacity) {
		p.Add(fault.Invalid(field, "booking.capacity").With("Max", maxCapacity))
	}
}

// NewSeats are the seats of a new thing; nil is no limit.
func NewSeats(capacity *int) Seats {
	return Seats{Capacity: capacity, FreeSeats: freeSeats(capacity, 0, 0)}
}

// Limit changes the capacity of a thing that has been read; nil is no limit. SetSeats
// changes what is stored.
func (s *Seats) Limit(capacity *int) {
	s.Capacity, s.FreeSeats = capacity, freeSeats(capacity, s.SeatsTaken, s.Reserved)
}

func freeSeats(capacity *int, taken, reserved int) int {
	return limit(capacity) - taken - reserved
}

// limit is how many seats there are.
func limit(capacity *int) int {
	if capacity == nil {
		return unlimited
	}
	return *capacity
}

// SeatsLeft is how many seats a person who signs up now can have, never below zero; nil if
// there is no limit. Free seats go to people in line first.
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

// fits reports whether a party can ever have seats, even if none are left now.
func (s Seats) fits(b *Booking) bool { return s.Capacity == nil || b.seats() <= *s.Capacity }

// Booking is one person's seat at one bookable thing, or their place in line. Documents embed
// it inline.
type Booking struct {
	ID         string    `bson:"_id"` // bookableID:holder
	BookableID string    `bson:"bookableId"`
	Sort       string    `bson:"sort"`     // of the thing: see Sort
	PersonID   string    `bson:"personId"` // empty for people without an account, and after erasure
	State      State     `bson:"state"`
	Guests     int       `bson:"guests"`
	StartsAt   time.Time `bson:"startsAt"` // the start of the bookable thing
	// StartVersion is the version of the thing's owner that StartsAt comes from.
	StartVersion int       `bson:"startVersion"`
	CreatedAt    time.Time `bson:"createdAt"`
	// QueuedAt is when the person last joined the line, and orders it; see IsAhead.
	QueuedAt time.Time `bson:"queuedAt"`
	// IsAhead says that the person was left out last time, and stands before those who were not.
	IsAhead bool `bson:"isAhead,omitempty"`
	// OfferExpiresAt is until when an offered seat is kept; nil unless OFFERED.
	OfferExpiresAt *time.Time `bson:"offerExpiresAt,omitempty"`
	// EndedBecause says why the booking was cancelled; nil unless it was cancelled without
	// the person's doing.
	EndedBecause *EndedBecause `bson:"endedBecause,omitempty"`
	// EndedFrom is the state that the booking had before it was ended so.
	EndedFrom State `bson:"endedFrom,omitempty"`
	// EndedReason is what the organiser who ended it wrote about it; nil: nothing.
	EndedReason *string `bson:"endedReason,omitempty"`
	// Answers are the person's answers to the questions of the organiser, and NamedGuests the guests
	// who had to be named; HasNames says that there are some, which are to be removed one day.
	Answers     []Answer     `bson:"answers,omitempty"`
	NamedGuests []NamedGuest `bson:"namedGuests,omitempty"`
	HasNames    bool         `bson:"hasNames,omitempty" json:"-"`
	// GuestName is the name of a person without an account, for whom somebody else has
	// signed up; nil for people with an account. Contact is how to reach them.
	GuestName *string `bson:"guestName,omitempty"`
	Contact   *string `bson:"contact,omitempty"`
	// Presences says at which parts of the thing, such as sessions of a course, the person
	// was.
	Presences map[string]Presence `bson:"presences,omitempty"`
	// UndoneIn is the last completion of the thing, by its number, that was undone; nil: none was. No process that comes late
	// settles the booking for it, or for one before.
	UndoneIn *int `bson:"undoneIn,omitempty" json:"-"`
	// Absences say at which parts of the thing the person will not be, by their starts as they were then: whoever has
	// declined a part that is moved has said nothing of it as it is.
	Absences map[string]time.Time `bson:"declined,omitempty" json:",omitempty"`
	// AskedBy names what has brought the thing back after which the person was last asked whether they still come.
	AskedBy string `bson:"askedBy,omitempty" json:"-"`
	// CheckIn says when the person was let in, and CheckInUndoneAt when this was last undone.
	CheckIn         *CheckIn   `bson:"checkIn,omitempty" json:",omitempty"`
	CheckInUndoneAt *time.Time `bson:"checkInUndoneAt,omitempty" json:"-"`
	// LastClaim is the batch of effects that last gave the person a seat.
	LastClaim string `bson:"lastClaim" json:"-"`
	// GrownBy is the batch of effects that last gave the person seats for more guests.
	GrownBy string `bson:"grownBy,omitempty" json:"-"`
	// Refused is the batch of effects whose seat is being given back, so that no process
	// that comes late writes the booking after all.
	Refused string `bson:"refused,omitempty" json:"-"`
	// Nobody stands in place of the person's id in the copy that is kept of the booking while
	// its person is being erased; empty: there is no copy.
	Nobody  string `bson:"nobody,omitempty" json:"-"`
	Version int    `bson:"version"`

	outbox.Pending `bson:",inline"`
}

// seats is how many seats a booking takes.
func (b *Booking) seats() int { return 1 + b.Guests }

// wasOver reports whether the booking ended because the thing was over.
func (b *Booking) wasOver() bool { return b.EndedBecause != nil && *b.EndedBecause == EndedOver }

// holder is the second half of the booking's id: the id of its person, or one that is made up for
// somebody without an account.
func (b *Booking) holder() string {
	_, holder, _ := id.Split(b.ID)
	return holder
}

// claimKey names the booking among the claims of its thing. Nobody takes the claim of somebody without an
// account for one of a person.
func (b *Booking) claimKey() string {
	if b.PersonID == "" {
		return strangerMark + b.holder()
	}
	return b.PersonID
}

const strangerMark = "stranger_"

// IDOf is the id of a person's booking.
func IDOf(bookableID, personID string) string { return id.Pair(bookableID, personID) }

// Bookable is what this package reads of a bookable thing.
type Bookable struct {
	ID       string    `bson:"_id"`
	State    string    `bson:"state"`
	StartsAt time.Time `bson:"startsAt"`
	OpenTo   string    `bson:"openTo"`
	// Circles are the circles whose people may see it, if they are several.
	Circles []string `bson:"circles,omitempty"`
	GroupID string   `bson:"groupId"` // empty if it belongs to no group
	// CoGroupIDs are the other groups to which it belongs.
	CoGroupIDs []string `bson:"coGroupIds,omitempty"`
	// Parts are what people are let in to, in the order of their starts. Only the noun knows them.
	Parts []DoorPart `bson:"-"`
	// EndsAt and TimeZone are only read where the doors are asked for.
	EndsAt   time.Time  `bson:"endsAt"`
	TimeZone clock.Zone `bson:"timeZone"`
	Due      []string   `bson:"due"` // effects that are under way; only read for a repair
	Seats    `bson:",inline"`
}

// IsOpenTo reports whether people of these circles may see it.
func (b *Bookable) IsOpenTo(circles []string) bool {
	return b.IsSeenIn(func(circle string) bool { return slices.Contains(circles, circle) })
}

// IsSeenIn reports whether people who belong to circles may see it.
func (b *Bookable) IsSeenIn(isTheirs func(circle string) bool) bool {
	return isTheirs(b.OpenTo) || slices.ContainsFunc(b.Circles, isTheirs)
}

// Bars reports whether it belongs to one of the groups from which somebody is banned.
func (b *Bookable) Bars(bannedFrom []string) bool {
	isBanned := func(groupID string) bool { return slices.Contains(bannedFrom, groupID) }
	return isBanned(b.GroupID) || slices.ContainsFunc(b.CoGroupIDs, isBanned)
}

func (b *Bookable) sort() string { return id.Prefix(b.ID) }

// whyClosed is why no seat can be taken at a thing that is not open.
func (b *Bookable) whyClosed(now time.Time) *fault.Error {
	switch {
	case b.isToCome(now):
		return fault.Conflict("booking.window.closed")
	case b.State == published:
		return fault.Conflict("booking.started")
	case b.State == cancelled:
		return fault.Conflict("booking.cancelled")
	}
	return fault.Conflict("booking.closed")
}

// IsOpen reports whether people in line get seats at an instant. Newcomers may have to wait until
// sign-up opens.
func (b *Bookable) IsOpen(now time.Time) bool { return b.State == published && b.closesAt().After(now) }
