package booking

import (
	"context"
	"log/slog"
	"time"

	"faellesskab/internal/audit"
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
	// Audit records what organisers do to others.
	Audit *audit.Log
	// Admitted reports whether there is such a person, who may use the app.
	Admitted func(ctx context.Context, personID string) (bool, error)
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
	idempotency.ShowsAsKept[*Decided](d.Keys)
	idempotency.ShowsAsKept[*SignedByHand](d.Keys)
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
	return s.followEnd(ctx, b)
}

// followEnd makes the line and the offers of a thing end when they should now.
func (s *Service) followEnd(ctx context.Context, b *Bookable) error {
	if b.Terms != nil { // somebody may wait for the organiser
		if err := s.Timers.Set(ctx, overTimer(b.ID, b.StartsAt)); err != nil {
			return err
		}
	}
	if b.HasQueue {
		if err := s.openLine(ctx, b); err != nil {
			return err
		}
	}
	offered, err := s.store.offered(ctx, b.ID)
	if err != nil {
		return err
	}
	for _, p := range offered {
		if err := s.shorten(ctx, p, b); err != nil {
			return err
		}
	}
	return nil
}
