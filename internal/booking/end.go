package booking

import (
	"context"
	"maps"
	"strconv"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

// end ends a booking that the person does not give up, frees its seats for the next in
// line, and tells the person why; about is what the news says of the bookable thing. A
// caller that ends a place in line must look at the line afterwards. ok is false if the
// booking has changed since it was read.
func (s *Service) end(ctx context.Context, b *Booking, a act, about notify.Cause) (ok bool, err error) {
	st, err := a.doTo(b)
	if err != nil || !st.changes() {
		return false, err
	}
	b.Version++
	var news []outbox.Effect
	if st.tell != "" {
		news = append(news, notify.Effect(b.endedCause(about, st)))
	}
	err = s.commit(ctx, b, s.Outbox.Batch(s.following(b, st, news...)...))
	if fault.Is(err, fault.KindConflict) {
		return false, nil
	}
	return err == nil, err
}

// commit writes a changed booking, whose version has been raised by one, with its
// effects. Returns Conflict if the booking has changed since it was read.
func (s *Service) commit(ctx context.Context, b *Booking, batch outbox.Batch) error {
	return s.commitWith(ctx, b, batch, s.store.write)
}

// commitWith is commit by another write.
func (s *Service) commitWith(ctx context.Context, b *Booking, batch outbox.Batch, write func(context.Context, *Booking, outbox.Batch) (bool, error)) error {
	return s.Outbox.CommitBatch(ctx, s.bookingRef(b.BookableID, b.holder()), batch, func(batch outbox.Batch) error {
		ok, err := write(ctx, b, batch)
		if err == nil && !ok {
			err = fault.Conflict("booking.changed")
		}
		return err
	})
}

// endedArgs say which booking has ended, and in which version.
type endedArgs struct {
	BookableID, PersonID string
	Version              int
}

func (b *Booking) endedKey() string { return notify.Key(b.ID, "ended", strconv.Itoa(b.Version)) }

// endedCause is the news for the person. They may no longer see the thing, so it tells what
// they knew before, and no group.
func (b *Booking) endedCause(about notify.Cause, st step) notify.Cause {
	words := map[string]string{}
	maps.Copy(words, about.Data)
	delete(words, "Group")
	words["Because"] = string(*b.EndedBecause)
	if b.EndedReason != nil {
		words["Reason"] = *b.EndedReason
	}
	why := b.reasonAfter(st.from)
	maps.Copy(words, why.Words) // whoever was in line had no seat to lose
	c := notify.Cause{Key: b.endedKey(), Kind: st.tell, Args: notify.ArgsOf(endedArgs{b.BookableID, b.PersonID, b.Version}), Subject: about.Subject, Data: words, ExpiresAt: about.ExpiresAt,
		Audiences: []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{b.PersonID}, Why: &why}}}
	if st.from == Confirmed {
		c.TurnsUpAt = about.ExpiresAt // a person who is not told would turn up at the start in vain
	}
	return c
}

// EndLost ends the booking of a person who may no longer have one. It checks the present
// state: nothing changes if the booking has ended already, or the person may have it again.
func (s *Service) EndLost(ctx context.Context, bookableID, personID string) error {
	for range 5 {
		p, err := s.store.booking(ctx, bookableID, personID)
		if err != nil || !p.State.isHeld() {
			return fault.UnlessNotFound(err)
		}
		b, err := s.store.bookable(ctx, bookableID)
		if err != nil {
			return err
		}
		if may, err := s.mayTake(ctx, b, personID); err != nil || may {
			return err
		}
		about, err := s.aboutKnown(ctx, bookableID)
		if err != nil {
			return err
		}
		if ok, err := s.end(ctx, p, actLose, about); err != nil || ok {
			return err
		}
		// The booking has changed meanwhile, perhaps by a promotion: look again.
	}
	return fault.Conflict("booking.changed")
}

