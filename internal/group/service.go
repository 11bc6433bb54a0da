package group

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"faellesskab/internal/area"
	"faellesskab/internal/audit"
	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
	"faellesskab/internal/search"
	"faellesskab/internal/text"
	"faellesskab/internal/timer"
)

// EffectChanged is the kind of the effect that follows a change of a group of which other
// packages keep a copy. Those packages follow it.
const EffectChanged = "group.changed"

// Changed are the arguments of EffectChanged.
type Changed struct{ GroupID string }

// Deps are what the service works with.
type Deps struct {
	DB     *mongodb.DB
	Outbox *outbox.Outbox
	Keys   *idempotency.Keys
	Audit  *audit.Log
	Timers *timer.Timers
	Log    *slog.Logger
	// Enqueue queues a cause that comes from a timer.
	Enqueue func(ctx context.Context, c notify.Cause) error
	Areas   interface {
		Exists(ctx context.Context, areaID string) error
	}
	People interface {
		CopyMembership(ctx context.Context, personID, groupID string, c person.GroupCopy) (person.Copied, error)
		ForgetCopies(ctx context.Context, personID string, versions map[string]int) error
		Load(ctx context.Context, ids []string) (map[string]*person.Person, error)
		WithContact(ctx context.Context, key string) ([]*person.Person, error)
	}
	// HasEventsAhead reports whether a group has published events that are not over.
	HasEventsAhead func(ctx context.Context, groupID string) (bool, error)
	// AppURL is the base of the links that open in a browser; empty: none.
	AppURL string
}

// Service is what can be done with groups.
type Service struct {
	Deps
	store store
}

// New makes the service and registers its effects.
func New(d Deps) *Service {
	s := &Service{Deps: d, store: store{d.DB}}
	d.Outbox.Watch(groups)
	d.Outbox.Watch(contacts)
	d.Outbox.WatchOwned(memberships, byGroup)
	s.registerEffects()
	timer.On(d.Timers, timerRoleEnds, s.endRole)
	timer.On(d.Timers, timerRoleReminder, s.remindRole)
	timer.On(d.Timers, timerAdmit, s.admitOn)
	timer.On(d.Timers, timerTell, s.tellLater)
	timer.On(d.Timers, timerRoleChanged, s.tellHolders)
	timer.On(d.Timers, timerDelete, s.deleteAt)
	timer.On(d.Timers, timerContact, s.lookForContact)
	timer.On(d.Timers, timerDisband, s.disband)
	s.showAsNow()
	return s
}

func (s *Service) now() time.Time { return s.DB.Now() }

// Get is one group. Returns BAD_ID, or NotFound if the viewer may not know of
// it.
func (s *Service) Get(ctx context.Context, groupID string) (*Group, error) {
	if problem := id.Check("id", id.Group, groupID); problem != nil {
		return nil, problem
	}
	return s.visible(ctx, groupID)
}

func (s *Service) visible(ctx context.Context, groupID string) (*Group, error) {
	g, err := s.store.get(ctx, groupID)
	if fault.Is(err, fault.KindNotFound) || err == nil && !g.CanSee(auth.FromContext(ctx), s.now()) {
		return nil, fault.NotFound("group.not_found")
	}
	return g, err
}

// Require is a group in which the viewer has a permission. Returns NotFound if
// the viewer may not know of it, and Forbidden without the permission.
func (s *Service) Require(ctx context.Context, groupID string, p Permission) (*Group, error) {
	g, err := s.visible(ctx, groupID)
	if err != nil {
		return nil, err
	}
	return g, s.RequireIn(ctx, g, p)
}

// RequireIn is Require for a group that has been read.
func (s *Service) RequireIn(ctx context.Context, g *Group, p Permission) error {
	v := auth.FromContext(ctx)
	switch {
	case !g.CanSee(v, s.now()):
		return fault.NotFound("group.not_found")
	case g.Allows(v, p, s.now()):
		return nil
	case g.allowsOpen(v, p, s.now()):
		return fault.Forbidden("group.archived")
	}
	return fault.Forbidden("group.permission")
}

// ByIDs are the groups with those ids, by id. Groups that the viewer may not know of are
// missing.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]*Group, error) {
	found, err := s.store.byIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	v := auth.FromContext(ctx)
	seen := make(map[string]*Group, len(found))
	for groupID, g := range found {
		if g.CanSee(v, s.now()) {
			seen[groupID] = g
		}
	}
	return seen, s.withOwn(ctx, seen, found)
}

// Load is ByIDs for the program's own work. It hides nothing.
func (s *Service) Load(ctx context.Context, ids []string) (map[string]*Group, error) {
	return s.store.byIDs(ctx, ids)
}

// Can are the actions that the server would accept from the viewer now. beside are the people
// whom BesideViewer names, and waiting the requests of whom Asker names.
func (s *Service) Can(ctx context.Context, g *Group, m *Membership, beside []*person.Person, waiting Requests) []Action {
	now := s.now()
	return g.Can(auth.FromContext(ctx), m, g.isKeptBy(beside, now), waiting, now)
}

