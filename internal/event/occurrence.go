package event

import (
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
	"faellesskab/internal/place"
	"faellesskab/internal/schedule"
)

// Own is something of a date that stands by itself: it stays when the event is changed.
type Own string

// What can stand by itself.
const (
	OwnTime     Own = "TIME"
	OwnTitle    Own = "TITLE"
	OwnPlace    Own = "PLACE"
	OwnCapacity Own = "CAPACITY"
	OwnSignUp   Own = "SIGN_UP"
	OwnState    Own = "STATE" // the date was cancelled, and not the event
)

// Occurrence is one date of an event: what people attend.
type Occurrence struct {
	ID      string `bson:"_id"`
	EventID string `bson:"eventId"`
	GroupID string `bson:"groupId"`
	OpenTo  string `bson:"openTo"`
	State   State  `bson:"state"`
	// Title, Place and Words are copies of the event's, as of the version Synced, and Card and Facets
	// come from its group, so that a list of dates reads nothing else.
	Title         string       `bson:"title"`
	Place         *place.Place `bson:"place,omitempty"`
	Words         []string     `bson:"words" json:"-"` // the terms by which it is found
	Card          group.Card   `bson:"group"`
	Hosting       `bson:",inline"`
	Facets        []string `bson:"facets" json:"-"` // its area, group and kind of group: see facetsOf
	schedule.Date `bson:",inline"`
	IsAllDay      bool `bson:"isAllDay,omitempty"`
	booking.Seats `bson:",inline"`
	// Slot is the start that the rule of a series gives the date, by the clock on the wall, also when it was moved; empty
	// if the event happens once.
	Slot clock.Local `bson:"slot,omitempty" json:"-"`
	// Thread is the event whose mute holds for news of the date; empty: its event.
	Thread string `bson:"thread,omitempty" json:"-"`
	// Own is what was changed at this date alone, and OwnVersion the version of the event that has done so.
	Own        []Own `bson:"own,omitempty" json:"-"`
	OwnVersion int   `bson:"ownVersion,omitempty" json:"-"`
	// OwnTerms is what is asked of those who sign up for this date alone.
	OwnTerms *booking.Terms `bson:"ownSignUp,omitempty" json:"-"`
	// CancelReason is why the date, or the whole event, was cancelled.
	CancelReason *string `bson:"cancelReason,omitempty"`
	// Sequence counts how often calendars had to change the date: its time, its place, and whether it takes place. ChangedAt
	// is when anything of it was last changed.
	Sequence  int       `bson:"sequence,omitempty" json:"-"`
	ChangedAt time.Time `bson:"changedAt,omitempty" json:"-"`
	// Settled is the version of the event which bookings follow.
	Settled int `bson:"settled,omitempty" json:"-"`
	// Text is a digest of the event's description, and Telling how far people have been told of changes.
	Text    string           `bson:"text,omitempty" json:"-"`
	Telling schedule.Telling `bson:"telling" json:"-"`
	// Synced is the version of the event that the date follows, and GroupVersion the
	// version of the group from which OpenTo comes.
	Synced       int       `bson:"synced"`
	GroupVersion int       `bson:"groupVersion"`
	CreatedAt    time.Time `bson:"createdAt"`

	outbox.Pending `bson:",inline"`

	// isAsked says that somebody waits for the organiser to let them come; see Service.datesOf.
	isAsked bool
}

// Attendance is one person's booking of one date.
type Attendance struct{ *booking.Booking }

func attendance(b *booking.Booking) *Attendance { return &Attendance{b} }

// Pages of occurrences and attendances.
type (
	OccurrenceConnection = page.Connection[*Occurrence]
	OccurrenceEdge       = page.Edge[*Occurrence]
	AttendanceConnection = page.Connection[*Attendance]
	AttendanceEdge       = page.Edge[*Attendance]
)

// occurrenceID is the id of an event's only date.
func occurrenceID(eventID string) string { return id.Derive(id.Occurrence, eventID, "0") }

// NewOccurrence is the only date of an event, to which nobody comes yet.
func NewOccurrence(e *Event) *Occurrence {
	return &Occurrence{ID: occurrenceID(e.ID), EventID: e.ID, GroupID: e.GroupID, OpenTo: e.OpenTo, State: e.State,
		Title: e.Title, Place: e.Place, Words: e.terms(), Text: e.digest(), Card: e.Card, Facets: e.facets(), Hosting: e.Hosting, Date: e.Date, IsAllDay: e.IsAllDay, Seats: booking.NewSeats(e.Capacity).With(e.termsOf(e.Date)),
		Synced: e.Version, Settled: e.Version, GroupVersion: e.Card.Version, CreatedAt: e.CreatedAt, ChangedAt: e.CreatedAt}
}

