package area

import (
	"context"
	"slices"

	"faellesskab/internal/audit"
	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

// Deps are what the service works with.
type Deps struct {
	DB     *mongodb.DB
	Outbox *outbox.Outbox
	Keys   *idempotency.Keys
	Audit  *audit.Log
	// HasRole answers whether a person holds a role.
	HasRole func(ctx context.Context, personID string, role auth.Role) (bool, error)
}

// Service is what can be done with areas.
type Service struct {
	Deps
	store store
}

// New makes the service.
func New(d Deps) *Service {
	d.Outbox.Watch(collection)
	s := &Service{Deps: d, store: store{d.DB}}
	idempotency.ShowsByID(d.Keys, func(a *Area) string { return a.ID }, s.ByIDs)
	return s
}

// List are all areas, by name.
func (s *Service) List(ctx context.Context) ([]*Area, error) { return s.store.list(ctx) }

// Everywhere is the key of all areas in Lists.
const Everywhere = "everywhere"

// Lists are all areas, for those who ask for them side by side.
func (s *Service) Lists(ctx context.Context, _ []string) (map[string]List, error) {
	list, err := s.List(ctx)
	return map[string]List{Everywhere: list}, err
}

// Find is one area, by id or by slug, of which exactly one must be given. Returns Invalid, BAD_ID
// or NotFound.
func (s *Service) Find(ctx context.Context, areaID, slug *string) (*Area, error) {
	switch {
	case (areaID == nil) == (slug == nil):
		return nil, fault.Invalid("id", "area.id_or_slug")
	case slug != nil:
		return s.get(ctx, IDOf(*slug))
	}
	if problem := id.Check("id", id.Area, *areaID); problem != nil {
		return nil, problem
	}
	return s.get(ctx, *areaID)
}

func (s *Service) get(ctx context.Context, areaID string) (*Area, error) {
	a, err := s.store.get(ctx, areaID)
	if fault.Is(err, fault.KindNotFound) {
		return nil, fault.NotFound("area.not_found").Because(err)
	}
	return a, err
}

// ByIDs are the areas with those ids, by id.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]*Area, error) {
	return s.store.byIDs(ctx, ids)
}

// Exists returns NotFound unless there is an area with that id.
func (s *Service) Exists(ctx context.Context, areaID string) error {
	_, err := s.get(ctx, areaID)
	return err
}

// Ensure adds an area if there is none with that slug. It is for loading the areas.
func (s *Service) Ensure(ctx context.Context, slug, name, mainTown string) (*Area, error) {
	a := &Area{ID: IDOf(slug), Slug: slug, Name: name, SortName: i18n.SortKey(name), MainTown: mainTown,
		Contacts: []ContactPerson{}, CommunityBuilderIDs: []string{}, Version: 1}
	err := s.store.insert(ctx, a)
	if fault.Is(err, fault.KindConflict) {
		return s.store.get(ctx, a.ID)
	}
	return a, err
}

// SetContacts replaces the contact persons of an area. Only for people with SUPPORT. Returns
// Forbidden, Problems, NotFound or VERSION_CONFLICT.
func (s *Service) SetContacts(ctx context.Context, in SetContactsInput) (*Area, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "setAreaContacts", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.AreaID, in.ExpectedVersion, func(_ context.Context, a *Area) error {
		a.Contacts = append([]ContactPerson{}, in.Contacts...)
		return nil
	})
}

// MissingContacts are the kinds of people to turn to that an area lacks, which has that many fælles-skabere; nil
// for viewers without SUPPORT.
func (s *Service) MissingContacts(ctx context.Context, a *Area, builders int) []MissingContact {
	if !auth.FromContext(ctx).Can(auth.CapabilitySupport, s.DB.Now()) {
		return nil
	}
	missing := []MissingContact{}
	for _, kind := range contactKinds {
		if !a.hasContact(kind) {
			missing = append(missing, MissingContact(kind))
		}
	}
	if builders == 0 {
		missing = append(missing, MissingBuilder)
	}
	return missing
}

// maxBuilders is how many fælles-skabere an area may have.
const maxBuilders = 20

// Assign makes a person with the role COMMUNITY_BUILDER a fælles-skaber of an area. Only for
// people with SUPPORT, and not for themselves. Returns Forbidden, Problems, NotFound, or Conflict
// if the person lacks the role or the area has as many fælles-skabere as an area may have.
func (s *Service) Assign(ctx context.Context, in AssignInput) (*Area, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "assignCommunityBuilder", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.AreaID, nil, func(ctx context.Context, a *Area) error {
		if in.PersonID == auth.FromContext(ctx).PersonID {
			return fault.Forbidden("auth.self")
		}
		ok, err := s.HasRole(ctx, in.PersonID, auth.RoleCommunityBuilder)
		if err != nil {
			return err
		}
		if !ok {
			return fault.Conflict("area.builder.role")
		}
		if slices.Contains(a.CommunityBuilderIDs, in.PersonID) {
			return nil
		}
		if len(a.CommunityBuilderIDs) >= maxBuilders {
			return fault.Conflict("area.builder.many").With("Max", maxBuilders)
		}
		a.CommunityBuilderIDs = append(a.CommunityBuilderIDs, in.PersonID)
		return nil
	})
}

// Unassign ends a fælles-skaber's work for an area. Only for people with SUPPORT. Returns
// Forbidden, Problems, or NotFound if they do not work for the area.
func (s *Service) Unassign(ctx context.Context, in AssignInput) (*Area, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "unassignCommunityBuilder", Key: in.ClientMutationID, Input: in}
	return s.change(ctx, call, in.AreaID, nil, func(_ context.Context, a *Area) error {
		i := slices.Index(a.CommunityBuilderIDs, in.PersonID)
		if i < 0 {
			return fault.NotFound("area.builder.not_found")
		}
		a.CommunityBuilderIDs = slices.Delete(slices.Clone(a.CommunityBuilderIDs), i, i+1)
		return nil
	})
}

func (s *Service) change(ctx context.Context, call idempotency.Call, areaID string, expected *int,
	change func(ctx context.Context, a *Area) error) (*Area, error) {
	if _, err := auth.RequireCapability(ctx, s.DB.Now(), auth.CapabilitySupport); err != nil {
		return nil, err
	}
	ref := outbox.Ref{Collection: collection, ID: areaID}
	call.On = []outbox.Ref{ref}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Area, error) {
		a, err := s.get(ctx, areaID)
		if err != nil {
			return nil, err
		}
		if expected != nil && *expected != a.Version {
			return nil, fault.VersionConflict()
		}
		if err := change(ctx, a); err != nil {
			return nil, err
		}
		a.Version++
		entry := s.Audit.Effect(ctx, call.Operation, a.ID, nil)
		return a, s.Outbox.Commit(ctx, ref, append([]outbox.Effect{entry}, t.Outcome(a)...), func(b outbox.Batch) error {
			return s.store.update(ctx, a, b)
		})
	})
}
