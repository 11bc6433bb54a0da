package course

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	"faellesskab/internal/group"
)

// Rules are what staff say of a course besides what it is about and when: whom it is for, what people
// know before and read for it, and what it takes to be held and to be completed.
type Rules struct {
	GroupKinds           []group.Kind `bson:"groupKinds,omitempty"`
	GroupRoles           []GroupRole  `bson:"groupRoles,omitempty"`
	PrerequisiteSkillIDs []string     `bson:"prerequisiteSkillIds,omitempty"`
	Links                []Material   `bson:"materials,omitempty"`
	// Rule is the attendance that it takes; the zero value: the usual share.
	Rule             Completion `bson:"completion,omitempty"`
	GivesCertificate bool       `bson:"givesCertificate,omitempty"`
	// Minimum is how many people with a seat it takes, which is decided at DecideBy; both are nil or
	// neither, and so is Standing.
	Minimum  *int       `bson:"minimum,omitempty"`
	DecideBy *time.Time `bson:"decideBy,omitempty"`
	Standing *Standing  `bson:"standing,omitempty"`
}

// GroupRole is the key of a role that every group has.
type GroupRole string

// groupRoles are all of them, in the order in which they are shown.
var groupRoles = []GroupRole{group.RoleMember, group.RoleOrganiser, group.RoleModerator, group.RoleLeader, group.RoleTreasurer, group.RoleCaretaker}

// IsValid reports whether it is one of them.
func (r GroupRole) IsValid() bool { return slices.Contains(groupRoles, r) }

// Material is a link to something that people read for a course.
type Material struct {
	Title string `bson:"title"`
	URL   string `bson:"url"`
}

// Materials are the links of a course for people who have or had a seat, and those who run it; nil for others. own is
// the viewer's booking, or nil.
func (s *Service) Materials(ctx context.Context, c *Course, own booking.View) []*Material {
	if !c.isRunBy(auth.FromContext(ctx), s.now()) && (own == nil || !own.Base().State.HasSeat()) {
		return nil
	}
	list := make([]*Material, len(c.Links))
	for i := range c.Links {
		list[i] = &c.Links[i]
	}
	return list
}

const (
	// usualShare is the percentage of the sessions that people attend, unless a course asks for something else.
	usualShare = 80
	maxShare   = 100
)

// Completion is the attendance that it takes to get the skills of a course: a share of all sessions in
// percent, or certain ones.
type Completion struct {
	Percent    int      `bson:"share,omitempty"`
	SessionIDs []string `bson:"sessionIds,omitempty"`

	of *Course
}

// Completion is the attendance that the course asks for.
func (c *Course) Completion() *Completion {
	rule := c.Rule
	if rule.of = c; rule.Percent == 0 && len(rule.SessionIDs) == 0 {
		rule.Percent = usualShare
	}
	return &rule
}

// Share is the percentage of the sessions; nil if certain ones count.
func (r *Completion) Share() *int {
	if len(r.SessionIDs) > 0 {
		return nil
	}
	return &r.Percent
}

// Sessions are those that count, in the order of their starts; none if a share does.
func (r *Completion) Sessions() []*Session {
	list := []*Session{}
	for i := range r.of.Sessions {
		if slices.Contains(r.SessionIDs, r.of.Sessions[i].ID) {
			list = append(list, &r.of.Sessions[i])
		}
	}
	return list
}

// IsEnough reports whether attending these of its sessions earns the skills.
func (c *Course) IsEnough(attended []*Session) bool {
	rule := c.Completion()
	if len(rule.SessionIDs) == 0 {
		return len(attended)*100 >= len(c.Sessions)*rule.Percent
	}
	return !slices.ContainsFunc(rule.SessionIDs, func(sessionID string) bool {
		return !slices.ContainsFunc(attended, func(s *Session) bool { return s.ID == sessionID })
	})
}

// Standing says whether enough people take part in a course.
type Standing string

// The standings.
const (
	StandingWaiting Standing = "WAITING"
	StandingAsked   Standing = "ASKED"
	StandingHeld    Standing = "HELD"
)

// DecideByLocal is when it is decided whether enough people take part, by the clock where the course is; nil
// if it is not.
func (c *Course) DecideByLocal() *clock.Local {
	if c.DecideBy == nil {
		return nil
	}
	local := clock.LocalOf(*c.DecideBy, c.TimeZone)
	return &local
}
