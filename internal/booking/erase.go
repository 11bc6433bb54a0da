package booking

import (
	"context"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/privacy"
)

// eraseStep is how many bookings one call of Erase ends. They are few, since each may move a whole line.
const eraseStep = 10

// errMoving says that a booking was changed again and again while Erase tried to remove it.
var errMoving = fault.Conflict("booking.changed")

// Erase removes the bookings of a person who has been erased. Their seat at a coming thing goes to the
// next in line, as if they had given it back. A seat at a thing that has begun stays taken, so that
// the number of people who came is still known: the booking is kept as nobody's. left says that there
// are more bookings. A booking that fails keeps no other.
func (s *Service) Erase(ctx context.Context, personID string) (left bool, err error) {
	return privacy.Each[*Booking]{
		Find: func(ctx context.Context, except []string) ([]*Booking, error) {
			return s.store.bookingsOf(ctx, personID, except, eraseStep)
		},
		ID:    func(b *Booking) string { return b.ID },
		Erase: func(ctx context.Context, b *Booking) error { return s.erase(ctx, b.BookableID, personID) },
	}.Do(ctx)
}

// erase removes one booking. After a crash it goes on with what it finds.
func (s *Service) erase(ctx context.Context, bookableID, personID string) error {
	for range 5 {
		gone, err := s.eraseOnce(ctx, bookableID, personID)
		if err != nil || gone {
			return err
		}
		// The booking has changed since it was read, so look again.
	}
	return errMoving
}

func (s *Service) eraseOnce(ctx context.Context, bookableID, personID string) (gone bool, err error) {
	if _, err := s.runPending(ctx, bookableID, personID); err != nil {
		return false, err
	}
	if err := s.Outbox.RunPendingAll(ctx, s.bookingRef(bookableID, personID)); err != nil {
		return false, err
	}
	p, err := s.store.booking(ctx, bookableID, personID)
	if err != nil {
		return true, fault.UnlessNotFound(err)
	}
	b, err := s.store.bookable(ctx, bookableID)
	if fault.UnlessNotFound(err) != nil {
		return false, err
	}
	switch mustCount := b != nil && p.mustCount(b, s.now()); {
	case b == nil: // an event that was never finished has no date
	case p.State.isHeld() && !mustCount:
		_, err := s.end(ctx, p, actErase, notify.Cause{})
		return false, err // its seats go to the line now, so look again
	case mustCount || p.Nobody != "":
		// A copy that was made before follows what has become of the booking since. It is not
		// removed, since a process that comes late would make it again.
		if err := s.makeNobodys(ctx, p); err != nil {
			return false, err
		}
	}
	if err := s.store.forget(ctx, p); err != nil {
		return false, err
	}
	return s.store.remove(ctx, p)
}

// makeNobodys writes a copy of the booking that is nobody's. The booking itself stays for now. A
// record of attendance that may name the person either is decided before the erasure counts, and
// is carried out here before the copy is made, or it is refused: it sees that the booking is being
// erased, or that the count is not the one it has read.
func (s *Service) makeNobodys(ctx context.Context, b *Booking) error {
	if err := s.store.nameNobody(ctx, b); err != nil {
		return err
	}
	// A repair must not count a person's booking and then the copy, nor neither of them, because
	// it read one before this and the other after it.
	if err := s.store.outdate(ctx, b.BookableID); err != nil {
		return err
	}
	if err := s.finishRecords(ctx, b.BookableID); err != nil {
		return err
	}
	if err := s.store.keepCopy(ctx, b); err != nil {
		return err
	}
	return s.store.outdate(ctx, b.BookableID)
}

// mustCount reports whether a booking must stay as nobody's, because it holds seats at a thing that has
// begun, or is in a state that only a newer version of the program knows.
func (b *Booking) mustCount(thing *Bookable, now time.Time) bool {
	if !b.State.IsValid() {
		return true
	}
	return b.State.Holds() && b.State != Offered && !thing.StartsAt.After(now)
}

// IsOf reports whether the booking belongs to a person. A booking that is nobody's does not belong to
// anonymous viewers either.
func (b *Booking) IsOf(personID string) bool { return personID != "" && b.PersonID == personID }
