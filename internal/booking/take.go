package booking

import (
	"context"
	"errors"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// Request is a wish for a booking.
type Request struct {
	BookableID string
	PersonID   string
	Guests     int
	// Circles are everyone and the groups the person belongs to. A thing that is open to
	// none of them is NotFound. Nil for things that are open to all.
	Circles []string
	// BarredFrom are the groups whose things the person may not book.
	BarredFrom []string
	// Field is the field of the input to name if the party is too large.
	Field string
	// Check returns a refusal of its own noun, before seats are taken; nil: it has none.
	Check func(ctx context.Context) error
	// Reply is what the person answers to the organiser's questions.
	Reply
}

// tooLarge refuses a party that never fits, and says how many people would fit. In line it
// would wait in vain, and make others wait.
func tooLarge(field string, b *Bookable) error {
	if *b.Capacity == 0 {
		return refuse(RefusedFull, "booking.no_seats")
	}
	return fault.Invalid(field, "booking.party").With("Max", *b.Capacity)
}

// Result is a person's booking. Its JSON is the stored outcome under an idempotency key.
type Result struct{ Booking Booking }

// resultOf is the outcome that is kept, without what the person has answered.
func resultOf(b *Booking) *Result {
	kept := *b
	kept.Answers, kept.NamedGuests = nil, nil
	return &Result{Booking: kept}
}

// Take gives a person a seat, or a place in line, or asks the organiser for approval. Returns NotFound
// if the thing does not exist, is a draft (with key "booking.draft") or is not open to the person, a
// refusal that is a Conflict if sign-up is not open, it is over, is cancelled, has started or has no
// seats, Conflict if the person has signed up already, and Problems for a party larger than the
// capacity, or a reply that is not what the organiser asks for.
func (s *Service) Take(ctx context.Context, r Request, t idempotency.Token) (*Result, error) {
	var terms *Terms
	// Most things ask for nothing. Whoever says nothing is signed up for them without reading them first.
	mustRead := !r.isEmpty()
	for range 5 {
		wanted := s.newBooking(r, actTake)
		if err := wanted.reply(terms, r.Reply, r.Field); err != nil && !mustRead {
			return nil, err
		}
		if !mustRead && wanted.lacking(terms) == nil && !terms.mustApprove() {
			if b, ok, err := s.claim(ctx, r, wanted, terms, t); err != nil {
				return nil, err
			} else if ok {
				if b == nil {
					return nil, fault.Conflict("booking.already")
				}
				return &Result{Booking: *wanted}, nil
			}
		}
		b, err := s.diagnose(ctx, r)
		if err != nil {
			return nil, err
		}
		if mustRead || b.Terms.version() != terms.version() {
			terms, mustRead = b.Terms, false
			continue
		}
		if result, err := s.wait(ctx, b, wanted, r.Field, t); err != nil || result != nil {
			return result, err
		}
		// A seat has become free meanwhile, so try again.
	}
	return nil, fault.Unavailable("booking.busy", nil)
}

// wait puts a person in line, or lets the organiser decide; nil if they can have a seat after all.
// Whoever waits in line may say what is lacking when it is their turn.
func (s *Service) wait(ctx context.Context, b *Bookable, wanted *Booking, field string, t idempotency.Token) (*Result, error) {
	lacking := wanted.lacking(b.Terms)
	isFull := b.FreeSeats < wanted.seats() || b.HasQueue
	switch {
	case !b.fits(wanted):
		return nil, tooLarge(field, b)
	case lacking != nil && (b.Terms.mustApprove() || !isFull):
		return nil, lacking
	case b.Terms.mustApprove():
		return s.apply(ctx, b, actApply.starts(*wanted), t)
	case isFull:
		return s.queue(ctx, b, actJoin.starts(*wanted), t)
	}
	return nil, nil //nolint:nilnil // there is no result yet
}

func (s *Service) newBooking(r Request, a act) *Booking {
	return a.starts(Booking{ID: IDOf(r.BookableID, r.PersonID), BookableID: r.BookableID, Sort: id.Prefix(r.BookableID), PersonID: r.PersonID,
		Guests: r.Guests, CreatedAt: s.now(), Version: 1})
}

// claim tries to take seats. ok says that seats were taken; b is nil if they had
// to be given back because the person has a booking already. Returns Unavailable if the booking
// could not be written: the person has the seat then only if it still can.
func (s *Service) claim(ctx context.Context, r Request, wanted *Booking, terms *Terms, t idempotency.Token) (b *Bookable, ok bool, err error) {
	effects := append([]outbox.Effect{s.claimEffect(wanted, false)}, t.Outcome(resultOf(wanted))...)
	batch := s.Outbox.Batch(effects...)
	b, err = s.store.take(ctx, take{BookableID: r.BookableID, PersonID: r.PersonID, Seats: wanted.seats(),
		Circles: r.Circles, BarredFrom: r.BarredFrom, Newcomer: true, Terms: terms, Now: s.now()}, batch)
	if err != nil {
		return nil, false, fault.UnlessNotFound(err)
	}
	// This process knows the start. Whoever finishes the claim in its place reads it.
	wanted.StartsAt, wanted.StartVersion = b.StartsAt, b.StartVersion
	batch.Effects[0] = s.claimEffect(wanted, false)
	err = s.Outbox.Follow(ctx, s.bookableRef(r.BookableID), batch)
	if errors.Is(err, outbox.ErrUndone) {
		return nil, true, nil
	}
	return b, true, err
}

// diagnose finds out why no seat could be taken. Returns what Take returns; without an
// error the seats were taken, or are free by now.
func (s *Service) diagnose(ctx context.Context, r Request) (*Bookable, error) {
	b, err := s.store.bookableFor(ctx, r.BookableID, r.PersonID)
	if err != nil {
		return nil, err
	}
	if r.Circles != nil && !b.IsOpenTo(r.Circles) {
		return nil, fault.NotFound("booking.not_found")
	}
	switch {
	case b.Bars(r.BarredFrom):
		return nil, fault.Forbidden("booking.banned")
	case b.State == draft:
		return nil, fault.NotFound("booking.draft")
	case b.State == cancelled:
		return nil, refuse(RefusedCancelled, "booking.cancelled")
	case b.State != published:
		return nil, refuse(RefusedClosed, "booking.closed")
	case !b.StartsAt.After(s.now()):
		return nil, refuse(RefusedStarted, "booking.started")
	}
	if err := b.refuseByWindow(s.now()); err != nil {
		return nil, err
	}
	waits := false
	if _, pending := b.Claims[r.PersonID]; pending {
		if waits, err = s.runPending(ctx, r.BookableID, r.PersonID); err != nil {
			return nil, err
		}
	}
	p, err := s.store.booking(ctx, r.BookableID, r.PersonID)
	if err == nil {
		_, err = actTake.on(p.State)
	}
	if fault.UnlessNotFound(err) == nil && waits { // in line they would wait behind their own seat
		err = fault.Unavailable("booking.busy", nil)
	}
	return b, fault.UnlessNotFound(err)
}

// queue puts a person in line.
func (s *Service) queue(ctx context.Context, b *Bookable, wanted *Booking, t idempotency.Token) (*Result, error) {
	wanted.QueuedAt, wanted.StartsAt, wanted.StartVersion = s.now(), b.StartsAt, b.StartVersion
	if err := s.standAhead(ctx, b, wanted); err != nil {
		return nil, err
	}
	return s.put(ctx, wanted, t, s.joinedEffect(wanted))
}

// put writes a booking without a seat.
func (s *Service) put(ctx context.Context, wanted *Booking, t idempotency.Token, effects ...outbox.Effect) (*Result, error) {
	err := s.Outbox.Commit(ctx, s.bookingRef(wanted.BookableID, wanted.PersonID), append(t.Outcome(resultOf(wanted)), effects...), func(batch outbox.Batch) error {
		ok, err := s.store.put(ctx, wanted, batch)
		if err == nil && !ok {
			err = fault.Conflict("booking.already")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &Result{Booking: *wanted}, s.eraseOutslept(ctx, wanted)
}
