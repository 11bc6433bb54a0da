package booking

import (
	"reflect"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/id"
)

// Terms are what an organiser asks of those who sign up for a thing: when they may, whether somebody
// approves them, how many guests they bring, and which questions they answer. The owner of things,
// such as an event, keeps them without the instants; each of its things has a copy with its own.
type Terms struct {
	// OpensBefore and ClosesBefore are how long before the start sign-up opens and closes, by the clock
	// on the wall, so that both move with the start; nil: at once, and at the start.
	OpensBefore  *time.Duration `bson:"opensBefore,omitempty"`
	ClosesBefore *time.Duration `bson:"closesBefore,omitempty"`
	// OpensAt and ClosesAt are the instants for one thing.
	OpensAt       *time.Time `bson:"opensAt,omitempty"`
	ClosesAt      *time.Time `bson:"closesAt,omitempty"`
	NeedsApproval bool       `bson:"needsApproval,omitempty"`
	MaxGuests     *int       `bson:"maxGuests,omitempty"` // nil: as many as anywhere
	NamesGuests   bool       `bson:"namesGuests,omitempty"`
	ReservedSeats int        `bson:"reservedSeats,omitempty"`
	IsFair        bool       `bson:"isFair,omitempty"`
	Questions     []Question `bson:"questions,omitempty"`
	// Version is the version of the owner that the copy comes from.
	Version int `bson:"version,omitempty"`
	// IsNone says in a copy that nothing is asked any more.
	IsNone bool `bson:"isNone,omitempty"`
}

// Question is one thing that people are asked when they sign up.
type Question struct {
	ID         string       `bson:"id"`
	Text       string       `bson:"text"`
	Kind       QuestionKind `bson:"kind"`
	Options    []string     `bson:"options,omitempty"`
	IsRequired bool         `bson:"isRequired,omitempty"`
}

// QuestionKind says how a question is answered.
type QuestionKind string

// The kinds of questions.
const (
	QuestionText    QuestionKind = "TEXT"
	QuestionChoice  QuestionKind = "CHOICE"
	QuestionChoices QuestionKind = "CHOICES"
	QuestionYesNo   QuestionKind = "YES_NO"
)

// IsValid reports whether it is one of them.
func (k QuestionKind) IsValid() bool {
	switch k {
	case QuestionText, QuestionChoice, QuestionChoices, QuestionYesNo:
		return true
	}
	return false
}

func (k QuestionKind) hasOptions() bool { return k == QuestionChoice || k == QuestionChoices }

// NoTerms are the terms of an owner that asks for nothing any more.
func NoTerms() *Terms { return &Terms{IsNone: true} }

// At is a copy of the terms for a thing that starts then, as of a version of the owner; nil if it has never
// asked for anything.
func (t *Terms) At(start clock.Local, zone clock.Zone, version int) *Terms {
	if t == nil {
		return nil
	}
	at := *t
	at.Version, at.OpensAt, at.ClosesAt = version, earlierBy(start, zone, t.OpensBefore), earlierBy(start, zone, t.ClosesBefore)
	return &at
}

// asOf is a copy of the terms as of a version.
func (t *Terms) asOf(version int) *Terms {
	c := Terms{IsNone: true}
	if t != nil {
		c = *t
	}
	c.Version = version
	return &c
}

// earlierBy is the instant that lies that long before a start on the wall. If the clock skips it, it is
// the instant at which the clock goes on.
func earlierBy(start clock.Local, zone clock.Zone, by *time.Duration) *time.Time {
	if by == nil {
		return nil
	}
	at, err := start.Plus(-*by).Shown(zone).In(zone)
	if err != nil {
		return nil // every zone shows what Shown returns
	}
	return &at
}

// Copy are the same terms for another owner, who gives the questions ids of their own; nil if nothing is asked.
func (t *Terms) Copy() *Terms {
	if t.OrNone() == nil {
		return nil
	}
	c := *t
	c.Version, c.Questions = 0, slices.Clone(t.Questions)
	for i := range c.Questions {
		c.Questions[i].ID = ""
	}
	return &c
}

