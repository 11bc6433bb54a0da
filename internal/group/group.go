package group

import (
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
)

// Kind is the kind of a group, which says who meets in it.
type Kind string

// The kinds.
const (
	KindLokalforum     Kind = "LOKALFORUM"
	KindHousing        Kind = "HOUSING"
	KindParents        Kind = "PARENTS"
	KindAssociation    Kind = "ASSOCIATION"
	KindActivityCentre Kind = "ACTIVITY_CENTRE"
	KindCommittee      Kind = "COMMITTEE"
)

// IsValid reports whether it is one of them.
func (k Kind) IsValid() bool {
	switch k {
	case KindLokalforum, KindHousing, KindParents, KindAssociation, KindActivityCentre, KindCommittee:
		return true
	}
	return false
}

// isMunicipal reports whether the municipality starts and supports groups of this kind.
func (k Kind) isMunicipal() bool { return k == KindLokalforum || k == KindCommittee }

// Visibility says who may know of a group and see what it does.
type Visibility string

// The visibilities.
const (
	VisibilityPublic  Visibility = "PUBLIC"
	VisibilityMembers Visibility = "MEMBERS"
	VisibilityHidden  Visibility = "HIDDEN"

	// visibilityNone is that of a group that was deleted: nobody knows of it.
	visibilityNone Visibility = "NONE"
)

// IsValid reports whether it is one of them.
func (v Visibility) IsValid() bool {
	switch v {
	case VisibilityPublic, VisibilityMembers, VisibilityHidden:
		return true
	}
	return false
}

// IsHidden reports whether outsiders may not know of the group. A visibility that only a
// newer version of the program knows counts as hidden, since it may mean that.
func (v Visibility) IsHidden() bool { return v != VisibilityPublic && v != VisibilityMembers }

// JoinPolicy says how people become members.
type JoinPolicy string

// The join policies.
const (
	JoinOpen   JoinPolicy = "OPEN"
	JoinAsk    JoinPolicy = "ASK"
	JoinInvite JoinPolicy = "INVITE"
)

// IsValid reports whether it is one of them.
func (p JoinPolicy) IsValid() bool {
	switch p {
	case JoinOpen, JoinAsk, JoinInvite:
		return true
	}
	return false
}

// Everyone is the circle of things that everyone may see. Any other circle is the id of
// the group whose members may see a thing.
const Everyone = "*"

// Group is a group of people, with what the schema shows of it.
type Group struct {
	ID          string     `bson:"_id"`
	Name        string     `bson:"name"`
	SortName    string     `bson:"sortName" json:"-"`
	NameKey     string     `bson:"nameKey" json:"-"` // the name as a hurried reader sees it: see text.Skeleton
	Renamed     *Renamed   `bson:"renamed,omitempty" json:"-"`
	Description string     `bson:"description"`
	Kind        Kind       `bson:"kind"`
	AreaID      string     `bson:"areaId,omitempty"`
	Visibility  Visibility `bson:"visibility"`
	JoinPolicy  JoinPolicy `bson:"joinPolicy"`
	// Listing says who may know of the group: Everyone, or the group's own id for its
	// members.
	Listing   string   `bson:"listing" json:"-"`
	Facets    []string `bson:"facets" json:"-"` // the terms by which it is found: words, area, kind
	LeaderIDs []string `bson:"leaderIds"`       // the people who lead; memberships are brought in line with it
	// Naming has the new leaders whose memberships do not say so yet: the person's id,
	// and the write that has named them. LeadersVersion counts the changes of leaders.
	Naming         map[string]string `bson:"naming,omitempty" json:"-"`
	LeadersVersion int               `bson:"leadersVersion" json:"-"`
	// OwnRoles are the roles that the group has added, by key, and RolesVersion counts
	// their changes.
	OwnRoles     map[string]OwnRole `bson:"roles,omitempty"`
	RolesVersion int                `bson:"rolesVersion" json:"-"`
	// InviteLostAsOf is the version of the roles as of which one last ceased to allow to
	// invite; zero: none has.
	InviteLostAsOf int `bson:"inviteLostAsOf,omitempty" json:"-"`
	// Revoking has what was revoked and is not in the links yet: the write that has revoked it, and
	// a link, or nothing for all that there were.
	Revoking    map[string]revocation `bson:"revoking,omitempty" json:"-"`
	MemberCount int                   `bson:"memberCount"`
	// CountVersion counts the changes of MemberCount, so that a repair that comes late changes
	// nothing.
	CountVersion int `bson:"countVersion" json:"-"`
	// Counted marks the recent changes of the count.
	Counted outbox.Marks `bson:"counted,omitempty" json:"-"`
	// ArchivedAt is when the group was closed; nil: it is open. DeletesAt is when it is deleted, unless it is
	// brought back before; nil: it stays.
	ArchivedAt *time.Time `bson:"archivedAt,omitempty"`
	DeletesAt  *time.Time `bson:"deletesAt,omitempty"`
	CreatedAt  time.Time  `bson:"createdAt"`
	Version    int        `bson:"version"`

	outbox.Pending `bson:",inline"`

	// isGone says that the viewer may not know of the group any more, and that this is what they knew.
	isGone bool
}

