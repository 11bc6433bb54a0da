package person

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
)

// GrantCapability lets a person do something for the municipality, perhaps until an instant.
// If the person was granted it already, that grant gets the new end. Only for people with
// ADMIN, and not for themselves. Returns Forbidden, Problems, and NotFound for an unknown
// person.
func (s *Service) GrantCapability(ctx context.Context, in GrantCapabilityInput) (*Person, error) {
	if err := s.mayGrant(ctx, in.Clean); err != nil {
		return nil, err
	}
	details := map[string]string{"capability": string(in.Capability)}
	if in.ExpiresAt != nil {
		details["expiresAt"] = in.ExpiresAt.UTC().Format(time.RFC3339)
	}
	c := officeChange{operation: "grantCapability", personID: in.PersonID, isGift: true, details: details,
		change: func(p *Person) error {
			now := s.DB.Now()
			if err := in.checkEnd(now); err != nil {
				return err
			}
			p.dropCapability(in.Capability, now)
			p.OwnCapabilities = append(p.OwnCapabilities, auth.CapabilityGrant{Capability: in.Capability, ExpiresAt: in.ExpiresAt})
			return nil
		}}
	return s.changeOffice(ctx, c, in.ClientMutationID, in)
}

// RevokeCapability ends a capability that was granted by itself. Only for people with ADMIN.
// Returns Forbidden, Problems, NotFound for an unknown person, and Conflict for a capability
// that the person has only by a role, with which it ends.
func (s *Service) RevokeCapability(ctx context.Context, in RevokeCapabilityInput) (*Person, error) {
	now := s.DB.Now()
	if err := s.mayGrant(ctx, in.Clean); err != nil {
		return nil, err
	}
	c := officeChange{operation: "revokeCapability", personID: in.PersonID, details: map[string]string{"capability": string(in.Capability)},
		change: func(p *Person) error {
			wasGranted := p.dropCapability(in.Capability, now)
			if !wasGranted && p.Viewer().Can(in.Capability, now) {
				return fault.Conflict("person.capability.by_role")
			}
			return nil
		}}
	return s.changeOffice(ctx, c, in.ClientMutationID, in)
}

// dropCapability removes a grant, and all grants that have ended. It reports whether there
// was a grant that still counted.
func (p *Person) dropCapability(c auth.Capability, now time.Time) (wasGranted bool) {
	p.OwnCapabilities = slices.DeleteFunc(slices.Clone(p.OwnCapabilities), func(g auth.CapabilityGrant) bool {
		wasGranted = wasGranted || g.Capability == c && g.IsCurrent(now)
		return g.Capability == c || !g.IsCurrent(now)
	})
	return wasGranted
}

// Capabilities are the capabilities that a person has now, by their roles or by themselves;
// nil unless they are the viewer, or the viewer has ADMIN.
func (s *Service) Capabilities(ctx context.Context, p *Person) []auth.Capability {
	if !s.isTold(ctx, p) {
		return nil
	}
	return p.Viewer().Capabilities(s.DB.Now())
}

// CapabilityGrants are the capabilities that were granted to a person by themselves and have
// not ended; nil unless they are the viewer, or the viewer has ADMIN.
func (s *Service) CapabilityGrants(ctx context.Context, p *Person) []*auth.CapabilityGrant {
	if !s.isTold(ctx, p) {
		return nil
	}
	list := []*auth.CapabilityGrant{}
	for _, g := range p.OwnCapabilities {
		if g.IsCurrent(s.DB.Now()) {
			list = append(list, &g)
		}
	}
	return list
}

// isTold reports whether the viewer may see a person's offices.
func (s *Service) isTold(ctx context.Context, p *Person) bool {
	return p.isViewer(ctx) || auth.FromContext(ctx).Can(auth.CapabilityAdmin, s.DB.Now())
}
