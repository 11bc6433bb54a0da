package announcement

import (
	"context"
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
	"faellesskab/internal/person"
	"faellesskab/internal/text"
)

// State is the state of an announcement.
type State string

// The states.
const (
	StatePending  State = "PENDING_APPROVAL"
	StateSent     State = "SENT"
	StateRejected State = "REJECTED"
	StateStopped  State = "STOPPED"
)

// IsValid reports whether it is one of them.
func (s State) IsValid() bool {
	switch s {
	case StatePending, StateSent, StateRejected, StateStopped:
		return true
	}
	return false
}

// Announcement is something said to a group, to areas, or to everybody.
type Announcement struct {
	ID        string     `bson:"_id"`
	GroupID   string     `bson:"groupId,omitempty"` // empty: the municipality speaks
	GroupName string     `bson:"groupName,omitempty"`
	AreaIDs   []string   `bson:"areaIds"` // empty: all
	Titles    i18n.Text  `bson:"title"`
	Texts     i18n.Text  `bson:"text"`
	State     State      `bson:"state"`
	AuthorID  string     `bson:"authorId"`
	Decided   Decisions  `bson:"decided"`           // the decisions since it was written
	Reason    *string    `bson:"reason,omitempty"`  // why it was rejected or stopped
	Listings  []string   `bson:"listings" json:"-"` // the lists it is in: see setListings
	CreatedAt time.Time  `bson:"createdAt"`
	SentAt    *time.Time `bson:"sentAt,omitempty"`
	// Kept is a copy of the report, made before the notifier removes it.
	Kept    *notify.Report `bson:"kept,omitempty" json:"-"`
	Version int            `bson:"version"`
	// MutationKey is a digest of the clientMutationId under which it was made. The id alone does not
	// tell, since it is a slot of the day that another announcement may have taken.
	MutationKey string `bson:"mutationKey,omitempty"`
	// Names are the people whom it names: see people.
	Names []string `bson:"names" json:"-"`

	outbox.Pending `bson:",inline"`

	standing *standing // the viewer's; nil: not found out yet
}

// Decisions say who decided what about an announcement, and when. Each has fields of its
// own, so that a later one does not overwrite an earlier one.
type Decisions struct {
	ApproverID string     `bson:"approverId,omitempty"`
	ApprovedAt *time.Time `bson:"approvedAt,omitempty"`
	RejecterID string     `bson:"rejecterId,omitempty"`
	RejectedAt *time.Time `bson:"rejectedAt,omitempty"`
	StopperID  string     `bson:"stopperId,omitempty"`
	StoppedAt  *time.Time `bson:"stoppedAt,omitempty"`
}

func (d *Decisions) note(action Action, personID string, at time.Time) {
	switch action {
	case ActionApprove:
		d.ApproverID, d.ApprovedAt = personID, &at
	case ActionReject:
		d.RejecterID, d.RejectedAt = personID, &at
	case ActionStop:
		d.StopperID, d.StoppedAt = personID, &at
	}
}

// Connection and Edge are a page of announcements.
type (
	Connection = page.Connection[*Announcement]
	Edge       = page.Edge[*Announcement]
)

// Title is the title in that language; in the viewer's if nil.
func (a *Announcement) Title(ctx context.Context, language *i18n.Language) string {
	return a.Titles.In(auth.LanguageOf(ctx, language))
}

// Text is the text in that language; in the viewer's if nil.
func (a *Announcement) Text(ctx context.Context, language *i18n.Language) string {
	return a.Texts.In(auth.LanguageOf(ctx, language))
}

// wasSent reports whether people have been told of it.
func (a *Announcement) wasSent() bool { return a.SentAt != nil }

// The lists of announcements, besides those of groups, which are named by the group's id.
const (
	listMunicipal = "municipality"
	listAll       = "all"
)

// listing is the name of the list of a scope's announcements in a state.
func listing(scope string, s State) string { return scope + "/" + string(s) }

