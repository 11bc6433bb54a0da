package booking

import (
	"context"
	"errors"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/text"
	"faellesskab/internal/timer"
)

// DecideInput is a booking that waits for the organiser, and what they write to the person.
type DecideInput struct {
	ClientMutationID *string
	BookingID        string
	Reason           *string
}

// Decided is the booking of a decision. Whoever shows it reads it anew.
type Decided struct{ BookingID string }

// apply asks the organiser to approve a person. The booking holds no seat.
func (s *Service) apply(ctx context.Context, b *Bookable, wanted *Booking, t idempotency.Token) (*Result, error) {
	wanted.StartsAt, wanted.StartVersion = b.StartsAt, b.StartVersion
	effects := []outbox.Effect{timer.Effect(overTimer(b.ID, b.StartsAt))}
	news, err := s.requested(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return s.put(ctx, wanted, t, append(effects, news...)...)
}

// Asked are those of the things at which somebody waits for approval.
func (s *Service) Asked(ctx context.Context, bookableIDs []string) (map[string]bool, error) {
	if len(bookableIDs) == 0 {
		return nil, nil
	}
	return s.store.asked(ctx, bookableIDs)
}

// Approve gives a person who has asked for it a seat, or a place in line if none is free for them. While
// sign-up is open, whoever has not answered what is asked by now gets the seat as an offer. Returns Problems,
// NotFound for a booking that the viewer may not see, Forbidden without the right to decide who comes, and
// Conflict if the booking does not wait for approval, its party can have no seat, what is booked has started
// or does not happen, or others keep changing the booking.
func (s *Service) Approve(ctx context.Context, in DecideInput) (*Decided, error) {
	return s.decide(ctx, "approveBooking", in, s.approve)
}

// DeclineBooking turns down a person who has asked for approval, and tells them why. Returns what Approve
// returns, except that it is possible until the booking ends.
func (s *Service) DeclineBooking(ctx context.Context, in DecideInput) (*Decided, error) {
	return s.decide(ctx, "declineBooking", in, s.turnDown)
}

// decision is one try at a decision. ok is false if the booking has changed since it was read.
type decision func(ctx context.Context, p *Booking, reason *string, t idempotency.Token) (ok bool, err error)

func (s *Service) decide(ctx context.Context, operation string, in DecideInput, try decision) (*Decided, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	bookableID, personID, _ := id.Split(in.BookingID)
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	if s.sorts[id.Prefix(bookableID)] == nil || id.Prefix(personID) != id.Person {
		p.Add(fault.BadID("input.bookingId"))
	}
	if in.Reason != nil {
		reason := text.Clean(&p, "input.reason", *in.Reason, text.Limits{Max: maxReason, Lines: true})
		if in.Reason = &reason; reason == "" {
			in.Reason = nil
		}
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: operation, Key: in.ClientMutationID, Input: in, On: s.Refs(bookableID, personID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Decided, error) {
		if err := s.sorts[id.Prefix(bookableID)].MayRun(ctx, bookableID); err != nil {
			return nil, err
		}
		for range 5 {
			p, err := s.latest(ctx, bookableID, personID)
			if fault.Is(err, fault.KindNotFound) {
				return nil, fault.NotFound("booking.none_of_person").Because(err)
			}
			if err != nil {
				return nil, err
			}
			if ok, err := try(ctx, p, in.Reason, t); err != nil || ok {
				return &Decided{in.BookingID}, err
			}
		}
		return nil, fault.Conflict("booking.changed")
	})
}

// maxReason is how many characters an organiser writes to a person about a booking.
const maxReason = 500

func (s *Service) approve(ctx context.Context, p *Booking, _ *string, t idempotency.Token) (ok bool, err error) {
	if _, err := actApprove.on(p.State); err != nil {
		return false, err
	}
	b, err := s.store.bookable(ctx, p.BookableID)
	if err != nil {
		return false, err
	}
	may, err := s.mayTake(ctx, b, p.PersonID)
	switch {
	case err != nil:
		return false, err
	case !b.isToCome(s.now()):
		return false, b.whyClosed(s.now())
	case !may:
		return false, fault.Conflict("booking.approve.gone")
	case !b.fits(p):
		return false, fault.Conflict("booking.approve.party").With("Max", *b.Capacity)
	}
	about, err := s.about(ctx, b.ID)
	if err != nil {
		return false, err
	}
	p.StartsAt, p.StartVersion = b.StartsAt, b.StartVersion
	isFree, isOpen := b.FreeSeats >= p.seats() && !b.HasQueue, b.IsOpen(s.now())
	if isFree && (p.lacking(b.Terms) == nil || !isOpen) {
		return s.approveNow(ctx, b, p, about, t)
	}
	if !isOpen {
		return false, fault.Conflict("booking.approve.full")
	}
	return s.admit(ctx, b, p, about, t)
}

// approveNow takes a seat for a person. They may be approved after sign-up has closed.
func (s *Service) approveNow(ctx context.Context, b *Bookable, p *Booking, about notify.Cause, t idempotency.Token) (ok bool, err error) {
	st, err := actApprove.doTo(p)
	if err != nil {
		return false, err
	}
	batch := s.Outbox.Batch(append([]outbox.Effect{s.claimEffect(p, true)}, t.Outcome(&Decided{p.ID})...)...)
	batch.Effects = append(batch.Effects, s.approvedEffects(ctx, p, about, st, batch.ID)...)
	err = s.Outbox.CommitBatch(ctx, s.bookableRef(b.ID), batch, func(batch outbox.Batch) error {
		_, err := s.store.take(ctx, take{BookableID: b.ID, PersonID: p.PersonID, Seats: p.seats(), Newcomer: true, Terms: b.Terms, IsApproved: true, Now: s.now()}, batch)
		return err
	})
	switch {
	case fault.Is(err, fault.KindNotFound):
		// Another call was quicker, or has left the person's claim half done.
		_, err := s.runPending(ctx, b.ID, p.PersonID)
		return false, err
	case errors.Is(err, outbox.ErrUndone):
		return false, nil // the booking has changed since it was read
	}
	return err == nil, err
}

// admit puts an approved person in line.
func (s *Service) admit(ctx context.Context, b *Bookable, p *Booking, about notify.Cause, t idempotency.Token) (ok bool, err error) {
	st, err := actAdmit.doTo(p)
	if err != nil {
		return false, err
	}
	if p.QueuedAt = s.now(); b.Terms.OrNone() != nil {
		if err := s.standAhead(ctx, b, p); err != nil {
			return false, err
		}
	}
	p.Version++
	batch := s.Outbox.Batch(append(t.Outcome(&Decided{p.ID}), s.joinedEffect(p))...)
	batch.Effects = append(batch.Effects, s.approvedEffects(ctx, p, about, st, batch.ID)...)
	err = s.commit(ctx, p, batch)
	if fault.Is(err, fault.KindConflict) {
		return false, nil
	}
	return err == nil, err
}

// approvedEffects are the record of who has approved a person, and the news for them.
func (s *Service) approvedEffects(ctx context.Context, p *Booking, about notify.Cause, st step, batch string) []outbox.Effect {
	return []outbox.Effect{s.Audit.Effect(ctx, "booking.approved", p.ID, map[string]string{"state": string(p.State)}),
		notify.Effect(p.approvedCause(about, st, batch, viewerID(ctx)))}
}

func (s *Service) turnDown(ctx context.Context, p *Booking, reason *string, t idempotency.Token) (ok bool, err error) {
	st, err := actRefuse.doTo(p)
	if err != nil {
		return false, err
	}
	about, err := s.about(ctx, p.BookableID)
	if err != nil {
		return false, err
	}
	p.EndedReason = reason
	p.Version++
	c := p.endedCause(about, st)
	c.Actor = viewerID(ctx)
	effects := append(t.Outcome(&Decided{p.ID}), s.Audit.Effect(ctx, "booking.declined", p.ID, nil), notify.Effect(c))
	err = s.commit(ctx, p, s.Outbox.Batch(effects...))
	if fault.Is(err, fault.KindConflict) {
		return false, nil
	}
	return err == nil, err
}

func viewerID(ctx context.Context) string { return auth.FromContext(ctx).PersonID }
