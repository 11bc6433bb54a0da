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

// MembershipState is the state of a membership.
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

// Change is one step of a membership's history.
type Change struct {
	State MembershipState `bson:"state"`
	At    time.Time       `bson:"at"`
	By    string          `bson:"by"` // person id
	// Version is the membership's by this step.
	Version int `bson:"version"`
}

// historyLength is how many steps of the history are kept: as many requests or invitations as a day may
// have, each taken back or answered.
const historyLength = 2 * maxTimesADay

// Membership is one person's membership of one group.
type Membership struct {
	ID       string          `bson:"_id"` // groupID:personID
	GroupID  string          `bson:"groupId"`
	PersonID string          `bson:"personId"`
	State    MembershipState `bson:"state"`
	Holds    []Holding       `bson:"roles"` // without MEMBER; the group decides on LEADER
	// RolesAsOf is the version of the group's roles that the person's copy is known to
	// have.
	RolesAsOf int          `bson:"rolesAsOf,omitempty" json:"-"`
	Level     notify.Level `bson:"level,omitempty"` // how much the person wants to hear; empty: all
	Since     time.Time    `bson:"since"`
	History   []Change     `bson:"history"`
	// KeptOutAt is when somebody else last declined the person, removed or banned them,
	// or lifted a ban; what the program does keeps nobody out. It is nil if they were invited since, or have been members.
	KeptOutAt *time.Time `bson:"keptOutAt,omitempty" json:"-"`
	// ByContact says that an invitation by an e-mail address or a phone number has found the person, who has neither
	// joined nor asked since: nobody else learns of it, whatever has become of it.
	ByContact bool `bson:"byContact,omitempty" json:"-"`
	// Skills are the terms by which those who manage the members find the person: a copy of what they have agreed to be
	// found by, in SkillsAsOf, the version of their document.
	Skills     []string `bson:"skills,omitempty" json:"-"`
	SkillsAsOf int      `bson:"skillsAsOf,omitempty" json:"-"`
	// Told says when a request, and an invitation, was last told.
	Told    map[news]told `bson:"told,omitempty" json:"-"`
	Version int           `bson:"version"`

	outbox.Pending `bson:",inline"`

	// Became is the state that a call gave it of which this answers a repeat; empty: this answers
	// none.
	Became MembershipState `bson:"-" json:"-"`
	// Lapsed are the roles that had ended when this was read, and Left the keys of the others.
	Lapsed []Holding `bson:"-" json:"-"`
	Left   []string  `bson:"-" json:"-"`
}

// MembershipEdge is one item of a page of memberships.
type MembershipEdge = page.Edge[*Membership]

// MembershipConnection is a page of memberships, whose list is counted only for whoever asks.
type MembershipConnection struct {
	page.Connection[*Membership]

	count func(ctx context.Context) (int, error)
}

// TotalCount is how many memberships the whole list has.
func (c *MembershipConnection) TotalCount(ctx context.Context) (*int, error) {
	n, err := c.count(ctx)
	if err != nil {
		return nil, err
	}
	return &n, nil
}

// Notifications is how much the person wants to hear of the group. Only they may see it;
// it is nil for others.
func (m *Membership) Notifications(ctx context.Context) *notify.Level {
	if auth.FromContext(ctx).PersonID != m.PersonID {
		return nil
	}
	level := cmp.Or(m.Level, notify.LevelAll)
	return &level
}

func newMembership(groupID, personID string) *Membership {
	return &Membership{ID: id.Pair(groupID, personID), GroupID: groupID, PersonID: personID, Holds: []Holding{}}
}

func (m *Membership) stateOrNone() MembershipState {
	if m == nil {
		return ""
	}
	return m.State
}

// asOf is the viewer with this membership of a group in place of the copy they carry.
func (m *Membership) asOf(v auth.Viewer, g *Group) auth.Viewer {
	grants := make(map[string]auth.Grant, len(v.Groups)+1)
	maps.Copy(grants, v.Groups)
	delete(grants, g.ID)
	if m.stateOrNone() == StateActive {
		grants[g.ID] = m.grant(g)
	}
	v.Groups = grants
	return v
}

// become moves the membership to another state, in the version that is to come. A person who stops being a member loses their
// roles and their level of notifications. That somebody was kept out is remembered until they
// are in again, even if they ask or leave by themselves meanwhile.
func (m *Membership) become(state MembershipState, by string, now time.Time) {
	m.State, m.Since = state, now
	m.ByContact = m.ByContact && state != StateActive && state != StateRequested
	m.History = append(slices.Clone(m.History), Change{State: state, At: now, By: by, Version: m.Version + 1})
	if n := len(m.History); n > historyLength {
		m.History = m.History[n-historyLength:]
	}
	if state != StateActive {
		m.Holds, m.Level = []Holding{}, ""
	}
	switch {
	case state == StateActive || state == StateInvited:
		m.KeptOutAt = nil
	case by != m.PersonID && by != "":
		m.KeptOutAt = &now
	}
}

// lastBy is the person who has made the last decision about the membership; empty: the
// program, or nobody.
func (m *Membership) lastBy() string {
	if len(m.History) == 0 {
		return ""
	}
	return m.History[len(m.History)-1].By
}

// stateVersion is the version in which the membership came to its state.
func (m *Membership) stateVersion() int {
	if len(m.History) == 0 {
		return 0
	}
	return m.History[len(m.History)-1].Version
}

// Copy is what the person's document keeps of the membership. g is the group; it may be
// nil if the member holds none of the group's own roles.
func (m *Membership) Copy(g *Group) person.GroupCopy {
	c := person.GroupCopy{Active: m.State == StateActive, Invited: m.State == StateInvited, Banned: m.State == StateBanned,
		Grant: m.grant(g), Level: m.Level, Version: m.Version}
	if !c.Active {
		c.Since = &m.Since
	}
	return c
}
