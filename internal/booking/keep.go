package booking

import (
	"context"
	"strconv"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/timer"
)

const (
	// keepFor is how long free seats wait at first for the party at the head of the
	// line that needs more of them; twice as long each time others were let past it.
	keepFor = 12 * time.Hour
	// keepShare is the share of the time left until the start that they wait at most.
	keepShare = 4
	// keepNothing is how near the start no seat waits any more.
	keepNothing = time.Hour
	// maxDoublings is far more than any start is away.
	maxDoublings = 12
)

// Kept says that free seats wait for the head of the line, whose party needs more
// than there are.
type Kept struct {
	For    string     `bson:"for"`    // the place and its version: who comes again is another
	Since  *time.Time `bson:"since"`  // nil: no seat is free
	Passed bool       `bson:"passed"` // others have been let past since
	Rounds int        `bson:"rounds"` // how often others have been let past before
}

// KeptUntil is until when seats wait that are free since an instant, if others have
// been let past so often: an instant the database can keep.
func KeptUntil(since, startsAt time.Time, rounds int) time.Time {
	left := startsAt.Sub(since)
	if left <= keepNothing {
		return since
	}
	return clock.Ceil(since.Add(min(keepFor<<min(rounds, maxDoublings), left/keepShare)))
}

// pass is a party that is let past.
type pass struct {
	seats   int    // that it needs
	keptFor string // as the bookable thing says; empty: nothing is kept
}

// turn is somebody in line whose turn it is, and whom they pass; nil: nobody.
type turn struct {
	*Place
	past *pass
}

func (p *Place) lineKey() string { return p.ID + ":" + strconv.Itoa(p.Version) }

// nextTurn says whose turn it is. It is nil if it is nobody's now; again says that
// something was noted, and that it must be looked at anew.
func (s *Service) nextTurn(ctx context.Context, b *Bookable) (next *turn, again bool, err error) {
	if b.FreeSeats <= 0 {
		if b.Kept == nil || b.Kept.Since == nil {
			return nil, false, nil // whoever frees a seat looks again
		}
		return nil, false, s.store.setKept(ctx, b, b.Kept.round())
	}
	head, err := s.store.firstWaiting(ctx, b.ID)
	if fault.Is(err, fault.KindNotFound) {
		return nil, false, s.store.closeQueue(ctx, b)
	}
	if err != nil || head.seats() <= b.FreeSeats {
		return &turn{Place: head}, false, err
	}
	return s.pass(ctx, b, head)
}

// round is what is kept once the free seats are given out, or nobody fits them: the
// next ones that become free wait anew.
func (k Kept) round() Kept {
	if k.Passed {
		k.Rounds++
	}
	k.Since, k.Passed = nil, false
	return k
}

// pass says who is let past the head of the line, whose party does not fit: nobody
// while the free seats wait for more, then whoever is the first to fit.
func (s *Service) pass(ctx context.Context, b *Bookable, head *Place) (next *turn, again bool, err error) {
	now, kept := s.now(), Kept{For: head.lineKey()}
	isKnown := b.Kept != nil && b.Kept.For == kept.For
	if isKnown {
		kept = *b.Kept
	}
	if kept.Since == nil {
		if may, err := s.MayTake(ctx, b, head.PersonID); err != nil || !may {
			return &turn{Place: head}, false, err // nothing is kept for them
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
	first, err := s.store.firstWhoFits(ctx, b.ID, b.FreeSeats)
	switch {
	case fault.Is(err, fault.KindNotFound) && kept.Passed:
		return nil, true, s.store.setKept(ctx, b, kept.round())
	case fault.Is(err, fault.KindNotFound):
		return nil, false, nil // whoever joins the line and fits need not wait
	}
	return &turn{first, past}, false, err
}

// promoteAt sets the timer that lets others past the head of the line.
func (s *Service) promoteAt(ctx context.Context, head *Place, at time.Time) error {
	key := notify.Key(head.ID, "pass", strconv.Itoa(head.Version)+":"+strconv.FormatInt(at.UnixMilli(), 10))
	return s.Timers.Set(ctx, timer.New(key, s.kind("promote"), at, promoteArgs{BookableID: head.BookableID}))
}
