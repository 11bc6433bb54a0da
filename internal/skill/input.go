package skill

import (
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/text"
)

// CreateInput is a new skill.
type CreateInput struct {
	ClientMutationID *string
	Name             []i18n.Translation
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *CreateInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	in.Name = i18n.Text(in.Name).Clean(&p, "input.name", text.Line)
	return p.Err()
}

// UpdateInput renames a skill.
type UpdateInput struct {
	ClientMutationID *string
	SkillID          string
	Name             []i18n.Translation
	ExpectedVersion  *int
}

// Clean checks the input and tidies its texts. Returns Problems.
func (in *UpdateInput) Clean() error {
	p := checkSkill(in.ClientMutationID, in.SkillID)
	in.Name = i18n.Text(in.Name).Clean(&p, "input.name", text.Line)
	return p.Err()
}

// RetireInput is a skill to retire.
type RetireInput struct {
	ClientMutationID *string
	SkillID          string
}

// Clean checks the input. Returns Problems.
func (in *RetireInput) Clean() error { return checkSkill(in.ClientMutationID, in.SkillID).Err() }

func checkSkill(key *string, skillID string) (p fault.Problems) {
	p.Add(idempotency.CheckKey(key))
	p.Add(id.Check("input.skillId", id.Skill, skillID))
	return p
}
