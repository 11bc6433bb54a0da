package booking

import (
	"context"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// requestedArgs say which booking waits for the organiser.
type requestedArgs struct{ BookableID, PersonID string }

// requested tells those who decide who comes that a person waits for them. They hear once a day of somebody who gives
// up and asks again and again.
func (s *Service) requested(ctx context.Context, b *Booking) ([]outbox.Effect, error) {
	sort, err := s.sortOf(b.BookableID)
	if err != nil {
		return nil, err
	}
	organisers, err := sort.Organisers(ctx, b.BookableID)
	if err != nil {
		return nil, err
	}
	c, err := s.about(ctx, b.BookableID)
	if err != nil {
		return nil, err
	}
	c.Key = notify.Key(b.ID, "requested", clock.Day(b.CreatedAt, clock.Copenhagen))
	c.Kind, c.Args = NoticeRequested, notify.ArgsOf(requestedArgs{b.BookableID, b.PersonID})
	c.Actor, c.About, c.Audiences = b.PersonID, b.PersonID, organisers
	return []outbox.Effect{notify.Effect(c)}, nil
}

// decideActions are the answers to somebody who asks for approval.
func decideActions() []notify.Action {
	booking := func(n notify.News) map[string]string {
		var a requestedArgs
		if n.Args.Decode(&a) != nil || a.BookableID == "" {
			return nil
		}
		return map[string]string{"bookingId": IDOf(a.BookableID, a.PersonID)}
	}
	return []notify.Action{{Name: "APPROVE_BOOKING", Mutation: "approveBooking", Input: booking}, {Name: "DECLINE_BOOKING", Mutation: "declineBooking", Input: booking}}
}

// requestedState is the present state of news that somebody waits for approval.
func (s *Service) requestedState(ctx context.Context, n notify.News, of notify.StateFunc) (notify.SubjectState, error) {
	var a requestedArgs
	if err := n.Args.Decode(&a); err != nil {
		return notify.SubjectState{}, err
	}
	b, err := s.store.booking(ctx, a.BookableID, a.PersonID)
	if err != nil {
		return notify.SubjectState{}, fault.UnlessNotFound(err)
	}
	if b.State != PendingApproval {
		return notify.SubjectState{Now: "booking_decided"}, nil
	}
	return of(ctx, n)
}

// approvedCause is the news for a person whom the organiser has approved, who has a seat or is in line.
func (b *Booking) approvedCause(c notify.Cause, st step, batch, by string) notify.Cause {
	c.Key, c.Kind, c.Actor, c.Args = notify.Key(b.ID, "approved", batch), st.tell, by, notify.ArgsOf(seatArgs{b.BookableID})
	why := b.Reason(b.BookableID)
	c.Audiences = []notify.AudienceOf{{Kind: AudienceBooked, IDs: []string{b.PersonID}, Why: &why}}
	if b.State == Waitlisted {
		c.Data["Line"] = "WAITS"
	}
	return c
}
