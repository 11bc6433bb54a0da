package area

import (
	"context"
	"slices"

	"faellesskab/internal/fault"
	"faellesskab/internal/outbox"
)

// BuiltBy are the areas whose fælles-skaber a person is, by name.
func (s *Service) BuiltBy(ctx context.Context, personID string) ([]*Area, error) {
	list, err := s.store.list(ctx)
	return slices.DeleteFunc(list, func(a *Area) bool { return !slices.Contains(a.CommunityBuilderIDs, personID) }), err
}

// replaceTries is how often a handover looks at an area again that has changed meanwhile.
const replaceTries = 5

// HandOver has one fælles-skaber support the areas of another, who no longer does. An area that has ended the
// work of the first by itself is left alone. It is for work that goes from one employee to another.
func (s *Service) HandOver(ctx context.Context, fromID, toID string) error {
	list, err := s.BuiltBy(ctx, fromID)
	if err != nil {
		return err
	}
	for _, a := range list {
		if err := s.replace(ctx, a, fromID, toID); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) replace(ctx context.Context, a *Area, fromID, toID string) error {
	for try := 1; ; try++ {
		i := slices.Index(a.CommunityBuilderIDs, fromID)
		if i < 0 {
			return nil
		}
		a.CommunityBuilderIDs = slices.Replace(slices.Clone(a.CommunityBuilderIDs), i, i+1, toID)
		if j := slices.Index(a.CommunityBuilderIDs, toID); j != i || slices.Contains(a.CommunityBuilderIDs[i+1:], toID) {
			a.CommunityBuilderIDs = slices.Delete(a.CommunityBuilderIDs, i, i+1) // they support the area already
		}
		a.Version++
		err := s.store.update(ctx, a, outbox.Batch{})
		if !fault.HasCode(err, fault.CodeVersionConflict) || try == replaceTries {
			return err
		}
		if a, err = s.get(ctx, a.ID); err != nil {
			return fault.UnlessNotFound(err)
		}
	}
}
