package booking

import (
	"context"
	"errors"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// Resize changes how many guests come along with the viewer, who keeps their seat, their offer or their
// place in line. The request needs no person. Returns NotFound for a thing that the viewer may not see,
// or if they have no booking of it, Forbidden if its group has banned them, Problems for a party larger
// than the capacity, and Conflict if it is not open, has too few free seats for more guests, or others
// keep changing the booking.
func (s *Service) Resize(ctx context.Context, call idempotency.Call, r Request) (*Booking, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	r.PersonID = v.PersonID
	call.On = s.Refs(r.BookableID, v.PersonID)
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Booking, error) {
		if _, err := s.seen(ctx, r.BookableID); err != nil {
			return nil, err
		}
		return s.resize(ctx, r, t)
	})
}

func (s *Service) resize(ctx context.Context, r Request, t idempotency.Token) (*Booking, error) {
	for range 5 {
		p, err := s.latest(ctx, r.BookableID, r.PersonID)
		if err != nil {
			return nil, err
		}
		b, err := s.store.bookable(ctx, r.BookableID)
		if err != nil {
			return nil, err
		}
		if !b.IsOpenTo(r.Circles) {
			return nil, fault.NotFound("booking.none")
		}
		if err := p.mayResize(b, s.now()); err != nil {
			return nil, err
		}
		more := r.Guests - p.Guests
		if err := p.bring(b, r, s.now()); err != nil {
			return nil, err
		}
		ok, err := s.resizeTo(ctx, resizing{p, b, more, r}, t)
		if err != nil {
			return nil, err
		}
		if ok {
			return s.served(ctx, p), nil
		}
		// The booking has changed meanwhile, perhaps by a promotion, so look again.
	}
	return nil, fault.Conflict("booking.changed")
}

// bring gives a booking another number of guests. Returns Problems for too many of them, or if their
// names are lacking, and Conflict for more of them after sign-up has closed.
func (b *Booking) bring(thing *Bookable, r Request, now time.Time) error {
	isMore := r.Guests > b.Guests
	b.Guests = r.Guests
	switch {
	case !isMore:
		if len(r.GuestNames) == 0 {
			b.NamedGuests = b.NamedGuests[:min(len(b.NamedGuests), b.Guests)]
			return nil // whoever brings fewer needs no names for them
		}
	case !thing.IsOpen(now):
		return &fault.Error{Kind: fault.KindConflict, Key: "booking.guests.closed", Field: r.Field}
	case !thing.fits(b):
		return fault.Invalid(r.Field, "booking.party").With("Max", *thing.Capacity)
	}
	if err := b.reply(thing.Terms, r.Reply, r.Field); err != nil || b.State == Waitlisted {
		return err
	}
	return b.lackingNames(thing.Terms)
}

// served is the booking as it is after the line has gone on: a party that was in line may have got its
// seats. The change is written, so that a booking which cannot be read is shown as it was written.
func (s *Service) served(ctx context.Context, p *Booking) *Booking {
	if p.State.Holds() {
		return p
	}
	if now, err := s.latest(ctx, p.BookableID, p.PersonID); err == nil {
		return now
	}
	return p
}

// mayResize returns why the number of guests cannot be changed: nobody comes, or the thing is not open.
func (b *Booking) mayResize(thing *Bookable, now time.Time) error {
	if _, err := actLeave.on(b.State); err != nil {
		return err
	}
	if !thing.isToCome(now) {
		return thing.whyFixed()
	}
	return nil
}

// whyFixed is why the number of guests cannot be changed at a thing that is not open.
func (b *Bookable) whyFixed() *fault.Error {
	if b.State == published {
		return fault.Conflict("booking.guests.started")
	}
	return fault.Conflict("booking.guests.cancelled")
}

