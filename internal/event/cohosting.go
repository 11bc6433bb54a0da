package event

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// effectHosts brings an event and its dates in line with the groups that host it.
const effectHosts = "event.hosts"

// hostsArgs are an event; HasEnded says that a group hosts it no longer.
type hostsArgs struct {
	EventID  string
	HasEnded bool
	Version  int
}

// InvitedGroupIDs are the groups that have not answered yet, of which the organisers and the people who answer know.
func (s *Service) InvitedGroupIDs(ctx context.Context, e *Event) []string {
	return e.invitedGroupIDs(auth.FromContext(ctx), s.now())
}

// InviteCoHost asks another group to host an event too, and tells those who answer for it. If the group was asked before,
// nothing changes. Returns Problems, NotFound for an event the viewer may not see and for a group they may not know of,
// Forbidden without the permission POST_EVENTS, and Conflict for an event that is cancelled or over, or has as many groups
// as it may have, and for a group that is archived.
func (s *Service) InviteCoHost(ctx context.Context, in CoHostInput) (*Event, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "inviteCoHost", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.EventID, nil, func(e *Event) ([]outbox.Effect, error) {
		if !e.mayPost(auth.FromContext(ctx), s.now()) {
			return nil, fault.Forbidden("group.permission")
		}
		if err := e.mayChange(s.now()); err != nil {
			return nil, err
		}
		if in.GroupID == e.GroupID {
			return nil, fault.Invalid("input.groupId", "event.co_host.own")
		}
		g, err := s.Groups.Get(ctx, in.GroupID)
		if fault.Is(err, fault.KindNotFound) {
			return nil, &fault.Error{Kind: fault.KindNotFound, Key: "group.not_found", Field: "input.groupId"}
		}
		if _, isAsked := e.CoHosts[in.GroupID]; err != nil || isAsked {
			return nil, err
		}
		switch {
		case g.Card().IsArchived:
			return nil, &fault.Error{Kind: fault.KindConflict, Key: "event.archived", Field: "input.groupId"}
		case len(e.CoHosts) >= maxCoHosts:
			return nil, fault.Conflict("event.co_host.many").With("Max", maxCoHosts)
		}
		c := CoHost{Card: g.Card(), InvitedAt: s.now()}
		e.put(c)
		return []outbox.Effect{notify.Effect(s.hostNews(ctx, e, NoticeCoHostInvited, c, c.Card.ID))}, nil
	})
}

// AcceptCoHosting has a group host an event that it was asked to host. Its people see the event then as those of the first
// group do, and its members are told if it is published. Returns Problems, NotFound for an event the viewer may not see and
// for a group that was not asked, Forbidden without the permission POST_EVENTS in that group, and Conflict for an event that
// is cancelled or over, and for a group that is archived or has accepted.
func (s *Service) AcceptCoHosting(ctx context.Context, in CoHostInput) (*Event, error) {
	return s.answer(ctx, "acceptCoHosting", in, func(e *Event, c CoHost) ([]outbox.Effect, error) {
		if c.AcceptedAt != nil {
			return nil, fault.Conflict("event.co_host.accepted")
		}
		if err := e.mayChange(s.now()); err != nil {
			return nil, err
		}
		g, err := s.group(ctx, c.Card.ID)
		if err != nil {
			return nil, err
		}
		if g.Card().IsArchived {
			return nil, &fault.Error{Kind: fault.KindConflict, Key: "event.archived", Field: "input.groupId"}
		}
		now := s.now()
		c.Card, c.AcceptedAt = g.Card(), &now
		e.put(c)
		effects := []outbox.Effect{s.followEffect(e, false), notify.Effect(s.hostNews(ctx, e, NoticeCoHostAccepted, c, e.GroupID))}
		if e.State == StatePublished {
			effects = append(effects, notify.Effect(s.publishedIn(ctx, e, c.Card)))
		}
		return effects, nil
	})
}

// DeclineCoHosting says for a group that it does not host an event that it was asked to host. Returns Problems, NotFound for
// an event the viewer may not see and for a group that was not asked, Forbidden without the permission POST_EVENTS in that
// group, and Conflict if the group has accepted, or the event is cancelled or over.
func (s *Service) DeclineCoHosting(ctx context.Context, in CoHostInput) (*Event, error) {
	return s.answer(ctx, "declineCoHosting", in, func(e *Event, c CoHost) ([]outbox.Effect, error) {
		if c.AcceptedAt != nil {
			return nil, fault.Conflict("event.co_host.accepted")
		}
		if err := e.mayChange(s.now()); err != nil {
			return nil, err
		}
		e.drop(c.Card.ID)
		return []outbox.Effect{s.followEffect(e, false), notify.Effect(s.hostNews(ctx, e, NoticeCoHostEnded, c, e.GroupID))}, nil
	})
}

