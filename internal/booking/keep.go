package booking

import (
	"context"
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/timer"
)

const (
	// keepFor is how long free seats wait at first for the party at the head of the
	// line, which needs more of them. The time doubles whenever others were let past it.
	keepFor = 12 * time.Hour
	// keepShare limits the wait to a quarter of the time left until the start.
	keepShare = 4
	// keepNothing is how near the start no seat waits any more.
	keepNothing = time.Hour
	// maxDoublings is far more than any start is away.
	maxDoublings = 12
)

// Kept says that free seats wait for the head of the line, whose party needs more of them.
type Kept struct {
	For    string     `bson:"for"`    // the booking and its version, so that a person who comes again starts anew
	Since  *time.Time `bson:"since"`  // nil: no seat is free
	Passed bool       `bson:"passed"` // others have been let past since
	Rounds int        `bson:"rounds"` // how often others have been let past before
}

// KeptUntil is the instant until which seats wait that have been free since a given one;
// rounds is how often others have been let past. It is rounded as the database rounds.
func KeptUntil(since, startsAt time.Time, rounds int) time.Time {
	left := startsAt.Sub(since)
	if left <= keepNothing {
		return since
	}
	return clock.Ceil(since.Add(min(keepFor<<min(rounds, maxDoublings), left/keepShare)))
}

// pass is a party that is passed by others.
type pass struct {
	seats   int    // the seats that it needs
	keptFor string // Kept.For of the bookable thing; empty: no seats wait
}

// turn is a person in line whose turn it is, and the party they pass; nil: none.
type turn struct {
	*Booking
	past *pass
}

func (b *Booking) lineKey() string { return b.ID + ":" + strconv.Itoa(b.Version) }

// isFor reports whether seats are kept for a booking. It takes any version of the booking.
func (k *Kept) isFor(b *Booking) bool { return k != nil && strings.HasPrefix(k.For, b.ID+":") }

// nextTurn says whose turn it is; next is nil if it is nobody's now. again says that
// the thing was changed, so that the caller must ask again. People for whom a seat is taken
// already, whose bookings are claimed, need no turn.
func (s *Service) nextTurn(ctx context.Context, b *Bookable, claimed []string) (next *turn, again bool, err error) {
	if b.FreeSeats <= 0 {
		if b.Kept == nil || b.Kept.Since == nil {
			return nil, false, nil // the next release looks again
		}
		return nil, false, s.store.setKept(ctx, b, b.Kept.round())
	}
	head, err := s.store.firstWaiting(ctx, b.ID, claimed...)
	if fault.Is(err, fault.KindNotFound) {
		if len(claimed) > 0 {
			return nil, false, nil
		}
		again, err = s.closeLine(ctx, b)
		return nil, again, err
	}
	if err != nil || head.seats() <= b.FreeSeats {
		return &turn{Booking: head}, false, err
	}
	return s.pass(ctx, b, head, claimed)
}

// round is the next Kept after the free seats are given out, or fit nobody. Seats that
// become free later wait anew.
func (k Kept) round() Kept {
	if k.Passed {
		k.Rounds++
	}
	k.Since, k.Passed = nil, false
	return k
}

// pass says who is let past the head of the line, whose party does not fit: nobody while
// the free seats wait, and then the first in line whose party fits.
func (s *Service) pass(ctx context.Context, b *Bookable, head *Booking, claimed []string) (next *turn, again bool, err error) {
	now, kept := s.now(), Kept{For: head.lineKey()}
	isKnown := b.Kept != nil && b.Kept.For == kept.For
	if isKnown {
		kept = *b.Kept
	}
	if kept.Since == nil {
		if may, err := s.mayTake(ctx, b, head.PersonID); err != nil || !may {
			return &turn{Booking: head}, false, err // no seats have to wait for them
		}
		kept.Since = &now
		if KeptUntil(now, b.StartsAt, kept.Rounds).After(now) {
			return nil, true, s.store.setKept(ctx, b, kept)
		}
	}
	if until := KeptUntil(*kept.Since, b.StartsAt, kept.Rounds); until.After(now) {
		return nil, false, s.promoteAt(ctx, head, until)
	}
	past := &pass{seats: head.seats()}
	if isKnown {
		past.keptFor = kept.For
	}
	first, err := s.store.firstWhoFits(ctx, b.ID, b.FreeSeats, claimed)
	switch {
	case fault.Is(err, fault.KindNotFound) && kept.Passed:
		return nil, true, s.store.setKept(ctx, b, kept.round())
	case fault.Is(err, fault.KindNotFound):
		return nil, false, nil // a person who joins the line later and fits need not wait
	}
	return &turn{first, past}, false, err
}

// promoteAt sets the timer that lets others past the head of the line.
func (s *Service) promoteAt(ctx context.Context, head *Booking, at time.Time) error {
	key := notify.Key(head.ID, "pass", strconv.Itoa(head.Version)+":"+strconv.FormatInt(at.UnixMilli(), 10))
	return s.Timers.Set(ctx, timer.New(key, kindPromote, at, promoteArgs{BookableID: head.BookableID}))
}

// closeLine closes a line in which nobody is. It says first that it is looking: people who join
// the line write their booking and then look at the thing, so either it finds their booking, or they
// find that it looks, and keep it from closing. again is true if somebody has joined.
func (s *Service) closeLine(ctx context.Context, b *Bookable) (again bool, err error) {
	call := id.NewAt(id.Effect, s.now())
	if err := s.store.lookToClose(ctx, b.ID, call); err != nil {
		return false, err
	}
	_, err = s.store.firstWaiting(ctx, b.ID)
	if fault.Is(err, fault.KindNotFound) {
		return false, s.store.closeQueue(ctx, b.ID, call)
	}
	return true, err
}