// CanResize reports whether the number of guests can be changed now, as far as the thing and the
// person's own booking say; own is nil if they have none.
func CanResize(state string, startsAt time.Time, own View, now time.Time) bool {
	return own != nil && own.Base().mayResize(&Bookable{State: state, StartsAt: startsAt}, now) == nil
}

// resizing is a booking that has its new number of guests, so many more than before.
type resizing struct {
	booking *Booking
	thing   *Bookable // as it was read
	more    int
	Request
}

// resizeTo writes a booking that has its new number of guests, so many more than before. ok is false if
// it has changed since it was read.
func (s *Service) resizeTo(ctx context.Context, r resizing, t idempotency.Token) (ok bool, err error) {
	p, more := r.booking, r.more
	if more > 0 && p.State.Holds() {
		return s.grow(ctx, r, t)
	}
	effects := t.Outcome(p)
	switch {
	case p.State == PendingApproval:
	case !p.State.Holds():
		effects = append(effects, s.joinedEffect(p)) // the party may fit now, or never
	case more < 0:
		effects = append([]outbox.Effect{outbox.New(kindRelease, releaseArgs{BookableID: p.BookableID, Seats: -more})}, effects...)
	}
	p.Version++
	err = s.commit(ctx, p, s.Outbox.Batch(effects...))
	if fault.Is(err, fault.KindConflict) {
		return false, nil
	}
	return err == nil, err
}

// grow takes seats for more guests. They are claimed as those of a newcomer are, and given back if the
// booking has changed meanwhile.
func (s *Service) grow(ctx context.Context, r resizing, t idempotency.Token) (ok bool, err error) {
	p, more := r.booking, r.more
	batch := s.Outbox.Batch(append([]outbox.Effect{s.growEffect(p, more)}, t.Outcome(p)...)...)
	_, err = s.store.take(ctx, take{BookableID: p.BookableID, PersonID: p.PersonID, Seats: more,
		Circles: r.Circles, BarredFrom: r.BarredFrom, Newcomer: true, Terms: r.thing.Terms, Now: s.now()}, batch)
	if fault.Is(err, fault.KindNotFound) {
		return false, s.whyNoMore(ctx, more, r.Request)
	}
	if err != nil {
		return false, err
	}
	err = s.Outbox.Follow(ctx, s.bookableRef(p.BookableID), batch)
	if errors.Is(err, outbox.ErrUndone) {
		return false, nil
	}
	return err == nil, err
}

// whyNoMore finds out why no seats could be taken for more guests. Without an error they were taken by
// an earlier call, or are free by now.
func (s *Service) whyNoMore(ctx context.Context, more int, r Request) error {
	b, err := s.store.bookableFor(ctx, r.BookableID, r.PersonID)
	if err != nil {
		return err
	}
	if _, pending := b.Claims[r.PersonID]; pending {
		waits, err := s.runPending(ctx, r.BookableID, r.PersonID)
		if err == nil && waits {
			err = fault.Unavailable("booking.busy", nil)
		}
		return err
	}
	switch {
	case !b.IsOpenTo(r.Circles):
		return fault.NotFound("booking.not_found")
	case b.Bars(r.BarredFrom):
		return fault.Forbidden("booking.banned")
	case !b.IsOpen(s.now()):
		return b.whyFixed()
	case b.FreeSeats < more || b.HasQueue:
		return &fault.Error{Kind: fault.KindConflict, Key: "booking.no_more", Field: r.Field}
	}
	return nil
}

// writeGrown writes the number of guests for whom more seats were taken. has is false if the booking has
// changed since it was read, which no process that comes later can undo.
func (s *Service) writeGrown(ctx context.Context, b *Booking, claim string) (has bool, err error) {
	if ok, err := s.store.grow(ctx, b, claim); err != nil || ok {
		return ok, err
	}
	was, err := s.store.booking(ctx, b.BookableID, b.PersonID)
	// An earlier run may have written the booking.
	return err == nil && was.GrownBy == claim, fault.UnlessNotFound(err)
}
