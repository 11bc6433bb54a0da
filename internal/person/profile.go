package person

import (
	"context"
	"slices"

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

// setProfile writes a person's profile, with an effect for new wishes.
func (s *Service) setProfile(ctx context.Context, personID string, in ProfileInput) (*Person, error) {
	var effects []outbox.Effect
	if len(in.SkillsWanted) > 0 {
		before, err := s.store.get(ctx, personID)
		if err != nil {
			return nil, err
		}
		wishes := Wishes{PersonID: personID, SkillIDs: slices.DeleteFunc(slices.Clone(in.SkillsWanted), func(skillID string) bool {
			return slices.Contains(before.OwnSkillsWanted, skillID)
		})}
		if len(wishes.SkillIDs) > 0 {
			effects = append(effects, outbox.New(EffectWishes, wishes))
		}
	}
	var p *Person
	err := s.Outbox.Commit(ctx, outbox.Ref{Collection: collection, ID: personID}, effects, func(b outbox.Batch) (err error) {
		p, err = s.store.setProfile(ctx, personID, in, b)
		return err
	})
	return p, err
}
