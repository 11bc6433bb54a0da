package booking

import (
	"context"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/privacy"
)

// eraseStep is how many places one call of Erase ends. They are few, since each may move a whole line.
const eraseStep = 10

// errMoving says that a place was changed again and again while Erase tried to remove it.
var errMoving = fault.Conflict("booking.changed")

// Erase removes the places of a person who has been erased. Their seat at a coming thing goes to the
// next in line, as if they had given it back. A seat at a thing that has begun stays taken, so that
// the number of people who came is still known: the place is kept as nobody's. left says that there
// are more places. A place that fails keeps no other.
func (s *Service) Erase(ctx context.Context, personID string) (left bool, err error) {
	return privacy.Each[*Booking]{
		Find: func(ctx context.Context, except []string) ([]*Booking, error) {
			return s.store.bookingsOf(ctx, personID, except, eraseStep)
		},
		ID:    func(p *Booking) string { return p.ID },
		Erase: func(ctx context.Context, p *Booking) error { return s.erase(ctx, p.BookableID, personID) },
	}.Do(ctx)
}

// erase removes one place. After a crash it goes on with what it finds.
func (s *Service) erase(ctx context.Context, bookableID, personID string) error {
	for range 5 {
		gone, err := s.eraseOnce(ctx, bookableID, personID)
		if err != nil || gone {
			return err
		}
		// The place has changed since it was read, so look again.
	}
	return errMoving
}

func (s *Service) eraseOnce(ctx context.Context, bookableID, personID string) (gone bool, err error) {
	if err := s.runPending(ctx, bookableID, personID); err != nil {
		return false, err
	}
	if err := s.Outbox.RunPendingAll(ctx, s.bookingRef(bookableID, personID)); err != nil {
		return false, err
	}
	if err := s.finishRecords(ctx, bookableID); err != nil {
		return false, err
	}
	p, err := s.store.place(ctx, bookableID, personID)
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
		if err := s.store.makeNobodys(ctx, p); err != nil {
			return false, err
		}
	}
	if err := s.store.forget(ctx, p); err != nil {
		return false, err
	}
	return s.store.remove(ctx, p)
}

// mustCount reports whether a place must stay as nobody's, because it holds seats at a thing that has
// begun, or is in a state that only a newer version of the program knows.
func (p *Booking) mustCount(b *Bookable, now time.Time) bool {
	if !p.State.IsValid() {
		return true
	}
	return p.State.Holds() && p.State != Offered && !b.StartsAt.After(now)
}

// IsOf reports whether the place belongs to a person. A place that is nobody's does not belong to
// anonymous viewers either.
func (p *Booking) IsOf(personID string) bool { return personID != "" && p.PersonID == personID }
