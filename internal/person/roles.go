package person

import (
	"context"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
)

// GrantRole gives a person a role in the whole system. Only for admins, and not to
// themselves. Returns Forbidden, Problems, or NotFound for an unknown person.
func (s *Service) GrantRole(ctx context.Context, in RoleInput) (*Person, error) {
	if v := auth.FromContext(ctx); v.Has(auth.RoleAdmin) && v.PersonID == in.PersonID {
		return nil, fault.Forbidden("auth.self")
	}
	return s.changeRole(ctx, "grantRole", in, granting(in.Role))
}

// RevokeRole takes a role from a person. Only for admins. Returns Forbidden,
// Problems, NotFound for an unknown person, and Conflict for the last admin.
func (s *Service) RevokeRole(ctx context.Context, in RoleInput) (*Person, error) {
	return s.changeRole(ctx, "revokeRole", in, func(p *Person) ([]outbox.Effect, error) {
		var then []outbox.Effect
		if in.Role == auth.RoleAdmin && slices.Contains(p.OwnRoles, in.Role) {
			others, err := s.store.hasOtherAdmin(ctx, p.ID)
			if err != nil {
				return nil, err
			}
			if !others {
				return nil, fault.Conflict("person.role.last_admin")
			}
			then = []outbox.Effect{outbox.New(effectKeepAdmin, keepAdminArgs{PersonID: p.ID})}
		}
		p.OwnRoles = slices.DeleteFunc(slices.Clone(p.OwnRoles), func(r auth.Role) bool { return r == in.Role })
		return then, nil
	})
}

// changeRoles changes a person's roles, and says what must follow before anything
// else does.
type changeRoles func(*Person) ([]outbox.Effect, error)

func granting(role auth.Role) changeRoles {
	return func(p *Person) ([]outbox.Effect, error) {
		if !slices.Contains(p.OwnRoles, role) {
			p.OwnRoles = append(p.OwnRoles, role)
		}
		return nil, nil
	}
}

func (s *Service) changeRole(ctx context.Context, operation string, in RoleInput, change changeRoles) (*Person, error) {
	if _, err := auth.RequireRole(ctx, auth.RoleAdmin); err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: operation, Key: in.ClientMutationID, Input: in, On: s.refs(in.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Person, error) {
		return s.writeRoles(ctx, operation, in, change, t.Outcome)
	})
}

func (s *Service) writeRoles(ctx context.Context, operation string, in RoleInput, change changeRoles,
	outcome func(any) []outbox.Effect) (*Person, error) {
	p, err := s.find(ctx, in.PersonID)
	if err != nil {
		return nil, err
	}
	old := p.Version
	then, err := change(p)
	if err != nil {
		return nil, err
	}
	p.Version++
	entry := s.Audit.Effect(ctx, operation, p.ID, map[string]string{"role": string(in.Role)})
	b := s.Outbox.Batch(slices.Concat(then, []outbox.Effect{entry}, outcome(p))...)
	if err := s.store.setRoles(ctx, p, old, b); err != nil {
		return nil, err
	}
	if s.Outbox.Carry(ctx, s.refs(p.ID)[0], b) {
		return nil, fault.Conflict("person.role.last_admin")
	}
	return p, nil
}

// GrantRoleAsOperator gives the person behind a Firebase uid a role from the
// command line: this is how the first admin comes about. The person is made if
// they have never signed in.
func (s *Service) GrantRoleAsOperator(ctx context.Context, uid string, role auth.Role) (*Person, error) {
	if err := checkUID(uid); err != nil {
		return nil, err
	}
	if problem := checkRole("role", role); problem != nil {
		return nil, problem
	}
	p, err := s.SignIn(ctx, auth.Claims{UID: uid}, i18n.Danish)
	if err != nil {
		return nil, err
	}
	in := RoleInput{PersonID: p.ID, Role: role}
	none := func(any) []outbox.Effect { return nil }
	return s.writeRoles(ctx, "grantRole", in, granting(role), none)
}

// HasRole reports whether a person holds a role granted to them. Returns
// NotFound for an unknown person.
func (s *Service) HasRole(ctx context.Context, personID string, role auth.Role) (bool, error) {
	p, err := s.find(ctx, personID)
	if err != nil {
		return false, err
	}
	return slices.Contains(p.OwnRoles, role), nil
}

func (s *Service) find(ctx context.Context, personID string) (*Person, error) {
	p, err := s.store.get(ctx, personID)
	if fault.Is(err, fault.KindNotFound) {
		return nil, fault.NotFound("person.not_found").Because(err)
	}
	return p, err
}
