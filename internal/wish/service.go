package wish

import (
	"context"
	"time"

	"faellesskab/internal/audit"
	"faellesskab/internal/auth"
	"faellesskab/internal/course"
	"faellesskab/internal/fault"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/person"
	"faellesskab/internal/timer"
)

// Deps are what the service works with.
type Deps struct {
	DB     *mongodb.DB
	Outbox *outbox.Outbox
	Keys   *idempotency.Keys
	Audit  *audit.Log
	Timers *timer.Timers
	Areas  interface {
		Exists(ctx context.Context, areaID string) error
	}
	People interface {
		Load(ctx context.Context, ids []string) (map[string]*person.Person, error)
		SkillWishes(ctx context.Context, f person.SkillWishFilter) ([]person.SkillWishes, error)
	}
	Courses *course.Service
	Enqueue func(ctx context.Context, c notify.Cause) error
}

// Service is what can be done with wishes.
type Service struct {
	Deps
	store store
}

// New makes the service and registers its effects.
func New(d Deps) *Service {
	d.Outbox.Watch(collection, decisions)
	s := &Service{Deps: d, store: store{d.DB}}
	s.registerEffects()
	idempotency.ShowsByID(d.Keys, func(w *Wish) string { return w.ID }, s.ByIDs)
	idempotency.ShowsByID(d.Keys, func(d *Decision) string { return d.ID }, s.store.decisionsByIDs)
	return s
}

func (s *Service) now() time.Time { return s.DB.Now() }

func notFound() *fault.Error { return fault.NotFound("wish.not_found") }

// ByIDs are the wishes with those ids, by id. Those of others than the viewer are missing.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]*Wish, error) {
	found, err := s.store.byIDs(ctx, ids)
	for wishID, w := range found {
		if !w.isOf(auth.FromContext(ctx)) {
			delete(found, wishID)
		}
	}
	return found, err
}

// Own are the viewer's wishes, the newest first, with those that have ended and are not forgotten yet.
func (s *Service) Own(ctx context.Context) ([]*Wish, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	return s.store.ofPerson(ctx, v.PersonID)
}

// ForCourse wishes for a course. The same words again are the same wish, which is open again if it has ended.
// Returns Problems, NotFound for an unknown area, and Conflict if the viewer has too many wishes.
func (s *Service) ForCourse(ctx context.Context, in ForCourseInput) (*Wish, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "wishForCourse", Key: in.ClientMutationID, Input: in, On: refs(idOf(v, in.Text))}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Wish, error) {
		areaID := v.HomeAreaID
		if in.AreaID != nil {
			areaID = *in.AreaID
			if err := s.Areas.Exists(ctx, areaID); err != nil {
				return nil, fault.MissingAt(err, "input.areaId")
			}
		}
		if err := s.checkOwnName(ctx, v.PersonID, in.Text); err != nil {
			return nil, err
		}
		return fault.Again(func() (*Wish, error) { return s.wish(ctx, v, in.Text, areaID, t) })
	})
}

// checkOwnName refuses words with the name of the person in them.
func (s *Service) checkOwnName(ctx context.Context, personID, words string) error {
	found, err := s.People.Load(ctx, []string{personID})
	if p := found[personID]; err == nil && p != nil && isNamed(words, p.DisplayName) {
		return fault.Invalid("input.text", "wish.names.person")
	}
	return err
}

// wish writes a person's wish. Returns VERSION_CONFLICT if it changes meanwhile.
func (s *Service) wish(ctx context.Context, v auth.Viewer, words, areaID string, t idempotency.Token) (*Wish, error) {
	list, err := s.store.ofPerson(ctx, v.PersonID)
	if err != nil {
		return nil, err
	}
	w, open := &Wish{ID: idOf(v, words), PersonID: v.PersonID}, 0
	for _, other := range list {
		if other.ID == w.ID {
			w = other
		} else if other.State == StateOpen {
			open++
		}
	}
	if w.State == StateOpen && w.AreaID == areaID {
		return w, nil
	}
	if open >= maxOpen || w.Version == 0 && len(list) >= maxKept {
		return nil, fault.Conflict("wish.many").With("Max", maxOpen)
	}
	w.Text = words
	w.open(areaID, s.now())
	w.Version++
	effects := append([]outbox.Effect{outbox.New(effectJoin, wishArgs{w.ID})}, t.Outcome(w)...)
	return w, s.Outbox.Commit(ctx, refs(w.ID)[0], effects, func(b outbox.Batch) error {
		if w.Version > 1 {
			return s.store.reopen(ctx, w, b)
		}
		w.Pending = b.Pending()
		return s.store.insert(ctx, w)
	})
}

// Withdraw ends a wish of the viewer. Returns Problems, NotFound for wishes of others, and Conflict for one that is
// withdrawn or fulfilled already.
func (s *Service) Withdraw(ctx context.Context, in WithdrawInput) (*Wish, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "withdrawWish", Key: in.ClientMutationID, Input: in, On: refs(in.WishID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Wish, error) {
		return fault.Again(func() (*Wish, error) {
			w, err := s.store.get(ctx, in.WishID)
			switch {
			case fault.Is(err, fault.KindNotFound) || err == nil && !w.isOf(v):
				return nil, notFound().Because(err)
			case err != nil:
				return nil, err
			case w.State == StateWithdrawn:
				return nil, fault.Conflict("wish.withdrawn")
			case !w.IsStanding():
				return nil, fault.Conflict("wish.fulfilled")
			}
			w.end(StateWithdrawn, s.now(), keepsEnded)
			return w, s.write(ctx, w, t.Outcome(w))
		})
	})
}

// write writes a changed wish with what follows.
func (s *Service) write(ctx context.Context, w *Wish, effects []outbox.Effect) error {
	w.Version++
	return s.Outbox.Commit(ctx, refs(w.ID)[0], effects, func(b outbox.Batch) error { return s.store.update(ctx, w, b) })
}

func refs(wishID string) []outbox.Ref { return []outbox.Ref{{Collection: collection, ID: wishID}} }