// answer changes an event for a group that was asked to host it, in which the viewer may post.
func (s *Service) answer(ctx context.Context, operation string, in CoHostInput, change func(e *Event, c CoHost) ([]outbox.Effect, error)) (*Event, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: operation, Key: in.ClientMutationID, Input: in}
	mayAnswer := func(e *Event, v auth.Viewer, now time.Time) bool {
		c, isAsked := e.CoHosts[in.GroupID]
		return !isAsked || c.mayPost(v, now)
	}
	return s.changeBy(ctx, call, toChange{eventID: in.EventID, may: mayAnswer}, func(e *Event) ([]outbox.Effect, error) {
		c, isAsked := e.CoHosts[in.GroupID]
		if !isAsked {
			return nil, notAsked()
		}
		return change(e, c)
	})
}

// RemoveCoHost takes another group from those that host an event, or takes back what it was asked. Bookings of people who
// may no longer see the event end. Returns Problems, NotFound for an event the viewer may not see and for a group that is none of
// these, and Forbidden without the permission POST_EVENTS in the event's group or in the other one.
func (s *Service) RemoveCoHost(ctx context.Context, in CoHostInput) (*Event, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "removeCoHost", Key: in.ClientMutationID, Input: in}
	mayRemove := func(e *Event, v auth.Viewer, now time.Time) bool {
		c, isAsked := e.CoHosts[in.GroupID]
		return e.mayPost(v, now) || isAsked && c.mayPost(v, now)
	}
	return s.changeBy(ctx, call, toChange{eventID: in.EventID, may: mayRemove}, func(e *Event) ([]outbox.Effect, error) {
		c, isHost := e.CoHosts[in.GroupID]
		if !isHost {
			return nil, notAsked()
		}
		e.drop(in.GroupID)
		told := in.GroupID
		if !e.mayPost(auth.FromContext(ctx), s.now()) {
			told = e.GroupID
		}
		return []outbox.Effect{s.followEffect(e, c.AcceptedAt != nil), notify.Effect(s.hostNews(ctx, e, NoticeCoHostEnded, c, told))}, nil
	})
}

func (s *Service) followEffect(e *Event, hasEnded bool) outbox.Effect {
	return outbox.New(effectHosts, hostsArgs{EventID: e.ID, HasEnded: hasEnded, Version: e.Version})
}

func notAsked() *fault.Error {
	return &fault.Error{Kind: fault.KindNotFound, Key: "event.co_host.not_asked", Field: "input.groupId"}
}

// put notes a group that hosts the event, or is asked to; drop takes it out.
func (e *Event) put(c CoHost) {
	e.CoHosts = maps.Clone(e.CoHosts)
	if e.CoHosts == nil {
		e.CoHosts = map[string]CoHost{}
	}
	e.CoHosts[c.Card.ID], e.rehosted = c, c.Card.ID
	e.HostsVersion++
}

func (e *Event) drop(groupID string) {
	e.CoHosts = maps.Clone(e.CoHosts)
	delete(e.CoHosts, groupID)
	e.rehosted = groupID
	e.HostsVersion++
}

// followHosts brings one event and its dates in line with the groups that host it, as they are now.
func (s *Service) followHosts(ctx context.Context, eventID string) error {
	for range 5 {
		e, err := s.store.get(ctx, eventID)
		if err != nil {
			return err
		}
		groups, err := s.Groups.Load(ctx, append([]string{e.GroupID}, slices.Sorted(maps.Keys(e.CoHosts))...))
		if err != nil {
			return err
		}
		was := *e
		e.host(groups)
		ok := reflect.DeepEqual(was, *e) // so that whoever comes again writes nothing
		if !ok {
			if ok, err = s.store.rehost(ctx, e); err != nil {
				return err
			}
		}
		if ok {
			return s.store.rehostDates(ctx, e)
		}
	}
	return fault.VersionConflict()
}

// hostsChanged carries effectHosts out.
func (s *Service) hostsChanged(ctx context.Context, _ outbox.Call, a hostsArgs) error {
	if err := s.followHosts(ctx, a.EventID); err != nil || !a.HasEnded {
		return err
	}
	return s.endBookings(ctx, accessWalk{AccessEnded: group.AccessEnded{Version: a.Version}, EventID: a.EventID})
}

// followShared brings the events in line that a group hosts together with others.
func (s *Service) followShared(ctx context.Context, groupID string) error {
	ids, err := s.store.shared(ctx, groupID)
	for _, eventID := range ids {
		if err := s.followHosts(ctx, eventID); err != nil {
			return err
		}
	}
	return err
}
