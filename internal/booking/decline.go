package booking

import (
	"context"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
)

// Part is a part of a thing, such as a session of a course, at its present start.
type Part struct {
	BookableID, ID string
	StartsAt       time.Time
}

// HasDeclined reports whether the person will not be at a part of the thing.
func (b *Booking) HasDeclined(part string, startsAt time.Time) bool {
	at, ok := b.Absences[part]
	return ok && at.Equal(startsAt)
}

// MayDecline reports whether the person may say that they will not be at a part that is not over: they have a seat.
func (b *Booking) MayDecline() bool { return b.State == Confirmed }

// DeclinePart notes that the viewer will not be at a part of a thing, or that they will. They keep their seat. Find finds the
// part as it is now, or says why nothing can be said of it. Returns what find returns, NotFound if the viewer has no seat, and
// Conflict if others keep changing the booking.
func (s *Service) DeclinePart(ctx context.Context, call idempotency.Call, bookableID string, declines bool, find func(ctx context.Context) (Part, error)) (*Booking, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	call.On = s.Refs(bookableID, v.PersonID)
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Booking, error) {
		part, err := find(ctx)
		if err != nil {
			return nil, err
		}
		for range 5 {
			b, err := s.latest(ctx, bookableID, v.PersonID)
			if fault.Is(err, fault.KindNotFound) || err == nil && !b.MayDecline() {
				return nil, fault.NotFound("booking.none")
			}
			if err != nil {
				return nil, err
			}
			b.decline(part, declines)
			b.Version++
			err = s.commitWith(ctx, b, s.Outbox.Batch(t.Outcome(b)...), s.store.writeDeclined)
			if !isChanged(err) {
				return b, err
			}
		}
		return nil, fault.Conflict("booking.changed")
	})
}

func (b *Booking) decline(part Part, declines bool) {
	b.Absences = maps.Clone(b.Absences)
	if b.Absences == nil {
		b.Absences = map[string]time.Time{}
	}
	if declines {
		b.Absences[part.ID] = part.StartsAt
	} else {
		delete(b.Absences, part.ID)
	}
}

// Coming are Seated without those who will not be at a part of the thing.
func (s *Service) Coming(ctx context.Context, of Part, after string, limit int) ([]Booking, error) {
	return s.withClaimants(ctx, of.BookableID, after, limit, func() ([]Booking, error) {
		return s.store.coming(ctx, of, []State{Confirmed}, after, limit)
	})
}

// Came are the people who were at a part of a thing, in the order of the people's ids, after a given one: by the record, or,
// if nobody has recorded it, those who had a seat and have not declined the part.
func (s *Service) Came(ctx context.Context, of Part, isCalled bool, after string, limit int) ([]Booking, error) {
	if isCalled {
		return s.store.wereAt(ctx, of, after, limit)
	}
	return s.store.coming(ctx, of, []State{Attended, Confirmed}, after, limit)
}

// AudienceOfParts is AudienceOf for parts of things, whose ids are those of the audience; bookableOf is the thing of a part, of
// which the reasons speak.
func (s *Service) AudienceOfParts(kind notify.AudienceKind, bookableOf func(partID string) string, walk func(ctx context.Context, partID, after string, limit int) ([]Booking, error)) notify.Audience {
	a := s.AudienceOf(kind, nil)
	a.Still, a.Words = notify.Plainly(a.Still), notify.Plainly(a.Words)
	a.Walk = notify.EachFor(func(ctx context.Context, partID, after string, limit int) ([]notify.Found, error) {
		list, err := walk(ctx, partID, after, limit)
		found := make([]notify.Found, len(list))
		for i, b := range list {
			why := b.Reason(bookableOf(partID))
			why.Of = partID
			found[i] = notify.Found{PersonID: b.PersonID, Reasons: []notify.Reason{why}}
		}
		return found, err
	})
	return a
}

// Declining are those concerns of a part of a thing whose person will not be at that part; the parts are as they are now.
func (s *Service) Declining(ctx context.Context, asked []notify.Concern, parts map[string]Part) (map[notify.Concern]bool, error) {
	list, err := s.store.ofConcerns(ctx, asked)
	declining := map[notify.Concern]bool{}
	for _, c := range asked {
		if b := list[IDOf(c.Subject, c.PersonID)]; b != nil {
			declining[c] = b.HasDeclined(c.Of, parts[c.Of].StartsAt)
		}
	}
	return declining, err
}

// DeclinedParts are the parts of the thing at which the person will not be, if they start as they did then.
func (b *Booking) DeclinedParts() []string { return slices.Sorted(maps.Keys(b.Absences)) }
