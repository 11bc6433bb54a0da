package event

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/clock"
	"faellesskab/internal/id"
	"faellesskab/internal/schedule"
)

// monthsMade is how many months ahead the dates of a series are made.
const monthsMade = 13

// Series is what an event has that happens again and again. Its dates are made when they come near.
type Series struct {
	// Recurrence says on which dates, and First is the date with which its rule begins, whether or not it takes place.
	schedule.Recurrence `bson:",inline"`
	First               schedule.Date `bson:"first"`
	// ID is the id of the first event of the chain: of this one, unless it continues another. The ids of dates come from it.
	ID string `bson:"id"`
	// Placed are dates that get another slot by the last change of the plan, until they have it, and CutAt is the slot from
	// which on dates belong to the event that continues this one; empty: none does.
	Placed []Placed    `bson:"placed,omitempty"`
	CutAt  clock.Local `bson:"cutAt,omitempty"`
	// Ended are dates that the last change of the plan cancels, until they are, and Following is the event that continues
	// this one, until it is written and has its dates.
	Ended     []string `bson:"ended,omitempty"`
	Following *Event   `bson:"following,omitempty"`
	// BeginsAt is the start of the first date, and EndsAt the end of the last, also of one that is not made yet or does not
	// take place. They and the ids are as the dates were when somebody last looked.
	BeginsAt time.Time `bson:"beginsAt"`
	EndsAt   time.Time `bson:"endsAt"`
	// FirstIDs are the first dates, and NextIDs the first that take place and were not over; both up to listedDates.
	FirstIDs []string `bson:"firstIds,omitempty"`
	NextIDs  []string `bson:"nextIds,omitempty"`
	// Looks counts how often somebody has looked, so that whoever was asleep meanwhile writes nothing.
	Looks int `bson:"looks"`
	// DueAt is when somebody has to look again: the next date is over then, or another one is to be made; nil: never.
	DueAt *time.Time `bson:"dueAt,omitempty"`
}

// Placed is a date that gets a slot.
type Placed struct {
	ID   string      `bson:"id"`
	Slot clock.Local `bson:"slot"`
}

// listedDates is how many dates a list of events can show of each: a page, and one more that says that there are more.
const listedDates = 21

// NewSeries is the series that begins with a date; nil if there is no recurrence.
func NewSeries(r *schedule.Recurrence, first schedule.Date) *Series {
	if r == nil {
		return nil
	}
	return &Series{Recurrence: *r, First: first}
}

// Recurrence says on which dates the event happens again; nil if it happens once.
func (e *Event) Recurrence() *schedule.Recurrence {
	if e.Series == nil {
		return nil
	}
	return &e.Series.Recurrence
}

// ThreadID is the id of the event from which this one continues; its own if it continues none. A mute of the one
// holds for the other.
func (e *Event) ThreadID() string {
	if e.Series == nil {
		return e.ID
	}
	return cmp.Or(e.Series.ID, e.ID)
}

// firstDate is the date from which the times of sign-up were set.
func (e *Event) firstDate() schedule.Date {
	if e.Series == nil {
		return e.Date
	}
	return e.Series.First
}

// BeginsAt is the start of the event's first date.
func (e *Event) BeginsAt() time.Time {
	if e.Series == nil {
		return e.StartsAt
	}
	return e.Series.BeginsAt
}

// LastsUntil is the end of the event's last date.
func (e *Event) LastsUntil() time.Time {
	if e.Series == nil {
		return e.EndsAt
	}
	return e.Series.EndsAt
}

// IsOver reports whether all dates of the event have ended at an instant.
func (e *Event) IsOver(at time.Time) bool { return !e.LastsUntil().After(at) }

// hasBegun reports whether none of its dates is to come at an instant.
func (e *Event) hasBegun(at time.Time) bool {
	if e.Series == nil {
		return !e.StartsAt.After(at)
	}
	slots := e.Series.slots()
	return len(slots) == 0 || !e.Series.at(slots[len(slots)-1]).StartsAt.After(at)
}

// slots are the starts of all dates by the clock on the wall, in order.
func (s *Series) slots() []clock.Local { return s.Slots(s.First.StartsAtLocal, s.First.TimeZone) }

// at is the date of a slot, as long as the first one by the clock on the wall.
func (s *Series) at(slot clock.Local) schedule.Date {
	w := s.First.StartingAt(slot, s.First.TimeZone)
	d := schedule.Date{StartsAtLocal: w.StartsAt, EndsAtLocal: w.EndsAt, TimeZone: w.TimeZone}
	d.StartsAt, _ = w.StartsAt.In(w.TimeZone) // slots that the clock skips are none
	d.EndsAt, _ = w.EndsAt.In(w.TimeZone)     // and so are ends
	return d
}

// dateOf is the date of a slot; the only one of an event that happens once.
func (e *Event) dateOf(slot clock.Local) schedule.Date {
	if e.Series == nil {
		return e.Date
	}
	return e.Series.at(slot)
}

