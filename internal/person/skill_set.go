package person

import (
	"context"
	"slices"
	"strconv"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/optional"
	"faellesskab/internal/outbox"
)

// EffectSkills is the kind of the effect that a person is found by other skills than before. It names the person and
// not the skills, since another change may overtake it.
const EffectSkills = "person.skills"

// SkillsChanged names a person who is found by other skills than before.
type SkillsChanged struct{ PersonID string }

// SkillInput is a skill that the person has.
type SkillInput struct {
	SkillID string
	Level   *SkillLevel
}

// SetSkillsInput changes what people say of their skills. What is left out stays as it is.
type SetSkillsInput struct {
	ClientMutationID *string
	Have             optional.List[*SkillInput]     `json:",omitzero"` // null: none
	Wanted           optional.List[string]          `json:",omitzero"` // null: none
	Teach            optional.List[string]          `json:",omitzero"` // null: none
	VisibleTo        optional.Edit[SkillVisibility] `json:",omitzero"` // null: nobody
}

const (
	maxSkillsSaid   = 50
	maxSkillsTaught = 20
)

// Clean checks the input and tidies its lists. Returns Problems.
func (in *SetSkillsInput) Clean() error {
	var p fault.Problems
	p.Add(idempotency.CheckKey(in.ClientMutationID))
	if have := in.Have.Value(); have != nil {
		checkSaid(&p, have)
	}
	if wanted := in.Wanted.Value(); wanted != nil {
		in.Wanted = optional.ListOf(id.Clean(&p, "input.wanted", wanted, id.Limits{Prefix: id.Skill, Max: maxSkillsWanted})...)
	}
	if teach := in.Teach.Value(); teach != nil {
		in.Teach = optional.ListOf(id.Clean(&p, "input.teach", teach, id.Limits{Prefix: id.Skill, Max: maxSkillsTaught})...)
	}
	return p.Err()
}

func checkSaid(p *fault.Problems, have []*SkillInput) {
	if len(have) > maxSkillsSaid {
		p.Add(fault.Invalid("input.have", "list.long").With("Max", maxSkillsSaid))
	}
	seen := map[string]bool{}
	for i, k := range have {
		at := "input.have." + strconv.Itoa(i) + ".skillId"
		p.Add(id.Check(at, id.Skill, k.SkillID))
		if seen[k.SkillID] {
			p.Add(fault.Invalid(at, "person.skill.twice"))
		}
		seen[k.SkillID] = true
	}
}

// SetSkills changes what the viewer says of their skills, and who may see them. Returns Problems, and NotFound for an
// unknown skill, and for a retired one that the viewer has not named before.
func (s *Service) SetSkills(ctx context.Context, in SetSkillsInput) (*Person, error) {
	v, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	if err := in.Clean(); err != nil {
		return nil, err
	}
	call := idempotency.Call{Operation: "setSkills", Key: in.ClientMutationID, Input: in, On: s.refs(v.PersonID)}
	return idempotency.Do(ctx, s.Keys, call, func(ctx context.Context, t idempotency.Token) (*Person, error) {
		return fault.Again(func() (*Person, error) {
			p, err := s.find(ctx, v.PersonID)
			if err != nil {
				return nil, err
			}
			if err := s.checkSkills(ctx, p, in); err != nil {
				return nil, err
			}
			return p, s.writeSkills(ctx, p, skillChange{do: in.apply}, t.Outcome)
		})
	})
}

// checkSkills returns NotFound for skills that nobody new can refer to.
func (s *Service) checkSkills(ctx context.Context, p *Person, in SetSkillsInput) error {
	said := make([]string, len(in.Have.Value()))
	for i, k := range in.Have.Value() {
		said[i] = k.SkillID
	}
	for _, list := range []struct {
		field string
		ids   []string
	}{{"input.have", said}, {"input.wanted", in.Wanted.Value()}, {"input.teach", in.Teach.Value()}} {
		if len(list.ids) == 0 {
			continue
		}
		if err := s.Skills.Offered(ctx, list.ids, p.namedSkills()); err != nil {
			return fault.MissingAt(err, list.field)
		}
	}
	return nil
}

// namedSkills are the skills to which the person refers in any way.
func (p *Person) namedSkills() []string {
	ids := slices.Clone(p.OwnSkillsWanted)
	for _, k := range p.skills() {
		ids = append(ids, k.SkillID)
	}
	return ids
}

// apply changes the fields that are not left out.
func (in SetSkillsInput) apply(p *Person) {
	if have, isSet := in.Have.ValueOK(); isSet {
		p.SaidSkills = make([]SaidSkill, len(have))
		for i, k := range have {
			p.SaidSkills[i] = SaidSkill{SkillID: k.SkillID, Level: k.Level}
		}
	}
	optional.Put(&p.OwnSkillsWanted, in.Wanted)
	optional.Put(&p.SkillsTaught, in.Teach)
	optional.Set(&p.SkillsVisibleTo, in.VisibleTo)
}

// skillChange is a change of a person's skills.
type skillChange struct {
	do     func(*Person)
	grants map[string]*SkillGrant // those that it changes, by skill; nil for one that is taken back
}

// writeSkills changes the skills of a person and writes them, with effects for new wishes and for other skills by
// which they are found, and the call's outcome; nil: there is none. Returns VERSION_CONFLICT if the person has changed
// since they were read.
func (s *Service) writeSkills(ctx context.Context, p *Person, c skillChange, outcome outcomes) error {
	wished, found, old := p.OwnSkillsWanted, p.Findable(), p.Version
	c.do(p)
	p.Version++
	if !p.SkillsVisibleTo.IsValid() {
		p.SkillsVisibleTo = VisibleToNobody
	}
	effects := p.wishEffects(wished)
	if !slices.Equal(found, p.Findable()) {
		p.SkillsVersion = p.Version
		effects = append(effects, outbox.New(EffectSkills, SkillsChanged{p.ID}))
	}
	if outcome != nil {
		effects = append(effects, outcome(p)...)
	}
	return s.Outbox.Commit(ctx, s.refs(p.ID)[0], effects, func(b outbox.Batch) error { return s.store.setSkills(ctx, p, old, c.grants, b) })
}

// wishEffects are the effects of wishing for more skills than before.
func (p *Person) wishEffects(before []string) []outbox.Effect {
	more := slices.DeleteFunc(slices.Clone(p.OwnSkillsWanted), func(skillID string) bool { return slices.Contains(before, skillID) })
	if len(more) == 0 {
		return nil
	}
	return []outbox.Effect{outbox.New(EffectWishes, Wishes{PersonID: p.ID, SkillIDs: more})}
}