// Create starts a group with the viewer as its leader. A lokalforum starts without a
// leader: staff choose one later, and not themselves. Returns Problems, Forbidden for a
// kind that only people with SUPPORT may start, NotFound for an unknown area, and Conflict
// for an area's second lokalforum.
func (s *Service) Create(ctx context.Context, in CreateInput) (*Group, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	if in.Kind.isMunicipal() && !answersForGroups(v, s.now()) {
		return nil, fault.Forbidden("group.kind.staff")
	}
	groupID := s.Keys.NewID(ctx, in.ClientMutationID, id.Group)
	if in.Kind == KindLokalforum {
		groupID = area.LokalforumID(*in.AreaID)
	}
	call := idempotency.Call{Operation: "createGroup", Key: in.ClientMutationID, Input: in,
		On: []outbox.Ref{{Collection: groups, ID: groupID}}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Group, error) {
		if in.AreaID != nil {
			if err := s.Areas.Exists(ctx, *in.AreaID); err != nil {
				return nil, err
			}
		}
		if _, err := s.store.get(ctx, groupID); !fault.Is(err, fault.KindNotFound) {
			return nil, cmp.Or(err, error(fault.Conflict("group.exists")))
		}
		g := s.newGroup(groupID, in)
		if err := s.checkName(ctx, g); err != nil {
			return nil, err
		}
		if g.Kind == KindLokalforum {
			return g, s.insert(ctx, g, t)
		}
		if !hasRoom(v) {
			return nil, isFull()
		}
		// The leader's membership is an effect of the group. If it were written first, a
		// crash or a quicker call could leave it without a group.
		g.LeaderIDs, g.MemberCount = []string{v.PersonID}, 1
		return g, s.insert(ctx, g, t, outbox.New(effectFound, foundArgs{GroupID: g.ID, PersonID: v.PersonID, At: s.now()}))
	})
}

func (s *Service) newGroup(groupID string, in CreateInput) *Group {
	g := &Group{ID: groupID, Name: in.Name, Kind: in.Kind, Visibility: in.Visibility, JoinPolicy: in.JoinPolicy,
		LeaderIDs: []string{}, CreatedAt: s.now(), Version: 1}
	if in.Description != nil {
		g.Description = *in.Description
	}
	if in.AreaID != nil {
		g.AreaID = *in.AreaID
	}
	g.derive()
	return g
}

// insert writes a new group with its effects.
func (s *Service) insert(ctx context.Context, g *Group, t idempotency.Token, effects ...outbox.Effect) error {
	return s.Outbox.Commit(ctx, g.ref(), append(effects, t.Outcome(g)...), func(b outbox.Batch) error {
		g.Pending = b.Pending()
		err := s.store.insert(ctx, g)
		if fault.Is(err, fault.KindConflict) {
			err = fault.Conflict("group.exists").Because(err)
		}
		return err
	})
}

// Update changes a group. Returns Problems, also for a lokalforum that would no longer be
// public and open, NotFound, Forbidden without the permission EDIT_GROUP, and
// VERSION_CONFLICT.
func (s *Service) Update(ctx context.Context, in UpdateInput) (*Group, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	ref := outbox.Ref{Collection: groups, ID: in.GroupID}
	call := idempotency.Call{Operation: "updateGroup", Key: in.ClientMutationID, Input: in, On: []outbox.Ref{ref}}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Group, error) {
		g, err := s.Require(ctx, in.GroupID, EditGroup)
		if err != nil {
			return nil, err
		}
		if in.ExpectedVersion != nil && *in.ExpectedVersion != g.Version {
			return nil, fault.VersionConflict()
		}
		if err := g.checkChange(in); err != nil {
			return nil, err
		}
		before := *g
		g.apply(in)
		g.Version++
		g.rename(before.Card(), s.now())
		if err := s.checkIdentity(ctx, &before, g); err != nil {
			return nil, err
		}
		effects := g.opened(before.isOpen(), auth.FromContext(ctx).PersonID)
		if openness[g.Visibility] < openness[before.Visibility] {
			effects = append(effects, g.accessEnded())
		}
		return g, s.write(ctx, g, append(effects, t.Outcome(g)...))
	})
}

// checkIdentity refuses a new area that there is not, and a change by which the group would be taken
// for another: of its name, its area, or who may know of it. Returns NotFound and Invalid.
func (s *Service) checkIdentity(ctx context.Context, before, g *Group) error {
	isMoved := g.AreaID != before.AreaID
	if isMoved && g.AreaID != "" {
		if err := s.Areas.Exists(ctx, g.AreaID); err != nil {
			return err
		}
	}
	if !isMoved && g.Name == before.Name && (g.isHidden() || !before.isHidden()) {
		return nil
	}
	return s.checkName(ctx, g)
}

func (g *Group) apply(in UpdateInput) {
	optional.Set(&g.Name, in.Name)
	optional.Set(&g.Description, in.Description)
	optional.Set(&g.AreaID, in.AreaID)
	optional.Set(&g.Visibility, in.Visibility)
	optional.Set(&g.JoinPolicy, in.JoinPolicy)
	g.derive()
}

func kindFacet(k Kind) string { return "kind:" + string(k) }

func areaFacet(areaID string) string { return "area:" + areaID }

// derive computes the fields by which the group is found.
func (g *Group) derive() {
	g.SortName, g.NameKey = i18n.SortKey(g.Name), text.Skeleton(g.Name)
	g.Facets = append(search.Terms(g.Name, g.Description), kindFacet(g.Kind))
	if g.AreaID != "" {
		g.Facets = append(g.Facets, areaFacet(g.AreaID))
	}
	g.Listing = Everyone
	if g.isHidden() || g.isArchived() {
		g.Listing = g.ID
	}
	slices.Sort(g.LeaderIDs)
}
