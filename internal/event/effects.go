package event

import (
	"context"
	"fmt"

	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
)

// The kinds of effects of this package.
const (
	effectSync      = "event.sync"       // the dates of an event follow it
	effectCancelled = "event.cancelled"  // people are told that the dates of a series are cancelled
	effectDate      = "event.date"       // one date is cancelled, or brought back
	effectLook      = "event.look_group" // a new event follows its group, which may have changed meanwhile
)

// syncArgs are an event that its dates follow, the version that was written, and who has done so.
type syncArgs struct {
	EventID string
	Version int
	Actor   string
}

// lookArgs are a new event, and the version of the group from which it was made.
type lookArgs struct {
	EventID, GroupID string
	Version          int
}

func (s *Service) registerEffects() {
	outbox.On(s.Outbox, effectSync, "event.dates", func(ctx context.Context, _ outbox.Call, a syncArgs) error {
		e, err := s.store.get(ctx, a.EventID)
		if err != nil {
			return err
		}
		if a.Version != e.Version {
			a.Actor = "" // somebody else has changed it since
		}
		return s.sync(ctx, e, a.Actor)
	})
	outbox.On(s.Outbox, effectCancelled, "event.news", func(ctx context.Context, _ outbox.Call, a syncArgs) error {
		return s.tellCancelled(ctx, a)
	})
	outbox.On(s.Outbox, effectOwn, "event.dates", func(ctx context.Context, _ outbox.Call, a ownArgs) error {
		return s.editOwn(ctx, a)
	})
	outbox.On(s.Outbox, effectDate, "event.one_date", func(ctx context.Context, _ outbox.Call, a dateArgs) error {
		return s.followDate(ctx, a)
	})
	outbox.On(s.Outbox, effectLook, "event.group", func(ctx context.Context, _ outbox.Call, a lookArgs) error {
		g, err := s.group(ctx, a.GroupID)
		if err != nil || g.Version <= a.Version {
			return err
		}
		return s.followInto(ctx, a.EventID, g)
	})
	outbox.On(s.Outbox, effectHosts, "event.hosting", s.hostsChanged)
	outbox.On(s.Outbox, group.EffectChanged, "event.copies", func(ctx context.Context, _ outbox.Call, a group.Changed) error {
		return s.followGroup(ctx, a.GroupID)
	})
	outbox.On(s.Outbox, person.EffectHandedOver, "event.handovers", s.handOver)
	outbox.On(s.Outbox, group.EffectAccessEnded, "event.places", func(ctx context.Context, _ outbox.Call, a group.AccessEnded) error {
		return s.endBookings(ctx, accessWalk{AccessEnded: a})
	})
	outbox.On(s.Outbox, group.EffectAccessEnded, "event.co_organisers", func(ctx context.Context, _ outbox.Call, a group.AccessEnded) error {
		return s.endNaming(ctx, a)
	})
}

// sync makes the dates and their reminders follow the present event, which somebody has changed. Older versions never undo
// newer ones.
func (s *Service) sync(ctx context.Context, e *Event, actor string) error {
	e, err := s.followEvent(ctx, e, actor)
	if err != nil {
		return err
	}
	if e.Series != nil {
		return s.settleSeries(ctx, e)
	}
	if err := s.settle(ctx, NewOccurrence(e), e); err != nil || e.State == StateCancelled {
		return err
	}
	return s.herald.SetReminders(ctx, s.thing(e, NewOccurrence(e)))
}

// settle makes the bookings of a date follow it.
func (s *Service) settle(ctx context.Context, o *Occurrence, e *Event) error {
	if err := s.Booking.FollowStart(ctx, o.ID); err != nil {
		return fmt.Errorf("date of event %s: %w", e.ID, err)
	}
	if terms := o.termsBy(e); !o.stands(OwnCapacity) || terms != nil {
		if err := s.Booking.SetSeats(ctx, o.ID, o.capacityOf(e), terms, e.Version); err != nil {
			return err
		}
	}
	if o.State == StateCancelled {
		return s.Booking.EndLine(ctx, o.ID)
	}
	return nil
}

// followOwner makes a date follow its event. News of the event may be on its way while the effect
// that does so waits to be tried again.
func (s *Service) followOwner(ctx context.Context, dateID string) error {
	o, err := s.store.occurrence(ctx, dateID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	e, err := s.store.get(ctx, o.EventID)
	if err != nil || o.Synced >= e.Version {
		return fault.UnlessNotFound(err)
	}
	_, err = s.followEvent(ctx, e, "")
	return err
}

// followGroup brings the copies of a group in its events up to date, and with them the
// circle of people who may see the events.
func (s *Service) followGroup(ctx context.Context, groupID string) error {
	g, err := s.group(ctx, groupID)
	if err != nil {
		return err
	}
	if err := s.store.followGroup(ctx, g); err != nil {
		return err
	}
	return s.followShared(ctx, groupID)
}

// followInto makes one event and its dates follow a newer version of their group.
func (s *Service) followInto(ctx context.Context, eventID string, g *group.Group) error {
	isFollowed, err := s.store.followInto(ctx, eventID, g)
	if err != nil || isFollowed {
		return err
	}
	return s.followHosts(ctx, eventID)
}

// catchUp makes one event follow the present state of its group.
func (s *Service) catchUp(ctx context.Context, e *Event) error {
	g, err := s.group(ctx, e.GroupID)
	if err != nil || g.Version <= e.Card.Version {
		return err
	}
	if err := s.followInto(ctx, e.ID, g); err != nil {
		return err
	}
	if e.HostsVersion > 0 {
		e.host(map[string]*group.Group{g.ID: g})
		return nil
	}
	e.setGroup(g)
	return nil
}

// group reads a group, even if the viewer may not know of it.
func (s *Service) group(ctx context.Context, groupID string) (*group.Group, error) {
	found, err := s.Groups.Load(ctx, []string{groupID})
	if err != nil {
		return nil, err
	}
	if found[groupID] == nil {
		return nil, fault.NotFound("group.not_found")
	}
	return found[groupID], nil
}