// Connection and Edge are a page of groups.
type (
	Connection = page.Connection[*Group]
	Edge       = page.Edge[*Group]
)

// CanSee reports whether the viewer may know at an instant that the group exists. Invited
// people may, since they must see what they are invited to, and so may people who answer
// for it by office.
func (g *Group) CanSee(v auth.Viewer, now time.Time) bool {
	if g.isDeleted(now) {
		return false
	}
	return !g.isHidden() || v.InGroup(g.ID) || v.IsInvitedTo(g.ID) || g.staffReaches(v, now)
}

func (g *Group) isHidden() bool { return g.Visibility.IsHidden() }

// CanSeeContent reports whether the viewer may see what the group does.
func (g *Group) CanSeeContent(v auth.Viewer) bool {
	return g.Visibility == VisibilityPublic || v.InGroup(g.ID)
}

// OpenTo is the circle of people who may see what the group does: Everyone, or the
// group's own id for its members.
func (g *Group) OpenTo() string {
	if g.Visibility == VisibilityPublic {
		return Everyone
	}
	return g.ID
}

func (g *Group) hasLeader(personID string) bool { return slices.Contains(g.LeaderIDs, personID) }

// Card is the copy of a group that its events keep: enough to show it, and to
// decide what a viewer may do, without reading the group.
type Card struct {
	ID         string     `bson:"id"`
	Name       string     `bson:"name"`
	Renamed    *Renamed   `bson:"renamed,omitempty"`
	Kind       Kind       `bson:"kind"`
	AreaID     string     `bson:"areaId,omitempty"`
	Visibility Visibility `bson:"visibility"`
	// IsArchived says that nothing is published in the group any more.
	IsArchived bool `bson:"archived,omitempty"`
	Version    int  `bson:"version"`
}

// Card is the group's card.
func (g *Group) Card() Card {
	return Card{ID: g.ID, Name: g.Name, Renamed: g.Renamed, Kind: g.Kind, AreaID: g.AreaID, Visibility: g.Visibility, IsArchived: g.isArchived(), Version: g.Version}
}

// Renamed says what a group was called before its last name, and since when it has that. Nobody is told of a
// new name, so news of the next minutes says the one that people know.
type Renamed struct {
	From string    `bson:"from"`
	At   time.Time `bson:"at"`
}

// nameSettles is how long after it was renamed a group is called what it was called before.
const nameSettles = 2 * time.Minute

// rename notes that the group had another name until now, if it had. Of several names within the same
// minutes people know only the first.
func (g *Group) rename(from Card, now time.Time) {
	if g.Name != from.Name {
		g.Renamed = &Renamed{From: from.KnownName(now), At: now}
	}
}

// KnownName is what people know the group by.
func (c Card) KnownName(now time.Time) string {
	if c.Renamed != nil && now.Before(c.Renamed.At.Add(nameSettles)) {
		return c.Renamed.From
	}
	return c.Name
}

// CardFields are the schema's fields of a group that its card can answer.
var CardFields = []string{"__typename", "id", "name", "kind", "visibility"}

// Group is a group with only the fields that the card knows, which are CardFields.
func (c Card) Group() *Group {
	return &Group{ID: c.ID, Name: c.Name, Kind: c.Kind, AreaID: c.AreaID, Visibility: c.Visibility, Version: c.Version}
}
