package group

import (
	"slices"
	"time"

	"faellesskab/internal/auth"
)

// staffReach is what people with SUPPORT may do in a municipal group without a role in
// it. They may not post or speak.
var staffReach = []Permission{EditGroup, ApproveMembers, Invite, ManageMembers, Moderate}

// officeMay is what a role in a lokalforum allows people who hold an office: a role in the
// whole system, or a capability that was granted by itself. All other permissions, also
// future ones, are for residents only, since people who answer to the municipality
// neither speak for residents nor decide with them.
var officeMay = []Permission{Post, PostEvents, CheckIn, ApproveMembers, Invite, ManageMembers, EditGroup, Moderate}

// answersForGroups reports whether the viewer answers for the municipality's groups
// by office at an instant.
func answersForGroups(v auth.Viewer, now time.Time) bool {
	return v.Can(auth.CapabilitySupport, now)
}

// staffReaches reports whether the viewer answers for the group by office. Such viewers
// know of the group even if it is hidden, so that they can show it again.
func (g *Group) staffReaches(v auth.Viewer, now time.Time) bool {
	return g.Kind.isMunicipal() && answersForGroups(v, now)
}

// Allows reports whether the viewer has a permission in the group at an instant. It looks
// at their present offices, so one that came after a role counts too. In an archived group only the
// permissions of inArchive are left.
func (g *Group) Allows(v auth.Viewer, p Permission, now time.Time) bool {
	return (!g.isArchived() || slices.Contains(inArchive, p)) && g.allowsOpen(v, p, now)
}

// allowsOpen is Allows as if the group were not archived.
func (g *Group) allowsOpen(v auth.Viewer, p Permission, now time.Time) bool {
	if g.staffReaches(v, now) && slices.Contains(staffReach, p) {
		return true
	}
	if g.Kind == KindLokalforum && v.HoldsOffice(now) && !slices.Contains(officeMay, p) {
		return false
	}
	grant, ok := v.Groups[g.ID]
	return ok && GrantAllows(grant, p, now)
}
