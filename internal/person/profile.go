package person

import (
	"context"

	"faellesskab/internal/optional"
	"faellesskab/internal/outbox"
)

// EffectWishes is the kind of the effect that a person wishes for more skills than before.
// Nouns that teach skills follow it.
const EffectWishes = "person.wishes"

// Wishes are the skills that a person wants to learn now and did not before.
type Wishes struct {
	PersonID string
	SkillIDs []string
}

// EffectLanguage is the kind of the effect that a person's language has changed. Packages that
// keep a copy of it follow it. It names the person and not the language, since another change
// may overtake it.
const EffectLanguage = "person.language"

// Spoke names a person who has changed their language.
type Spoke struct{ PersonID string }

// setProfile writes a person's profile, with effects for new wishes and another language, and
// the call's outcome.
func (s *Service) setProfile(ctx context.Context, personID string, in ProfileInput, outcome outcomes) (*Person, error) {
	p, err := s.find(ctx, personID)
	if err != nil {
		return nil, err
	}
	if err := in.checkWork(p, s.DB.Now()); err != nil {
		return nil, err
	}
	old, name, spoke, wished := p.Version, p.DisplayName, p.OwnLanguage, p.OwnSkillsWanted
	p.Version++
	in.apply(p)
	effects := p.wishEffects(wished)
	if p.OwnLanguage != spoke {
		effects = append(effects, outbox.New(EffectLanguage, Spoke{personID}))
	}
	if p.DisplayName != name {
		if err := s.checkName(ctx, p); err != nil {
			return nil, err
		}
	}
	return p, s.Outbox.Commit(ctx, s.refs(personID)[0], append(effects, outcome(p)...), func(b outbox.Batch) error {
		return s.store.setProfile(ctx, p, old, b)
	})
}

// apply changes the fields that are not left out.
func (in ProfileInput) apply(p *Person) {
	if name := in.DisplayName.Value(); name != nil {
		p.rename(*name)
	}
	optional.Set(&p.OwnLanguage, in.Language)
	optional.Set(&p.OwnHomeAreaID, in.HomeAreaID)
	optional.Put(&p.OwnInterests, in.Interests)
	optional.Put(&p.OwnSkillsWanted, in.SkillsWanted)
	optional.Set(&p.OwnWorkEmail, in.WorkEmail)
	optional.Set(&p.OwnWorkPhone, in.WorkPhone)
}
