package announcement

import (
	"slices"
	"time"

	"faellesskab/internal/booking"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/text"
)

// textLimits bound what is announced.
var textLimits = text.Limits{Min: 1, Max: 2000, Lines: true}

// Filter says which announcements to list.
type Filter struct {
	GroupID      *string
	OccurrenceID *string
	CourseID     *string
	States       []State // none, and no State: SENT
	State        *State  // one more
	// Group is the group, if it has been read already; nil: it is read.
	Group *group.Group
}

func (f *Filter) clean() error {
	var p fault.Problems
	if f.GroupID != nil {
		p.Add(id.Check("filter.groupId", id.Group, *f.GroupID))
	}
	if f.OccurrenceID != nil {
		p.Add(id.Check("filter.occurrenceId", id.Occurrence, *f.OccurrenceID))
	}
	if f.CourseID != nil {
		p.Add(id.Check("filter.courseId", id.Course, *f.CourseID))
	}
	if many(f.GroupID, f.OccurrenceID, f.CourseID) {
		p.Add(fault.Invalid("filter", "announcement.one_scope"))
	}
	if f.State != nil {
		f.States = append(slices.Clone(f.States), *f.State)
	}
	f.States = slices.Compact(slices.Sorted(slices.Values(f.States)))
	if len(f.States) == 0 {
		f.States = []State{StateSent}
	}
	return p.Err()
}

func many(ids ...*string) bool {
	n := 0
	for _, one := range ids {
		if one != nil {
			n++
		}
	}
	return n > 1
}

// probes are announcements such as the filter finds, one in each state, for finding out who may see
// those.
func (f *Filter) probes() []*Announcement {
	probes := make([]*Announcement, len(f.States))
	for i, state := range f.States {
		a := &Announcement{State: state}
		switch {
		case f.GroupID != nil:
			a.GroupID = *f.GroupID
		case f.OccurrenceID != nil:
			a.Bookable = &Bookable{ID: *f.OccurrenceID, States: seated}
		case f.CourseID != nil:
			a.Bookable = &Bookable{ID: *f.CourseID, States: seated}
		}
		if state == StateSent || state == StateStopped {
			a.SentAt = new(time.Time) // any instant will do
		}
		probes[i] = a
	}
	return probes
}

// missing is the fault for what the filter names, if the viewer does not see what is announced there.
func (f *Filter) missing() error {
	switch {
	case f.OccurrenceID != nil:
		return missing(*f.OccurrenceID)
	case f.CourseID != nil:
		return missing(*f.CourseID)
	}
	return fault.NotFound("group.not_found")
}

// latest is how long ahead an announcement can be scheduled.
const latest = 366 * 24 * time.Hour

// checkTime refuses a time for a draft, which is given one when it is published.
func checkTime(p *fault.Problems, at *time.Time, isDraft bool) {
	if at != nil && isDraft {
		p.Add(fault.Invalid("input.publishAt", "announcement.draft_later"))
	}
}

// checkAhead refuses a time that is not ahead, and one that is too far ahead. It is asked once for each call,
// since a repeat that comes after the time has the answer of then.
func checkAhead(at *time.Time, now time.Time) error {
	switch {
	case at == nil:
	case !at.After(now):
		return fault.Invalid("input.publishAt", "announcement.publish_past")
	case at.After(now.Add(latest)):
		return fault.Invalid("input.publishAt", "announcement.publish_far")
	}
	return nil
}

// GroupInput is what is said to a group.
type GroupInput struct {
	ClientMutationID *string
	GroupID          string
	Title            string
	Text             string
	IsDraft          bool
	PublishAt        *time.Time
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *GroupInput) Clean() error {
	var p fault.Problems
	checkTime(&p, in.PublishAt, in.IsDraft)
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.groupId", id.Group, in.GroupID))
	in.Title = text.Clean(&p, "input.title", in.Title, text.Line)
	in.Text = text.Clean(&p, "input.text", in.Text, textLimits)
	return p.Err()
}

// BroadcastInput is what the municipality says.
type BroadcastInput struct {
	ClientMutationID *string
	AreaIDs          []string
	Title            []i18n.Translation
	Text             []i18n.Translation
	IsUrgent         bool
	IsDraft          bool
	PublishAt        *time.Time
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *BroadcastInput) Clean() error {
	var p fault.Problems
	checkTime(&p, in.PublishAt, in.IsDraft)
	if in.IsUrgent && in.PublishAt != nil {
		p.Add(fault.Invalid("input.publishAt", "announcement.urgent_later"))
	}
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	in.AreaIDs = cleanAreas(&p, "input.areaIds", in.AreaIDs)
	in.Title = i18n.Text(in.Title).Clean(&p, "input.title", text.Line)
	in.Text = i18n.Text(in.Text).Clean(&p, "input.text", textLimits)
	i18n.SameLanguages(&p, "input.title", in.Title, "input.text", in.Text)
	return p.Err()
}

// maxAreas is how many areas can be named.
const maxAreas = 50

func cleanAreas(p *fault.Problems, field string, areaIDs []string) []string {
	return id.Clean(p, field, areaIDs, id.Limits{Prefix: id.Area, Max: maxAreas})
}

// recipients are the people with a booking to whom a message goes.
type recipients struct {
	OccurrenceID *string
	CourseID     *string
	States       []booking.State
}

func (r *recipients) clean(p *fault.Problems, at string) {
	before := len(*p)
	if r.OccurrenceID != nil {
		p.Add(id.Check(at+"occurrenceId", id.Occurrence, *r.OccurrenceID))
	}
	if r.CourseID != nil {
		p.Add(id.Check(at+"courseId", id.Course, *r.CourseID))
	}
	if (r.OccurrenceID == nil) == (r.CourseID == nil) && len(*p) == before {
		p.Add(fault.Invalid(at+"occurrenceId", "announcement.one_thing"))
	}
	for _, state := range r.States {
		if !state.IsSignedUp() {
			p.Add(fault.Invalid(at+"states", "announcement.message.states"))
			break
		}
	}
	r.States = slices.Compact(slices.Sorted(slices.Values(r.States)))
	if len(r.States) == 0 {
		r.States = seated
	}
}

func (r *recipients) bookable() *Bookable {
	b := &Bookable{States: r.States}
	if r.OccurrenceID != nil {
		b.ID = *r.OccurrenceID
	} else {
		b.ID = *r.CourseID
	}
	return b
}

// MessageInput is what is said to people with a booking.
type MessageInput struct {
	ClientMutationID *string
	OccurrenceID     *string
	CourseID         *string
	States           []booking.State
	Title            string
	Text             string
	IsDraft          bool
	PublishAt        *time.Time
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *MessageInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	to := recipients{in.OccurrenceID, in.CourseID, in.States}
	to.clean(&p, "input.")
	in.States = to.States
	checkTime(&p, in.PublishAt, in.IsDraft)
	in.Title = text.Clean(&p, "input.title", in.Title, text.Line)
	in.Text = text.Clean(&p, "input.text", in.Text, textLimits)
	return p.Err()
}

func (in *MessageInput) bookable() *Bookable {
	to := recipients{in.OccurrenceID, in.CourseID, in.States}
	return to.bookable()
}
