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
	"faellesskab/internal/optional"
	"faellesskab/internal/text"
)

// ProfileInput changes a person's profile. What is left out stays as it is.
type ProfileInput struct {
	ClientMutationID *string
	DisplayName      optional.Edit[string]        `json:",omitzero"`
	Language         optional.Edit[i18n.Language] `json:",omitzero"`
	HomeAreaID       optional.Edit[string]        `json:",omitzero"` // null: none
	Interests        optional.List[string]        `json:",omitzero"` // null: none
	SkillsWanted     optional.List[string]        `json:",omitzero"` // null: none
}

const (
	maxInterests    = 20
	maxSkillsWanted = 50
)

// Clean checks the input and tidies its texts. Returns Problems.
func (in *ProfileInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	optional.Refuse(&p, "input.displayName", in.DisplayName)
	optional.Refuse(&p, "input.language", in.Language)
	in.DisplayName = optional.Map(in.DisplayName, func(s string) string { return text.Clean(&p, "input.displayName", s, text.Line) })
	if areaID := in.HomeAreaID.Value(); areaID != nil {
		p.Add(id.Check("input.homeAreaId", id.Area, *areaID))
	}
	interests := in.Interests.Value()
	if len(interests) > maxInterests {
		p.Add(fault.Invalid("input.interests", "list.long").With("Max", maxInterests))
	}
	for i, word := range interests {
		interests[i] = text.Clean(&p, "input.interests."+strconv.Itoa(i), word, text.Limits{Min: 1, Max: 60})
	}
	wanted := in.SkillsWanted.Value()
	if len(wanted) > maxSkillsWanted {
		p.Add(fault.Invalid("input.skillsWanted", "list.long").With("Max", maxSkillsWanted))
	}
	for i, s := range wanted {
		p.Add(id.Check("input.skillsWanted."+strconv.Itoa(i), id.Skill, s))
	}
	if wanted != nil {
		slices.Sort(wanted)
		in.SkillsWanted = optional.ListOf(slices.Compact(wanted)...)
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