// stands reports whether something of the date stands by itself.
func (o *Occurrence) stands(what Own) bool { return slices.Contains(o.Own, what) }

// isOff reports whether the date was cancelled by itself.
func (o *Occurrence) isOff() bool { return o.stands(OwnState) }

// isOpenTo reports whether the viewer may see the date by the date alone. For other viewers
// the event must be asked: it knows whether a cancelled date was ever public, and who may
// post.
func (o *Occurrence) isOpenTo(v auth.Viewer) bool {
	return o.State == StatePublished && (o.OpenTo == group.Everyone || v.InGroup(o.GroupID) || slices.ContainsFunc(o.CoGroupIDs, v.InGroup))
}

// OccurrenceAction is what a viewer may do with one date.
type OccurrenceAction string

// The actions.
const (
	ActionAttend           OccurrenceAction = "ATTEND"
	ActionUpdateAttendance OccurrenceAction = "UPDATE_ATTENDANCE"
	ActionViewAttendances  OccurrenceAction = "VIEW_ATTENDANCES"
	ActionMessage          OccurrenceAction = "MESSAGE"
	ActionSaveMinutes      OccurrenceAction = "SAVE_MINUTES"
	ActionCancelDate       OccurrenceAction = "CANCEL"
	ActionRestore          OccurrenceAction = "RESTORE"
	ActionSignUpByHand     OccurrenceAction = "SIGN_UP_BY_HAND"
	ActionCheckIn          OccurrenceAction = "CHECK_IN"
	ActionCloseAttendance  OccurrenceAction = "CLOSE_ATTENDANCE"
)

// Can are the actions that the server would accept from the viewer at an instant on the date
// of this event, which is nil if they may not see it; own is their own booking of it, or nil.
func (o *Occurrence) Can(v auth.Viewer, e *Event, own booking.View, now time.Time) []OccurrenceAction {
	can := []OccurrenceAction{}
	if !v.IsAnonymous() && mayTakePart(v, o.bookable()) {
		if booking.CanSignUp(string(o.State), o.StartsAt, o.Seats, own, now) {
			can = append(can, ActionAttend)
		}
		if booking.CanResize(string(o.State), o.StartsAt, own, now) {
			can = append(can, ActionUpdateAttendance)
		}
	}
	if e.canShowAttendances(v, now) {
		can = append(can, ActionViewAttendances)
	}
	if e != nil && e.CanSee(v, now) && e.canCheckIn(v, now) {
		can = append(can, o.canAtTheDoor(now)...)
	}
	if e != nil && e.CanSee(v, now) && e.canPost(v, now) {
		can = append(can, o.organiserCan(e, now)...)
	}
	return can
}

// organiserCan are those of people who may post events in the group.
func (o *Occurrence) organiserCan(e *Event, now time.Time) []OccurrenceAction {
	can := []OccurrenceAction{ActionMessage}
	if o.mayReport(now) == nil {
		can = append(can, ActionSaveMinutes)
	}
	if booking.CanSignUpByHand(string(o.State), o.End(), o.Seats, now) {
		can = append(can, ActionSignUpByHand)
	}
	if e.mayChange(now) != nil {
		return can
	}
	if o.mayCancel(now) == nil {
		can = append(can, ActionCancelDate)
	}
	if o.mayRestore(now) == nil {
		can = append(can, ActionRestore)
	}
	return can
}

// canAtTheDoor are the actions of those who let people in.
func (o *Occurrence) canAtTheDoor(now time.Time) []OccurrenceAction {
	var can []OccurrenceAction
	if o.State == StatePublished && o.door().IsOpenAt(now) {
		can = append(can, ActionCheckIn)
	}
	if o.State == StatePublished && !o.StartsAt.After(now) {
		can = append(can, ActionCloseAttendance)
	}
	return can
}

// door is when people are let in.
func (o *Occurrence) door() booking.DoorPart { return booking.DoorPart{Start: o.Start(), End: o.End()} }

func (e *Event) canShowAttendances(v auth.Viewer, now time.Time) bool {
	return e != nil && e.CanSee(v, now) && (e.canCheckIn(v, now) || e.canSeePeople(v, now))
}

// canCheckIn reports whether a viewer who may see the event stands at its door.
func (e *Event) canCheckIn(v auth.Viewer, now time.Time) bool {
	return e.canPost(v, now) || e.Card.Group().Allows(v, group.CheckIn, now)
}
