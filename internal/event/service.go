package event

import (
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
	"faellesskab/internal/schedule/herald"
	"faellesskab/internal/timer"
)

// Deps are what the service works with.
type Deps struct {
	DB        *mongodb.DB
	Outbox    *outbox.Outbox
	Keys      *idempotency.Keys
	Timers    *timer.Timers
	PublicURL string // where the server is reached from outside
	// Booking books dates.
	Booking *booking.Service
	// Enqueue queues a cause that comes from a timer or an effect.
	Enqueue func(ctx context.Context, c notify.Cause) error
	People  interface {
		Load(ctx context.Context, ids []string) (map[string]*person.Person, error)
	}
	Groups interface {
		Get(ctx context.Context, groupID string) (*group.Group, error)
		Require(ctx context.Context, groupID string, p group.Permission) (*group.Group, error)
		Load(ctx context.Context, ids []string) (map[string]*group.Group, error)
	}
}

// Service is what can be done with events.
type Service struct {
	Deps
	store  store
	herald *herald.Herald
}

// New makes the service and registers its effects.
func New(d Deps) *Service {
	s := &Service{Deps: d, store: store{d.DB}}
	d.Booking.Register(booking.Sort{Prefix: id.Occurrence, Things: occurrences, Tell: s.tell, About: s.about, MayTake: s.mayTake,
		Seen: s.bookables, Missing: missing, Owner: s.owner, Follow: s.followOwner, MayRun: s.mayRun, Rights: s.rights, Organisers: s.organisers, LastTime: s.lastTime, Show: func(b *booking.Booking) booking.View { return attendance(b) }})
	d.Outbox.Watch(events)
	s.registerEffects()
	s.herald = herald.New(herald.Deps{DB: d.DB, Timers: d.Timers,
		Enqueue: func(ctx context.Context, c notify.Cause) error { return s.Enqueue(ctx, c) }}, s.noun())
	timer.On(d.Timers, timerAccess, s.walk)
	idempotency.ShowsByID(d.Keys, func(e *Event) string { return e.ID }, s.ByIDs)
	idempotency.ShowsByID(d.Keys, func(o *Occurrence) string { return o.ID }, s.OccurrencesByIDs)
	return s
}

// owner is the event of a date.
func (s *Service) owner(ctx context.Context, occurrenceID string) (outbox.Ref, error) {
	o, err := s.store.occurrence(ctx, occurrenceID)
	if err != nil {
		return outbox.Ref{}, err
	}
	return outbox.Ref{Collection: events, ID: o.EventID}, nil
}

func missing() *fault.Error { return fault.NotFound("event.not_found") }

func (s *Service) now() time.Time { return s.DB.Now() }

// Get is one event. Returns BAD_ID, or NotFound if the viewer may not see it.
func (s *Service) Get(ctx context.Context, eventID string) (*Event, error) {
	if problem := id.Check("id", id.Event, eventID); problem != nil {
		return nil, problem
	}
	return s.visible(ctx, eventID)
}

func (s *Service) visible(ctx context.Context, eventID string) (*Event, error) {
	e, err := s.store.get(ctx, eventID)
	if fault.Is(err, fault.KindNotFound) || err == nil && !e.CanSee(auth.FromContext(ctx), s.now()) {
		return nil, fault.NotFound("event.not_found")
	}
	return e, err
}

// ByIDs are the events with those ids, by id. Events that the viewer may not see are
// missing.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]*Event, error) {
	found, err := s.store.byIDs(ctx, ids)
	v, now := auth.FromContext(ctx), s.now()
	for eventID, e := range found {
		if !e.CanSee(v, now) {
			delete(found, eventID)
		}
	}
	return found, err
}

// Discreet are those of these events of whose group outsiders may not know; an event that is gone counts as one.
func (s *Service) Discreet(ctx context.Context, ids []string) (map[string]bool, error) {
	found, err := s.store.byIDs(ctx, ids)
	discreet := make(map[string]bool, len(ids))
	for _, eventID := range ids {
		e := found[eventID]
		discreet[eventID] = e == nil || e.Card.Visibility.IsHidden()
	}
	return discreet, err
}

// Load is one event for the program's own work. It hides nothing.
func (s *Service) Load(ctx context.Context, eventID string) (*Event, error) {
	return s.store.get(ctx, eventID)
}

// SweepOrphans removes dates whose event was never written, which a crash in the middle of
// Create leaves. A date that is an hour old has its event, or will never have one.
func (s *Service) SweepOrphans(ctx context.Context) error {
	return s.store.removeOrphans(ctx, s.now().Add(-time.Hour))
}

// Can are the actions that the server would accept from the viewer now.
func (s *Service) Can(ctx context.Context, e *Event) []Action {
	return e.Can(auth.FromContext(ctx), s.now())
}

// CanOfDate are the actions that the server would accept from the viewer now on a date of the
// event; see Occurrence.Can.
func (s *Service) CanOfDate(ctx context.Context, o *Occurrence, e *Event, own booking.View) []OccurrenceAction {
	return o.Can(auth.FromContext(ctx), e, own, s.now())
}

// Create writes a draft. Returns Problems, NotFound for a group the viewer may
// not know of, and Forbidden without the permission POST_EVENTS.
func (s *Service) Create(ctx context.Context, in CreateInput) (*Event, error) {
	if _, err := auth.Require(ctx); err != nil {
		return nil, err
	}
	e, err := in.Clean()
	if err != nil {
		return nil, err
	}
	e.ID = s.Keys.NewID(ctx, in.ClientMutationID, id.Event)
	ref := outbox.Ref{Collection: events, ID: e.ID}
	call := idempotency.Call{Operation: "createEvent", Key: in.ClientMutationID, Input: in, On: []outbox.Ref{ref}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Event, error) {
		if !e.StartsAt.After(s.now()) { // a repeat is answered as the call was, also after the start
			return nil, fault.Invalid("input.startsAt", "time.past")
		}
		return s.make(ctx, e, in.GroupID, t)
	})
}

