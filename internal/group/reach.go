package group

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
)

// staffReach is what those who have SUPPORT may do in a municipal group without
// a role in it. Posting and speaking is not theirs.
var staffReach = []Permission{EditGroup, ApproveMembers, ManageMembers, Moderate}

// officeMay is what a role in a lokalforum allows whoever holds an office: a role
// in the whole system, or a capability that was granted by itself. Any other permission, also one still to come, is for
// residents alone: who answers to the municipality neither speaks for them nor
// decides with them.
var officeMay = []Permission{PostEvents, CheckIn, ApproveMembers, ManageMembers, EditGroup, Moderate}

// answersForGroups reports whether the viewer answers for the municipality's groups
// by office at an instant.
func answersForGroups(v auth.Viewer, now time.Time) bool {
	return v.Can(auth.CapabilitySupport, now)
}

// staffReaches reports whether the group is one the viewer answers for by office.
// They know of it, so that whoever hides it can show it again.
func (g *Group) staffReaches(v auth.Viewer, now time.Time) bool {
	return g.Kind.isMunicipal() && answersForGroups(v, now)
}

// Allows reports whether the viewer has a permission in the group at an instant. It
// is asked anew each time, so an office that came after a role counts too.
func (g *Group) Allows(v auth.Viewer, p Permission, now time.Time) bool {
	if g.staffReaches(v, now) && slices.Contains(staffReach, p) {
		return true
	}
	if g.Kind == KindLokalforum && v.HoldsOffice(now) && !slices.Contains(officeMay, p) {
		return false
	}
	grant, ok := v.Groups[g.ID]
	return ok && GrantAllows(grant, p, now)
}

// GrantAllows reports whether a member has a permission by their role at an
// instant.
func GrantAllows(g auth.Grant, p Permission, now time.Time) bool {
	return currentRole(Role(g.Role), g.RoleEndsAt, now).Allows(p)
}

// mayGive reports whether the viewer may give others a role: a leader any,
// everybody else one that allows no more than they may do themselves.
func (g *Group) mayGive(v auth.Viewer, r Role, now time.Time) bool {
	if g.hasLeader(v.PersonID) {
		return true
	}
	return r != RoleLeader && !slices.ContainsFunc(permissionsOf[r], func(p Permission) bool { return !g.Allows(v, p, now) })
}

// checkGift refuses a role that is not the viewer's to give, and any but MEMBER to
// oneself. isFirst says that the role is the first leader's, of a municipal group
// that has none: staff choose that one.
func (s *Service) checkGift(ctx context.Context, g *Group, in SetRoleInput) (isFirst bool, err error) {
	v := auth.FromContext(ctx)
	switch {
	case in.PersonID == v.PersonID && in.Role != RoleMember:
		return false, fault.Forbidden("auth.self")
	case g.mayGive(v, in.Role, s.now()):
		return false, nil
	case in.Role != RoleLeader || !g.staffReaches(v, s.now()):
		return false, fault.Forbidden("group.role.not_held")
	}
	people, err := s.People.Load(ctx, append(slices.Clone(g.LeaderIDs), in.PersonID))
	if err != nil {
		return false, err
	}
	for _, leaderID := range g.LeaderIDs {
		if p := people[leaderID]; p != nil && p.Admits() == nil {
			return false, fault.Forbidden("group.role.not_held")
		}
	}
	if p := people[in.PersonID]; g.Kind == KindLokalforum && p != nil && p.Viewer().HoldsOffice(s.now()) {
		return false, fault.Forbidden("group.leader.resident")
	}
	return true, nil
}
