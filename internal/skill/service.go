package skill

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
	"faellesskab/internal/page"
)

// Deps are what the service works with.
type Deps struct {
	DB     *mongodb.DB
	Outbox *outbox.Outbox
	Keys   *idempotency.Keys
	Audit  *audit.Log
}

// Service is what can be done with skills.
type Service struct {
	Deps
	store store
}

// New makes the service.
func New(d Deps) *Service {
	d.Outbox.Watch(collection)
	s := &Service{Deps: d, store: store{d.DB}}
	idempotency.ShowsByID(d.Keys, func(k *Skill) string { return k.ID }, s.ByIDs)
	return s
}

const listName = "skills"

// List are the skills that are not retired, by their Danish names. Returns Invalid for a bad page.
func (s *Service) List(ctx context.Context, a page.Args) (*Connection, error) {
	k, err := a.Open(listName)
	if err != nil {
		return nil, err
	}
	list, err := s.store.list(ctx, k)
	if err != nil {
		return nil, err
	}
	return page.Build(listName, a, list, func(k *Skill) page.Position { return page.Position{Key: k.SortName, ID: k.ID} }), nil
}

// ByIDs are the skills with those ids, by id, retired ones too.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]*Skill, error) {
	return s.store.byIDs(ctx, ids)
}

// Offered returns NotFound unless there are skills with all those ids. Retired ones count only if they are
// among had, which the caller refers to already.
func (s *Service) Offered(ctx context.Context, ids, had []string) error {
	found, err := s.store.byIDs(ctx, ids)
	if err != nil {
		return err
	}
	for _, skillID := range ids {
		switch k := found[skillID]; {
		case k == nil:
			return notFound()
		case k.IsRetired && !slices.Contains(had, skillID):
			return fault.NotFound("skill.retired")
		}
	}
	return nil
}

func notFound() *fault.Error { return fault.NotFound("skill.not_found") }

// Create adds a skill, or brings back a retired one of that name. Only for people with COURSES. Returns
// Forbidden, Problems, or Conflict if there is one with that name.
func (s *Service) Create(ctx context.Context, in CreateInput) (*Skill, error) {
	if err := s.may(ctx, in.Clean); err != nil {
		return nil, err
	}
	k := newSkill(in.Name)
	other := s.Keys.NewID(ctx, in.ClientMutationID, id.Skill)
	call := idempotency.Call{Operation: "createSkill", Key: in.ClientMutationID, Input: in, On: append(refs(k.ID), refs(other)...)}
	if found, err := s.store.named(ctx, k.NameKey); err == nil { // an interrupted call may have brought it back
		call.On = append(call.On, refs(found.ID)...)
	} else if !fault.Is(err, fault.KindNotFound) {
		return nil, err
	}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Skill, error) {
		found, err := s.store.named(ctx, k.NameKey)
		switch {
		case err == nil && !found.IsRetired:
			return nil, exists()
		case err == nil:
			return s.bringBack(ctx, found, in.Name, t)
		case !fault.Is(err, fault.KindNotFound):
			return nil, err
		}
		return k, s.add(ctx, k, other, t)
	})
}

// add writes a new skill, under another id if one that has another name by now began under this one.
func (s *Service) add(ctx context.Context, k *Skill, otherID string, t idempotency.Token) error {
	began, err := s.store.byIDs(ctx, []string{k.ID})
	if err != nil {
		return err
	}
	if began[k.ID] != nil {
		k.ID = otherID
	}
	return s.Outbox.Commit(ctx, refs(k.ID)[0], t.Outcome(k), func(b outbox.Batch) error {
		k.Pending = b.Pending()
		return orExists(s.store.insert(ctx, k))
	})
}

func (s *Service) bringBack(ctx context.Context, k *Skill, names i18n.Text, t idempotency.Token) (*Skill, error) {
	k.rename(names)
	k.IsRetired = false
	return k, s.write(ctx, k, "createSkill", t)
}

// Update gives a skill other names, also a retired one. Only for people with COURSES. Returns Forbidden,
// Problems, NotFound, Conflict if there is another one with that name, and VERSION_CONFLICT.
func (s *Service) Update(ctx context.Context, in UpdateInput) (*Skill, error) {
	if err := s.may(ctx, in.Clean); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "updateSkill", Key: in.ClientMutationID, Input: in, On: refs(in.SkillID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Skill, error) {
		k, err := s.get(ctx, in.SkillID)
		if err != nil {
			return nil, err
		}
		if in.ExpectedVersion != nil && *in.ExpectedVersion != k.Version {
			return nil, fault.VersionConflict()
		}
		k.rename(in.Name)
		return k, s.write(ctx, k, call.Operation, t)
	})
}

// Retire takes a skill from the list. If it is retired already, nothing changes. Only for people with
// COURSES. Returns Forbidden, Problems, NotFound, and VERSION_CONFLICT.
func (s *Service) Retire(ctx context.Context, in RetireInput) (*Skill, error) {
	if err := s.may(ctx, in.Clean); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "retireSkill", Key: in.ClientMutationID, Input: in, On: refs(in.SkillID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Skill, error) {
		k, err := s.get(ctx, in.SkillID)
		if err != nil || k.IsRetired {
			return k, err
		}
		k.IsRetired = true
		return k, s.write(ctx, k, call.Operation, t)
	})
}

// may refuses callers without COURSES, and then bad input.
func (s *Service) may(ctx context.Context, clean func() error) error {
	if _, err := auth.RequireCapability(ctx, s.DB.Now(), auth.CapabilityCourses); err != nil {
		return err
	}
	return clean()
}

func (s *Service) get(ctx context.Context, skillID string) (*Skill, error) {
	k, err := s.store.get(ctx, skillID)
	if fault.Is(err, fault.KindNotFound) {
		return nil, notFound().Because(err)
	}
	return k, err
}

// write writes a changed skill, with an entry of the audit trail.
func (s *Service) write(ctx context.Context, k *Skill, operation string, t idempotency.Token) error {
	k.Version++
	effects := append([]outbox.Effect{s.Audit.Effect(ctx, operation, k.ID, nil)}, t.Outcome(k)...)
	return s.Outbox.Commit(ctx, refs(k.ID)[0], effects, func(b outbox.Batch) error { return orExists(s.store.update(ctx, k, b)) })
}

func exists() *fault.Error { return fault.Conflict("skill.exists") }

// orExists says that there is a skill of that name if a write met one. Another version is no such meeting.
func orExists(err error) error {
	if fault.Is(err, fault.KindConflict) && !fault.HasCode(err, fault.CodeVersionConflict) {
		return exists().Because(err)
	}
	return err
}

func refs(skillID string) []outbox.Ref { return []outbox.Ref{{Collection: collection, ID: skillID}} }

// Ensure adds a skill if there is none with that name. It is for seeding.
func (s *Service) Ensure(ctx context.Context, names i18n.Text) (*Skill, error) {
	k := newSkill(names)
	err := s.store.insert(ctx, k)
	if fault.Is(err, fault.KindConflict) {
		err = nil
	}
	return k, err
}
