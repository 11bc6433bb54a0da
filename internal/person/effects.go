package person

import (
	"context"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
)

// effectKeepAdmin follows a write that took the role of admin from somebody.
const effectKeepAdmin = "person.keep_admin"

type keepAdminArgs struct{ PersonID string }

func (s *Service) registerEffects() {
	s.Outbox.Handle(effectKeepAdmin, func(ctx context.Context, call outbox.Call) error {
		var a keepAdminArgs
		if err := call.Decode(&a); err != nil {
			return err
		}
		return s.keepAdmin(ctx, a.PersonID)
	})
}

// keepAdmin gives the role of admin back if nobody else holds it any more: two may
// have taken it from each other at once, and neither saw the other's write. Whoever
// of them looks last sees both.
func (s *Service) keepAdmin(ctx context.Context, personID string) error {
	others, err := s.store.hasOtherAdmin(ctx, personID)
	if err != nil || others {
		return err
	}
	for range 5 {
		p, err := s.store.get(ctx, personID)
		if err != nil {
			return err
		}
		old := p.Version
		if _, err := granting(auth.RoleAdmin)(p); err != nil {
			return err
		}
		p.Version++
		err = s.store.setRoles(ctx, p, old, outbox.Batch{})
		if err == nil {
			return outbox.ErrStop
		}
		if !fault.HasCode(err, fault.CodeVersionConflict) {
			return err
		}
	}
	return fault.VersionConflict()
}
