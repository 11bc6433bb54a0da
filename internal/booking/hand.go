package booking

import (
	"context"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// SignedByHand is what came of signing somebody up by hand. Whoever shows the booking reads it anew.
type SignedByHand struct {
	BookingID string
	Reserved  int // how many reserved seats were used
	// PassedLine says that others wait in line before the person, and PassedWindow that people could not sign
	// up by themselves.
	PassedLine, PassedWindow bool
}

// SignUpByHand lets an organiser give somebody a seat who phones or comes to the door, without asking the
// line, the window or the questions. It takes free seats, and reserved ones if too few are free. Returns
// Problems, NotFound for a thing that the viewer may not see, and for a person who does not exist or may not
// take part, Forbidden without the right to decide who comes, and Conflict if the person has a seat already,
// the thing has too few seats, is over or does not happen, the doors are not open for checking in, or others
// keep changing the booking.
func (s *Service) SignUpByHand(ctx context.Context, in HandInput) (*SignedByHand, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	h, err := s.handOf(ctx, &in)
	if err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "signUpByHand", Key: in.ClientMutationID, Input: in, On: s.Refs(h.bookableID, h.holder)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*SignedByHand, error) {
		if err := s.mayAdmit(ctx, h.bookableID, h.checkIn); err != nil {
			return nil, err
		}
		for range 5 {
			if done, err := s.signByHand(ctx, h, t); err != nil || done != nil {
				return done, err
			}
			// The thing or the booking has changed since it was read, so look again.
		}
		return nil, fault.Unavailable("booking.busy", nil)
	})
}

// byHandNow is one try: a thing and the booking that is about to be written for it.
type byHandNow struct {
	thing    *Bookable
	booking  *Booking
	step     step
	isHeld   bool // the person has asked for a seat before
	reserved int  // how many of the seats are reserved ones
}

// signByHand tries once; nil if something has changed meanwhile.
func (s *Service) signByHand(ctx context.Context, h *hand, t idempotency.Token) (*SignedByHand, error) {
	b, err := s.store.byHand(ctx, h.bookableID, h.key())
	if err != nil {
		return nil, err
	}
	if err := b.isOpenByHand(s.now(), h.checkIn); err != nil {
		return nil, err
	}
	if err := s.mayCome(ctx, b, h.personID); err != nil {
		return nil, err
	}
	if _, isPending := b.Claims[h.key()]; isPending {
		waits, err := s.runPending(ctx, b.ID, h.key())
		if err == nil && waits {
			err = fault.Unavailable("booking.busy", nil)
		}
		return nil, err
	}
	n, err := s.handed(ctx, h, b)
	if err != nil {
		return nil, err
	}
	done, err := s.passes(ctx, n)
	if err != nil {
		return nil, err
	}
	if n.step.from.Holds() {
		return s.signOffered(ctx, n, done, t)
	}
	return s.claimByHand(ctx, n, done, t)
}

// mayCome returns NotFound for a person who does not exist, or may not take part.
func (s *Service) mayCome(ctx context.Context, b *Bookable, personID string) error {
	if personID == "" {
		return nil
	}
	may, err := s.Admitted(ctx, personID)
	if err == nil && may {
		may, err = s.mayTake(ctx, b, personID)
	}
	if err == nil && !may {
		err = &fault.Error{Kind: fault.KindNotFound, Key: "booking.hand.person", Field: "input.personId"}
	}
	return err
}

// handed makes the booking: that of a person who has asked for a seat before, or a new one.
func (s *Service) handed(ctx context.Context, h *hand, b *Bookable) (*byHandNow, error) {
	n := &byHandNow{thing: b}
	was, err := s.store.booking(ctx, b.ID, h.holder)
	if fault.UnlessNotFound(err) != nil {
		return nil, err
	}
	if err := n.decide(h, was, s.now()); err != nil {
		return nil, err
	}
	n.booking.StartsAt, n.booking.StartVersion = b.StartsAt, b.StartVersion
	if n.step.from.Holds() {
		return n, nil
	}
	seats := n.booking.seats()
	if left := b.FreeSeats + b.Reserved; seats > left {
		return nil, fault.Conflict("booking.hand.full").With("Max", max(left, 0))
	}
	n.reserved = max(seats-max(b.FreeSeats, 0), 0)
	return n, nil
}

// decide gives the booking its state; was is the one that is there, nil if there is none.
func (n *byHandNow) decide(h *hand, was *Booking, now time.Time) (err error) {
	if n.isHeld = was != nil && was.State.isHeld(); n.isHeld {
		if h.guests != nil && *h.guests != was.Guests {
			return fault.Invalid("input.guests", "booking.hand.guests").With("Max", was.Guests)
		}
		n.booking, was.CheckIn = was, h.in(now)
		n.step, err = h.act().doTo(was)
		return err
	}
	from := stateNone
	if was != nil {
		from = was.State
	}
	n.booking = h.act().starts(*h.asks(now))
	n.booking.CheckIn = h.in(now)
	n.step, err = h.act().on(from)
	return err
}

// passes says what is passed.
func (s *Service) passes(ctx context.Context, n *byHandNow) (*SignedByHand, error) {
	b := n.thing
	done := &SignedByHand{BookingID: n.booking.ID, Reserved: n.reserved, PassedWindow: !b.IsOpen(s.now()) || b.opensAt(s.now()) != nil}
	if !b.HasQueue || n.step.from.Holds() {
		return done, nil
	}
	head, err := s.store.firstWaiting(ctx, b.ID)
	done.PassedLine = err == nil && head.ID != n.booking.ID
	return done, fault.UnlessNotFound(err)
}

// signOffered gives a person the seat that is offered to them.
func (s *Service) signOffered(ctx context.Context, n *byHandNow, done *SignedByHand, t idempotency.Token) (*SignedByHand, error) {
	n.booking.Version++
	batch := s.Outbox.Batch(t.Outcome(done)...)
	more, err := s.afterHand(ctx, n, done, batch.ID)
	if err != nil {
		return nil, err
	}
	batch.Effects = append(more, batch.Effects...)
	err = s.commit(ctx, n.booking, batch)
	if fault.Is(err, fault.KindConflict) {
		return nil, nil //nolint:nilnil // it has changed since it was read
	}
	return done, err
}

// afterHand are the effects that follow: the record of who did it, and the news for the person.
func (s *Service) afterHand(ctx context.Context, n *byHandNow, done *SignedByHand, batch string) ([]outbox.Effect, error) {
	b := n.booking
	effects := []outbox.Effect{s.Audit.Effect(ctx, "booking.signed_up_by_hand", b.ID, map[string]string{
		"checkedIn": strconv.FormatBool(b.State == Attended), "reserved": strconv.Itoa(done.Reserved),
		"passedLine": strconv.FormatBool(done.PassedLine), "passedWindow": strconv.FormatBool(done.PassedWindow)})}
	if b.PersonID == "" {
		return effects, nil
	}
	c, err := s.about(ctx, b.BookableID)
	if err != nil {
		return nil, err
	}
	c.Key, c.Kind, c.Actor, c.ExpiresAt = notify.Key(b.ID, "by_hand", batch), n.step.tell, viewerID(ctx), &n.thing.EndsAt
	c.Args = notify.ArgsOf(seatArgs{b.BookableID})
	why := b.Reason(b.BookableID)
	c.Audiences = []notify.AudienceOf{{Kind: AudienceBooked, IDs: []string{b.PersonID}, Why: &why}}
	if b.State == Attended {
		c.Data["Came"] = "1"
	}
	return append(effects, notify.Effect(c)), nil
}
