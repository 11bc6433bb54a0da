package inbox

import (
	"slices"
	"strings"
	"time"

	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
)

// Notice is one entry of a person's inbox, with the decision that was made about
// it. Its id is "<personID>:<key of the cause>".
type Notice struct {
	ID           string            `bson:"_id"`
	PersonID     string            `bson:"personId"`
	Kind         notify.Kind       `bson:"kind"`
	SubjectID    string            `bson:"subject"`
	GroupID      string            `bson:"groupId,omitempty"`
	MembersOnly  bool              `bson:"membersOnly,omitempty"`
	ExpiresAt    *time.Time        `bson:"expiresAt,omitempty"`
	Args         notify.Args       `bson:"args,omitempty" json:"-"`
	Words        map[string]string `bson:"data"`
	Reasons      []notify.Reason   `bson:"reasons"`
	About        string            `bson:"about,omitempty" json:"-"` // the person whom it tells the reader of, if that is another
	Channel      notify.Channel    `bson:"channel"`
	Rule         notify.Rule       `bson:"rule"`
	FirstChannel notify.Channel    `bson:"firstChannel"` // the first decision
	FirstRule    notify.Rule       `bson:"firstRule"`
	Hidden       bool              `bson:"hidden"` // dropped: recorded, but not shown
	Cause        string            `bson:"cause"`  // the key of its cause
	OpenedAt     *time.Time        `bson:"openedAt,omitempty"`
	Chunk        string            `bson:"chunk"` // the page of the audience that made it
	CreatedAt    time.Time         `bson:"createdAt"`
	HoldUntil    *time.Time        `bson:"holdUntil,omitempty"` // for a push that waits: the end of the quiet hours
	Unread       bool              `bson:"unread"`
	ReadAt       *time.Time        `bson:"readAt,omitempty"`
	Snoozed      *Snoozing         `bson:"snoozed,omitempty"` // nil: it is not put off
	// SummaryIn is the key of the summary that has taken the notice, or SummaryDue as
	// long as none has. SummaryAt is the instant of the summary that is to hold it, and
	// SummaryFor its reader once more. Only notices for a summary have the three fields,
	// so that their index holds no others.
	SummaryIn  string     `bson:"summaryIn,omitempty"`
	SummaryFor string     `bson:"summaryFor,omitempty"`
	SummaryAt  *time.Time `bson:"summaryAt,omitempty"`
	// Opened is the key of its cause once it has been opened, for an index that holds no
	// others.
	Opened string `bson:"opened,omitempty"`
	// Acted is the same once a button of its push has answered it, and Dismissed once its push was swiped away, as
	// long as it has not been opened.
	Acted     string `bson:"acted,omitempty"`
	Dismissed string `bson:"dismissed,omitempty"`
	// Items are the notices that a summary sums up.
	Items []string `bson:"items,omitempty"`

	// Now is how it stands with news that is no longer true, as found out for somebody who looks; see
	// notify.SubjectState.Now.
	Now string `bson:"-" json:"-"`

	outbox.Pending `bson:",inline"`
}

// Connection and Edge are a page of notices.
type (
	Connection = page.Connection[*Notice]
	Edge       = page.Edge[*Notice]
)

// SummaryDue is in place of a summary's key for a notice that no summary has taken yet.
const SummaryDue = "due"

// SumUpAt lets the summary of an instant hold the notice.
func (n *Notice) SumUpAt(at time.Time) {
	n.SummaryIn, n.SummaryFor, n.SummaryAt = SummaryDue, n.PersonID, &at
}

// NoticeID is the id of the notice that a person gets of a cause.
func NoticeID(personID, key string) string { return personID + ":" + key }

// causeOf is the key of the cause of a notice.
func causeOf(noticeID string) string {
	_, key, _ := strings.Cut(noticeID, ":")
	return key
}

// readerOf is the person whose notice it is. It needs only the id, because the bus and
// change streams report no more.
func readerOf(noticeID string) string {
	personID, _, _ := strings.Cut(noticeID, ":")
	return personID
}

// IsNoticeID reports whether s has the form of a notice's id.
func IsNoticeID(s string) bool {
	owner, key, _ := id.Split(s)
	return id.Prefix(owner) == id.Person && id.IsKey(key)
}

// dependsOn are ids of the documents by which it may cease to need attention, or need it again: what it
// is about, what the reasons are about, and the memberships and bookings of its reader and of whom it tells.
func (n *Notice) dependsOn() []string {
	ids := []string{n.SubjectID, n.GroupID}
	for _, why := range n.Reasons {
		ids = append(ids, why.Subject)
	}
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(docID string) bool { return docID == "" })
	for _, docID := range slices.Clone(ids) {
		ids = append(ids, id.Pair(docID, n.PersonID))
		if n.About != "" {
			ids = append(ids, id.Pair(docID, n.About))
		}
	}
	return ids
}

// In is the notice's title and text for a reader.
func (n *Notice) In(r i18n.Reader) (title, body string) { return n.TitleFor(r), n.BodyFor(r) }

// TitleFor is the notice's title for a reader.
func (n *Notice) TitleFor(r i18n.Reader) string { return notify.Title(n.Kind, n.Words, r) }

// BodyFor is the notice's text for a reader. The text of news that is no longer true says how it stands.
func (n *Notice) BodyFor(r i18n.Reader) string {
	if n.Now != "" {
		return i18n.Translate(r.Language, "notice.now."+n.Now, nil)
	}
	return notify.Body(n.Kind, n.Words, r)
}

// maxWhy is how many reasons for a notice are shown.
const maxWhy = 20

// Why are the reasons for the notice, each once; at least one, and at most 20. Places at several dates
// are one: they are told, and stopped, by what the notice is about.
func (n *Notice) Why() []notify.Why {
	list, said := make([]notify.Why, 0, len(n.Reasons)), map[string]bool{}
	for _, r := range n.Reasons {
		key := r.Key()
		if r.Kind == notify.ReasonBooking {
			key = string(r.Kind)
		}
		if r.IsKnown() && !said[key] && len(list) < maxWhy {
			said[key] = true
			list = append(list, r.Why(n.SubjectID, n.Words))
		}
	}
	if len(list) == 0 {
		list = append(list, notify.Reason{Kind: notify.ReasonAsked}.Why(n.SubjectID, n.Words))
	}
	return list
}

// maxListed is how many notices a summary lists.
const maxListed = 50

// Listed are the ids of the notices that a summary sums up, the oldest first, at most
// 50.
func (n *Notice) Listed() []string { return n.Items[:min(len(n.Items), maxListed)] }
