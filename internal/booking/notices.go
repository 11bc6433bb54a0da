package booking

import (
	"context"
	"maps"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
)

// The kinds of news about bookings.
const (
	NoticeSeatGranted  notify.Kind = "SEAT_GRANTED"
	NoticeSeatOffered  notify.Kind = "SEAT_OFFERED"
	NoticeBookingEnded notify.Kind = "BOOKING_ENDED"
)

// noticeKinds are the kinds with their channels, policies and states.
func (s *Service) noticeKinds() []notify.KindSpec {
	return []notify.KindSpec{
		{Kind: NoticeSeatGranted, Default: notify.Push, Policy: notify.Policy{PassesBudget: true}},
		{Kind: NoticeSeatOffered, Default: notify.Push, Policy: notify.Policy{PassesBudget: true}, Args: offerArgs{}, State: s.offerState},
		{Kind: NoticeBookingEnded, Default: notify.Push, Policy: notify.Policy{PassesQuiet: true, PassesBudget: true}, Args: endedArgs{}, State: s.endedState},
	}
}

// The audiences of things that can be booked. Their ids are those of the things, and for
// AudienceBooked people's.
const (
	AudienceConcerned notify.AudienceKind = "CONCERNED" // people who have signed up, or were in line to the end
	AudienceSeated    notify.AudienceKind = "SEATED"    // people who have a seat
	AudienceBooked    notify.AudienceKind = "BOOKED"    // named people who have got a seat
)

// audiences are the audiences of things that can be booked.
func (s *Service) audiences() []notify.Audience {
	named := s.AudienceOf(AudienceBooked, nil)
	named.Walk = notify.Named
	return []notify.Audience{s.AudienceOf(AudienceConcerned, s.Concerned), s.AudienceOf(AudienceSeated, s.Seated), named}
}

// AudienceOf makes an audience from a walk over the people of one thing. News concerns
// them as long as they have a booking. When they no longer have one, the news stays in the
// inbox. Before the walk begins the thing follows its owner, so that nobody signs up behind it for
// what the news says is no longer so.
func (s *Service) AudienceOf(kind notify.AudienceKind, walk func(ctx context.Context, bookableID, after string, limit int) ([]string, error)) notify.Audience {
	return notify.Audience{Kind: kind, Reason: notify.ReasonBooking, Still: s.Placed, Otherwise: notify.Verdict{Channel: notify.Inbox, Rule: notify.RuleUntrue},
		Walk: notify.Each(notify.ReasonBooking, func(ctx context.Context, bookableID, after string, limit int) ([]string, error) {
			if after == "" {
				if err := s.follow(ctx, bookableID); err != nil {
					return nil, err
				}
			}
			return walk(ctx, bookableID, after, limit)
		})}
}

// offerState is the present state of news about an offer: it is true until the deadline of
// the offer, which may have moved.
func (s *Service) offerState(ctx context.Context, n notify.News, of notify.StateFunc) (notify.SubjectState, error) {
	var a offerArgs
	if err := n.Args.Decode(&a); err != nil {
		return notify.SubjectState{}, err
	}
	b, err := s.offered(ctx, a)
	if err != nil {
		return notify.SubjectState{}, fault.UnlessNotFound(err)
	}
	now, err := of(ctx, n)
	if err != nil || !now.Alive {
		return now, err
	}
	maps.Copy(now.Words, b.deadlineWords())
	now.ExpiresAt = b.OfferExpiresAt
	return now, nil
}

// endedState is the present state of news about the end of a booking. It is no longer true
// for people who have signed up again. It changes no words, since people may no longer see
// the thing.
func (s *Service) endedState(ctx context.Context, n notify.News, _ notify.StateFunc) (notify.SubjectState, error) {
	var a endedArgs
	if err := n.Args.Decode(&a); err != nil {
		return notify.SubjectState{}, err
	}
	b, err := s.store.booking(ctx, a.BookableID, a.PersonID)
	if err != nil {
		return notify.SubjectState{}, fault.UnlessNotFound(err)
	}
	return notify.SubjectState{Alive: b.Version == a.Version}, nil
}
