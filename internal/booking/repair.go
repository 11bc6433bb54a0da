package booking

import (
	"context"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/fault"
)

// Alert is the message of the log line, of level WARN, that says that a number was wrong and was
// mended. It must not change, since operators' alerts look for it.
const Alert = "a count was wrong"

const (
	// repairThings is how many things are compared at once. On the embedded database each
	// comparison reads all bookings, however many things it is of.
	repairThings = 500
	// repairPage is how many bookings of a thing one query reads.
	repairPage = 100
	// repairBack is how long after their start things are looked at.
	repairBack = 60 * 24 * time.Hour
	// repairTries is how often a repair looks at a thing at which people come and go.
	repairTries = 3
)

// Difference is a number that was wrong.
type Difference struct {
	BookableID string
	What       string // "seats taken", "free seats", "claims", "line", "empty line", "starts"
	Was, Is    int
}

// tally is what the bookings of a thing add up to.
type tally struct {
	seats    int      // of bookings that hold seats
	waiting  int      // bookings in line
	first    *Booking // the first in line
	underWay bool     // something that changes a number is not done yet
}

// Repair counts the seats and the lines of published things that are to come or have begun in
// the last sixty days, and mends what is wrong. A thing at which something is under way is left
// to the next run. It returns what was wrong.
func (s *Service) Repair(ctx context.Context) (found []Difference, err error) {
	for _, prefix := range slices.Sorted(maps.Keys(s.sorts)) {
		var last *Bookable
		for {
			list, err := s.store.recent(ctx, s.sorts[prefix].Things, s.now().Add(-repairBack), last)
			if err != nil {
				return found, err
			}
			more, err := s.repairAll(ctx, list)
			if found = append(found, more...); err != nil {
				return found, err
			}
			if len(list) < repairThings {
				break
			}
			last = list[len(list)-1]
		}
	}
	return found, nil
}

// RepairAndTell is Repair for the job, which writes into the log what was wrong.
func (s *Service) RepairAndTell(ctx context.Context) error {
	found, err := s.Repair(ctx)
	for _, d := range found {
		s.Log.WarnContext(ctx, Alert, "id", d.BookableID, "what", d.What, "was", d.Was, "is", d.Is)
	}
	return err
}

// repairAll counts all bookings of these things at once, and looks closer at those where the
// numbers differ.
func (s *Service) repairAll(ctx context.Context, list []*Bookable) (found []Difference, err error) {
	tallies, err := s.store.tallies(ctx, list)
	if err != nil {
		return nil, err
	}
	for _, b := range list {
		more, err := s.repairStarts(ctx, b)
		if err == nil && s.isSuspect(b, tallies[b.ID]) {
			var seats []Difference
			seats, err = s.repairSeats(ctx, b.ID)
			more = append(more, seats...)
		}
		if found = append(found, more...); err != nil {
			return found, err
		}
	}
	return found, nil
}

func (s *Service) isSuspect(b *Bookable, t tally) bool {
	return b.SeatsTaken != t.seats || b.FreeSeats != freeSeats(b.Capacity, b.SeatsTaken, b.Reserved) || len(b.Claims) > 0 ||
		t.waiting > 0 && (!b.HasQueue || b.FreeSeats > 0 && (b.Kept == nil || b.Kept.Since == nil)) ||
		t.waiting == 0 && b.HasQueue && b.FreeSeats > 0
}

// repairStarts moves bookings that have an older start than their thing.
func (s *Service) repairStarts(ctx context.Context, b *Bookable) ([]Difference, error) {
	if b.StartVersion == 0 || len(b.Due) > 0 {
		return nil, nil
	}
	if busy, err := s.isOwnerBusy(ctx, b.ID); err != nil || busy {
		return nil, err
	}
	moved, err := s.store.followStart(ctx, b)
	if err != nil || moved == 0 {
		return nil, err
	}
	return []Difference{{b.ID, "starts", moved, 0}}, nil
}

// repairSeats mends the numbers of one thing if nothing is under way there, and the numbers are
// still those that were read when they are written.
func (s *Service) repairSeats(ctx context.Context, bookableID string) ([]Difference, error) {
	for range repairTries {
		b, err := s.store.withClaims(ctx, bookableID)
		if err != nil {
			return nil, fault.UnlessNotFound(err)
		}
		var t tally
		aside, err := s.Outbox.AroundPutAside(ctx, func() (err error) {
			t, err = s.store.recount(ctx, bookableID)
			return err
		}, s.bookableRef(bookableID), s.bookingRef(bookableID, ""))
		if err != nil || aside {
			return nil, err
		}
		if len(b.Due) > 0 || t.underWay {
			continue
		}
		found := s.differences(b, t)
		if len(found) == 0 {
			return nil, nil
		}
		if busy, err := s.isOwnerBusy(ctx, bookableID); err != nil || busy {
			return nil, err
		}
		if ok, err := s.mend(ctx, b, t); err != nil || ok {
			return found, err
		}
	}
	return nil, nil
}

// isOwnerBusy reports whether the document that a thing follows has effects left, which may be about
// to move the thing, or to change its capacity. It is asked after the thing was read: what was under
// way then is so still, or has changed the numbers since.
func (s *Service) isOwnerBusy(ctx context.Context, bookableID string) (bool, error) {
	sort, err := s.sortOf(bookableID)
	if err != nil || sort.Owner == nil {
		return false, err
	}
	owner, err := sort.Owner(ctx, bookableID)
	if err != nil {
		return false, fault.UnlessNotFound(err)
	}
	return s.Outbox.IsAnyPending(ctx, owner)
}

func (s *Service) differences(b *Bookable, t tally) []Difference {
	var found []Difference
	note := func(what string, was, is int) {
		if was != is {
			found = append(found, Difference{b.ID, what, was, is})
		}
	}
	note("seats taken", b.SeatsTaken, t.seats)
	free := freeSeats(b.Capacity, t.seats, b.Reserved)
	note("free seats", b.FreeSeats, free)
	note("claims", len(b.Claims), 0)
	switch {
	case !b.IsOpen(s.now()):
	case t.first != nil && (!b.HasQueue || t.first.seats() <= free):
		note("line", t.waiting, 0)
	case t.first == nil && b.HasQueue && free > 0:
		note("empty line", 1, 0) // newcomers would be put into it
	}
	return found
}

// mend writes the right numbers, and lets the line have seats that are free. ok is false if the
// thing has changed since it was read.
func (s *Service) mend(ctx context.Context, b *Bookable, t tally) (ok bool, err error) {
	if ok, err := s.store.mend(ctx, b, t.seats); err != nil || !ok {
		return false, err
	}
	if t.waiting > 0 && b.IsOpen(s.now()) && !b.HasQueue {
		if err := s.openLine(ctx, b); err != nil {
			return false, err
		}
	}
	return true, s.Promote(ctx, b.ID)
}
