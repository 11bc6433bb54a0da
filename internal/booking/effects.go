package booking

import (
	"context"
	"errors"
	"maps"
	"strconv"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

type claimArgs struct {
	Booking Booking
	Promote bool // the person must still be waiting
	// Reserved is how many of the seats were reserved by the organiser.
	Reserved int `json:",omitempty"`
	More     int // the seats were taken for so many more guests of a booking that has others; 0: for all of it
}

// seats is how many seats were taken.
func (a claimArgs) seats() int {
	if a.More > 0 {
		return a.More
	}
	return a.Booking.seats()
}

type releaseArgs struct {
	BookableID string
	Seats      int
}

type promoteArgs struct {
	BookableID string
	Joined     bool   // a person has just joined the line
	PersonID   string // that person, if Joined
	Seats      int
	// StartVersion is the version of the start that is in that person's booking.
	StartVersion int
}

// The kinds of effects and timers of this package.
const (
	kindClaim   = "booking.claim"   // the booking for which seats were taken is written
	kindRelease = "booking.release" // seats that were given up become free
	kindPromote = "booking.promote" // free seats go to the line
	kindOver    = "booking.over"    // the line of a thing that has begun ends
	kindOffer   = "booking.offer"   // an offer whose deadline has come ends

	kindAttendance = "booking.attendance" // the bookings say who was there
	kindAdmit      = "booking.admit"      // a check-in is counted
	kindClose      = "booking.close"      // those who were not let in have not come
)

// claimPath is the path in a bookable thing's document to the batch that finishes a
// claim, by its claimKey.
func claimPath(key string) string { return "claims." + key }

func (s *Service) claimEffect(b *Booking, promote bool) outbox.Effect {
	e := outbox.New(kindClaim, claimArgs{Booking: *b, Promote: promote})
	e.Clear = []string{claimPath(b.claimKey())}
	return e
}

// growEffect is the claim on seats for more guests.
func (s *Service) growEffect(b *Booking, more int) outbox.Effect {
	e := outbox.New(kindClaim, claimArgs{Booking: *b, More: more})
	e.Clear = []string{claimPath(b.claimKey())}
	return e
}

func (s *Service) releaseEffect(b *Booking) outbox.Effect {
	return outbox.New(kindRelease, releaseArgs{BookableID: b.BookableID, Seats: b.seats()})
}

func (s *Service) promoteEffect(bookableID string) outbox.Effect {
	return outbox.New(kindPromote, promoteArgs{BookableID: bookableID})
}

// joinedEffect follows a place in line. It sees to it that the line is open, which must not
// happen before the booking exists: a call that found the line empty would close it again.
func (s *Service) joinedEffect(b *Booking) outbox.Effect {
	return outbox.New(kindPromote, promoteArgs{BookableID: b.BookableID, Joined: true, PersonID: b.PersonID, Seats: b.seats(),
		StartVersion: b.StartVersion})
}

func (s *Service) registerEffects() {
	outbox.On(s.Outbox, kindClaim, "booking.bookings", s.finishClaim)
	outbox.On(s.Outbox, kindAttendance, "booking.presences", func(ctx context.Context, _ outbox.Call, a attendanceArgs) error {
		return s.store.writePresences(ctx, a)
	})
	outbox.On(s.Outbox, kindRelease, "booking.seats", func(ctx context.Context, call outbox.Call, a releaseArgs) error {
		if err := s.release(ctx, call, a); err != nil {
			return err
		}
		// A release that runs late comes after the effect that gives out free seats, so it
		// has to give them out itself.
		return s.Promote(ctx, a.BookableID)
	})
	outbox.On(s.Outbox, kindAdmit, "booking.counts", s.count)
	outbox.On(s.Outbox, kindClose, "booking.no_shows", s.settleClosed)
	timer.On(s.Timers, kindPromote, func(ctx context.Context, a promoteArgs) error {
		if err := s.endMisfits(ctx, a.BookableID); err != nil {
			return err
		}
		return s.Promote(ctx, a.BookableID)
	})
	timer.On(s.Timers, kindAsk, s.ask)
	timer.On(s.Timers, kindOver, func(ctx context.Context, a promoteArgs) error {
		return s.EndLine(ctx, a.BookableID)
	})
	outbox.On(s.Outbox, kindPromote, "booking.line", func(ctx context.Context, _ outbox.Call, a promoteArgs) error {
		if !a.Joined {
			return s.Promote(ctx, a.BookableID)
		}
		return s.promote(ctx, a.BookableID, &a)
	})
}

// maxPromotions bounds one run, so that it ends well before another process takes it for
// dead. A timer goes on with the rest.
const maxPromotions = 50

// Promote offers free seats to people in line who may take them, in their order, until
// there are no seats or no people left, or the thing has started. If it starts soon, it
// grants the seats at once. A party that needs more seats than are free may be passed by
// smaller ones, once the seats have waited for it: see KeptUntil.
func (s *Service) Promote(ctx context.Context, bookableID string) error {
	return s.promote(ctx, bookableID, nil)
}

// promote is Promote after a person has joined the line; joined is nil if nobody has. The
// capacity may have been lowered since it was read for them: either that call has seen
// their booking, or this one sees the lower capacity.
func (s *Service) promote(ctx context.Context, bookableID string, joined *promoteArgs) error {
	var claimed []string // bookings for which a seat is taken already, by a claim that waits
	for range maxPromotions {
		b, err := s.store.bookable(ctx, bookableID)
		if err != nil {
			return err
		}
		if joined != nil {
			opened, err := s.greet(ctx, b, joined)
			if err != nil {
				return err
			}
			if opened {
				continue // whoever changed the thing meanwhile found no line
			}
			joined = nil
		}
		if !b.IsOpen(s.now()) || !b.HasQueue {
			return nil
		}
		next, again, err := s.nextTurn(ctx, b, claimed)
		switch {
		case err != nil:
			return err
		case again:
			continue
		case next == nil:
			return nil
		}
		waits, err := s.serve(ctx, b, next)
		if err != nil {
			return err
		}
		if waits {
			claimed = append(claimed, next.ID)
		}
	}
	next, err := s.store.firstWaiting(ctx, bookableID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	return s.promoteLater(ctx, next)
}

// greet looks at a thing after a person's place in line has been written. The thing may be
// over by now, or moved, or too small for their party, and the call that made it so may not
// have seen their booking. It opens the line if it is not open; then the caller must read the
// thing again. People who join an open line write nothing.
func (s *Service) greet(ctx context.Context, b *Bookable, joined *promoteArgs) (opened bool, err error) {
	if joined.StartVersion < b.StartVersion {
		if _, err := s.store.followStart(ctx, b); err != nil {
			return false, err
		}
	}
	if !b.IsOpen(s.now()) {
		return false, s.EndLine(ctx, b.ID)
	}
	if b.Capacity != nil && joined.Seats > *b.Capacity {
		if err := s.endMisfit(ctx, b, joined.PersonID); err != nil {
			return false, err
		}
	}
	if b.HasQueue && b.Closing == "" && b.LineEnds != nil && b.LineEnds.Equal(b.closesAt()) {
		return false, nil
	}
	return true, s.openLine(ctx, b)
}

// serve offers or grants a seat to the person whose turn it is. If they may no longer take
// it, they are taken out of line, so that the seat does not wait for them. claimed is true if a
// seat is taken for them already, and their booking waits to be written.
func (s *Service) serve(ctx context.Context, b *Bookable, next *turn) (claimed bool, err error) {
	may, err := s.mayTake(ctx, b, next.PersonID)
	if err != nil {
		return false, err
	}
	if may {
		return s.grant(ctx, b, next)
	}
	about, err := s.aboutKnown(ctx, b.ID)
	if err != nil {
		return false, err
	}
	// If the booking has changed meanwhile, the next round looks again.
	_, err = s.end(ctx, next.Booking, actPassOver, about)
	return false, err
}

// promoteLater sets the timer that goes on with a long line. Its key names the first in
// line, so that each run sets a new timer.
func (s *Service) promoteLater(ctx context.Context, next *Booking) error {
	key := notify.Key(next.ID, "promote", strconv.Itoa(next.Version))
	return s.Timers.Set(ctx, timer.New(key, kindPromote, s.now(), promoteArgs{BookableID: next.BookableID}))
}

func (s *Service) grant(ctx context.Context, b *Bookable, next *turn) (claimed bool, err error) {
	p := next.Booking
	p.StartsAt, p.StartVersion = b.StartsAt, b.StartVersion
	st, err := s.promise(ctx, b, p)
	if err != nil {
		return false, err
	}
	batch := s.Outbox.Batch(s.claimEffect(p, true))
	about, err := s.about(ctx, b.ID)
	if err != nil {
		return false, err
	}
	if p.State == Offered {
		batch.Effects = append(batch.Effects, s.offerTimer(p, batch.ID, batch.ID))
	}
	batch.Effects = append(batch.Effects, notify.Effect(p.seatCause(about, st, batch.ID, b.Terms)))
	err = s.Outbox.CommitBatch(ctx, s.bookableRef(b.ID), batch, func(batch outbox.Batch) error {
		_, err := s.store.take(ctx, take{BookableID: b.ID, PersonID: p.PersonID, Seats: p.seats(), Past: next.past, StartsAt: b.StartsAt, Terms: b.Terms, Now: s.now()}, batch)
		return err
	})
	switch {
	case fault.Is(err, fault.KindNotFound):
		// Another call was quicker, or has left the person's claim half done.
		return s.runPending(ctx, b.ID, p.PersonID)
	case errors.Is(err, outbox.ErrUndone):
		return false, nil // they have left the line, and the next round finds the next person
	}
	return false, err
}

// promise makes an offer of a booking in line, or confirms it if there is no time for an offer. Whoever
// must still answer questions is never confirmed.
func (s *Service) promise(ctx context.Context, thing *Bookable, b *Booking) (step, error) {
	n, err := s.nightOf(ctx, b.PersonID)
	if err != nil {
		return step{}, err
	}
	deadline, ok := thing.offerDeadline(s.now(), b.lacking(thing.Terms) != nil, n)
	if !ok {
		return actGrant.doTo(b)
	}
	st, err := actOffer.doTo(b)
	b.OfferExpiresAt = &deadline
	return st, err
}

// seatCause is the news for a person for whom a seat has been taken at a thing with these terms.
func (b *Booking) seatCause(c notify.Cause, st step, claim string, t *Terms) notify.Cause {
	c.Key, c.Kind, c.Args = notify.Key(b.BookableID, "seat", claim), st.tell, notify.ArgsOf(seatArgs{b.BookableID})
	why := b.Reason(b.BookableID)
	c.Audiences = []notify.AudienceOf{{Kind: AudienceBooked, IDs: []string{b.PersonID}, Why: &why}}
	if b.State == Offered {
		c.Key, c.ExpiresAt = offerKey(b.ID, claim), b.OfferExpiresAt
		mustAnswer := b.lacking(t) != nil
		c.Args = notify.ArgsOf(offerArgs{b.BookableID, b.PersonID, claim, mustAnswer})
		maps.Copy(c.Data, b.deadlineWords())
		if mustAnswer {
			c.Data["MustAnswer"] = "1"
		}
	}
	return c
}
