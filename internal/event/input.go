package event

import (
	"strings"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/place"
	"faellesskab/internal/schedule"
	"faellesskab/internal/text"
)

const (
	maxGuests = booking.MaxGuests
	maxLength = 14 * 24 * time.Hour // by the clock on the wall
	// longest is what passes at most while an event lasts: no clock is put back by more.
	longest = maxLength + 24*time.Hour
)

// limits are those of a date that must start after an instant, or stay as it was.
func limits(after time.Time, kept schedule.Date) schedule.Limits {
	return schedule.Limits{After: after, Kept: kept, Longest: maxLength, TooLong: fault.Invalid("", "event.long")}
}

// Filter says which events to list.
type Filter struct {
	AreaID   *string
	GroupID  *string
	Category *Category
	From     *time.Time
	To       *time.Time
	State    *State
}

func (f *Filter) clean(now time.Time) error {
	var p fault.Problems
	if f.AreaID != nil {
		p.Add(id.Check("filter.areaId", id.Area, *f.AreaID))
	}
	if f.GroupID != nil {
		p.Add(id.Check("filter.groupId", id.Group, *f.GroupID))
	}
	isDraft := f.State != nil && *f.State == StateDraft
	if f.From == nil {
		if f.From = &now; isDraft {
			f.From = &time.Time{} // a draft whose date has passed can be given another one
		}
	}
	if f.To != nil && f.To.Before(*f.From) {
		p.Add(fault.Invalid("filter.to", "time.order"))
	}
	if f.State == nil {
		published := StatePublished
		f.State = &published
	}
	if isDraft && f.GroupID == nil {
		p.Add(fault.Invalid("filter.groupId", "event.drafts.group"))
	}
	return p.Err()
}

// listedFrom is the instant from which on an event is listed that ends after From: the next date of a series may lie before.
func (f *Filter) listedFrom(now time.Time) time.Time {
	if f.From.After(now) {
		return now
	}
	return *f.From
}

// CreateInput is a new event.
type CreateInput struct {
	ClientMutationID *string
	GroupID          string
	Title            string
	Description      *string
	StartsAt         clock.Local
	EndsAt           clock.Local
	TimeZone         clock.Zone
	IsAllDay         bool
	Recurrence       *schedule.RecurrenceInput
	Category         *Category
	Place            *place.Input
	Capacity         *int
	SignUp           *booking.TermsInput `json:",omitempty"`
	Reminders        []notify.ReminderOffset
}

// Clean checks everything about the input except that the start is still to come, and
// tidies its texts. Returns Problems.
func (in *CreateInput) Clean() (*Event, error) {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.groupId", id.Group, in.GroupID))
	wall := schedule.Wall{StartsAt: in.StartsAt, EndsAt: in.EndsAt, TimeZone: in.TimeZone}
	if in.IsAllDay {
		wall = wholeDays(wall)
	}
	e := &Event{Title: text.Clean(&p, "input.title", in.Title, text.Line), Category: in.Category, Place: in.Place.Clean(&p, "input.place"), IsAllDay: in.IsAllDay,
		Date: wall.Date(&p, "input", limits(time.Time{}, schedule.Date{})), Capacity: in.Capacity,
		Offsets: notify.TidyOffsets(in.Reminders)}
	if in.Description != nil {
		e.Description = text.Clean(&p, "input.description", *in.Description, text.Paragraph)
	}
	booking.CheckCapacity(&p, "input.capacity", in.Capacity)
	if in.Recurrence.Check(&p, "input.recurrence"); len(p) == 0 {
		e.Series = NewSeries(in.Recurrence.Clean(&p, "input.recurrence", wall), e.Date)
	}
	e.Terms = in.SignUp.Clean(&p, "input.signUp", booking.Asked{StartsAt: in.StartsAt, TimeZone: in.TimeZone, Capacity: in.Capacity})
	return e, p.Err()
}

// wholeDays are the days that a time by the clock on the wall touches, from midnight to midnight.
func wholeDays(w schedule.Wall) schedule.Wall {
	day := func(l clock.Local) clock.Local { return l[:strings.IndexByte(string(l), 'T')] + "T00:00:00" }
	start, end := day(w.StartsAt), day(w.EndsAt)
	if end != w.EndsAt || end == start {
		end = day(end.Plus(24 * time.Hour))
	}
	return schedule.Wall{StartsAt: start, EndsAt: end, TimeZone: w.TimeZone}
}

