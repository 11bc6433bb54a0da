package person

import (
	"slices"
	"strconv"
	"strings"
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
	WorkEmail        optional.Edit[string]        `json:",omitzero"` // null: none
	WorkPhone        optional.Edit[string]        `json:",omitzero"` // null: none
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
	in.cleanWork(&p)
	if interests := in.Interests.Value(); interests != nil {
		in.Interests = optional.ListOf(cleanInterests(&p, interests)...)
	}
	if wanted := in.SkillsWanted.Value(); wanted != nil {
		in.SkillsWanted = optional.ListOf(id.Clean(&p, "input.skillsWanted", wanted, id.Limits{Prefix: id.Skill, Max: maxSkillsWanted})...)
	}
	return p.Err()
}

// cleanInterests tidies the words, and keeps each once, in the person's own order.
func cleanInterests(p *fault.Problems, words []string) (tidy []string) {
	if len(words) > maxInterests {
		p.Add(fault.Invalid("input.interests", "list.long").With("Max", maxInterests))
	}
	for i, word := range words {
		word = text.Clean(p, "input.interests."+strconv.Itoa(i), word, text.Limits{Min: 1, Max: 60})
		if !slices.ContainsFunc(tidy, func(other string) bool { return strings.EqualFold(other, word) }) {
			tidy = append(tidy, word)
		}
	}
	return tidy
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
