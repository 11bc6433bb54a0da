package event

import (
	"context"
	"fmt"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
)

// maxCoOrganisers is how many co-organisers an event may have.
const maxCoOrganisers = 10

// AddCoOrganiserInput is a member who becomes a co-organiser of an event.
type AddCoOrganiserInput struct {
	ClientMutationID *string
	EventID          string
	PersonID         string
}

// Clean checks the input. Returns Problems.
func (in *AddCoOrganiserInput) Clean() error {
	p := checkEvent(in.ClientMutationID, in.EventID)
	p.Add(id.Check("input.personId", id.Person, in.PersonID))
	return p.Err()
}

// RemoveCoOrganiserInput is a person who is no co-organiser of an event any more.
type RemoveCoOrganiserInput struct {
	ClientMutationID *string
	EventID          string
	PersonID         string
}

// Clean checks the input. Returns Problems.
func (in *RemoveCoOrganiserInput) Clean() error {
	p := checkEvent(in.ClientMutationID, in.EventID)
	p.Add(id.Check("input.personId", id.Person, in.PersonID))
	return p.Err()
}

// mayPost reports whether the viewer may post in the event's group, and so name co-organisers.
func (e *Event) mayPost(v auth.Viewer, now time.Time) bool {
	return e.Card.Group().Allows(v, group.PostEvents, now)
}

// isCoOrganiser reports whether the viewer was named for this event and is still a member of its group.
func (e *Event) isCoOrganiser(v auth.Viewer) bool {
	return v.InGroup(e.GroupID) && slices.Contains(e.CoOrganiserIDs, v.PersonID)
}

// canPost reports whether the viewer may change the event: they may post in its group, or were named
// for this event.
func (e *Event) canPost(v auth.Viewer, now time.Time) bool {
	return e.mayPost(v, now) || e.isCoOrganiser(v)
}

// AddCoOrganiser names a member of the group a co-organiser of one event. Returns Problems, NotFound for an event the
// viewer may not see and for a person who is no member, Forbidden without the permission POST_EVENTS, and
// Conflict for an event that has as many as it may have, is cancelled or over.
func (s *Service) AddCoOrganiser(ctx context.Context, in AddCoOrganiserInput) (*Event, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "addCoOrganiser", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.EventID, nil, func(e *Event) ([]outbox.Effect, error) {
		if !e.mayPost(auth.FromContext(ctx), s.now()) {
			return nil, fault.Forbidden("group.permission")
		}
		if err := e.mayChange(s.now()); err != nil {
			return nil, err
		}
		if slices.Contains(e.CoOrganiserIDs, in.PersonID) {
			return nil, nil
		}
		found, err := s.People.Load(ctx, []string{in.PersonID})
		if err != nil {
			return nil, err
		}
		if p := found[in.PersonID]; p == nil || p.Admits() != nil || !p.Viewer().InGroup(e.GroupID) {
			return nil, &fault.Error{Kind: fault.KindNotFound, Key: "group.person_not_member", Field: "input.personId"}
		}
		if len(e.CoOrganiserIDs) >= maxCoOrganisers {
			return nil, fault.Conflict("event.co_organisers").With("Max", maxCoOrganisers)
		}
		e.CoOrganiserIDs, e.named = append(slices.Clone(e.CoOrganiserIDs), in.PersonID), in.PersonID
		return []outbox.Effect{notify.Effect(e.namedNow(in.PersonID, auth.FromContext(ctx).PersonID, s.now()))}, nil
	})
}

// namedArgs say who was named.
type namedArgs struct{ PersonID string }

// namedNow tells a new co-organiser, unless they have named themselves. Whoever is named and taken off again and again
// is told once a day.
func (e *Event) namedNow(personID, by string, now time.Time) notify.Cause {
	c := e.about()
	c.Key = notify.Key(id.Pair(e.ID, personID), "co_organiser", clock.Day(now, clock.Copenhagen))
	c.Kind, c.Args, c.Actor, c.Data = NoticeNamed, notify.ArgsOf(namedArgs{personID}), by, e.words()
	why := &notify.Reason{Kind: notify.ReasonGroupMember, Subject: e.GroupID, Words: map[string]string{"Group": e.Card.Name}}
	c.Audiences = []notify.AudienceOf{{Kind: notify.AudiencePeople, IDs: []string{personID}, Why: why}}
	return c
}

// isOrganisedWith reports whether the person of these args is a co-organiser, and the event is neither cancelled nor
// unknown. They are told of a draft too.
func (e *Event) isOrganisedWith(args notify.Args) (bool, error) {
	var a namedArgs
	err := args.Decode(&a)
	return (e.State == StateDraft || e.State == StatePublished) && slices.Contains(e.CoOrganiserIDs, a.PersonID), err
}

// RemoveCoOrganiser takes a co-organiser from one event. Returns Problems, NotFound for an event the viewer may not
// see, and Forbidden for others without the permission POST_EVENTS.
func (s *Service) RemoveCoOrganiser(ctx context.Context, in RemoveCoOrganiserInput) (*Event, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "removeCoOrganiser", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.EventID, nil, func(e *Event) ([]outbox.Effect, error) {
		if v := auth.FromContext(ctx); v.PersonID != in.PersonID && !e.mayPost(v, s.now()) {
			return nil, fault.Forbidden("group.permission")
		}
		e.unnamed = in.PersonID
		e.CoOrganiserIDs = slices.DeleteFunc(slices.Clone(e.CoOrganiserIDs), func(personID string) bool { return personID == in.PersonID })
		return nil, nil
	})
}

// endNaming takes a person who is no longer in a group from the co-organisers of its events, so that somebody who
// comes back is not one before they are named again.
func (s *Service) endNaming(ctx context.Context, a group.AccessEnded) error {
	if a.PersonID == "" {
		return nil // members stay what they are
	}
	found, err := s.People.Load(ctx, []string{a.PersonID})
	if err != nil {
		return err
	}
	p := found[a.PersonID]
	switch {
	case p != nil && !p.Knows(a.GroupID, a.Version):
		return fmt.Errorf("co-organiser %s: the copy of the membership is late", a.PersonID)
	case p != nil && p.Viewer().InGroup(a.GroupID):
		return nil
	}
	return s.store.dropCoOrganiser(ctx, a.GroupID, a.PersonID)
}

// HasAhead reports whether a group has published events that are not over.
func (s *Service) HasAhead(ctx context.Context, groupID string) (bool, error) {
	now, published := s.now(), StatePublished
	list, err := s.store.list(ctx, Filter{GroupID: &groupID, State: &published, From: &now}, seenBy{circles: []string{group.Everyone, groupID}}, page.Keyset{Limit: 1})
	return len(list) > 0, err
}
