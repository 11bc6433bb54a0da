package auth

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/fault"
)

// Capability is something that the municipality lets a person do. A permission, in contrast,
// holds in one group.
type Capability string

// The capabilities. docs/SCHEMA_GUIDE.md says what each is needed for.
const (
	CapabilityCourses    Capability = "COURSES"
	CapabilityBroadcast  Capability = "BROADCAST"
	CapabilityDialogue   Capability = "DIALOGUE"
	CapabilityGrants     Capability = "GRANTS"
	CapabilitySupport    Capability = "SUPPORT"
	CapabilityModeration Capability = "MODERATION"
	CapabilityFigures    Capability = "FIGURES"
	CapabilityAdmin      Capability = "ADMIN"
)

// Capabilities are all capabilities.
var Capabilities = []Capability{CapabilityCourses, CapabilityBroadcast, CapabilityDialogue, CapabilityGrants, CapabilitySupport,
	CapabilityModeration, CapabilityFigures, CapabilityAdmin}

// IsValid reports whether c is one of the capabilities.
func (c Capability) IsValid() bool { return slices.Contains(Capabilities, c) }

// brings are the capabilities that come with a role. ADMIN comes only with its role, and the
// role brings no other: people who grant what others may do should not do it themselves.
var brings = map[Role][]Capability{
	RoleStaff:            {CapabilityCourses, CapabilityBroadcast, CapabilitySupport},
	RoleCommunityBuilder: {CapabilitySupport},
	RoleAdmin:            {CapabilityAdmin},
}

// Brings reports whether the role brings the capability.
func (r Role) Brings(c Capability) bool { return slices.Contains(brings[r], c) }

// RolesBringing are the roles that bring a capability, in their order.
func RolesBringing(c Capability) []Role {
	return slices.DeleteFunc(slices.Clone(Roles), func(r Role) bool { return !r.Brings(c) })
}

// CapabilityGrant is a capability that was granted by itself.
type CapabilityGrant struct {
	Capability Capability `bson:"capability"`
	ExpiresAt  *time.Time `bson:"expiresAt,omitempty"` // nil: it does not end
}

// IsCurrent reports whether the grant counts at an instant. It no longer counts at the
// instant at which it ends.
func (g CapabilityGrant) IsCurrent(now time.Time) bool {
	return g.ExpiresAt == nil || g.ExpiresAt.After(now)
}

// Can reports whether the viewer has the capability at an instant, by a role or by itself. It
// looks at the end of grants each time, so a capability can end in the middle of a long call.
func (v Viewer) Can(c Capability, now time.Time) bool {
	if v.IsAnonymous() {
		return false
	}
	return slices.ContainsFunc(v.Roles, func(r Role) bool { return r.Brings(c) }) ||
		slices.ContainsFunc(v.Granted, func(g CapabilityGrant) bool { return g.Capability == c && g.IsCurrent(now) })
}

// Capabilities are all that the viewer has at an instant, in the order of the schema.
func (v Viewer) Capabilities(now time.Time) []Capability {
	return slices.DeleteFunc(slices.Clone(Capabilities), func(c Capability) bool { return !v.Can(c, now) })
}

// HoldsOffice reports whether the viewer answers to the municipality at an instant, by a role
// beyond RESIDENT or by a capability that was granted by itself.
func (v Viewer) HoldsOffice(now time.Time) bool {
	return slices.ContainsFunc(v.Roles, func(r Role) bool { return r != RoleResident }) ||
		slices.ContainsFunc(v.Granted, func(g CapabilityGrant) bool { return g.IsCurrent(now) })
}

// RequireCapability is the viewer, if they have one of the capabilities at an instant.
// Returns Unauthenticated, or Forbidden with a message that says what they lack.
func RequireCapability(ctx context.Context, now time.Time, anyOf ...Capability) (Viewer, error) {
	v, err := Require(ctx)
	if err != nil {
		return Viewer{}, err
	}
	if !slices.ContainsFunc(anyOf, func(c Capability) bool { return v.Can(c, now) }) {
		return Viewer{}, Lacking(anyOf...)
	}
	return v, nil
}

// Lacking is the refusal of a person who has none of these capabilities.
func Lacking(anyOf ...Capability) *fault.Error {
	if len(anyOf) != 1 {
		return fault.Forbidden("auth.lacking.any")
	}
	switch anyOf[0] {
	case CapabilityCourses:
		return fault.Forbidden("auth.lacking.courses")
	case CapabilityBroadcast:
		return fault.Forbidden("auth.lacking.broadcast")
	case CapabilityDialogue:
		return fault.Forbidden("auth.lacking.dialogue")
	case CapabilityGrants:
		return fault.Forbidden("auth.lacking.grants")
	case CapabilitySupport:
		return fault.Forbidden("auth.lacking.support")
	case CapabilityModeration:
		return fault.Forbidden("auth.lacking.moderation")
	case CapabilityFigures:
		return fault.Forbidden("auth.lacking.figures")
	case CapabilityAdmin:
		return fault.Forbidden("auth.lacking.admin")
	}
	return fault.Forbidden("auth.lacking.any")
}