// setListings names the lists the announcement is in: that of its group or of the
// municipality, and while it waits, that of everything that waits, for people with BROADCAST.
func (a *Announcement) setListings() {
	a.Listings = []string{listing(a.scope(), a.State)}
	if a.State == StatePending {
		a.Listings = append(a.Listings, listing(listAll, a.State))
	}
}

// scope is where the announcement is said: a group's id, or the municipality.
func (a *Announcement) scope() string {
	if a.GroupID != "" {
		return a.GroupID
	}
	return listMunicipal
}

// Action is what a viewer may do with an announcement.
type Action string

// The actions.
const (
	ActionApprove    Action = "APPROVE"
	ActionReject     Action = "REJECT"
	ActionStop       Action = "STOP"
	ActionViewReport Action = "VIEW_REPORT"
)

// standing is what a viewer is to an announcement.
type standing struct {
	isMember bool // may see what has been sent
	isStaff  bool // answers for it by office
	isAuthor bool // has written it, even if they may no longer see it
	mayPost  bool // may announce in the group
	// isOnItsWay says that there are still people to be told of it. It is only found out for
	// people who answer for it.
	isOnItsWay bool
}

// canSee reports whether the viewer may see it. People it is for see it once it has been
// sent. Before that, or if it was rejected, only people who answer for it see it.
func (st standing) canSee(a *Announcement) bool {
	return st.answers() || st.isMember && a.wasSent()
}

// answers reports whether the viewer answers for it. An author who has left a group that is
// not public no longer does, and does not see what they wrote.
func (st standing) answers() bool { return st.isStaff || st.mayPost || st.isAuthor && st.isMember }

// can are the actions that the server would accept.
func (st standing) can(a *Announcement) []Action {
	can := []Action{}
	switch {
	case !st.answers():
		return can
	case a.State == StatePending && a.AuthorID == "":
		can = append(can, ActionReject) // whoever approved it might have written it
	case a.State == StatePending && !st.isAuthor:
		can = append(can, ActionApprove, ActionReject)
	case a.State == StatePending:
		can = append(can, ActionReject) // an author takes it back by that
	case a.State == StateSent && st.isOnItsWay:
		can = append(can, ActionStop)
	}
	if a.wasSent() {
		can = append(can, ActionViewReport)
	}
	return can
}

func (st standing) allows(a *Announcement, action Action) bool {
	return slices.Contains(st.can(a), action)
}

// key is the key of the cause that tells people.
func (a *Announcement) key() string { return notify.Key(a.ID, "sent", "1") }

// audience is the audience of an announcement.
func (a *Announcement) audience() notify.AudienceOf {
	switch {
	case a.GroupID != "":
		return notify.AudienceOf{Kind: group.AudienceMembers, IDs: []string{a.GroupID}}
	case len(a.AreaIDs) > 0:
		return notify.AudienceOf{Kind: person.AudienceHomeArea, IDs: a.AreaIDs}
	}
	return notify.AudienceOf{Kind: person.AudienceEveryone, IDs: []string{}}
}

// cause is the news for the audience.
func (a *Announcement) cause() notify.Cause {
	c := notify.Cause{Key: a.key(), Kind: NoticeBroadcast, Subject: a.ID, GroupID: a.GroupID, Actor: a.AuthorID,
		Audiences: []notify.AudienceOf{a.audience()}, Data: map[string]string{}}
	for _, l := range i18n.Languages {
		c.Data["Title_"+string(l)] = a.Titles.In(l)
		c.Data["Text_"+string(l)] = text.Shorten(a.Texts.In(l), pushLength)
	}
	if a.GroupID != "" {
		c.Kind, c.Data["Group"] = NoticeToGroup, a.GroupName
	}
	return c
}

// pushLength is how many characters of the text a push holds. The app shows the whole text.
const pushLength = 180
