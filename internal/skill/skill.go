// Package skill keeps the list of skills that people have or want to learn, and that courses teach.
// Staff add to it. Two skills never have the same Danish name, so that a person's wish and a course
// mean the same skill.
package skill

import (
	"context"
	"strings"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
	"faellesskab/internal/text"
)

// Skill is something that people can learn. Its id is derived from its name.
type Skill struct {
	ID       string    `bson:"_id"`
	Names    i18n.Text `bson:"name"`
	SortName string    `bson:"sortName" json:"-"`

	outbox.Pending `bson:",inline"`
}

// Connection and Edge are a page of skills.
type (
	Connection = page.Connection[*Skill]
	Edge       = page.Edge[*Skill]
)

// Name is the skill's name in that language; in the viewer's if nil.
func (s *Skill) Name(ctx context.Context, language *i18n.Language) string {
	return s.Names.In(auth.LanguageOf(ctx, language))
}

// NameTranslations are all its names.
func (s *Skill) NameTranslations() []i18n.Translation { return s.Names }

// CreateInput is a new skill.
type CreateInput struct {
	ClientMutationID *string
	Name             []i18n.Translation
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *CreateInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	in.Name = i18n.Text(in.Name).Clean(&p, "input.name", text.Line)
	return p.Err()
}

// Service is what can be done with skills.
type Service struct {
	store  store
	outbox *outbox.Outbox
	keys   *idempotency.Keys
}

// New makes the service.
func New(db *mongodb.DB, o *outbox.Outbox, keys *idempotency.Keys) *Service {
	o.Watch(collection)
	s := &Service{store: store{db}, outbox: o, keys: keys}
	idempotency.ShowsByID(keys, func(k *Skill) string { return k.ID }, s.ByIDs)
	return s
}

const listName = "skills"

// List are all skills by their Danish names. Returns Invalid for a bad page.
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

// ByIDs are the skills with those ids, by id.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]*Skill, error) {
	return s.store.byIDs(ctx, ids)
}

// Exist returns NotFound unless there are skills with all those ids.
func (s *Service) Exist(ctx context.Context, ids []string) error {
	found, err := s.store.byIDs(ctx, ids)
	if err != nil {
		return err
	}
	for _, skillID := range ids {
		if found[skillID] == nil {
			return fault.NotFound("skill.not_found")
		}
	}
	return nil
}

// Create adds a skill. Only for people with COURSES. Returns Forbidden, Problems, or Conflict if
// there is one with that name.
func (s *Service) Create(ctx context.Context, in CreateInput) (*Skill, error) {
	if _, err := auth.RequireCapability(ctx, s.store.db.Now(), auth.CapabilityCourses); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	k := newSkill(in.Name)
	ref := outbox.Ref{Collection: collection, ID: k.ID}
	call := idempotency.Call{Operation: "createSkill", Key: in.ClientMutationID, Input: in, On: []outbox.Ref{ref}}
	return idempotency.Do(ctx, s.keys, call, func(ctx context.Context, t idempotency.Token) (*Skill, error) {
		return k, s.outbox.Commit(ctx, ref, t.Outcome(k), func(b outbox.Batch) error {
			k.Pending = b.Pending()
			err := s.store.insert(ctx, k)
			if fault.Is(err, fault.KindConflict) {
				err = fault.Conflict("skill.exists").Because(err)
			}
			return err
		})
	})
}

// Ensure adds a skill if there is none with that name. It is for seeding.
func (s *Service) Ensure(ctx context.Context, names i18n.Text) (*Skill, error) {
	k := newSkill(names)
	err := s.store.insert(ctx, k)
	if fault.Is(err, fault.KindConflict) {
		err = nil
	}
	return k, err
}

func newSkill(names i18n.Text) *Skill {
	danish := names.In(i18n.Danish)
	return &Skill{ID: id.Derive(id.Skill, strings.ToLower(danish)), Names: names, SortName: i18n.SortKey(danish)}
}
