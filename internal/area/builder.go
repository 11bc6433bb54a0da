package area

import (
	"context"
	"slices"

	"faellesskab/internal/fault"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

// BuiltBy are the areas whose fælles-skaber a person is, by name.
func (s *Service) BuiltBy(ctx context.Context, personID string) ([]*Area, error) {
	list, err := s.store.list(ctx)
	return List(list).BuiltBy(personID), err
}

// List are areas, by name.
type List []*Area

// BuiltBy are those whose fælles-skaber a person is.
func (l List) BuiltBy(personID string) []*Area {
	built := []*Area{}
	for _, a := range l {
		if slices.Contains(a.CommunityBuilderIDs, personID) {
			built = append(built, a)
		}
	}
	return built
}

// replaceTries is how often a handover looks at an area again that has changed meanwhile.
const replaceTries = 5

// HandOver has one fælles-skaber support the areas of another, who no longer does, and tells them of
// each area that is new to them. An area that has ended the work of the first by itself is left alone. It is for work
// that goes from one employee to another.
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
		var news []outbox.Effect
		if has := slices.Contains(a.CommunityBuilderIDs, toID); has {
			a.CommunityBuilderIDs = slices.Delete(slices.Clone(a.CommunityBuilderIDs), i, i+1)
		} else {
			a.CommunityBuilderIDs = slices.Replace(slices.Clone(a.CommunityBuilderIDs), i, i+1, toID)
			news = append(news, notify.Effect(a.handedTo(toID)))
		}
		a.Version++
		err := s.Outbox.Commit(ctx, outbox.Ref{Collection: collection, ID: a.ID}, news, func(b outbox.Batch) error {
			return s.store.update(ctx, a, b)
		})
		if !fault.HasCode(err, fault.CodeVersionConflict) || try == replaceTries {
			return err
		}
		if a, err = s.get(ctx, a.ID); err != nil {
			return fault.UnlessNotFound(err)
		}
	}
}
