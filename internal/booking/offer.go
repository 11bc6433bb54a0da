package booking

import (
	"context"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

const (
	// offerFor is how long a seat is kept for the person to whom it is offered.
	offerFor = 12 * time.Hour
	// offerAhead is how far away a start must be for a seat to be offered. If it is
	// nearer, there is no time for asking, and the seat is granted.
	offerAhead = 24 * time.Hour
	// offerMargin is how long before the start the last offer ends, so that the
	// next in line can still plan to come.
	offerMargin = 12 * time.Hour
	// offerLeast is the least time for an answer.
	offerLeast = 2 * time.Hour
)

// OfferDeadline is the instant until which a seat that becomes free now is kept for the
// next in line, who has these nights. Nobody loses a seat in their sleep, or before they
// could hear of it: a deadline in the night moves to the morning after, or to the evening
// before if the start is too near. ok is false if there is no time for an offer.
func OfferDeadline(now, startsAt time.Time, n Night) (deadline time.Time, ok bool) {
	if startsAt.Sub(now) <= offerAhead {
		return time.Time{}, false
	}
	last, ok := lastDeadline(now, startsAt, n)
	if !ok {
		return time.Time{}, false
	}
	return earlier(n.outlast(now.Add(offerFor)), last), true
}

// outlast is a deadline, or the morning after it if it lies in a night. An offer made in the evening must
// outlast the push of the morning by a while.
func (n Night) outlast(deadline time.Time) time.Time {
	breakfast := n.share(offerLeast)
	for _, at := range []time.Time{deadline, deadline.Add(-breakfast)} {
		if n.covers(at) {
			return n.end(at).Add(breakfast)
		}
	}
	return deadline
}

// lastDeadline is the latest instant at which an offer may end before a start. ok is false
// if that leaves the person too little time for an answer after hearing of it.
func lastDeadline(now, startsAt time.Time, n Night) (last time.Time, ok bool) {
	return n.lastAnswer(now, startsAt.Add(-offerMargin))
}

// lastAnswer is an instant until which somebody may answer, or the evening before it if it lies in a night. ok
// is false if that leaves them too little time after hearing of it.
func (n Night) lastAnswer(now, last time.Time) (at time.Time, ok bool) {
	if n.covers(last) {
		last = n.begin(last).Add(-n.share(time.Hour))
	}
	heard := now
	if n.covers(now) {
		heard = n.end(now)
	}
	return last, last.Sub(heard) >= offerLeast
}

// offerDeadline is OfferDeadline for a person in line for a thing, at which sign-up may close before the
// start. Somebody who must still answer is always asked.
func (b *Bookable) offerDeadline(now time.Time, mustAsk bool, n Night) (deadline time.Time, ok bool) {
	if deadline, ok = OfferDeadline(now, b.StartsAt, n); !ok {
		if !mustAsk {
			return time.Time{}, false
		}
		deadline = n.outlast(now.Add(offerFor))
		if last, isEnough := lastDeadline(now, b.StartsAt, n); isEnough {
			deadline = earlier(deadline, last)
		}
	}
	closes := b.closesAt()
	if !deadline.After(closes) {
		return deadline, true
	}
	last, ok := n.lastAnswer(now, closes)
	if !ok {
		last = closes // they have what little time there is
	}
	return last, ok || mustAsk
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// offerKey names an offer: a person's booking, and the batch of effects that took
// the seat for them.
func offerKey(bookingID, claim string) string { return notify.Key(bookingID, "offer", claim) }

type offerArgs struct {
	BookableID, PersonID, Claim string
	// MustAnswer says that whoever accepts it must answer questions, or name guests.
	MustAnswer bool `json:",omitempty"`
}

// offerTimer is the effect that sets the timer which takes an offer back at its deadline.
// batch is the batch of the write that sets the deadline.
func (s *Service) offerTimer(b *Booking, claim, batch string) outbox.Effect {
	args := offerArgs{BookableID: b.BookableID, PersonID: b.PersonID, Claim: claim}
	return timer.Effect(timer.New(offerKey(b.ID, batch), kindOffer, *b.OfferExpiresAt, args))
}

// Accept takes the seat that is offered to a person, with what they had not answered before. Returns Problems
// for a reply that is not what the organiser asks for, NotFound if the viewer may not
// see the thing or the person has no booking, Forbidden if the viewer is banned from its group,
// and Conflict if no seat is offered to them, the thing is cancelled or has started, or others
// keep changing the booking.
func (s *Service) Accept(ctx context.Context, bookableID, personID string, r Reply, t idempotency.Token) (*Booking, error) {
	if _, err := s.seen(ctx, bookableID); err != nil {
		return nil, err
	}
	b, err := s.store.bookable(ctx, bookableID)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, bookableID, personID, t, func(p *Booking) (step, error) {
		if p.wasOver() && !b.IsOpen(s.now()) {
			return step{}, b.whyClosed(s.now())
		}
		if err := p.mayAccept(b, s.now()); err != nil {
			return step{}, err
		}
		if err := p.complete(b.Terms, r); err != nil {
			return step{}, err
		}
		return actAccept.doTo(p)
	})
}

// mayAccept returns why an offer cannot be accepted: it is none any more, or the thing is
// cancelled or completed, or has started.
func (b *Booking) mayAccept(thing *Bookable, now time.Time) error {
	if _, err := actAccept.on(b.State); err != nil {
		return err
	}
	switch {
	case !b.OfferExpiresAt.After(now):
		return noOffer.refuse()
	case !thing.IsOpen(now):
		return thing.whyClosed(now)
	}
	return nil
}

// complete puts a reply into a booking, after which nothing may be lacking. Guests who were signed up before
// there were fewer allowed may come.
func (b *Booking) complete(t *Terms, r Reply) error {
	if r.isEmpty() {
		return b.lacking(t)
	}
	if err := b.reply(t, r, "input.guestNames"); err != nil {
		return err
	}
	return b.lacking(t)
}

// Decline gives an offered seat to the next in line. Returns NotFound if the person has no
// booking, and Conflict if no seat is offered to them.
func (s *Service) Decline(ctx context.Context, bookableID, personID string, _ Reply, t idempotency.Token) (*Booking, error) {
	return s.change(ctx, bookableID, personID, t, actDecline.doTo)
}

// isOfferOf reports whether the booking is still offered by that claim.
func (b *Booking) isOfferOf(claim string) bool { return b.State == Offered && b.LastClaim == claim }

// expire takes back an offer whose deadline has come, and gives the seat to the next in
// line.
func (s *Service) expire(ctx context.Context, a offerArgs) error {
	_, err := s.change(ctx, a.BookableID, a.PersonID, idempotency.Token{}, func(b *Booking) (step, error) {
		if !b.isOfferOf(a.Claim) {
			return step{}, fault.NotFound("booking.no_offer")
		}
		return actLapse.doTo(b)
	})
	if fault.Is(err, fault.KindNotFound) {
		return nil // it has been answered
	}
	return err
}

// deadlineWords are the words for the deadline of an offer.
func (b *Booking) deadlineWords() map[string]string {
	return map[string]string{"DeadlineAt": clock.Moment{At: *b.OfferExpiresAt}.String()}
}

// shorten ends an offer earlier if a new start leaves less time. Returns Conflict
// if the booking has changed meanwhile.
func (s *Service) shorten(ctx context.Context, b *Booking, thing *Bookable) error {
	n, err := s.nightOf(ctx, b.PersonID)
	if err != nil {
		return err
	}
	last, ok := lastDeadline(s.now(), thing.StartsAt, n)
	if !ok {
		last = thing.StartsAt // they keep what little time there is
	}
	if closes := thing.closesAt(); closes.Before(last) {
		if last, ok = n.lastAnswer(s.now(), closes); !ok {
			last = closes
		}
	}
	if !last.Before(*b.OfferExpiresAt) {
		return nil
	}
	b.OfferExpiresAt = &last
	b.Version++
	batch := s.Outbox.Batch()
	batch.Effects = []outbox.Effect{s.offerTimer(b, b.LastClaim, batch.ID)}
	return s.commit(ctx, b, batch)
}

// followStart shortens an offer that was made while the thing was being moved, since the
// move may not have seen it.
func (s *Service) followStart(ctx context.Context, made *Booking) error {
	if made.State != Offered {
		return nil
	}
	b, err := s.store.bookable(ctx, made.BookableID)
	if err != nil || b.StartsAt.Equal(made.StartsAt) && b.Terms == nil {
		return err
	}
	p, err := s.store.booking(ctx, made.BookableID, made.PersonID)
	if err != nil || !p.isOfferOf(made.LastClaim) {
		return err
	}
	return s.shorten(ctx, p, b)
}
