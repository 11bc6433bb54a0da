package person

import (
	"context"
	"log/slog"
	"maps"

	"faellesskab/internal/area"
	"faellesskab/internal/audit"
	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
	"faellesskab/internal/skill"
)

// Deps are what the service works with.
type Deps struct {
	DB     *mongodb.DB
	Outbox *outbox.Outbox
	Keys   *idempotency.Keys
	Audit  *audit.Log
	Areas  interface {
		Exists(ctx context.Context, areaID string) error
		ByIDs(ctx context.Context, ids []string) (map[string]*area.Area, error)
		BuiltBy(ctx context.Context, personID string) ([]*area.Area, error)
		HandOver(ctx context.Context, fromID, toID string) error
		IsContactOtherwise(ctx context.Context, name, nameKey string) (bool, error)
	}
	Skills interface {
		Offered(ctx context.Context, skillIDs, had []string) error
		ByIDs(ctx context.Context, ids []string) (map[string]*skill.Skill, error)
	}
	Groups groups
	Bus    bus
	NewID  id.Maker // makes the ids of people
	Log    *slog.Logger
}

// Service is what can be done with people.
type Service struct {
	Deps
	store store
	known known
	kept  *kept
}

// New makes the service.
func New(d Deps) *Service {
	d.Outbox.Watch(collection, offices)
	k := &kept{}
	s := &Service{Deps: d, store: store{d.DB, k}, kept: k}
	d.Bus.Listen(collection, k.heard)
	s.registerEffects()
	idempotency.ShowsByID(d.Keys, func(p *Person) string { return p.ID }, s.ByIDs)
	return s
}

// Viewer reads a person who has signed in, as the viewer of a request. Returns Forbidden if
// they are banned, disabled or erased.
func (s *Service) Viewer(ctx context.Context, personID string) (auth.Viewer, error) {
	p, err := s.store.get(ctx, personID)
	if fault.Is(err, fault.KindNotFound) {
		return auth.Viewer{}, fault.Forbidden("person.disabled")
	}
	if err != nil {
		return auth.Viewer{}, err
	}
	return p.Viewer(), p.Admits()
}

// Get is a person as another signed-in person may see them. Returns NotFound
// for anonymous viewers as well.
func (s *Service) Get(ctx context.Context, personID string) (*Person, error) {
	found, err := s.ByIDs(ctx, []string{personID})
	if err != nil {
		return nil, err
	}
	if p, ok := found[personID]; ok {
		return p, nil
	}
	return nil, fault.NotFound("person.not_found")
}

// ByIDs are the people with those ids, by id. People who have been erased are missing; an
// anonymous viewer sees nobody.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]*Person, error) {
	if auth.FromContext(ctx).IsAnonymous() {
		return map[string]*Person{}, nil
	}
	people, err := s.store.byIDs(ctx, ids)
	maps.DeleteFunc(people, func(_ string, p *Person) bool { return p.ErasedAt != nil })
	return people, err
}

// Load is ByIDs for the program's own work. It hides nobody.
func (s *Service) Load(ctx context.Context, ids []string) (map[string]*Person, error) {
	return s.store.byIDs(ctx, ids)
}

// Recipients is Load for news that goes to many people. Damaged data of one person does not
// keep the news from the others.
func (s *Service) Recipients(ctx context.Context, ids []string) (map[string]*Person, error) {
	people, damaged, err := s.store.salvage(ctx, ids)
	if damaged != nil {
		s.Log.WarnContext(ctx, "people could not be read whole", "error", damaged)
	}
	return people, err
}

// CompleteProfile changes the viewer's profile. Returns Problems, or NotFound
// for an unknown area or skill.
func (s *Service) CompleteProfile(ctx context.Context, in ProfileInput) (*Person, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "completeProfile", Key: in.ClientMutationID, Input: in, On: s.refs(v.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Person, error) {
		if areaID := in.HomeAreaID.Value(); areaID != nil {
			if err := s.Areas.Exists(ctx, *areaID); err != nil {
				return nil, fault.MissingAt(err, "input.homeAreaId")
			}
		}
		if wanted := in.SkillsWanted.Value(); len(wanted) > 0 {
			p, err := s.find(ctx, v.PersonID)
			if err != nil {
				return nil, err
			}
			if err := s.Skills.Offered(ctx, wanted, p.OwnSkillsWanted); err != nil {
				return nil, fault.MissingAt(err, "input.skillsWanted")
			}
		}
		return fault.Again(func() (*Person, error) { return s.setProfile(ctx, v.PersonID, in, t.Outcome) })
	})
}

// CopyMembership brings the person's copy of a membership up to date, unless it is newer
// already.
func (s *Service) CopyMembership(ctx context.Context, personID, groupID string, c GroupCopy) (Copied, error) {
	p, err := s.store.copyMembership(ctx, personID, groupID, c)
	if err != nil {
		return Copied{}, fault.UnlessNotFound(err)
	}
	return Copied{Person: p, Spent: p.spentCopies(s.DB.Now())}, nil
}

// ForgetCopies removes a person's copies of memberships, given by group id and version. If
// one of them has changed meanwhile, all stay.
func (s *Service) ForgetCopies(ctx context.Context, personID string, versions map[string]int) error {
	if len(versions) == 0 {
		return nil
	}
	return s.store.forgetCopies(ctx, personID, versions)
}

func (s *Service) refs(personID string) []outbox.Ref {
	return []outbox.Ref{{Collection: collection, ID: personID}}
}
