package person

import (
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
)

// ProfileInput changes a person's profile; nil leaves a field as it is.
type ProfileInput struct {
	ClientMutationID *string
	DisplayName      *string
	Language         *i18n.Language
	HomeAreaID       *string
	Interests        []string
	SkillsWanted     []string
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *ProfileInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	if in.DisplayName != nil {
		name := i18n.CleanText(&p, "input.displayName", *in.DisplayName, i18n.Line)
		in.DisplayName = &name
	}
	if in.HomeAreaID != nil {
		p.Add(id.Check("input.homeAreaId", id.Area, *in.HomeAreaID))
	}
	if len(in.Interests) > 20 {
		p.Add(fault.Invalid("input.interests", "list.long").With("Max", 20))
	}
	for i, word := range in.Interests {
		in.Interests[i] = i18n.CleanText(&p, "input.interests."+strconv.Itoa(i), word, i18n.Limits{Min: 1, Max: 60})
	}
	if len(in.SkillsWanted) > 50 {
		p.Add(fault.Invalid("input.skillsWanted", "list.long").With("Max", 50))
	}
	for i, s := range in.SkillsWanted {
		p.Add(id.Check("input.skillsWanted."+strconv.Itoa(i), id.Skill, s))
	}
	if in.SkillsWanted != nil {
		slices.Sort(in.SkillsWanted)
		in.SkillsWanted = slices.Compact(in.SkillsWanted)
	}
	return p.Err()
}

// RoleInput grants or revokes a role.
type RoleInput struct {
	ClientMutationID *string
	PersonID         string
	Role             auth.Role
}

// Clean checks the input. Returns Problems.
func (in *RoleInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.personId", id.Person, in.PersonID))
	p.Add(checkRole("input.role", in.Role))
	return p.Err()
}

// GrantCapabilityInput lets a person do something for the municipality.
type GrantCapabilityInput struct {
	ClientMutationID *string
	PersonID         string
	Capability       auth.Capability
	ExpiresAt        *time.Time // nil: until it is revoked
}

// Clean checks everything about the input except that the end is still to come. Returns
// Problems.
func (in *GrantCapabilityInput) Clean() error {
	return checkCapability(in.ClientMutationID, in.PersonID, in.Capability).Err()
}

// checkEnd refuses an end that has passed. A call that is repeated is answered as it
// was, also when the end has passed since, so this is asked of the first one alone.
func (in *GrantCapabilityInput) checkEnd(now time.Time) error {
	if in.ExpiresAt != nil && !in.ExpiresAt.After(now) {
		return fault.Invalid("input.expiresAt", "person.capability.past")
	}
	return nil
}

// RevokeCapabilityInput ends a capability that was granted by itself.
type RevokeCapabilityInput struct {
	ClientMutationID *string
	PersonID         string
	Capability       auth.Capability
}

// Clean checks the input. Returns Problems.
func (in *RevokeCapabilityInput) Clean() error {
	return checkCapability(in.ClientMutationID, in.PersonID, in.Capability).Err()
}

// checkCapability checks the input. It refuses ADMIN, which comes only with the role: a grant
// that ended by itself could leave nobody who can grant.
func checkCapability(key *string, personID string, c auth.Capability) fault.Problems {
	var p fault.Problems
	p.Add(idempotency.CheckKey(key))
	p.Add(id.Check("input.personId", id.Person, personID))
	switch {
	case !c.IsValid():
		p.Add(fault.Invalid("input.capability", "person.capability.unknown"))
	case c == auth.CapabilityAdmin:
		p.Add(fault.Invalid("input.capability", "person.capability.admin"))
	}
	return p
}

func checkRole(field string, r auth.Role) *fault.Error {
	if r == auth.RoleResident || !r.IsValid() {
		return fault.Invalid(field, "person.role.resident")
	}
	return nil
}
