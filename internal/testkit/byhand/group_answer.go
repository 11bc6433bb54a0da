package byhand

import "time"

// role is a role of a group, with all that may be asked of it.
type role struct {
	Key         string   `json:"key"`
	Name        *string  `json:"name"`
	Permissions []string `json:"permissions"`
}

// roles are those that every group of neighbours has.
var roles = []role{
	{"MEMBER", nil, []string{"POST"}},
	{"ORGANISER", nil, []string{"POST", "POST_EVENTS", "CHECK_IN"}},
	{"MODERATOR", nil, []string{"POST", "POST_EVENTS", "APPROVE_MEMBERS", "INVITE", "MODERATE", "CHECK_IN"}},
	{"LEADER", nil, []string{"POST", "POST_EVENTS", "APPROVE_MEMBERS", "INVITE", "MANAGE_MEMBERS", "EDIT_GROUP", "MODERATE", "CHECK_IN", "SPEAK_FOR_GROUP"}},
	{"TREASURER", nil, []string{"POST", "MANAGE_MONEY"}},
	{"CARETAKER", nil, []string{"POST", "APPROVE_MEMBERS", "INVITE", "MANAGE_MEMBERS", "EDIT_GROUP"}},
}

type heldRole struct {
	Role      role       `json:"role"`
	ExpiresAt *time.Time `json:"expiresAt"`
}

type nameOfARole struct {
	Role struct {
		Key  string  `json:"key"`
		Name *string `json:"name"`
	} `json:"role"`
}

type nextDate struct {
	ID            string        `bson:"_id"       json:"id"`
	StartsAt      time.Time     `bson:"startsAt"  json:"startsAt"`
	EndsAt        time.Time     `bson:"endsAt"    json:"endsAt"`
	TimeZone      string        `bson:"timeZone"  json:"timeZone"`
	Capacity      *int          `bson:"capacity"  json:"capacity"`
	SeatsLeft     *int          `bson:"seatsLeft" json:"seatsLeft"`
	ViewerBooking *shortBooking `bson:"-"         json:"viewerBooking"`
}

type shortBooking struct {
	ID    string `json:"id"`
	State string `json:"state"`
}

type ownMembership struct {
	ID            string     `json:"id"`
	State         string     `json:"state"`
	Notifications string     `json:"notifications"`
	Since         time.Time  `json:"since"`
	Roles         []heldRole `json:"roles"`
}

type memberNode struct {
	ID     string        `json:"id"`
	Since  time.Time     `json:"since"`
	Roles  []nameOfARole `json:"roles"`
	Person named         `json:"person"`
}

type eventNode struct {
	ID    string    `json:"id"`
	Title string    `json:"title"`
	Place *place    `json:"place"`
	Next  *nextDate `json:"next"`
}

type newsNode struct {
	ID          string     `json:"id"`
	Title       string     `json:"title"`
	Text        string     `json:"text"`
	SentAt      *time.Time `json:"sentAt"`
	CorrectedAt *time.Time `json:"correctedAt"`
	Author      named      `json:"author"`
}

type groupNode struct {
	ID               string         `json:"id"`
	Name             string         `json:"name"`
	Description      string         `json:"description"`
	Kind             string         `json:"kind"`
	Visibility       string         `json:"visibility"`
	JoinPolicy       string         `json:"joinPolicy"`
	ArchivedAt       *time.Time     `json:"archivedAt"`
	DeletesAt        *time.Time     `json:"deletesAt"`
	Version          int            `json:"version"`
	Area             *area          `json:"area"`
	ViewerMembership *ownMembership `json:"viewerMembership"`
	ViewerCan        []string       `json:"viewerCan"`
	Roles            []role         `json:"roles"`
	Memberships      struct {
		TotalCount int `json:"totalCount"`
		list[memberNode]
	} `json:"memberships"`
	UpcomingEvents list[eventNode] `json:"upcomingEvents"`
}

type groupAnswer struct {
	Group         groupNode      `json:"group"`
	Announcements list[newsNode] `json:"announcements"`
}

func (r *groupRead) answer() (*groupAnswer, error) {
	g := &r.group
	a := &groupAnswer{Group: groupNode{ID: g.ID, Name: g.Name, Description: g.Description, Kind: g.Kind, Visibility: g.Visibility, JoinPolicy: g.JoinPolicy,
		ArchivedAt: g.ArchivedAt, DeletesAt: g.DeletesAt, Version: g.Version, ViewerCan: []string{"LEAVE", "MUTE", "VIEW_MEMBERS"}, Roles: roles}}
	if len(r.areas) > 0 {
		a.Group.Area = &r.areas[0]
	}
	for i := range r.own {
		m := &r.own[i]
		a.Group.ViewerMembership = &ownMembership{m.ID, m.State, "ALL", m.Since, []heldRole{{Role: roles[0]}}}
	}
	a.Group.Memberships.TotalCount = g.MemberCount
	if err := r.answerMembers(&a.Group.Memberships.list); err != nil {
		return nil, err
	}
	if err := r.answerEvents(&a.Group.UpcomingEvents); err != nil {
		return nil, err
	}
	return a, r.answerNews(&a.Announcements)
}

func (r *groupRead) answerMembers(to *list[memberNode]) error {
	shown := r.members[:min(len(r.members), pageSize)]
	to.Edges = make([]edge[memberNode], len(shown))
	for i := range shown {
		m := &shown[i]
		names := make([]nameOfARole, 1+len(m.Roles))
		names[0].Role.Key = "MEMBER"
		for j := range m.Roles {
			names[j+1].Role.Key = m.Roles[j].Key
		}
		to.Edges[i].Node = memberNode{m.ID, m.Since, names, r.people[m.PersonID]}
	}
	if len(shown) == 0 {
		return nil
	}
	last := &shown[len(shown)-1]
	return to.end(len(r.members) > pageSize, "memberships", last.Since, last.ID)
}

func (r *groupRead) answerEvents(to *list[eventNode]) error {
	shown := r.events[:min(len(r.events), eventsOfAGroup)]
	to.Edges = make([]edge[eventNode], len(shown))
	for i := range shown {
		e := &shown[i]
		to.Edges[i].Node = eventNode{e.ID, e.Title, e.Place, r.dates[dateOf(e.ID)]}
	}
	if len(shown) == 0 {
		return nil
	}
	last := &shown[len(shown)-1]
	return to.end(len(r.events) > eventsOfAGroup, "events", last.StartsAt, last.ID)
}

func (r *groupRead) answerNews(to *list[newsNode]) error {
	shown := r.news[:min(len(r.news), newsOfAGroup)]
	to.Edges = make([]edge[newsNode], len(shown))
	for i := range shown {
		n := &shown[i]
		to.Edges[i].Node = newsNode{n.ID, n.Title[0].Text, n.Text[0].Text, n.SentAt, n.CorrectedAt, r.people[n.AuthorID]}
	}
	if len(shown) == 0 {
		return nil
	}
	last := &shown[len(shown)-1]
	return to.end(len(r.news) > newsOfAGroup, "announcements", last.ListedAt, last.ID)
}
