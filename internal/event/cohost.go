package event

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
)

// maxCoHosts is how many other groups may host an event, or be asked to.
const maxCoHosts = 5

// several is the circle of things that the members of several groups may see, and nobody else: see Hosting.Circles.
const several = "+"

// CoHost is another group that hosts an event, or is asked to.
type CoHost struct {
	Card       group.Card `bson:"group"` // a copy of the group
	InvitedAt  time.Time  `bson:"invitedAt"`
	AcceptedAt *time.Time `bson:"acceptedAt,omitempty"` // nil: the group has not answered
}

// Hosting is what follows for an event, and for its dates, from the other groups that host it.
type Hosting struct {
	CoGroupIDs []string `bson:"coGroupIds,omitempty" json:"-"` // the other groups
	CoAreaIDs  []string `bson:"coAreaIds,omitempty" json:"-"`  // the areas of these
	// Circles are the groups whose members may see it, if they are several.
	Circles []string `bson:"circles,omitempty" json:"-"`
	// HostsVersion counts the changes of the groups; 0: no other group was ever asked.
	HostsVersion int `bson:"hostsVersion,omitempty" json:"-"`
}

// CoHostInput is an event, and another group that hosts it or may do so.
type CoHostInput struct {
	ClientMutationID *string
	EventID          string
	GroupID          string
}

// Clean checks the input. Returns Problems.
func (in *CoHostInput) Clean() error {
	p := checkEvent(in.ClientMutationID, in.EventID)
	p.Add(id.Check("input.groupId", id.Group, in.GroupID))
	return p.Err()
}

// GroupIDs are the groups that host the event: its own, and then the others in the order in which they have accepted.
func (e *Event) GroupIDs() []string {
	ids := []string{e.GroupID}
	for _, c := range e.coHosts(true) {
		ids = append(ids, c.Card.ID)
	}
	return ids
}

// InvitedGroupIDs are the groups that have not answered yet, of which the organisers and the people who answer know.
func (e *Event) invitedGroupIDs(v auth.Viewer, now time.Time) []string {
	ids := []string{}
	for _, c := range e.coHosts(false) {
		if e.canPost(v, now) || c.mayPost(v, now) {
			ids = append(ids, c.Card.ID)
		}
	}
	return ids
}

// coHosts are the other groups that have accepted, or those that have not answered, in order.
func (e *Event) coHosts(accepted bool) []CoHost {
	var list []CoHost
	for _, c := range e.CoHosts {
		if (c.AcceptedAt != nil) == accepted {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b CoHost) int {
		return cmp.Or(a.since().Compare(b.since()), strings.Compare(a.Card.ID, b.Card.ID))
	})
	return list
}

// since is when the group has accepted, or was asked.
func (c CoHost) since() time.Time {
	if c.AcceptedAt != nil {
		return *c.AcceptedAt
	}
	return c.InvitedAt
}

// mayPost reports whether the viewer may post in the other group, and so answers for it.
func (c CoHost) mayPost(v auth.Viewer, now time.Time) bool {
	return c.Card.Group().Allows(v, group.PostEvents, now)
}

// isPublic reports whether one of the groups lets everyone see what it does.
func (e *Event) isPublic() bool {
	if e.HostsVersion == 0 {
		return e.OpenTo == group.Everyone
	}
	isOpen := func(c group.Card) bool { return c.Group().OpenTo() == group.Everyone }
	return isOpen(e.Card) || slices.ContainsFunc(e.coHosts(true), func(c CoHost) bool { return isOpen(c.Card) })
}

// isForOthers reports whether the viewer is in another group that hosts the event.
func (e *Event) isForOthers(v auth.Viewer) bool {
	return slices.ContainsFunc(e.coHosts(true), func(c CoHost) bool { return v.InGroup(c.Card.ID) })
}

// answersFor reports whether the viewer may post in another group that hosts the event, or is asked to. They see it as a
// draft too, since they answer for what they have seen.
func (e *Event) answersFor(v auth.Viewer, now time.Time) bool {
	for _, c := range e.CoHosts {
		if c.mayPost(v, now) {
			return true
		}
	}
	return false
}

// canSeePeople reports whether the viewer may see in another group that hosts the event who comes to its events.
func (e *Event) canSeePeople(v auth.Viewer, now time.Time) bool {
	return slices.ContainsFunc(e.coHosts(true), func(c CoHost) bool {
		return c.mayPost(v, now) || c.Card.Group().Allows(v, group.CheckIn, now)
	})
}

// The actions on the groups that host an event.
const (
	ActionInviteCoHost Action = "INVITE_CO_HOST"
	ActionAnswer       Action = "ANSWER_CO_HOSTING"
	ActionRemoveCoHost Action = "REMOVE_CO_HOST"
)

// canHost are the actions on the groups that the server would accept from the viewer.
func (e *Event) canHost(v auth.Viewer, now time.Time) []Action {
	var can []Action
	isOwn := e.mayPost(v, now)
	if isOwn && e.mayChange(now) == nil && len(e.CoHosts) < maxCoHosts {
		can = append(can, ActionInviteCoHost)
	}
	answers := func(c CoHost) bool { return c.mayPost(v, now) }
	if e.mayChange(now) == nil && slices.ContainsFunc(e.coHosts(false), answers) {
		can = append(can, ActionAnswer)
	}
	if isOwn && len(e.CoHosts) > 0 || e.answersFor(v, now) {
		can = append(can, ActionRemoveCoHost)
	}
	return can
}

// host brings the copies of groups up to date, and what follows from them.
func (e *Event) host(groups map[string]*group.Group) {
	if g := groups[e.GroupID]; g != nil && g.Version > e.Card.Version {
		e.Card, e.AreaID = g.Card(), g.AreaID
	}
	e.CoHosts = maps.Clone(e.CoHosts)
	for groupID, c := range e.CoHosts {
		if g := groups[groupID]; g != nil && g.Version > c.Card.Version {
			c.Card = g.Card()
			e.CoHosts[groupID] = c
		}
	}
	e.Hosting = Hosting{HostsVersion: e.HostsVersion}
	for _, c := range e.coHosts(true) {
		e.CoGroupIDs = append(e.CoGroupIDs, c.Card.ID)
		if c.Card.AreaID != "" && c.Card.AreaID != e.AreaID && !slices.Contains(e.CoAreaIDs, c.Card.AreaID) {
			e.CoAreaIDs = append(e.CoAreaIDs, c.Card.AreaID)
		}
	}
	switch {
	case e.isPublic():
		e.OpenTo = group.Everyone
	case len(e.CoGroupIDs) == 0:
		e.OpenTo = e.Card.Group().OpenTo()
	default:
		e.OpenTo, e.Circles = several, e.GroupIDs()
	}
}

// facets are the terms by which the dates of the event are found: those of each group that hosts it.
func (e *Event) facets() []string {
	facets := facetsOf(e.Card)
	for _, c := range e.coHosts(true) {
		for _, f := range facetsOf(c.Card) {
			if !slices.Contains(facets, f) {
				facets = append(facets, f)
			}
		}
	}
	return facets
}

// isForMembers reports whether only members of the event's own group may see it.
func isForMembers(openTo string) bool { return openTo != group.Everyone && openTo != several }
