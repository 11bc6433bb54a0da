package announcement

import (
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/text"
)

// change names an announcement to be changed.
type change struct {
	AnnouncementID  string
	ExpectedVersion *int
}

// UpdateInput changes the texts of an announcement that has not been sent.
type UpdateInput struct {
	ClientMutationID *string
	AnnouncementID   string
	ExpectedVersion  *int
	Title            []i18n.Translation
	Text             []i18n.Translation
}

// CorrectInput changes the texts of one that was sent.
type CorrectInput UpdateInput

// Clean checks the input and tidies its texts. Returns Problems.
func (in *UpdateInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.announcementId", id.Announcement, in.AnnouncementID))
	in.Title = i18n.Text(in.Title).Clean(&p, "input.title", text.Line)
	in.Text = i18n.Text(in.Text).Clean(&p, "input.text", textLimits)
	i18n.SameLanguages(&p, "input.title", in.Title, "input.text", in.Text)
	return p.Err()
}

func (in *UpdateInput) change() change { return change{in.AnnouncementID, in.ExpectedVersion} }

// Clean checks the input and tidies its texts. Returns Problems.
func (in *CorrectInput) Clean() error { return (*UpdateInput)(in).Clean() }

func (in *CorrectInput) change() change { return (*UpdateInput)(in).change() }

// PublishInput publishes a draft.
type PublishInput struct {
	ClientMutationID *string
	AnnouncementID   string
	ExpectedVersion  *int
	PublishAt        *time.Time
}

// Clean checks the input. Returns Problems.
func (in *PublishInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	p.Add(id.Check("input.announcementId", id.Announcement, in.AnnouncementID))
	return p.Err()
}

func (in *PublishInput) change() change { return change{in.AnnouncementID, in.ExpectedVersion} }

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
