package group

import (
	"cmp"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
)

// The keys of the roles that every group has.
const (
	RoleMember    = "MEMBER"
	RoleOrganiser = "ORGANISER"
	RoleModerator = "MODERATOR"
	RoleLeader    = "LEADER"
	RoleTreasurer = "TREASURER"
	RoleCaretaker = "CARETAKER"
)

const (
	// MaxOwnRoles is how many roles of its own a group may have.
	MaxOwnRoles = 20
	// MaxHeld is how many roles, besides MEMBER, one person may hold in a group.
	MaxHeld = 10
	// maxLeaders is how many people may lead a group.
	maxLeaders = 20
)

// Role is a role in a group: a bundle of permissions.
type Role struct {
	Key string
	// GroupID is the group that has saved the role; empty where the group is known anyway.
	GroupID string
	// Name is the group's name for a role of its own; nil for roles that every group
	// has.
	Name        *string
	Permissions []Permission
}

// wellKnown are the roles that every group has, in the order in which they are
// shown.
var wellKnown = []Role{
	{Key: RoleMember, Permissions: []Permission{Post}},
	{Key: RoleOrganiser, Permissions: []Permission{Post, PostEvents, CheckIn}},
	{Key: RoleModerator, Permissions: []Permission{Post, PostEvents, ApproveMembers, Invite, Moderate, CheckIn}},
	{Key: RoleLeader, Permissions: []Permission{Post, PostEvents, ApproveMembers, Invite, ManageMembers, EditGroup, Moderate, CheckIn, SpeakForGroup}},
	{Key: RoleTreasurer, Permissions: []Permission{Post, ManageMoney}},
	{Key: RoleCaretaker, Permissions: []Permission{Post, ApproveMembers, Invite, ManageMembers, EditGroup}},
}

// isWellKnown reports whether every group has a role of that key.
func isWellKnown(key string) bool {
	return slices.ContainsFunc(wellKnown, func(r Role) bool { return r.Key == key })
}

// isOwn reports whether a role of that key can only be a group's own.
func isOwn(key string) bool { return id.Prefix(key) == id.GroupRole }

// OwnRole is a role that a group has added, as it is stored. Permissions that only a newer
// version knows stay in it and allow nothing.
type OwnRole struct {
	Name        string       `bson:"name"`
	Permissions []Permission `bson:"permissions"`
}

// AllRoles are all roles of the group: those that every group has, and then its own,
// sorted by name.
func (g *Group) AllRoles() []*Role {
	var own []*Role
	for key := range g.OwnRoles {
		own = append(own, g.role(key))
	}
	slices.SortFunc(own, func(a, b *Role) int {
		return cmp.Or(cmp.Compare(i18n.SortKey(*a.Name), i18n.SortKey(*b.Name)), cmp.Compare(a.Key, b.Key))
	})
	list := make([]*Role, 0, len(wellKnown)+len(own))
	for _, r := range wellKnown {
		list = append(list, &r)
	}
	return append(list, own...)
}

// role is the role with that key; nil if this version knows none. g may be nil: then only
// the roles that every group has are known.
func (g *Group) role(key string) *Role {
	for _, r := range wellKnown {
		if r.Key == key {
			return &r
		}
	}
	if g == nil {
		return nil
	}
	own, ok := g.OwnRoles[key]
	if !ok {
		return nil
	}
	known := slices.DeleteFunc(slices.Clone(own.Permissions), func(p Permission) bool { return !p.IsValid() })
	return &Role{Key: key, Name: &own.Name, Permissions: known}
}

// Holding is a role that a member holds, as it is stored. Every member holds MEMBER, so it
// is not stored.
type Holding struct {
	Key    string     `bson:"key"`
	EndsAt *time.Time `bson:"endsAt,omitempty"` // nil: it does not end
	// Naming is the write by which a leader was named; empty for other roles.
	Naming string `bson:"naming,omitempty" json:"-"`
}

func (h Holding) isOver(now time.Time) bool { return h.EndsAt != nil && !now.Before(*h.EndsAt) }

// HeldRole is a role that a member holds, as the API shows it.
type HeldRole struct {
	Role      *Role
	ExpiresAt *time.Time
}

// HasOwnRoles reports whether the member holds one of the group's own roles, which only
// the group can explain.
func (m *Membership) HasOwnRoles() bool {
	return slices.ContainsFunc(m.Holds, func(h Holding) bool { return isOwn(h.Key) })
}

// Held are the roles that a person holds, MEMBER first; none if they are no member. Roles
// that no longer exist, or that only a newer version knows, are left out. g may be nil if
// they hold none of the group's own roles.
func (m *Membership) Held(g *Group) []*HeldRole {
	held := []*HeldRole{}
	if m.State != StateActive {
		return held
	}
	held = append(held, &HeldRole{Role: g.role(RoleMember)})
	for _, h := range m.Holds {
		if r := g.role(h.Key); r != nil {
			held = append(held, &HeldRole{Role: r, ExpiresAt: h.EndsAt})
		}
	}
	return held
}

// hasDeleted reports whether a holding is of a role of the group's own that is gone.
func (g *Group) hasDeleted(h Holding) bool {
	_, exists := g.OwnRoles[h.Key]
	return isOwn(h.Key) && !exists
}

// holding is a member's holding of a role; nil if they do not hold it.
func (m *Membership) holding(key string) *Holding {
	for i := range m.Holds {
		if m.Holds[i].Key == key {
			return &m.Holds[i]
		}
	}
	return nil
}

func (m *Membership) leads() bool { return m.holding(RoleLeader) != nil }

// hold gives a member a role, or changes when the role they hold ends.
func (m *Membership) hold(h Holding) {
	m.Holds = append(m.without(h.Key), h)
}

// without are the roles that a member holds, except one.
func (m *Membership) without(key string) []Holding {
	return slices.DeleteFunc(slices.Clone(m.Holds), func(h Holding) bool { return h.Key == key })
}

// grant is what a membership allows, in the form that the person's document keeps. g is
// the group; it may be nil if the member holds none of the group's own roles.
func (m *Membership) grant(g *Group) auth.Grant {
	var grant auth.Grant
	for _, held := range m.Held(g) {
		may := Bits(held.Role.Permissions)
		if held.ExpiresAt == nil {
			grant.May |= may
			continue
		}
		grant.Until = append(grant.Until, auth.Until{May: may, At: *held.ExpiresAt})
	}
	return grant
}