// Name gives ids to the questions of an owner that have none.
func (t *Terms) Name(ownerID string, version int) {
	if t == nil {
		return
	}
	for i := range t.Questions {
		if q := &t.Questions[i]; q.ID == "" {
			q.ID = id.Derive(id.Question, ownerID, strconv.Itoa(version), strconv.Itoa(i))
		}
	}
}

// Equal reports whether both ask for the same, of whichever version they are.
func (t *Terms) Equal(other *Terms) bool {
	return reflect.DeepEqual(t.OrNone().bare(), other.OrNone().bare())
}

// bare is a copy that another one with the same meaning equals.
func (t *Terms) bare() *Terms {
	if t == nil {
		return nil
	}
	c := *t
	c.Version = 0
	for _, at := range []**time.Time{&c.OpensAt, &c.ClosesAt} {
		if *at != nil {
			same := clock.Trim(**at)
			*at = &same
		}
	}
	if len(c.Questions) == 0 {
		c.Questions = nil
	}
	return &c
}

// OrNone are the terms; nil if nothing is asked.
func (t *Terms) OrNone() *Terms {
	if t == nil || t.IsNone {
		return nil
	}
	return t
}

func (t *Terms) version() int {
	if t == nil {
		return 0
	}
	return t.Version
}

func (t *Terms) reserved() int {
	if t = t.OrNone(); t == nil {
		return 0
	}
	return t.ReservedSeats
}

func (t *Terms) mustApprove() bool { return t.OrNone() != nil && t.NeedsApproval }

func (t *Terms) question(questionID string) *Question {
	if t = t.OrNone(); t == nil {
		return nil
	}
	for i := range t.Questions {
		if t.Questions[i].ID == questionID {
			return &t.Questions[i]
		}
	}
	return nil
}

// maxGuests is how many guests a person brings at most.
func (t *Terms) maxGuests() int {
	if t = t.OrNone(); t == nil || t.MaxGuests == nil {
		return MaxGuests
	}
	return *t.MaxGuests
}

// SignUp are the terms of a thing as they are shown: with the seats that are still reserved; nil if
// nothing is asked.
func (s Seats) SignUp() *Terms {
	t := s.Terms.OrNone()
	if t == nil {
		return nil
	}
	shown := *t
	shown.ReservedSeats = s.Reserved
	return &shown
}

// Given is how many of the seats that were reserved have been given to people by hand.
func (s Seats) Given() int { return max(s.Terms.reserved()-s.Reserved, 0) }

// Ask changes what is asked of those who sign up for a thing that has been read; nil: nothing ever was.
// Seats that have been given to people by hand stay given. SetSeats changes what is stored.
func (s *Seats) Ask(t *Terms) {
	s.Reserved = max(t.reserved()-s.Given(), 0)
	s.Terms, s.FreeSeats = t, freeSeats(s.Capacity, s.SeatsTaken, s.Reserved)
}

// With are the seats of a new thing with terms; nil: none.
func (s Seats) With(t *Terms) Seats {
	s.Ask(t)
	return s
}

// closesAt is the instant from which on nobody gets a seat by themselves, or waits for one.
func (b *Bookable) closesAt() time.Time {
	if t := b.Terms.OrNone(); t != nil && t.ClosesAt != nil {
		return earlier(*t.ClosesAt, b.StartsAt)
	}
	return b.StartsAt
}

// opensAt is the instant from which on people may sign up, if that is still to come; nil otherwise.
func (b *Bookable) opensAt(now time.Time) *time.Time {
	if t := b.Terms.OrNone(); t != nil && t.OpensAt != nil && t.OpensAt.After(now) {
		return t.OpensAt
	}
	return nil
}

// isToCome reports whether a published thing has not begun.
func (b *Bookable) isToCome(now time.Time) bool { return b.State == published && b.StartsAt.After(now) }
