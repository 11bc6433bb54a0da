package booking

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/timer"
)

// Deps are what the service works with.
type Deps struct {
	DB     *mongodb.DB
	Outbox *outbox.Outbox
	Keys   *idempotency.Keys
	Timers *timer.Timers
	Log    *slog.Logger
	// Settings are a person's settings, since an offer does not end in their quiet
	// hours.
	Settings func(ctx context.Context, personID string) (*notify.Settings, error)
	// Erased are those of these people who have been erased.
	Erased func(ctx context.Context, personIDs []string) ([]string, error)
}

// Service books things of every sort that is registered with it.
type Service struct {
	Deps
	sorts map[string]*Sort // by prefix
	store store
}

// New makes the service and registers its effects and its timers.
func New(d Deps) *Service {
	s := &Service{Deps: d, sorts: map[string]*Sort{}, store: store{db: d.DB, collections: map[string]string{}}}
	d.Outbox.WatchOwned(collection, byBookable)
	s.registerEffects()
	timer.On(d.Timers, kindOffer, s.expire)
	idempotency.ShowsAsKept[*Result](d.Keys) // SignUp looks the booking up, and keeps what it gave
	idempotency.ShowsByID(d.Keys, func(b *Booking) string { return b.ID }, func(ctx context.Context, ids []string) (map[string]*Booking, error) {
		return s.ByIDs(ctx, ids, false)
	})
	return s
}

func (s *Service) now() time.Time { return s.DB.Now() }

// Refs are the documents that decide about a person's booking.
func (s *Service) Refs(bookableID, personID string) []outbox.Ref {
	return []outbox.Ref{s.bookableRef(bookableID), s.bookingRef(bookableID, personID)}
}

func (s *Service) bookableRef(bookableID string) outbox.Ref {
	return outbox.Ref{Collection: s.store.collections[id.Prefix(bookableID)], ID: bookableID}
}

func (s *Service) bookingRef(bookableID, personID string) outbox.Ref {
	return outbox.Ref{Collection: collection, ID: IDOf(bookableID, personID)}
}

// runPending finishes a claim of this person that was left half done. It does not touch
// others' claims. waits reports whether the claim still stands, because it has failed and will be
// tried again.
func (s *Service) runPending(ctx context.Context, bookableID, personID string) (waits bool, err error) {
	return s.Outbox.RunPendingClaim(ctx, s.bookableRef(bookableID), claimPath(personID))
}

// finishClaims finishes everybody's claims on a thing that was read with them.
func (s *Service) finishClaims(ctx context.Context, b *Bookable) error {
	for personID := range b.Claims {
		if _, err := s.runPending(ctx, b.ID, personID); err != nil {
			return err
		}
	}
	return nil
}

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
}

// tooLarge refuses a party that never fits, and says how many people would fit. In line it
// would wait in vain, and make others wait.
func tooLarge(r Request, b *Bookable) error {
	if *b.Capacity == 0 {
		return refuse(RefusedFull, "booking.no_seats")
	}
	return fault.Invalid(r.Field, "booking.party").With("Max", *b.Capacity)
}

// Result is a person's booking. Its JSON is the stored outcome under an idempotency key.
type Result struct{ Booking Booking }

// Take gives a person a seat, or a place in line. Returns NotFound if the thing does not
// exist, is a draft (with key "booking.draft") or is not open to the person, a refusal that
// is a Conflict if it is over, is cancelled, has started or has no seats, Conflict if the
// person has signed up already, and Problems for a party larger than the capacity.
func (s *Service) Take(ctx context.Context, r Request, t idempotency.Token) (*Result, error) {
	for range 5 {
		wanted := s.newBooking(r, actTake)
		if b, ok, err := s.claim(ctx, r, wanted, t); err != nil {
			return nil, err
		} else if ok {
			if b == nil {
				return nil, fault.Conflict("booking.already")
			}
			return &Result{Booking: *wanted}, nil
		}
		b, err := s.diagnose(ctx, r)
		if err != nil {
			return nil, err
		}
		if !b.fits(wanted) {
			return nil, tooLarge(r, b)
		}
		if b.FreeSeats < wanted.seats() || b.HasQueue {
			return s.queue(ctx, b, s.newBooking(r, actJoin), t)
		}
		// A seat has become free meanwhile, so try again.
	}
	return nil, fault.Unavailable("booking.busy", nil)
}