// make writes a draft in a group, with its dates, and what follows besides.
func (s *Service) make(ctx context.Context, e *Event, groupID string, t idempotency.Token, besides ...outbox.Effect) (*Event, error) {
	g, err := s.Groups.Require(ctx, groupID, group.PostEvents)
	if err != nil {
		return nil, err
	}
	e.setGroup(g)
	e.State, e.OrganiserID, e.CreatedAt, e.Version = StateDraft, auth.FromContext(ctx).PersonID, s.now(), 1
	e.Terms.Name(e.ID, e.Version)
	// The dates are written first, since the event makes them visible.
	if _, err := s.store.insertNew(ctx, e.FirstDates(s.now())); err != nil {
		return nil, err
	}
	// A change of the group from now on finds the event. A change since the group was
	// read has not found it, so the event looks at the group once more.
	look := outbox.New(effectLook, lookArgs{EventID: e.ID, GroupID: g.ID, Version: g.Version})
	ref := outbox.Ref{Collection: events, ID: e.ID}
	effects := append(append([]outbox.Effect{look}, besides...), t.Outcome(e)...)
	return e, s.Outbox.Commit(ctx, ref, effects, func(b outbox.Batch) error {
		e.Pending = b.Pending()
		return s.store.insert(ctx, e)
	})
}

// Publish makes a draft visible and tells the members of its group. Returns Problems,
// NotFound, Forbidden without the permission POST_EVENTS, Conflict if it is no draft or has
// started, and VERSION_CONFLICT.
func (s *Service) Publish(ctx context.Context, in PublishInput) (*Event, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "publishEvent", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.EventID, in.ExpectedVersion, func(e *Event) ([]outbox.Effect, error) {
		switch e.State {
		case StatePublished:
			return nil, fault.Conflict("event.published")
		case StateCancelled:
			return nil, fault.Conflict("event.cancelled")
		}
		if e.hasBegun(s.now()) {
			return nil, fault.Conflict("event.started")
		}
		// If the process that made the event has died, the event may not have looked at the
		// group again. It must not become visible to people whom the group has shut out
		// since.
		if err := s.catchUp(ctx, e); err != nil {
			return nil, err
		}
		if e.Card.IsArchived {
			return nil, fault.Conflict("event.archived")
		}
		now := s.now()
		e.State, e.PublishedAt = StatePublished, &now
		news := []outbox.Effect{notify.Effect(s.published(ctx, e))}
		for _, c := range e.coHosts(true) {
			news = append(news, notify.Effect(s.publishedIn(ctx, e, c.Card)))
		}
		return news, nil
	})
}

// Cancel cancels an event and tells people who signed up. A cancelled draft stays visible
// only to people who may post in the group. Returns Problems, NotFound, Forbidden without
// the permission POST_EVENTS, Conflict if it is cancelled already or over, and
// VERSION_CONFLICT.
func (s *Service) Cancel(ctx context.Context, in CancelInput) (*Event, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "cancelEvent", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.EventID, in.ExpectedVersion, func(e *Event) ([]outbox.Effect, error) {
		if err := e.mayChange(s.now()); err != nil {
			return nil, err
		}
		wasPublished := e.State == StatePublished
		if wasPublished && e.PublishedAt == nil {
			e.PublishedAt = &e.CreatedAt // an older program, which did not note it, has published the event
		}
		now := s.now()
		e.State, e.CancelledAt = StateCancelled, &now
		if in.Reason != nil && *in.Reason != "" {
			e.CancelReason = in.Reason
		}
		if !wasPublished {
			return nil, nil
		}
		news, err := s.cancelled(ctx, e)
		return []outbox.Effect{news}, err
	})
}

// change loads an event that the viewer may change, changes it and writes it with its
// effects. Returns VERSION_CONFLICT if somebody else has changed it meanwhile.
func (s *Service) change(ctx context.Context, call idempotency.Call, eventID string, expected *int,
	change func(e *Event) ([]outbox.Effect, error)) (*Event, error) {
	return s.changeBy(ctx, call, toChange{eventID: eventID, expected: expected, may: (*Event).canPost}, change)
}

// toChange is an event that somebody changes, the version that they expect, and who may.
type toChange struct {
	eventID  string
	expected *int
	may      func(e *Event, v auth.Viewer, now time.Time) bool
}

// changeBy is change for those who may.
func (s *Service) changeBy(ctx context.Context, call idempotency.Call, to toChange, change func(e *Event) ([]outbox.Effect, error)) (*Event, error) {
	ref := outbox.Ref{Collection: events, ID: to.eventID}
	call.On = []outbox.Ref{ref}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Event, error) {
		e, err := s.visible(ctx, to.eventID)
		if err != nil {
			return nil, err
		}
		switch {
		case !to.may(e, auth.FromContext(ctx), s.now()):
			return nil, fault.Forbidden("group.permission")
		case to.expected != nil && *to.expected != e.Version:
			return nil, fault.VersionConflict()
		}
		if e, err = s.finished(ctx, e); err != nil {
			return nil, err
		}
		e.Version++
		news, err := change(e)
		if err != nil {
			return nil, err
		}
		effects := append([]outbox.Effect{outbox.New(effectSync, syncArgs{e.ID, e.Version, auth.FromContext(ctx).PersonID})}, news...)
		return e, s.Outbox.Commit(ctx, ref, append(effects, t.Outcome(e)...), func(b outbox.Batch) error {
			return s.store.update(ctx, e, b)
		})
	})
}
