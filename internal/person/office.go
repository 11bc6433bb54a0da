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

// officeChange is a change that an admin makes to a person's roles or capabilities.
type officeChange struct {
	operation string
	personID  string
	isGift    bool
	isAdmin   bool // it is about the role ADMIN, on which one document decides
	details   map[string]string
	change    func(*Person) error // changes the person, if it is about anything else
}

// changeOffice lets an admin change a person's roles or capabilities, but give themselves
// none.
func (s *Service) changeOffice(ctx context.Context, c officeChange, key *string, input any) (*Person, error) {
	v := auth.FromContext(ctx)
	ref, write := s.refs(c.personID), s.writeOffice
	if c.isAdmin {
		ref, write = []outbox.Ref{adminsRef}, s.writeAdmins
	}
	if c.isGift && v.PersonID == c.personID {
		return nil, fault.Forbidden("auth.self")
	}
	call := idempotency.Call{Operation: c.operation, Key: key, Input: input, On: ref}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Person, error) {
		return fault.Again(func() (*Person, error) { return write(ctx, c, t.Outcome) })
	})
}

// outcomes makes the effects that store the outcome of a call.
type outcomes func(any) []outbox.Effect

func (s *Service) writeOffice(ctx context.Context, c officeChange, outcome outcomes) (*Person, error) {
	p, err := s.find(ctx, c.personID)
	if err != nil {
		return nil, err
	}
	old := p.Version
	if err := c.change(p); err != nil {
		return nil, err
	}
	p.Version++
	effects := append([]outbox.Effect{s.Audit.Effect(ctx, c.operation, p.ID, c.details)}, outcome(p)...)
	return p, s.Outbox.Commit(ctx, s.refs(p.ID)[0], effects, func(b outbox.Batch) error {
		return s.store.setOffice(ctx, p, old, b)
	})
}

// GrantRole gives a person a role in the whole system. Only for people with ADMIN, and not
// for themselves. Returns Forbidden, Problems, NotFound for an unknown person, and Conflict
// if there are as many admins as allowed.
func (s *Service) GrantRole(ctx context.Context, in RoleInput) (*Person, error) {
	if err := s.mayGrant(ctx, in.Clean); err != nil {
		return nil, err
	}
	return s.changeOffice(ctx, granting("grantRole", in.PersonID, in.Role), in.ClientMutationID, in)
}

// RevokeRole takes a role from a person. Only for people with ADMIN. Returns Forbidden,
// Problems, NotFound for an unknown person, and Conflict for the last admin.
func (s *Service) RevokeRole(ctx context.Context, in RoleInput) (*Person, error) {
	if err := s.mayGrant(ctx, in.Clean); err != nil {
		return nil, err
	}
	return s.changeOffice(ctx, revoking(in.PersonID, in.Role), in.ClientMutationID, in)
}

// mayGrant refuses callers without ADMIN, and then bad input.
func (s *Service) mayGrant(ctx context.Context, clean func() error) error {
	if _, err := auth.RequireCapability(ctx, s.DB.Now(), auth.CapabilityAdmin); err != nil {
		return err
	}
	return clean()
}

func granting(operation, personID string, role auth.Role) officeChange {
	return officeChange{operation: operation, personID: personID, isGift: true, isAdmin: role == auth.RoleAdmin,
		details: map[string]string{"role": string(role)},
		change: func(p *Person) error {
			if !slices.Contains(p.OwnRoles, role) {
				p.OwnRoles = append(p.OwnRoles, role)
			}
			return nil
		}}
}

func revoking(personID string, role auth.Role) officeChange {
	return officeChange{operation: "revokeRole", personID: personID, isAdmin: role == auth.RoleAdmin,
		details: map[string]string{"role": string(role)},
		change: func(p *Person) error {
			p.OwnRoles = slices.DeleteFunc(slices.Clone(p.OwnRoles), func(r auth.Role) bool { return r == role })
			return nil
		}}
}

// GrantRoleAsOperator gives the person behind a Firebase uid a role from the command line,
// which is how the first admin is made. It makes the person if they have never signed in.
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
	c, write := granting("grantRole", p.ID, role), s.writeOffice
	if c.isAdmin {
		write = s.writeAdmins
	}
	return fault.Again(func() (*Person, error) {
		return write(ctx, c, func(any) []outbox.Effect { return nil })
	})
}

// HasRole reports whether a person holds a role. Returns NotFound for an unknown person.
func (s *Service) HasRole(ctx context.Context, personID string, role auth.Role) (bool, error) {
	p, err := s.find(ctx, personID)
	if err != nil {
		return false, err
	}
	return slices.Contains(p.HeldRoles(), role), nil
}

// find reads a person who has not been erased. Returns NotFound otherwise.
func (s *Service) find(ctx context.Context, personID string) (*Person, error) {
	p, err := s.store.get(ctx, personID)
	if fault.Is(err, fault.KindNotFound) || err == nil && p.ErasedAt != nil {
		return nil, fault.NotFound("person.not_found").Because(err)
	}
	return p, err
}