// UpdateInput changes an event. What is left out stays as it is.
type UpdateInput struct {
	ClientMutationID *string
	EventID          string
	ExpectedVersion  *int
	Title            optional.Edit[string]                `json:",omitzero"`
	Description      optional.Edit[string]                `json:",omitzero"` // null: none
	StartsAt         optional.Edit[clock.Local]           `json:",omitzero"`
	EndsAt           optional.Edit[clock.Local]           `json:",omitzero"`
	TimeZone         optional.Edit[clock.Zone]            `json:",omitzero"`
	IsAllDay         optional.Edit[bool]                  `json:",omitzero"`
	Category         optional.Edit[Category]              `json:",omitzero"` // null: none
	Place            optional.Edit[place.Input]           `json:",omitzero"` // null: none
	Capacity         optional.Edit[int]                   `json:",omitzero"` // null: no limit
	SignUp           optional.Edit[booking.TermsInput]    `json:",omitzero"` // null: nothing is asked
	Reminders        optional.List[notify.ReminderOffset] `json:",omitzero"` // null: the defaults
	// OccurrenceID, Scope, PlanToken and Recurrence are for events that happen again.
	OccurrenceID *string                   `json:",omitempty"`
	Scope        *EditScope                `json:",omitempty"`
	PlanToken    *string                   `json:",omitempty"`
	Recurrence   *schedule.RecurrenceInput `json:",omitempty"`
	// CancelsBooked says that dates for which people have signed up are cancelled if the series has them no longer.
	CancelsBooked bool `json:",omitempty"`
}

// Clean checks what can be checked without the event and tidies the texts.
// Returns Problems.
func (in *UpdateInput) Clean() error {
	p := checkEvent(in.ClientMutationID, in.EventID)
	if in.OccurrenceID != nil {
		p.Add(id.Check("input.occurrenceId", id.Occurrence, *in.OccurrenceID))
	}
	optional.Refuse(&p, "input.title", in.Title)
	optional.Refuse(&p, "input.startsAt", in.StartsAt)
	optional.Refuse(&p, "input.endsAt", in.EndsAt)
	optional.Refuse(&p, "input.timeZone", in.TimeZone)
	optional.Refuse(&p, "input.isAllDay", in.IsAllDay)
	in.Title = optional.Map(in.Title, func(s string) string { return text.Clean(&p, "input.title", s, text.Line) })
	in.Description = optional.Map(in.Description, func(s string) string { return text.Clean(&p, "input.description", s, text.Paragraph) })
	in.Place.Value().Clean(&p, "input.place")
	booking.CheckCapacity(&p, "input.capacity", in.Capacity.Value())
	in.SignUp.Value().Check(&p, "input.signUp")
	in.Recurrence.Check(&p, "input.recurrence")
	return p.Err()
}

// apply changes the event. A start that moves takes the end along, unless the input has an
// end too. Only a start that moves must lie ahead, and an end that has not come. Returns Problems for times that do not fit.
func (in *UpdateInput) apply(e *Event, now time.Time) error {
	var p fault.Problems
	optional.Set(&e.Title, in.Title)
	optional.Set(&e.Description, in.Description)
	optional.Put(&e.Capacity, in.Capacity)
	optional.Put(&e.Category, in.Category)
	if in.Place.IsSet() {
		e.Place = in.Place.Value().Clean(&p, "input.place")
	}
	if in.Reminders.IsSet() {
		e.Offsets = notify.TidyOffsets(in.Reminders.Value())
	}
	optional.Set(&e.IsAllDay, in.IsAllDay)
	if in.StartsAt.IsSet() || in.EndsAt.IsSet() || in.TimeZone.IsSet() || in.IsAllDay.IsSet() {
		wall := in.wall(e.Date)
		if e.IsAllDay {
			wall = wholeDays(wall)
		}
		e.Date = wall.Date(&p, "input", limits(now, e.Date))
	}
	if in.SignUp.IsSet() {
		e.setTerms(&p, in.SignUp.Value())
	} else if in.Capacity.IsSet() {
		e.Terms.CheckReserved(&p, "input.capacity", e.Capacity)
	}
	return p.Err()
}

// wall is the changed date by the clock on the wall.
func (in *UpdateInput) wall(d schedule.Date) schedule.Wall {
	start, zone := d.StartsAtLocal, d.TimeZone
	optional.Set(&zone, in.TimeZone)
	optional.Set(&start, in.StartsAt)
	w := d.StartingAt(start, zone)
	optional.Set(&w.EndsAt, in.EndsAt)
	return w
}

// PublishInput is a draft to be published.
type PublishInput struct {
	ClientMutationID *string
	EventID          string
	ExpectedVersion  *int
}

// Clean checks the input. Returns Problems.
func (in *PublishInput) Clean() error { return checkEvent(in.ClientMutationID, in.EventID).Err() }

// CancelInput is an event to be cancelled.
type CancelInput struct {
	ClientMutationID *string
	EventID          string
	Reason           *string
	ExpectedVersion  *int
}

// Clean checks the input and tidies its text. Returns Problems.
func (in *CancelInput) Clean() error {
	p := checkEvent(in.ClientMutationID, in.EventID)
	if in.Reason != nil {
		reason := text.Clean(&p, "input.reason", *in.Reason, text.Limits{Max: 500, Lines: true})
		in.Reason = &reason
	}
	return p.Err()
}

func checkEvent(key *string, eventID string) fault.Problems {
	var p fault.Problems
	p.Add(idempotency.CheckKey(key))
	p.Add(id.Check("input.eventId", id.Event, eventID))
	return p
}

func checkOccurrence(key *string, occurrenceID string) fault.Problems {
	var p fault.Problems
	p.Add(idempotency.CheckKey(key))
	p.Add(id.Check("input.occurrenceId", id.Occurrence, occurrenceID))
	return p
}