// horizon is the instant up to which dates that start then or before are made at an instant. A series that begins behind it
// has the dates of its first months.
func (s *Series) horizon(at time.Time) time.Time {
	zone := s.First.TimeZone
	if ahead := months(zone.At(at), monthsMade); !s.First.StartsAt.After(ahead) {
		return ahead
	}
	return months(zone.At(s.First.StartsAt), monthsMade)
}

// months is a time so many months later by the clock on the wall, or on the last day of a month that is too short.
func months(t time.Time, n int) time.Time {
	to := t.AddDate(0, n, 0)
	if to.Day() != t.Day() {
		to = to.AddDate(0, 0, -to.Day())
	}
	return to
}

// growsAt is when the date of a slot that lies behind the horizon is made. The end of a month may come before its time.
func (s *Series) growsAt(slot clock.Local, now time.Time) *time.Time {
	at := months(s.First.TimeZone.At(s.at(slot).StartsAt), -monthsMade)
	if soon := now.Add(time.Hour); at.Before(soon) {
		at = soon
	}
	at = clock.Ceil(at).UTC()
	return &at
}

// slotID is the id of the date of a slot. If another date has it, which had the slot once, it is the one of the next round.
func (e *Event) slotID(slot clock.Local, round int) string {
	names := []string{e.ThreadID(), string(slot)}
	if round > 0 {
		names = append(names, strconv.Itoa(round))
	}
	return id.Derive(id.Occurrence, names...)
}

// FirstDates are the dates that a new event has, of a series those that are made at an instant.
func (e *Event) FirstDates(now time.Time) []*Occurrence {
	if e.Series == nil {
		return []*Occurrence{NewOccurrence(e)}
	}
	var dates []*Occurrence
	for _, slot := range e.Series.made(now) {
		dates = append(dates, e.newDate(slot, 0))
	}
	e.note(dates, now)
	return dates
}

// made are the slots of dates that are to exist at an instant.
func (s *Series) made(now time.Time) []clock.Local {
	slots, horizon := s.slots(), s.horizon(now)
	n, _ := slices.BinarySearchFunc(slots, horizon, func(l clock.Local, at time.Time) int {
		if s.at(l).StartsAt.After(at) {
			return 1
		}
		return -1
	})
	return slots[:n]
}

// newDate is a date of a series, to which nobody comes yet.
func (e *Event) newDate(slot clock.Local, round int) *Occurrence {
	o := NewOccurrence(e)
	o.ID, o.Slot, o.Date, o.Thread = e.slotID(slot, round), slot, e.Series.at(slot), e.Series.ID
	o.Seats = booking.NewSeats(e.Capacity).With(e.termsOf(o.Date))
	return o
}

// note notes how the dates of a series are at an instant.
func (e *Event) note(dates []*Occurrence, now time.Time) {
	s := e.Series
	sortDates(dates)
	s.FirstIDs, s.NextIDs, s.DueAt, s.EndsAt = idsOf(dates), nil, nil, time.Time{}
	if len(dates) > 0 {
		s.BeginsAt, e.Date = dates[0].StartsAt, dates[len(dates)-1].Date
	}
	for _, o := range dates {
		s.EndsAt = later(s.EndsAt, o.EndsAt)
	}
	var on []*Occurrence
	for _, o := range dates {
		if !o.isOff() && !o.IsOver(now) {
			on = append(on, o)
		}
	}
	if len(on) > 0 {
		s.DueAt, e.Date = &on[0].EndsAt, on[0].Date
		for _, o := range on {
			e.reach(o.Date)
		}
	}
	s.NextIDs = idsOf(on)
	e.noteRest(now)
	if e.State == StateCancelled {
		s.DueAt = nil
	}
}

// idsOf are the ids of so many dates as lists show.
func idsOf(dates []*Occurrence) []string {
	var ids []string
	for _, o := range dates[:min(listedDates, len(dates))] {
		ids = append(ids, o.ID)
	}
	return ids
}

// reach lets the event last until the end of a date.
func (e *Event) reach(d schedule.Date) {
	if d.EndsAt.After(e.EndsAt) {
		e.EndsAt, e.EndsAtLocal = d.EndsAt, d.EndsAtLocal
	}
}

// noteRest notes the dates that are not made yet.
func (e *Event) noteRest(now time.Time) {
	s := e.Series
	slots := s.slots()
	made := len(s.made(now))
	if made == len(slots) {
		return
	}
	if at := s.growsAt(slots[made], now); s.DueAt == nil || at.Before(*s.DueAt) {
		s.DueAt = at
	}
	last := s.at(slots[len(slots)-1])
	s.EndsAt = later(s.EndsAt, last.EndsAt)
	e.reach(last)
}

// sortDates puts dates in the order of their starts.
func sortDates(dates []*Occurrence) {
	slices.SortFunc(dates, func(a, b *Occurrence) int { return cmp.Or(a.StartsAt.Compare(b.StartsAt), cmp.Compare(a.ID, b.ID)) })
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
