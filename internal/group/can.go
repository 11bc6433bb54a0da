package group

import (
	"time"

	"faellesskab/internal/auth"
)

// Action is what a viewer may do with a group.
type Action string

// The actions.
const (
	ActionJoin              Action = "JOIN"
	ActionRequestToJoin     Action = "REQUEST_TO_JOIN"
	ActionDeclineInvitation Action = "DECLINE_INVITATION"
	ActionLeave             Action = "LEAVE"
	ActionEdit              Action = "EDIT"
	ActionPostEvents        Action = "POST_EVENTS"
	ActionAnnounce          Action = "ANNOUNCE"
	ActionApproveMembers    Action = "APPROVE_MEMBERS"
	ActionInvite            Action = "INVITE"
	ActionManageMembers     Action = "MANAGE_MEMBERS"
	ActionMute              Action = "MUTE"
	ActionViewMembers       Action = "VIEW_MEMBERS"
	ActionArchive           Action = "ARCHIVE"
	ActionRestore           Action = "RESTORE"
	ActionDelete            Action = "DELETE"
	ActionFindBySkill       Action = "FIND_BY_SKILL"
)

var actionPermissions = []struct {
	action     Action
	permission Permission
}{
	{ActionEdit, EditGroup},
	{ActionPostEvents, PostEvents},
	{ActionAnnounce, SpeakForGroup},
	{ActionApproveMembers, ApproveMembers},
	{ActionInvite, Invite},
	{ActionManageMembers, ManageMembers},
}

// Can are the actions that the server would accept from the viewer now. m is the
// viewer's own membership; nil if there never was one. It overrides the copy that the
// viewer carries, because this request may have changed it. isKept says that the group
// has another leader, and waiting are the viewer's requests, if they would ask to join.
func (g *Group) Can(v auth.Viewer, m *Membership, isKept bool, waiting Requests, now time.Time) []Action {
	can := []Action{}
	if v.IsAnonymous() || g.isGone {
		return can
	}
	v = m.asOf(v, g)
	was := m.stateOrNone()
	switch to := g.door().from[was].to; {
	case g.isArchived():
	case to == StateActive && hasRoom(v):
		can = append(can, ActionJoin)
	case to == StateRequested && waiting < MaxRequests && m.checkTimes(to, v.PersonID, now) == nil:
		can = append(can, ActionRequestToJoin)
	}
	if actDeclineInvitation.from[was].to != "" {
		can = append(can, ActionDeclineInvitation)
	}
	if isLast := g.isLedBy(v.PersonID) && !isKept; actLeave.from[was].to != "" && !isLast {
		can = append(can, ActionLeave)
	}
	if was == StateActive {
		can = append(can, ActionMute)
	}
	for _, ap := range actionPermissions {
		if g.Allows(v, ap.permission, now) {
			can = append(can, ap.action)
		}
	}
	if g.showsMembers(v, StateActive, now) {
		can = append(can, ActionViewMembers)
	}
	if g.findsBySkill(v, now) {
		can = append(can, ActionFindBySkill)
	}
	return append(can, g.closing(v, now)...)
}

// showsMembers reports whether the viewer may see the memberships in a state. Members
// see each other, and people who may approve members see the other states too.
func (g *Group) showsMembers(v auth.Viewer, state MembershipState, now time.Time) bool {
	return g.Allows(v, ApproveMembers, now) || state == StateActive && (v.InGroup(g.ID) || g.allowsOpen(v, ApproveMembers, now))
}
