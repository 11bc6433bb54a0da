package booking

import (
	"context"
	"errors"
	"slices"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/outbox"
)

// CheckIn says in a booking when the person was let in. It is there while the booking is ATTENDED by a check-in.
type CheckIn struct {
	At time.Time `bson:"at"`
	// Was is the state that the booking had before, and Because why it had ended, if it had: then the person was
	// let in although they had no seat any more.
	Was     State         `bson:"was"`
	Because *EndedBecause `bson:"because,omitempty"`
}

// HadEnded reports whether somebody was let in whose booking had ended, by people who did not know it yet.
func (b *Booking) HadEnded() bool { return b.CheckIn != nil && !b.CheckIn.Was.Holds() }

// CheckedInAt is the instant at which the person was let in; nil if they were not, or if nobody knows when.
func (b *Booking) CheckedInAt() *time.Time {
	if b.CheckIn == nil {
		return nil
	}
	return &b.CheckIn.At
}

// Arrival is a person who comes to a thing, or to a part of it.
type Arrival struct {
	BookableID, PersonID string
	Part                 string // empty: the whole thing
	At                   time.Time
	// IsPast says that the person was let in before the program heard of it. A booking that has ended since is
	// then kept as admitted.
	IsPast bool
	// Knows judges what the person has shown by their booking; nil if they showed nothing.
	Knows func(b *Booking) error
}

// Arrived is the outcome of an arrival.
type Arrived struct {
	BookingID string
	IsAlready bool       // somebody was quicker
	Since     *time.Time // when the person was let in; nil: nobody knows
	HadEnded  bool       // they were let in although their booking had ended
}

// Admit records that a person has come. The first record stands: one write of the booking decides. Whoever
// undoes a check-in is not overruled by a record of an earlier arrival that comes later. Returns NotFound if
// there is no such booking, what Knows returns, and Conflict if the booking has no seat or has ended, or others
// keep changing it.
func (s *Service) Admit(ctx context.Context, a Arrival, effects func(*Arrived) []outbox.Effect) (*Arrived, error) {
	for range 5 {
		b, err := s.admissible(ctx, a)
		if err != nil {
			return nil, err
		}
		arrived, err := s.admitOnce(ctx, b, a, effects)
		if !isChanged(err) {
			return arrived, err
		}
	}
	return nil, fault.Conflict("booking.changed")
}

// isChanged reports whether a write failed because the booking has changed since it was read.
func isChanged(err error) bool {
	f, isFault := errors.AsType[*fault.Error](err)
	return isFault && f.Key == "booking.changed"
}

// admissible is the booking of somebody who comes. One whose person is being erased is nobody's.
func (s *Service) admissible(ctx context.Context, a Arrival) (*Booking, error) {
	b, err := s.latest(ctx, a.BookableID, a.PersonID)
	if fault.Is(err, fault.KindNotFound) || err == nil && b.Nobody != "" {
		err = fault.NotFound("checkin.none")
	}
	if err != nil {
		return nil, err
	}
	if a.Knows != nil {
		err = a.Knows(b)
	}
	return b, err
}

func (s *Service) admitOnce(ctx context.Context, b *Booking, a Arrival, effects func(*Arrived) []outbox.Effect) (*Arrived, error) {
	if a.Part != "" {
		return s.admitToPart(ctx, b, a, effects)
	}
	if b.State == Attended {
		return &Arrived{BookingID: b.ID, IsAlready: true, Since: b.CheckedInAt(), HadEnded: b.HadEnded()}, nil
	}
	in, let := CheckIn{At: a.At, Was: b.State, Because: b.EndedBecause}, actCheckIn
	if a.IsPast {
		let = actLetIn
	}
	st, err := let.doTo(b)
	switch {
	case err != nil:
		return nil, err
	case b.CheckInUndoneAt != nil && !a.At.After(*b.CheckInUndoneAt):
		return nil, fault.Conflict("checkin.undone")
	}
	b.CheckIn, b.EndedBecause = &in, nil
	b.Version++
	arrived := &Arrived{BookingID: b.ID, Since: &in.At, HadEnded: b.HadEnded()}
	own := effects(arrived)
	if st.takes() {
		own = append([]outbox.Effect{admitEffect(b, "", b.seats())}, own...)
	}
	return arrived, s.commitWith(ctx, b, s.Outbox.Batch(own...), s.store.writeCheckIn)
}

// admitToPart records that a person has come to a part of a thing. Their booking keeps its state.
func (s *Service) admitToPart(ctx context.Context, b *Booking, a Arrival, effects func(*Arrived) []outbox.Effect) (*Arrived, error) {
	was := b.Presences[a.Part]
	switch _, err := actCheckIn.on(b.State); {
	case was.Was:
		return &Arrived{BookingID: b.ID, IsAlready: true, Since: was.At, HadEnded: !b.State.Holds()}, nil
	case was.UndoneAt != nil && !a.At.After(*was.UndoneAt):
		return nil, fault.Conflict("checkin.undone")
	case err != nil && !(a.IsPast && slices.Contains(mayHaveBeen, b.State)):
		return nil, err
	}
	arrived := &Arrived{BookingID: b.ID, Since: &a.At, HadEnded: !b.State.Holds()}
	own := append([]outbox.Effect{admitEffect(b, a.Part, 1)}, effects(arrived)...)
	return arrived, s.writePresence(ctx, b, a.Part, Presence{Was: true, At: &a.At, UndoneAt: was.UndoneAt}, own)
}

