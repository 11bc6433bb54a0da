package group

import (
	"time"

	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/text"
)

// Filter says which groups to list.
type Filter struct {
	AreaID *string
	Kind   *Kind
	Query  *string
}

func (f *Filter) clean() error {
	var p fault.Problems
	if f.AreaID != nil {
		p.Add(id.Check("filter.areaId", id.Area, *f.AreaID))
	}
	if f.Query != nil {
		query := text.Clean(&p, "filter.query", *f.Query, text.Limits{Max: 100})
		f.Query = &query
	}
	return p.Err()
}

// CreateInput is a new group.
type CreateInput struct {
	ClientMutationID *string
	Name             string
	Description      *string
	Kind             Kind
	AreaID           *string
	Visibility       Visibility
	JoinPolicy       JoinPolicy
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *CreateInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	in.Name = text.Clean(&p, "input.name", in.Name, text.Line)
	if in.Description != nil {
		d := text.Clean(&p, "input.description", *in.Description, text.Paragraph)
		in.Description = &d
	}
	if in.AreaID != nil {
		p.Add(id.Check("input.areaId", id.Area, *in.AreaID))
	}
	if in.Kind == KindLokalforum && in.AreaID == nil {
		p.Add(fault.Invalid("input.areaId", "group.lokalforum.area"))
	}
	if in.Kind == KindLokalforum {
		stayOpen(&p, &in.Visibility, &in.JoinPolicy)
	}
	return p.Err()
}

// UpdateInput changes a group. What is left out stays as it is.
type UpdateInput struct {
	ClientMutationID *string
	GroupID          string
	ExpectedVersion  *int
	Name             optional.Edit[string]     `json:",omitzero"`
	Description      optional.Edit[string]     `json:",omitzero"` // null: none
	AreaID           optional.Edit[string]     `json:",omitzero"` // null: none
	Visibility       optional.Edit[Visibility] `json:",omitzero"`
	JoinPolicy       optional.Edit[JoinPolicy] `json:",omitzero"`
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *UpdateInput) Clean() error {
	p := checkGroup(in.ClientMutationID, in.GroupID)
	optional.Refuse(&p, "input.name", in.Name)
	optional.Refuse(&p, "input.visibility", in.Visibility)
	optional.Refuse(&p, "input.joinPolicy", in.JoinPolicy)
	in.Name = optional.Map(in.Name, func(s string) string { return text.Clean(&p, "input.name", s, text.Line) })
	in.Description = optional.Map(in.Description, func(s string) string { return text.Clean(&p, "input.description", s, text.Paragraph) })
	if areaID := in.AreaID.Value(); areaID != nil {
		p.Add(id.Check("input.areaId", id.Area, *areaID))
	}
	return p.Err()
}

// JoinInput is a group to join, and the code of an invitation link if there is one.
type JoinInput struct {
	ClientMutationID *string
	GroupID          string
	InvitationCode   *string `json:",omitempty"`
}

// Clean checks the input. Returns Problems.
func (in *JoinInput) Clean() error { return checkGroup(in.ClientMutationID, in.GroupID).Err() }

// LeaveInput is a group to leave.
type LeaveInput struct {
	ClientMutationID *string
	GroupID          string
}

// Clean checks the input. Returns Problems.
func (in *LeaveInput) Clean() error { return checkGroup(in.ClientMutationID, in.GroupID).Err() }

// NotificationsInput is how much the viewer wants to hear of a group.
type NotificationsInput struct {
	ClientMutationID *string
	GroupID          string
	Level            notify.Level
}

// Clean checks the input. Returns Problems.
func (in *NotificationsInput) Clean() error { return checkGroup(in.ClientMutationID, in.GroupID).Err() }

// AnswerInput is a person who asked to join a group.
type AnswerInput struct {
	ClientMutationID *string
	GroupID          string
	PersonID         string
}

// Clean checks the input. Returns Problems.
func (in *AnswerInput) Clean() error {
	return checkMember(in.ClientMutationID, in.GroupID, in.PersonID).Err()
}

// InviteInput is a person to be invited to a group.
type InviteInput struct {
	ClientMutationID *string
	GroupID          string
	PersonID         string
}

// Clean checks the input. Returns Problems.
func (in *InviteInput) Clean() error {
	return checkMember(in.ClientMutationID, in.GroupID, in.PersonID).Err()
}

// DeclineInput is a group the viewer is invited to and does not want to join.
type DeclineInput struct {
	ClientMutationID *string
	GroupID          string
}

// Clean checks the input. Returns Problems.
func (in *DeclineInput) Clean() error { return checkGroup(in.ClientMutationID, in.GroupID).Err() }

// CreateLinkInput is a link that lets people into a group.
type CreateLinkInput struct {
	ClientMutationID *string
	GroupID          string
	ExpiresAt        *time.Time
}

// Clean checks the input. Returns Problems.
func (in *CreateLinkInput) Clean(now time.Time) error {
	p := checkGroup(in.ClientMutationID, in.GroupID)
	if in.ExpiresAt != nil && !in.ExpiresAt.After(now) {
		p.Add(fault.Invalid("input.expiresAt", "time.past"))
	} else if in.ExpiresAt != nil && in.ExpiresAt.After(now.AddDate(0, 0, maxLinkDays)) {
		p.Add(fault.Invalid("input.expiresAt", "group.invitation.long").With("Max", maxLinkDays))
	}
	return p.Err()
}

// RevokeLinkInput is a link that shall let nobody in any more, or all links of the group
// if no code is given.
type RevokeLinkInput struct {
	ClientMutationID *string
	GroupID          string
	Code             *string
}

// Clean checks the input. Returns Problems.
func (in *RevokeLinkInput) Clean() error { return checkGroup(in.ClientMutationID, in.GroupID).Err() }

// RemoveInput is a member to be removed.
type RemoveInput struct {
	ClientMutationID *string
	GroupID          string
	PersonID         string
	Ban              bool
}

// Clean checks the input. Returns Problems.
func (in *RemoveInput) Clean() error {
	return checkMember(in.ClientMutationID, in.GroupID, in.PersonID).Err()
}

// LiftBanInput is a person who may come back.
type LiftBanInput struct {
	ClientMutationID *string
	GroupID          string
	PersonID         string
}

// Clean checks the input. Returns Problems.
func (in *LiftBanInput) Clean() error {
	return checkMember(in.ClientMutationID, in.GroupID, in.PersonID).Err()
}

func checkGroup(key *string, groupID string) fault.Problems {
	var p fault.Problems
	p.Add(idempotency.CheckKey(key))
	p.Add(id.Check("input.groupId", id.Group, groupID))
	return p
}

func checkMember(key *string, groupID, personID string) fault.Problems {
	p := checkGroup(key, groupID)
	p.Add(id.Check("input.personId", id.Person, personID))
	return p
}
