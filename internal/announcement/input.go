package announcement

import (
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/text"
)

// textLimits bound what is announced.
var textLimits = text.Limits{Min: 1, Max: 2000, Lines: true}

// Filter says which announcements to list.
type Filter struct {
	GroupID *string
	State   *State
}

func (f *Filter) clean() error {
	var p fault.Problems
	if f.GroupID != nil {
		p.Add(id.Check("filter.groupId", id.Group, *f.GroupID))
	}
	if f.State == nil {
		sent := StateSent
		f.State = &sent
	}
	return p.Err()
}

// GroupInput is what is said to a group.
type GroupInput struct {
	ClientMutationID *string
	GroupID          string
	Title            string
	Text             string
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *GroupInput) Clean() error {
	var p fault.Problems
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
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *BroadcastInput) Clean() error {
	var p fault.Problems
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

// DecideInput decides about an announcement: approves, rejects or stops it.
type DecideInput struct {
	ClientMutationID *string
	AnnouncementID   string
	ExpectedVersion  *int
	Reason           *string // why it is rejected or stopped
}

// Clean checks the input and tidies its text. Returns Problems.
func (in *DecideInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.announcementId", id.Announcement, in.AnnouncementID))
	if in.Reason != nil {
		r := text.Clean(&p, "input.reason", *in.Reason, text.Limits{Max: 500})
		in.Reason = &r
	}
	return p.Err()
}