// writePresence writes whether a person was at a part, by the last record of that part: a later one changes it.
func (s *Service) writePresence(ctx context.Context, b *Booking, part string, p Presence, effects []outbox.Effect) error {
	calls, err := s.store.rollCalls(ctx, b.BookableID)
	if err != nil {
		return err
	}
	p.By = calls[part].Number
	b.Version++
	return s.commitWith(ctx, b, s.Outbox.Batch(effects...), func(ctx context.Context, b *Booking, batch outbox.Batch) (bool, error) {
		return s.store.writePresenceOf(ctx, b, part, p, batch)
	})
}

// Readmit undoes a check-in: the person has the booking that they had before. Returns NotFound if there is no
// such booking, and Conflict if the person is not checked in, or others keep changing the booking.
func (s *Service) Readmit(ctx context.Context, bookableID, personID, part string, effects func() []outbox.Effect) error {
	for range 5 {
		b, err := s.admissible(ctx, Arrival{BookableID: bookableID, PersonID: personID})
		if err != nil {
			return err
		}
		if part != "" {
			err = s.undoAtPart(ctx, b, part, effects())
		} else {
			err = s.undo(ctx, b, effects())
		}
		if !isChanged(err) {
			return err
		}
	}
	return fault.Conflict("booking.changed")
}

func (s *Service) undo(ctx context.Context, b *Booking, own []outbox.Effect) error {
	if b.CheckIn == nil {
		return fault.Conflict("checkin.not_in")
	}
	in, back := *b.CheckIn, actUndo
	if b.HadEnded() {
		back = actUndoEnded
	}
	st, err := back.doTo(b)
	if err != nil {
		return err
	}
	now := s.now()
	b.CheckIn, b.CheckInUndoneAt, b.EndedBecause = nil, &now, in.Because
	b.Version++
	if st.frees() {
		own = append([]outbox.Effect{admitEffect(b, "", -b.seats())}, own...)
	}
	own = append([]outbox.Effect{closeEffect(b.BookableID)}, own...)
	return s.commitWith(ctx, b, s.Outbox.Batch(own...), s.store.writeCheckIn)
}

func (s *Service) undoAtPart(ctx context.Context, b *Booking, part string, own []outbox.Effect) error {
	if !b.Presences[part].Was {
		return fault.Conflict("checkin.not_in")
	}
	now := s.now()
	own = append([]outbox.Effect{admitEffect(b, part, -1)}, own...)
	return s.writePresence(ctx, b, part, Presence{UndoneAt: &now}, own)
}

// admitArgs say what a check-in changes in the numbers of its thing.
type admitArgs struct {
	BookableID string
	Part       string // empty: Number is of seats that somebody takes who had none any more
	Number     int    // below zero when a check-in is undone
}

func admitEffect(b *Booking, part string, n int) outbox.Effect {
	return outbox.New(kindAdmit, admitArgs{BookableID: b.BookableID, Part: part, Number: n})
}

// closeArgs name a thing at which nobody else is expected.
type closeArgs struct{ BookableID string }

func closeEffect(bookableID string) outbox.Effect {
	return outbox.New(kindClose, closeArgs{BookableID: bookableID})
}

// CloseAttendance says that whoever has not been checked in has not come. Returns Conflict if the thing has not
// begun, or does not happen.
func (s *Service) CloseAttendance(ctx context.Context, bookableID string, outcome []outbox.Effect) error {
	effects := append([]outbox.Effect{closeEffect(bookableID)}, outcome...)
	return s.Outbox.Commit(ctx, s.bookableRef(bookableID), effects, func(batch outbox.Batch) error {
		return s.store.closeAttendance(ctx, bookableID, s.now(), batch)
	})
}

// settleClosed gives the state NO_SHOW to those who have a seat and were not let in, if attendance is closed.
func (s *Service) settleClosed(ctx context.Context, _ outbox.Call, a closeArgs) error {
	b, err := s.store.withClaims(ctx, a.BookableID)
	if err != nil || b.AttendanceClosedAt == nil {
		return fault.UnlessNotFound(err)
	}
	if err := s.finishClaims(ctx, b); err != nil {
		return err
	}
	return s.store.missAll(ctx, a.BookableID, actMiss.from[Confirmed].to)
}

// Turnout is how many people with a seat came, and how many did not. Guests are not counted.
type Turnout struct{ Came, Missed int }

// TurnoutAt is the turnout of a thing.
func (s *Service) TurnoutAt(ctx context.Context, bookableID string) (Turnout, error) {
	counts, err := s.store.countStates(ctx, bookableID, []State{Attended, NoShow})
	return Turnout{Came: counts[Attended], Missed: counts[NoShow]}, err
}

// CheckID refuses what is not the id of a booking of something that can be booked. Returns Invalid with code
// BAD_ID.
func (s *Service) CheckID(field, bookingID string) *fault.Error {
	bookableID, personID, _ := id.Split(bookingID)
	if s.sorts[id.Prefix(bookableID)] == nil || id.Prefix(personID) != id.Person {
		return fault.BadID(field)
	}
	return nil
}
