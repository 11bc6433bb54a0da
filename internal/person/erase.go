package person

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
)

// EffectErased is the kind of the effect of the write that empties a person's document. Everything else
// that is kept about them must then be erased too.
const EffectErased = "person.erased"

// Erased are the arguments of EffectErased.
type Erased struct{ PersonID string }

const (
	// effectErase goes on with an erasure once the person is no longer an admin.
	effectErase = "person.erase"
	// operationErase is the name of an erasure in the audit trail.
	operationErase = "erasePerson"
)

type eraseArgs struct{ PersonID string }

// EraseAsOperator empties a person's document, so that nobody can sign in as them and nothing can be
// written for them any more. Its effect erases everything else that is kept about them. If they have been
// erased already, nothing happens. Returns NotFound for an unknown person, and Conflict for the last
// admin, who must name another one first.
func (s *Service) EraseAsOperator(ctx context.Context, personID string) error {
	p, err := s.store.get(ctx, personID)
	switch {
	case fault.Is(err, fault.KindNotFound):
		return fault.NotFound("person.not_found").Because(err)
	case err != nil || p.ErasedAt != nil:
		return err
	}
	list, err := s.store.admins(ctx)
	if err != nil {
		return err
	}
	if !list.has(personID) {
		return s.empty(ctx, personID)
	}
	c := revoking(personID, auth.RoleAdmin)
	_, err = fault.Again(func() (*Person, error) {
		return s.writeAdmins(ctx, c, func(any) []outbox.Effect {
			return []outbox.Effect{outbox.New(effectErase, eraseArgs{personID})}
		})
	})
	if err != nil {
		return err
	}
	return s.empty(ctx, personID) // the effect may not have run yet
}

// empty removes everything personal from the person's document. The uid stays until the sign-in, which is
// found by it, has been removed.
func (s *Service) empty(ctx context.Context, personID string) error {
	fields, err := s.store.fields(ctx, personID)
	if err != nil {
		return err
	}
	effects := []outbox.Effect{s.Audit.Effect(ctx, operationErase, personID, nil), outbox.New(EffectErased, Erased{PersonID: personID})}
	err = s.Outbox.Commit(ctx, s.refs(personID)[0], effects, func(b outbox.Batch) error {
		return s.store.empty(ctx, personID, fields, b)
	})
	return fault.UnlessNotFound(err) // it is empty already
}

// dropAdmin takes the role ADMIN from an erased person, if they were made an admin during the erasure.
func (s *Service) dropAdmin(ctx context.Context, personID string) error {
	_, err := fault.Again(func() (*Person, error) {
		list, err := s.store.admins(ctx)
		if err != nil || !list.has(personID) {
			return nil, err
		}
		old := list.Version
		list.change(personID, false)
		list.Version++
		return nil, s.store.putAdmins(ctx, list, old, outbox.Batch{})
	})
	return err
}

// copyAdmin brings a person's copy up to date. A person who was made an admin while they were being erased
// loses the role.
func (s *Service) copyAdmin(ctx context.Context, a copyAdminArgs) error {
	if err := s.store.copyAdmin(ctx, a.PersonID, a.Copy); err != nil || !a.Copy.Holds {
		return err
	}
	p, err := s.store.get(ctx, a.PersonID)
	if err != nil || p.ErasedAt == nil {
		return fault.UnlessNotFound(err)
	}
	return s.dropAdmin(ctx, a.PersonID)
}
