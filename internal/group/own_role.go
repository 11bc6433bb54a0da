package group

import (
	"context"
	"slices"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/outbox"
	"faellesskab/internal/text"
)

// RolesOf are all roles of a group; nil if the viewer may not see its members. own is the
// viewer's own membership; nil if there never was one.
func (s *Service) RolesOf(ctx context.Context, g *Group, own *Membership) []*Role {
	if !g.showsMembers(own.asOf(auth.FromContext(ctx), g), StateActive, s.now()) {
		return nil
	}
	return g.AllRoles()
}

// SaveRole adds a role of the group's own, or changes one for everybody who holds it.
// Returns Problems, NotFound for a role that does not exist, Forbidden without the
// permission MANAGE_MEMBERS, for permissions that the viewer may not give and for adding
// permissions to a role that they hold, and Conflict if there are too many.
func (s *Service) SaveRole(ctx context.Context, in SaveRoleInput) (*Role, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	key := s.Keys.NewID(ctx, in.ClientMutationID, id.GroupRole)
	if in.Key != nil {
		key = *in.Key
	}
	call := idempotency.Call{Operation: "saveGroupRole", Key: in.ClientMutationID, Input: in, On: groupRef(in.GroupID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Role, error) {
		var r *Role
		err := s.retry(ctx, func() error {
			var err error
			r, err = s.saveOnce(ctx, key, in, t)
			return err
		})
		return r, err
	})
}

func (s *Service) saveOnce(ctx context.Context, key string, in SaveRoleInput, t idempotency.Token) (*Role, error) {
	g, err := s.Require(ctx, in.GroupID, ManageMembers)
	if err != nil {
		return nil, err
	}
	if err := s.checkRole(ctx, g, key, in); err != nil {
		return nil, err
	}
	old, existed := g.OwnRoles[key]
	kept := slices.DeleteFunc(slices.Clone(old.Permissions), Permission.IsValid) // those that only a newer version knows
	now := OwnRole{Name: in.Name, Permissions: append(slices.Clone(in.Permissions), kept...)}
	var effects []outbox.Effect
	if existed && Bits(old.Permissions) != Bits(now.Permissions) {
		effects = append(effects, g.roleChanged(key, now.Permissions))
	}
	r := &Role{Key: key, GroupID: g.ID, Name: &in.Name, Permissions: in.Permissions}
	return r, s.writeRole(ctx, g, key, &now, append(effects, t.Outcome(r)...))
}

// checkRole refuses a role that the viewer may not save in this form.
func (s *Service) checkRole(ctx context.Context, g *Group, key string, in SaveRoleInput) error {
	old, existed := g.OwnRoles[key]
	switch {
	case in.Key != nil && !existed:
		return noRole()
	case in.Key == nil && existed: // made by a call that is forgotten; it may be another by now
		return fault.Conflict("group.role.exists")
	}
	if !existed && len(g.OwnRoles) >= MaxOwnRoles {
		return fault.Conflict("group.role.many").With("Max", MaxOwnRoles)
	}
	if g.hasRoleNamed(in.Name, key) {
		return fault.Invalid("input.name", "group.role.name_taken")
	}
	more := slices.DeleteFunc(slices.Clone(in.Permissions), func(p Permission) bool { return slices.Contains(old.Permissions, p) })
	until := s.now() // nobody holds a new one yet
	if existed {
		until = forGood
	}
	if err := s.checkGive(ctx, g, more, until); err != nil || !existed || len(more) == 0 {
		return err
	}
	own, err := s.store.membership(ctx, g.ID, auth.FromContext(ctx).PersonID)
	if err == nil && own.holding(key) != nil {
		return fault.Forbidden("auth.self")
	}
	return fault.UnlessNotFound(err)
}

// hasRoleNamed reports whether the group has a role other than that one which people
// know by that name or by one that looks like it, or every group has.
func (g *Group) hasRoleNamed(name, except string) bool {
	nameKey := text.Skeleton(name)
	for key, r := range g.OwnRoles {
		if key != except && text.Skeleton(r.Name) == nameKey {
			return true
		}
	}
	return slices.ContainsFunc(wellKnown, func(r Role) bool {
		return slices.ContainsFunc(i18n.Languages, func(l i18n.Language) bool { return text.Skeleton(r.nameIn(l)) == nameKey })
	})
}

// DeleteRole deletes a role of the group's own, so that nobody holds it any more. Returns
// Problems, NotFound for a role that does not exist, and Forbidden without the permission
// MANAGE_MEMBERS.
func (s *Service) DeleteRole(ctx context.Context, in DeleteRoleInput) (*Group, error) {
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "deleteGroupRole", Key: in.ClientMutationID, Input: in, On: groupRef(in.GroupID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Group, error) {
		var g *Group
		err := s.retry(ctx, func() error {
			var err error
			if g, err = s.Require(ctx, in.GroupID, ManageMembers); err != nil {
				return err
			}
			if _, exists := g.OwnRoles[in.Key]; !exists {
				return noRole()
			}
			gone := g.roleChanged(in.Key, nil)
			delete(g.OwnRoles, in.Key)
			return s.writeRole(ctx, g, in.Key, nil, append([]outbox.Effect{gone}, t.Outcome(g)...))
		})
		return g, err
	})
}

// writeRole writes a role of a group, or removes it if r is nil. Returns VERSION_CONFLICT
// if the roles are no longer those that were read.
func (s *Service) writeRole(ctx context.Context, g *Group, key string, r *OwnRole, effects []outbox.Effect) error {
	return s.Outbox.Commit(ctx, g.ref(), effects, func(b outbox.Batch) error { return s.store.writeRole(ctx, g, key, r, b) })
}

func groupRef(groupID string) []outbox.Ref {
	return []outbox.Ref{{Collection: groups, ID: groupID}}
}
