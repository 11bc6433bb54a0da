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
	NoticeRequested    notify.Kind = "BOOKING_REQUESTED"
	NoticeApproved     notify.Kind = "BOOKING_APPROVED"
	NoticeSignedUp     notify.Kind = "SIGNED_UP_BY_HAND"
)

// noticeKinds are the kinds with their channels, policies and states.
func (s *Service) noticeKinds() []notify.KindSpec {
	return []notify.KindSpec{
		{Kind: NoticeSeatGranted, Default: notify.Push, Family: notify.FamilyRequests, Policy: notify.Policy{PassesBudget: true}, Args: seatArgs{}},
		{Kind: NoticeSeatOffered, Default: notify.Push, Family: notify.FamilyRequests, Attention: notify.AttentionPressing,
			Policy: notify.Policy{PassesBudget: true}, Args: offerArgs{}, State: s.offerState, Actions: offerActions()},
		{Kind: NoticeBookingEnded, Default: notify.Push, Family: notify.FamilyRequests, Policy: notify.Policy{PassesQuiet: true, PassesBudget: true}, Args: endedArgs{}, State: s.endedState},
		{Kind: NoticeRequested, Default: notify.Push, Family: notify.FamilyRequests, Args: requestedArgs{}, State: s.requestedState, Actions: decideActions()},
		{Kind: NoticeApproved, Default: notify.Push, Family: notify.FamilyRequests, Policy: notify.Policy{PassesBudget: true}, Args: seatArgs{}},
		{Kind: NoticeSignedUp, Default: notify.Push, Family: notify.FamilyRequests, Policy: notify.Policy{PassesBudget: true}, Args: seatArgs{}},
	}
}

// offerActions are the answers to an offer. Whoever must say more than yes cannot accept it by one tap.
func offerActions() []notify.Action {
	booked := func(n notify.News, mayBeMore bool) map[string]string {
		var a offerArgs
		if n.Args.Decode(&a) != nil || a.BookableID == "" || a.MustAnswer && !mayBeMore {
			return nil
		}
		return map[string]string{"bookingId": IDOf(a.BookableID, a.PersonID)}
	}
	accept := func(n notify.News) map[string]string { return booked(n, false) }
	decline := func(n notify.News) map[string]string { return booked(n, true) }
	return []notify.Action{{Name: "ACCEPT_OFFER", Mutation: "acceptOffer", Input: accept}, {Name: "DECLINE_OFFER", Mutation: "declineOffer", Input: decline}}
}

// seatArgs say at what the seat is.
type seatArgs struct {
	BookableID string `json:",omitempty"`
}

// ThingOf is the thing that news of a seat is about, if its args say it.
func ThingOf(args notify.Args) string {
	var a seatArgs
	if args.Decode(&a) != nil {
		return ""
	}
	return a.BookableID
}

// The audiences of things that can be booked. Their ids are those of the things, and for
// AudienceBooked people's.
const (
	AudienceConcerned notify.AudienceKind = "CONCERNED" // people who have signed up, or were in line to the end
	AudienceSeated    notify.AudienceKind = "SEATED"    // people who have a seat
	AudienceBooked    notify.AudienceKind = "BOOKED"    // named people who have got a seat
	AudienceReturning notify.AudienceKind = "RETURNING" // people who kept their seat while the thing was cancelled, or were in line until then
)

// audiences are the audiences of things that can be booked.
func (s *Service) audiences() []notify.Audience {
	named := s.AudienceOf(AudienceBooked, nil)
	named.Walk = notify.Named
	list := []notify.Audience{s.AudienceOf(AudienceConcerned, s.Concerned), s.AudienceOf(AudienceSeated, s.Seated), s.AudienceOf(AudienceReturning, s.Returning), named}
	return append(list, s.firstAudiences()...)
}

// AudienceOf makes an audience from a walk over the people of one thing. News concerns
// them as long as they have a booking. When they no longer have one, the news stays in the
// inbox. Before the walk begins, the seats are brought up to date with the event or course: whoever
// signs up after the walk has passed then signs up for what the news says.
func (s *Service) AudienceOf(kind notify.AudienceKind, walk func(ctx context.Context, bookableID, after string, limit int) ([]Booking, error)) notify.Audience {
	follow := func(ctx context.Context, bookableID, after string, limit int) ([]Booking, error) {
		if after == "" {
			if err := s.follow(ctx, bookableID); err != nil {
				return nil, err
			}
		}
		return walk(ctx, bookableID, after, limit)
	}
	return notify.Audience{Kind: kind, Reason: notify.ReasonBooking, Walk: notify.EachFor(reasonsOf(follow)), Still: s.Placed,
		Otherwise: notify.Verdict{Channel: notify.Inbox, Rule: notify.RuleUntrue}, Now: "not_booked",
		Words: s.reasonWords}
}

