package event

import (
	"context"
	"strconv"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
)

// cause is a piece of news about an event. The members of the group hear of a new event, and
// people who signed up hear what happens to it.
func (e *Event) cause(ctx context.Context, kind notify.Kind, what string) notify.Cause {
	audience := notify.AudienceOf{Kind: AudienceAttendees, IDs: []string{occurrenceID(e.ID)}}
	switch kind {
	case NoticePublished:
		audience = notify.AudienceOf{Kind: group.AudienceMembers, IDs: []string{e.GroupID}}
	case NoticeCancelled:
		audience.Kind = booking.AudienceConcerned // cancelling ends the line, whose people must hear too
	}
	return notify.Cause{
		Key: notify.Key(e.ID, what, strconv.Itoa(e.Version)), Kind: kind, Subject: e.ID, GroupID: e.GroupID, MembersOnly: e.OpenTo != group.Everyone,
		Audiences: []notify.AudienceOf{audience}, Actor: auth.FromContext(ctx).PersonID, Data: e.words(), ExpiresAt: &e.StartsAt, TurnsUpAt: &e.StartsAt,
	}
}

// words are the words that a text about the event may mention.
func (e *Event) words() map[string]string {
	words := map[string]string{"Title": e.Title, "Group": e.Card.Name, "StartsAt": string(e.StartsAtLocal),
		"EndsAt": string(e.EndsAtLocal), "Place": ""}
	if e.Place != nil {
		words["Place"] = e.Place.Name
	}
	if e.CancelReason != nil {
		words["Reason"] = *e.CancelReason
	}
	return words
}

// about is what news of a seat at a date says about the event.
func (s *Service) about(ctx context.Context, bookableID string) (notify.Cause, error) {
	o, err := s.store.occurrence(ctx, bookableID)
	if err != nil {
		return notify.Cause{}, err
	}
	e, err := s.store.get(ctx, o.EventID)
	if err != nil {
		return notify.Cause{}, err
	}
	return notify.Cause{Subject: e.ID, GroupID: e.GroupID, MembersOnly: e.OpenTo != group.Everyone, Data: e.words(), ExpiresAt: &o.StartsAt}, nil
}
