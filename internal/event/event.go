package event

import (
	"slices"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
	"faellesskab/internal/place"
	"faellesskab/internal/schedule"
)

// State is the state of an event, or of one of its dates.
type State string

// The states.
const (
	StateDraft     State = "DRAFT"
	StatePublished State = "PUBLISHED"
	StateCancelled State = "CANCELLED"
)

// isKnown reports whether this version of the program knows the state. An event in another
// state is shown to nobody and left as it is.
func (s State) isKnown() bool { return s.IsValid() }

// IsValid reports whether it is one of them.
func (s State) IsValid() bool {
	switch s {
	case StateDraft, StatePublished, StateCancelled:
		return true
	}
	return false
}

// Event is something a group does.
type Event struct {
	ID          string       `bson:"_id"`
	GroupID     string       `bson:"groupId"`
	Card        group.Card   `bson:"group"` // a copy of the group
	AreaID      string       `bson:"areaId,omitempty"`
	OpenTo      string       `bson:"openTo"` // the circle of people who may see it: see group.Everyone
	Title       string       `bson:"title"`
	Description string       `bson:"description"`
	State       State        `bson:"state"`
	Category    *Category    `bson:"category,omitempty"` // nil: none is chosen
	Place       *place.Place `bson:"place,omitempty"`
	// Date is the date of the event. Of a series it is what lists go by: the start of the next date, and the end of the last
	// that takes place, as they were when somebody last looked.
	schedule.Date `bson:",inline"`
	IsAllDay      bool                    `bson:"isAllDay,omitempty"`        // it begins and ends at midnight, and no clock is shown
	Series        *Series                 `bson:"series,omitempty" json:"-"` // nil: it happens once
	Capacity      *int                    `bson:"capacity,omitempty"`        // of each date; nil: no limit
	Terms         *booking.Terms          `bson:"signUp,omitempty"`          // of each date; nil: nothing was ever asked
	Offsets       []notify.ReminderOffset `bson:"offsets"`                   // the reminders'; nil: see Reminders
	CancelReason  *string                 `bson:"cancelReason,omitempty"`
	// CancelledAt is when the event was cancelled. Dates that were over by then have taken place.
	CancelledAt *time.Time `bson:"cancelledAt,omitempty" json:"-"`
	// PublishedAt is when it became public; nil: never. Cancelling an event neither hides
	// one that was public nor shows one that never was.
	PublishedAt *time.Time `bson:"publishedAt,omitempty"`
	OrganiserID string     `bson:"organiserId"`
	// CoOrganiserIDs are the members who may change this event besides those who may post in the group.
	CoOrganiserIDs []string `bson:"coOrganiserIds,omitempty"`
	// ContinuesID is the event from which this one took over dates, and ContinuedByID the one that took over dates from it;
	// empty: none.
	ContinuesID   string    `bson:"continuesId,omitempty"`
	ContinuedByID string    `bson:"continuedById,omitempty"`
	CreatedAt     time.Time `bson:"createdAt"`
	Version       int       `bson:"version"`
	// CoHosts are the other groups that host the event, or are asked to, by id.
	CoHosts map[string]CoHost `bson:"coHosts,omitempty" json:"-"`
	Hosting `bson:",inline"`
	// StartVersion is the version that has set the start; 0: it never moved.
	StartVersion int `bson:"startVersion,omitempty" json:"-"`

	outbox.Pending `bson:",inline"`

	// named and unnamed are the person whom the next write makes a co-organiser, or takes from them.
	named, unnamed string
	// rehosted is the group that the next write asks to host the event, has host it, or takes out.
	rehosted string
}

// Connection and Edge are a page of events.
type (
	Connection = page.Connection[*Event]
	Edge       = page.Edge[*Event]
)

func (e *Event) setGroup(g *group.Group) {
	e.GroupID, e.Card, e.AreaID, e.OpenTo = g.ID, g.Card(), g.AreaID, g.OpenTo()
}

// circlesOf are the circles to which a viewer belongs: everyone, and their groups.
func circlesOf(v auth.Viewer) []string { return append([]string{group.Everyone}, v.GroupIDs()...) }

// wasPublic reports whether the event has ever been published.
func (e *Event) wasPublic() bool { return e.PublishedAt != nil || e.State == StatePublished }

// CanSee reports whether the viewer may see the event at an instant. An event that was never
// published is only for its organisers.
func (e *Event) CanSee(v auth.Viewer, now time.Time) bool {
	if !e.State.isKnown() {
		return false // only a newer version knows the state
	}
	if !e.wasPublic() {
		return e.canPost(v, now) || e.answersFor(v, now)
	}
	return e.isPublic() || v.InGroup(e.GroupID) || e.isForOthers(v) || e.canPost(v, now) || e.answersFor(v, now)
}

// mayChange returns why the event can be neither edited nor cancelled: it is cancelled, or it was published
// and is over. A draft whose date has passed can be given another one.
func (e *Event) mayChange(now time.Time) error {
	switch {
	case e.State == StateCancelled:
		return fault.Conflict("event.cancelled")
	case e.State == StatePublished && e.IsOver(now):
		return fault.Conflict("event.over")
	}
	return nil
}

// Action is what a viewer may do with an event.
type Action string

// The actions.
const (
	ActionEdit    Action = "EDIT"
	ActionPublish Action = "PUBLISH"
	ActionCancel  Action = "CANCEL"
	ActionName    Action = "NAME_CO_ORGANISERS"
)

// Can are the actions that the server would accept from the viewer at an instant.
func (e *Event) Can(v auth.Viewer, now time.Time) []Action {
	can := []Action{}
	if e.canPost(v, now) {
		if e.mayChange(now) == nil {
			can = append(can, ActionEdit, ActionCancel)
			if e.mayPost(v, now) {
				can = append(can, ActionName)
			}
		}
		if !e.hasBegun(now) && e.State == StateDraft && !e.Card.IsArchived {
			can = append(can, ActionPublish)
		}
	}
	can = append(can, e.canHost(v, now)...)
	slices.Sort(can)
	return can
}
