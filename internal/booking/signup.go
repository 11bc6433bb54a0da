package booking

import (
	"context"
	"errors"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/idempotency"
)

// Refusal is why a person could not sign up, as the state of the thing says.
type Refusal string

// The refusals.
const (
	RefusedFull      Refusal = "FULL"         // there are no seats at all
	RefusedClosed    Refusal = "CLOSED"       // it is over, or sign-up has closed
	RefusedNotOpen   Refusal = "NOT_OPEN"     // it is a draft, or sign-up has not opened
	RefusedStarted   Refusal = "STARTED"      // it has begun
	RefusedCancelled Refusal = "CANCELLED"    // it does not happen
	RefusedLacks     Refusal = "LACKS_SKILLS" // the person does not have the skills that it asks for
)

// SignedUp is the outcome of signing up: a seat, a place in line, or a refusal.
type SignedUp struct {
	Booking  *Booking // as it is now; with a refusal the one from before, or nil
	Gave     State    // the state that signing up gave the booking; empty with a refusal
	Position int      // from 1; 0 with a seat
	Refusal  Refusal  // empty: none
	Message  string   // why, in the viewer's language; empty without a refusal
	// OpensAt and ClosedAt are when sign-up opens, or has closed, if that is why.
	OpensAt, ClosedAt *time.Time
	// MissingSkillIDs are what the person lacks, if that is why.
	MissingSkillIDs []string
}

// refused is a refusal on its way out of the mutation. It is an error there, so that nothing
// is kept under the idempotency key, and a repeat is judged anew.
type refused struct {
	code Refusal
	why  *fault.Error
	at   *time.Time // when sign-up opens, or has closed; nil: that is not why
	// missing are the skills that the person lacks; empty: that is not why.
	missing []string
}

func (r *refused) Error() string { return "refused " + string(r.code) + ": " + r.why.Error() }

func (r *refused) Unwrap() error { return r.why }

func refuse(code Refusal, key string) error { return &refused{code: code, why: fault.Conflict(key)} }

// RefuseLacking is the refusal of somebody who does not have the skills that a thing asks for.
func RefuseLacking(skillIDs []string, why *fault.Error) error {
	return &refused{code: RefusedLacks, why: why, missing: skillIDs}
}

// refuseByWindow is the refusal of newcomers before sign-up opens, and after it has closed.
func (b *Bookable) refuseByWindow(now time.Time) error {
	switch opens := b.opensAt(now); {
	case !b.IsOpen(now):
		closed := b.closesAt()
		return &refused{code: RefusedClosed, why: fault.Conflict("booking.window.closed_at"), at: &closed}
	case opens != nil:
		return &refused{code: RefusedNotOpen, why: fault.Conflict("booking.window.opens_at"), at: opens}
	}
	return nil
}

// SignUp signs the viewer up, or puts them in line. The request needs no person. Returns
// NotFound for a thing that the viewer may not see or that is not open to them, Forbidden if
// its group has banned them, Conflict if they have signed up already, and Problems for a party
// larger than the capacity. What the state of the thing forbids is the outcome's refusal.
func (s *Service) SignUp(ctx context.Context, call idempotency.Call, r Request) (*SignedUp, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	r.PersonID = v.PersonID
	call.On = s.Refs(r.BookableID, v.PersonID)
	isRepeat := true
	done, err := idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Result, error) {
		if r.Check != nil {
			if err := r.Check(ctx); err != nil {
				return nil, err
			}
		}
		result, err := s.Take(ctx, r, t)
		isRepeat = err != nil
		return result, err
	})
	if err != nil {
		return s.explain(ctx, r, err)
	}
	signed := &SignedUp{Booking: &done.Booking, Gave: done.Booking.State}
	if done.Booking.State == Waitlisted {
		if signed.Position, err = s.positionOf(ctx, &done.Booking); err != nil {
			return nil, err
		}
	}
	if isRepeat {
		return signed, s.bringUpToDate(ctx, signed)
	}
	return signed, nil
}

// SignedUpFor is the outcome for a viewer who cannot sign up because they have done so already; why is returned for any
// other.
func (s *Service) SignedUpFor(ctx context.Context, bookableID string, why error) (*SignedUp, error) {
	own, err := s.OwnOf(ctx, []string{bookableID})
	if err != nil {
		return nil, err
	}
	b := own[bookableID]
	if b == nil || !b.State.IsSignedUp() {
		return nil, why
	}
	signed := &SignedUp{Booking: b, Gave: b.State}
	if b.State == Waitlisted {
		signed.Position, err = s.positionOf(ctx, b)
	}
	return signed, err
}

// bringUpToDate puts the booking of now in place of the one that a first call has kept. The answer
// shows it together with the viewer's booking of the thing, which must not be in another state.
func (s *Service) bringUpToDate(ctx context.Context, signed *SignedUp) error {
	own, err := s.OwnOf(ctx, []string{signed.Booking.BookableID})
	if b := own[signed.Booking.BookableID]; b != nil {
		signed.Booking = b
	}
	return err
}

// positionOf is the place in line of a booking that has been written. A count before the write would
// be told to all who come at once.
func (s *Service) positionOf(ctx context.Context, b *Booking) (int, error) {
	key := b.LineKey()
	found, err := s.Positions(ctx, []string{key})
	return int(found[key]), err
}

// explain tells viewers who may see a thing why they cannot sign up for it. For others it does
// not exist.
func (s *Service) explain(ctx context.Context, r Request, err error) (*SignedUp, error) {
	if !fault.Is(err, fault.KindNotFound) && !fault.Is(err, fault.KindConflict) {
		return nil, err
	}
	b, unseen := s.seen(ctx, r.BookableID)
	if unseen != nil {
		return nil, unseen
	}
	var no *refused
	switch {
	case errors.As(err, &no):
	case fault.Is(err, fault.KindConflict):
		return nil, err
	case b.State == draft:
		no = &refused{code: RefusedNotOpen, why: fault.Conflict("booking.draft")}
	default:
		return nil, s.sorts[b.sort()].Missing().Because(err)
	}
	own, err := s.OwnOf(ctx, []string{r.BookableID})
	if err != nil {
		return nil, err
	}
	signed := &SignedUp{Booking: own[r.BookableID], Refusal: no.code, MissingSkillIDs: no.missing}
	language := auth.LanguageOf(ctx, nil)
	if no.at != nil {
		at := i18n.Reader{Language: language, Zone: clock.Copenhagen, Now: s.now()}.When(clock.Moment{At: *no.at})
		no.why = no.why.With("At", at)
		if signed.OpensAt = no.at; no.code == RefusedClosed {
			signed.OpensAt, signed.ClosedAt = nil, no.at
		}
	}
	signed.Message = i18n.Translate(language, no.why.Key, no.why.Args)
	return signed, nil
}

// GiveUp gives back the viewer's seat, or their place in line. Returns NotFound if they have
// none.
func (s *Service) GiveUp(ctx context.Context, call idempotency.Call, bookableID string) (*Booking, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	call.On = s.Refs(bookableID, v.PersonID)
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Booking, error) {
		return s.Leave(ctx, bookableID, v.PersonID, t)
	})
}
