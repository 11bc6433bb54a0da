package group

import (
	"slices"
	"time"

	"faellesskab/internal/auth"
)

// staffReach is what those who have SUPPORT may do in a municipal group without
// a role in it. Posting and speaking is not theirs.
var staffReach = []Permission{EditGroup, ApproveMembers, Invite, ManageMembers, Moderate}

// officeMay is what a role in a lokalforum allows whoever holds an office: a role
// in the whole system, or a capability that was granted by itself. Any other permission, also one still to come, is for
// residents alone: who answers to the municipality neither speaks for them nor
// decides with them.
var officeMay = []Permission{Post, PostEvents, CheckIn, ApproveMembers, Invite, ManageMembers, EditGroup, Moderate}

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
