package group

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
)

// MembershipState is where a membership stands.
type MembershipState string

// The states.
const (
	StateRequested MembershipState = "REQUESTED"
	StateInvited   MembershipState = "INVITED"
	StateActive    MembershipState = "ACTIVE"
	StateDeclined  MembershipState = "DECLINED"
	StateLeft      MembershipState = "LEFT"
	StateRemoved   MembershipState = "REMOVED"
	StateBanned    MembershipState = "BANNED"
)

// IsValid reports whether it is one of them.
func (s MembershipState) IsValid() bool {
	switch s {
	case StateRequested, StateInvited, StateActive, StateDeclined, StateLeft, StateRemoved, StateBanned:
		return true
	}
	return false
}

// Role is a role in a group: a bundle of permissions.
type Role string

// The roles.
const (
	RoleMember    Role = "MEMBER"
	RoleOrganiser Role = "ORGANISER"
	RoleModerator Role = "MODERATOR"
	RoleLeader    Role = "LEADER"
)

// IsValid reports whether it is one of them.
func (r Role) IsValid() bool {
	switch r {
	case RoleMember, RoleOrganiser, RoleModerator, RoleLeader:
		return true
	}
	return false
}

// Permission is one thing a role in a group allows.
type Permission string

// The permissions.
const (
	PostEvents     Permission = "POST_EVENTS"
	SpeakForGroup  Permission = "SPEAK_FOR_GROUP" // in its name, to its members too
	ApproveMembers Permission = "APPROVE_MEMBERS"
	ManageMembers  Permission = "MANAGE_MEMBERS"
	EditGroup      Permission = "EDIT_GROUP"
	Moderate       Permission = "MODERATE"
	CheckIn        Permission = "CHECK_IN"
)

var permissionsOf = map[Role][]Permission{
	RoleMember:    nil,
	RoleOrganiser: {PostEvents, SpeakForGroup, CheckIn},
	RoleModerator: {ApproveMembers, Moderate},
	RoleLeader:    {PostEvents, SpeakForGroup, ApproveMembers, ManageMembers, EditGroup, Moderate, CheckIn},
}

// Allows reports whether the role includes a permission.
func (r Role) Allows(p Permission) bool { return slices.Contains(permissionsOf[r], p) }

// currentRole is the role at an instant: a role that has ended is MEMBER.
func currentRole(r Role, endsAt *time.Time, now time.Time) Role {
	if endsAt != nil && !now.Before(*endsAt) {
		return RoleMember
	}
	return r
}

// Change is one step of a membership's history.
type Change struct {
	State MembershipState `bson:"state"`
	At    time.Time       `bson:"at"`
	By    string          `bson:"by"` // person id
}

// historyLength is how many steps are kept.
const historyLength = 20

// Membership is one person's membership of one group.
type Membership struct {
	ID            string          `bson:"_id"` // groupID:personID
	GroupID       string          `bson:"groupId"`
	PersonID      string          `bson:"personId"`
	State         MembershipState `bson:"state"`
	Role          Role            `bson:"role"`
	RoleExpiresAt *time.Time      `bson:"roleExpiresAt,omitempty"`
	Level         notify.Level    `bson:"level,omitempty"` // how much the person wants to hear; empty: all
	Since         time.Time       `bson:"since"`
	History       []Change        `bson:"history"`
	Version       int             `bson:"version"`

	outbox.Pending `bson:",inline"`
}

// MembershipConnection and MembershipEdge are a page of memberships.
type (
	MembershipConnection = page.Connection[*Membership]
	MembershipEdge       = page.Edge[*Membership]
)

// Notifications is how much the person wants to hear of the group; only they are
// told, nil for others.
func (m *Membership) Notifications(ctx context.Context) *notify.Level {
	if auth.FromContext(ctx).PersonID != m.PersonID {
		return nil
	}
	level := cmp.Or(m.Level, notify.LevelAll)
	return &level
}

func newMembership(groupID, personID string) *Membership {
	return &Membership{ID: id.Pair(groupID, personID), GroupID: groupID, PersonID: personID, Role: RoleMember}
}

func (m *Membership) stateOrNone() MembershipState {
	if m == nil {
		return ""
	}
	return m.State
}

// asOf is the viewer with this membership in the stead of what they brought
// along at sign-in.
func (m *Membership) asOf(v auth.Viewer, groupID string) auth.Viewer {
	grants := make(map[string]auth.Grant, len(v.Groups)+1)
	maps.Copy(grants, v.Groups)
	delete(grants, groupID)
	if m.stateOrNone() == StateActive {
		grants[groupID] = auth.Grant{Role: string(m.Role), RoleEndsAt: m.RoleExpiresAt}
	}
	v.Groups = grants
	return v
}

// become moves the membership to another state. Whoever stops being a member
// has no role and no level left.
func (m *Membership) become(state MembershipState, by string, now time.Time) {
	m.State, m.Since = state, now
	m.History = append(slices.Clone(m.History), Change{State: state, At: now, By: by})
	if n := len(m.History); n > historyLength {
		m.History = m.History[n-historyLength:]
	}
	if state != StateActive {
		m.Role, m.RoleExpiresAt, m.Level = RoleMember, nil, ""
	}
}

// lastBy is who has had the last word on the membership; empty: the program, or
// nobody.
func (m *Membership) lastBy() string {
	if len(m.History) == 0 {
		return ""
	}
	return m.History[len(m.History)-1].By
}

// copy is what the person keeps of the membership.
func (m *Membership) copy() person.GroupCopy {
	return person.GroupCopy{Active: m.State == StateActive, Invited: m.State == StateInvited, Banned: m.State == StateBanned, Role: string(m.Role), RoleEndsAt: m.RoleExpiresAt,
		Level: m.Level, Version: m.Version}
}