// reasonWords are the words of the reasons of people with a booking as it is now.
func (s *Service) reasonWords(ctx context.Context, asked []notify.Concern) (map[notify.Concern]map[string]string, error) {
	list, err := s.store.ofConcerns(ctx, asked)
	words := make(map[notify.Concern]map[string]string, len(list))
	for _, b := range list {
		words[notify.Concern{Subject: b.BookableID, PersonID: b.PersonID}] = b.Reason(b.BookableID).Words
	}
	return words, err
}

// reasonsOf makes a walk over people with the reasons for which they are told from one over their
// bookings.
func reasonsOf(walk func(ctx context.Context, bookableID, after string, limit int) ([]Booking, error)) func(ctx context.Context, bookableID, after string, limit int) ([]notify.Found, error) {
	return func(ctx context.Context, bookableID, after string, limit int) ([]notify.Found, error) {
		list, err := walk(ctx, bookableID, after, limit)
		found := make([]notify.Found, len(list))
		for i, b := range list {
			found[i] = notify.Found{PersonID: b.PersonID, Reasons: []notify.Reason{b.Reason(bookableID)}}
		}
		return found, err
	}
}

// Reason is why somebody with the booking is told. Whoever is in line, or was until the end, is not
// told that they are signed up.
func (b *Booking) Reason(bookableID string) notify.Reason {
	r := notify.Reason{Kind: notify.ReasonBooking, Subject: bookableID}
	switch {
	case b.State == PendingApproval:
		r.Words = map[string]string{"Line": "ASKS"}
	case b.EndedFrom == PendingApproval && !b.State.IsSignedUp():
		r.Words = map[string]string{"Line": "ASKED"}
	case b.wasOver():
		r.Words = map[string]string{"Line": "WAITED"}
	case b.State == Waitlisted || b.State == Offered:
		r.Words = map[string]string{"Line": "WAITS"}
	case b.State != "" && !b.State.IsSignedUp() && (b.LastClaim == "" || b.State == Declined):
		r.Words = map[string]string{"Line": "WAITED"}
	case b.State != "" && !b.State.IsSignedUp():
		r.Words = map[string]string{"Line": "HAD"}
	}
	return r
}

// reasonAfter is why somebody is told whose booking has ended, which was in this state before.
func (b *Booking) reasonAfter(from State) notify.Reason {
	r := notify.Reason{Kind: notify.ReasonHadBooking, Subject: b.BookableID}
	switch from {
	case Confirmed:
	case PendingApproval:
		r.Words = map[string]string{"Line": "ASKED"}
	default:
		r.Words = map[string]string{"Line": "WAITED"}
	}
	return r
}

// offerState is the present state of news about an offer: it is true until the deadline of
// the offer, which may have moved.
func (s *Service) offerState(ctx context.Context, n notify.News, of notify.StateFunc) (notify.SubjectState, error) {
	var a offerArgs
	if err := n.Args.Decode(&a); err != nil {
		return notify.SubjectState{}, err
	}
	b, err := s.store.booking(ctx, a.BookableID, a.PersonID)
	if err != nil || !b.isOfferOf(a.Claim) {
		return notify.SubjectState{Now: b.answeredNow(a.Claim)}, fault.UnlessNotFound(err)
	}
	now, err := of(ctx, n)
	if err != nil || !now.Alive {
		return now, err
	}
	maps.Copy(now.Words, b.deadlineWords())
	now.ExpiresAt = b.OfferExpiresAt
	return now, nil
}

// answeredNow says how it stands with an offer that no longer waits for an answer; the booking is nil
// if it is gone.
func (b *Booking) answeredNow(claim string) string {
	switch {
	case b == nil || b.LastClaim != claim:
		return ""
	case b.State == Confirmed || b.State == Attended || b.State == NoShow:
		return "offer_accepted"
	case b.EndedBecause != nil && *b.EndedBecause == EndedOfferLapsed:
		return "offer_lapsed"
	case b.State == Declined:
		return "offer_declined"
	}
	return ""
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
	now := notify.SubjectState{Alive: b.Version == a.Version}
	if !now.Alive && b.State.IsSignedUp() {
		now.Now = "booked_again"
	}
	return now, nil
}