func (s *Service) newBooking(r Request, a act) *Booking {
	return a.starts(Booking{ID: IDOf(r.BookableID, r.PersonID), BookableID: r.BookableID, Sort: id.Prefix(r.BookableID), PersonID: r.PersonID,
		Guests: r.Guests, CreatedAt: s.now(), Version: 1})
}

// claim tries to take seats. ok says that seats were taken; b is nil if they had
// to be given back because the person has a booking already. Returns Unavailable if the booking
// could not be written: the person has the seat then only if it still can.
func (s *Service) claim(ctx context.Context, r Request, wanted *Booking, t idempotency.Token) (b *Bookable, ok bool, err error) {
	effects := append([]outbox.Effect{s.claimEffect(wanted, false)}, t.Outcome(&Result{Booking: *wanted})...)
	batch := s.Outbox.Batch(effects...)
	b, err = s.store.take(ctx, take{BookableID: r.BookableID, PersonID: r.PersonID, Seats: wanted.seats(),
		Circles: r.Circles, BarredFrom: r.BarredFrom, Newcomer: true, Now: s.now()}, batch)
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
	if r.Circles != nil && !slices.Contains(r.Circles, b.OpenTo) {
		return nil, fault.NotFound("booking.not_found")
	}
	switch {
	case slices.Contains(r.BarredFrom, b.GroupID):
		return nil, fault.Forbidden("booking.banned")
	case b.State == draft:
		return nil, fault.NotFound("booking.draft")
	case b.State == cancelled:
		return nil, refuse(RefusedCancelled, "booking.cancelled")
	case b.State != published:
		return nil, refuse(RefusedClosed, "booking.closed")
	case !b.IsOpen(s.now()):
		return nil, refuse(RefusedStarted, "booking.started")
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
	r := &Result{Booking: *wanted}
	effects := append(t.Outcome(r), s.joinedEffect(wanted))
	err := s.Outbox.Commit(ctx, s.bookingRef(b.ID, wanted.PersonID), effects, func(batch outbox.Batch) error {
		ok, err := s.store.put(ctx, wanted, batch)
		if err == nil && !ok {
			err = fault.Conflict("booking.already")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, s.eraseOutslept(ctx, wanted)
}

// SetCapacity changes the capacity, as of a version of the thing's owner; nil is no limit.
// Nobody loses a seat. People in line get seats that have become free, or are taken out of
// line if they can no longer fit.
func (s *Service) SetCapacity(ctx context.Context, bookableID string, capacity *int, version int) error {
	for range 10 {
		b, err := s.store.bookable(ctx, bookableID)
		if err != nil {
			return err
		}
		ok := b.CapacityVersion > version // a newer version has set it
		if !ok {
			if ok, err = s.store.setCapacity(ctx, b, capacity, version); err != nil {
				return err
			}
		}
		if !ok {
			continue
		}
		if err := s.endMisfits(ctx, bookableID); err != nil {
			return err
		}
		return s.Promote(ctx, bookableID)
	}
	return fault.Unavailable("booking.busy", nil)
}

// FollowStart moves the bookings of a thing to its present start. Offers that would end too late
// for it end earlier. It finishes the claims that are under way first, since their bookings may
// rest on an older start. Returns Conflict if an offer was answered meanwhile; the caller must
// try again.
func (s *Service) FollowStart(ctx context.Context, bookableID string) error {
	b, err := s.store.withClaims(ctx, bookableID)
	if err != nil || b.StartVersion == 0 {
		return err
	}
	if err := s.finishClaims(ctx, b); err != nil {
		return err
	}
	if _, err := s.store.followStart(ctx, b); err != nil {
		return err
	}
	if b.HasQueue {
		if err := s.openLine(ctx, b); err != nil {
			return err
		}
	}
	offered, err := s.store.offered(ctx, bookableID)
	if err != nil {
		return err
	}
	for _, p := range offered {
		if err := s.shorten(ctx, p, b.StartsAt); err != nil {
			return err
		}
	}
	return nil
}