// EndLine ends the places in line and the offers of a thing at which sign-up has closed, or that has begun,
// was cancelled or is completed. While it is open nothing happens. A timer goes on with a long line.
func (s *Service) EndLine(ctx context.Context, bookableID string) error {
	b, err := s.store.withClaims(ctx, bookableID)
	if err != nil || b.IsOpen(s.now()) {
		return err
	}
	// Whoever is told of the end, or gets a state that says whether they came, is found by
	// their booking.
	if err := s.finishClaims(ctx, b); err != nil {
		return err
	}
	for range 5 {
		list, err := s.store.waiting(ctx, bookableID, b.ending(s.now()), maxPromotions)
		if err != nil {
			return err
		}
		left, err := s.endAll(ctx, b, list)
		if err != nil || left < 0 {
			return err
		}
		if len(list) == maxPromotions {
			key := notify.Key(bookableID, "line_ends", list[0].PersonID)
			return s.Timers.Set(ctx, timer.New(key, kindOver, s.now(), promoteArgs{BookableID: bookableID}))
		}
		if left == 0 {
			return nil
		}
		// A booking has changed meanwhile, by an offer or an answer, so look again.
	}
	return fault.Conflict("booking.changed")
}

// ending is what happens to those who wait at a thing that is not open.
func (b *Bookable) ending(now time.Time) act {
	if b.isToCome(now) {
		return actClose
	}
	return actOver
}

// endAll ends bookings of a thing that is not open. left is how many of them have changed meanwhile; below
// zero if the thing has been moved since it was read, and its line goes on.
func (s *Service) endAll(ctx context.Context, b *Bookable, list []*Booking) (left int, err error) {
	var about notify.Cause
	if len(list) > 0 {
		if about, err = s.aboutKnown(ctx, b.ID); err != nil {
			return 0, err
		}
	}
	for _, p := range list {
		if p.StartVersion > b.StartVersion {
			return -1, nil
		}
		how := b.ending(s.now())
		if p.State == PendingApproval && b.State == published {
			how = actUnanswered // others hear that it has begun or is cancelled by other news
		}
		ok, err := s.end(ctx, p, how, about)
		if err != nil {
			return 0, err
		}
		if !ok {
			left++
		}
	}
	return left, nil
}

// overTimer ends the line at an instant, and what else waits then.
func overTimer(bookableID string, at time.Time) timer.Timer {
	key := notify.Key(bookableID, "over", strconv.FormatInt(at.UnixMilli(), 10))
	return timer.New(key, kindOver, at, promoteArgs{BookableID: bookableID})
}

// openLine sets the timer that ends the line when sign-up closes, and opens the line.
func (s *Service) openLine(ctx context.Context, b *Bookable) error {
	if err := s.Timers.Set(ctx, overTimer(b.ID, b.closesAt())); err != nil {
		return err
	}
	return s.store.openQueue(ctx, b)
}

// endMisfits takes people out of line whose party is larger than the capacity. A timer goes
// on with a long line.
func (s *Service) endMisfits(ctx context.Context, bookableID string) error {
	b, err := s.store.bookable(ctx, bookableID)
	if err != nil || b.Capacity == nil || !b.HasQueue {
		return err
	}
	list, err := s.store.misfits(ctx, bookableID, *b.Capacity, maxPromotions)
	if err != nil || len(list) == 0 {
		return err
	}
	about, err := s.aboutSize(ctx, b)
	if err != nil {
		return err
	}
	for _, p := range list {
		if _, err := s.end(ctx, p, actMisfit, about); err != nil {
			return err
		}
	}
	if len(list) < maxPromotions {
		return nil
	}
	return s.promoteLater(ctx, list[0])
}

// endMisfit does so for a person who joined the line while the capacity was lowered. b is
// the thing as it was once their booking existed.
func (s *Service) endMisfit(ctx context.Context, b *Bookable, personID string) error {
	p, err := s.store.booking(ctx, b.ID, personID)
	if err != nil || p.State != Waitlisted || b.fits(p) {
		return fault.UnlessNotFound(err)
	}
	about, err := s.aboutSize(ctx, b)
	if err != nil {
		return err
	}
	_, err = s.end(ctx, p, actMisfit, about)
	return err
}

// aboutSize is what news says of a thing that is too small, including whether anybody can
// still come.
func (s *Service) aboutSize(ctx context.Context, b *Bookable) (notify.Cause, error) {
	about, err := s.aboutKnown(ctx, b.ID)
	if err == nil && *b.Capacity == 0 {
		about.Data["NoSeats"] = "1"
	}
	return about, err
}
