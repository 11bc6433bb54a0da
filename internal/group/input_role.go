package group

import (
	"slices"
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/text"
)

// maxRoleName is how long the name of a role may be.
const maxRoleName = 60

// SaveRoleInput is a role of a group's own.
type SaveRoleInput struct {
	ClientMutationID *string
	GroupID          string
	Key              *string // nil: a new one
	Name             string
	Permissions      []Permission
}

// Clean checks the input and tidies the name and the order of the permissions.
// Returns Problems.
func (in *SaveRoleInput) Clean() error {
	p := checkGroup(in.ClientMutationID, in.GroupID)
	if in.Key != nil {
		p.Add(checkOwnKey(*in.Key))
	}
	in.Name = text.Clean(&p, "input.name", in.Name, text.Limits{Min: 1, Max: maxRoleName})
	wanted := in.Permissions
	in.Permissions = slices.DeleteFunc(slices.Clone(Permissions), func(each Permission) bool { return !slices.Contains(wanted, each) })
	return p.Err()
}

// DeleteRoleInput is a role of a group's own to delete.
type DeleteRoleInput struct {
	ClientMutationID *string
	GroupID          string
	Key              string
}

// Clean checks the input. Returns Problems.
func (in *DeleteRoleInput) Clean() error {
	p := checkGroup(in.ClientMutationID, in.GroupID)
	p.Add(checkOwnKey(in.Key))
	return p.Err()
}

// GrantRoleInput gives a member a role.
type GrantRoleInput struct {
	ClientMutationID *string
	GroupID          string
	PersonID         string
	Key              string
	ExpiresAt        *time.Time
}

// Clean checks everything about the input except that the end is still to come. Returns
// Problems.
func (in *GrantRoleInput) Clean() error {
	p := checkMember(in.ClientMutationID, in.GroupID, in.PersonID)
	checkHolding(&p, in.Key, in.ExpiresAt)
	return p.Err()
}

// RevokeRoleInput takes a role from a member, at once or at an instant.
type RevokeRoleInput struct {
	ClientMutationID *string
	GroupID          string
	PersonID         string
	Key              string
	ExpiresAt        *time.Time
}

// Clean checks everything about the input except that the end is still to come. Returns
// Problems.
func (in *RevokeRoleInput) Clean() error {
	p := checkMember(in.ClientMutationID, in.GroupID, in.PersonID)
	checkHolding(&p, in.Key, in.ExpiresAt)
	return p.Err()
}

// checkOwnKey refuses a key that cannot be that of a group's own role.
func checkOwnKey(key string) *fault.Error {
	if isWellKnown(key) {
		return fault.Invalid("input.key", "group.role.fixed")
	}
	return id.Check("input.key", id.GroupRole, key)
}

// checkHolding refuses a role that cannot be given or taken, and an end that it cannot
// have.
func checkHolding(p *fault.Problems, key string, ends *time.Time) {
	switch {
	case key == RoleMember:
		p.Add(fault.Invalid("input.key", "group.role.member"))
	case !isWellKnown(key):
		p.Add(id.Check("input.key", id.GroupRole, key))
	case ends != nil && key == RoleLeader:
		p.Add(fault.Invalid("input.expiresAt", "group.role.no_end"))
	}
}

// checkEnd refuses an end that has passed. Only the first call is checked: a repeat gets the same answer, even
// if the end has passed since.
func (s *Service) checkEnd(ends *time.Time) error {
	if ends != nil && !ends.After(s.now()) {
		return fault.Invalid("input.expiresAt", "time.past")
	}
	return nil
}
