package announcement

import (
	"cmp"
	"context"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
)

// State is the state of an announcement.
type State string

// The states.
const (
	StateDraft     State = "DRAFT"
	StatePending   State = "PENDING_APPROVAL"
	StateScheduled State = "SCHEDULED"
	StateSent      State = "SENT"
	StateRejected  State = "REJECTED"
	StateStopped   State = "STOPPED"
)

// IsValid reports whether it is one of them.
func (s State) IsValid() bool {
	switch s {
	case StateDraft, StatePending, StateScheduled, StateSent, StateRejected, StateStopped:
		return true
	}
	return false
}

// Announcement is something said to a group, to people with a booking, to areas, or to everybody.
type Announcement struct {
	ID        string    `bson:"_id"`
	GroupID   string    `bson:"groupId,omitempty"` // empty: it is not for a group
	GroupName string    `bson:"groupName,omitempty"`
	Bookable  *Bookable `bson:"bookable,omitempty"` // nil: it is not for people with a booking
	AreaIDs   []string  `bson:"areaIds"`            // empty: all
	IsUrgent  bool      `bson:"isUrgent,omitempty"`
	Titles    i18n.Text `bson:"title"`
	Texts     i18n.Text `bson:"text"`
	State     State     `bson:"state"`
	AuthorID  string    `bson:"authorId"`
	// FormerAuthorIDs are the people whose text it was before it went to a colleague with their work.
	FormerAuthorIDs []string   `bson:"formerAuthorIds,omitempty" json:"-"`
	Decided         Decisions  `bson:"decided"`           // the decisions since it was written
	Reason          *string    `bson:"reason,omitempty"`  // why it was rejected or stopped
	Listings        []string   `bson:"listings" json:"-"` // the lists it is in: see setListings
	ListedAt        time.Time  `bson:"listedAt" json:"-"` // its place in them
	CreatedAt       time.Time  `bson:"createdAt"`
	PublishAt       *time.Time `bson:"publishAt,omitempty"` // when it is to be sent; nil: at once
	SentAt          *time.Time `bson:"sentAt,omitempty"`
	// Proposed is a new text that waits for a second person.
	Proposed    *Correction `bson:"correction,omitempty"`
	CorrectedAt *time.Time  `bson:"correctedAt,omitempty"`
	Corrections int         `bson:"corrections,omitempty" json:"-"` // how often its text was replaced
	Asked       int         `bson:"asked,omitempty" json:"-"`       // how often a second person was asked for
	// Kept is a copy of the report, made before the notifier removes it.
	Kept    *notify.Report `bson:"kept,omitempty" json:"-"`
	Version int            `bson:"version"`
	// Slot is the author's slot that it takes: see slots. No other announcement has the same.
	Slot string `bson:"slot" json:"-"`
	// Names are the people whom it names: see people.
	Names []string `bson:"names" json:"-"`

	outbox.Pending `bson:",inline"`

	standing *standing // the viewer's; nil: not found out yet
}

// Bookable is the date of an event, or the course, to whose people it goes.
type Bookable struct {
	ID     string          `bson:"id"`
	Titles i18n.Text       `bson:"title"`
	States []booking.State `bson:"states"` // of the bookings of people to whom it goes
}

// Correction is a new text for an announcement that was sent.
type Correction struct {
	Titles   i18n.Text `bson:"title"`
	Texts    i18n.Text `bson:"text"`
	AuthorID string    `bson:"authorId,omitempty"`
	At       time.Time `bson:"at"`
}

// Title is the corrected title in that language; in the viewer's if nil.
func (c *Correction) Title(ctx context.Context, language *i18n.Language) string {
	return c.Titles.In(auth.LanguageOf(ctx, language))
}

// Text is the corrected text in that language; in the viewer's if nil.
func (c *Correction) Text(ctx context.Context, language *i18n.Language) string {
	return c.Texts.In(auth.LanguageOf(ctx, language))
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

// TitleTranslations are the title in all its languages.
func (a *Announcement) TitleTranslations() []i18n.Translation { return a.Titles }

// TextTranslations are the text in all its languages.
func (a *Announcement) TextTranslations() []i18n.Translation { return a.Texts }

// OccurrenceID is the date of an event to whose people it goes; empty if there is none.
func (a *Announcement) OccurrenceID() string { return a.bookableOf(id.Occurrence) }

// CourseID is the course to whose people it goes; empty if there is none.
func (a *Announcement) CourseID() string { return a.bookableOf(id.Course) }

func (a *Announcement) bookableOf(prefix string) string {
	if a.Bookable == nil || id.Prefix(a.Bookable.ID) != prefix {
		return ""
	}
	return a.Bookable.ID
}

// BookingStates are those of the people to whom it goes, if they have a booking.
func (a *Announcement) BookingStates() []booking.State {
	if a.Bookable == nil {
		return []booking.State{}
	}
	return a.Bookable.States
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
// municipality, and while it or its correction waits, that of everything that waits, for people with
// BROADCAST. It stands there by when it was sent or is to be, so that a draft of last month that goes out
// today is today's news.
func (a *Announcement) setListings() {
	a.ListedAt = a.CreatedAt
	if at := cmp.Or(a.SentAt, a.PublishAt); at != nil {
		a.ListedAt = *at
	}
	a.Listings = []string{listing(a.scope(), a.State)}
	if a.waits() {
		a.Listings = append(a.Listings, listing(listAll, StatePending))
		if a.State != StatePending {
			a.Listings = append(a.Listings, listing(a.scope(), StatePending))
		}
	}
}

// scope is where the announcement is said: the id of a group or of something that is booked, or the
// municipality.
func (a *Announcement) scope() string {
	switch {
	case a.GroupID != "":
		return a.GroupID
	case a.Bookable != nil:
		return a.Bookable.ID
	}
	return listMunicipal
}

// isMunicipal reports whether the municipality speaks to areas or to everybody.
func (a *Announcement) isMunicipal() bool { return a.scope() == listMunicipal }

// waits reports whether it, or its correction, waits for a second person.
func (a *Announcement) waits() bool {
	return a.State == StatePending || a.State == StateSent && a.Proposed != nil
}

// heading is the title that is said: as a second person would approve it.
func (a *Announcement) heading() i18n.Text {
	if a.Proposed != nil {
		return a.Proposed.Titles
	}
	return a.Titles
}
