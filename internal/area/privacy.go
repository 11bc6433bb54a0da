package area

import (
	"context"
	"slices"

	"faellesskab/internal/privacy"
)

// collections returns the entry of areas.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{{
		Name: collection, Basis: privacy.PublicTask, ShardKey: privacy.Unsharded,
		Purpose: "To show which local areas there are, and whom residents of each can turn to.",
		Whose: "The municipality's. Of people it names the area's fælles-skabere, and its contact persons with their name, e-mail address and telephone number: " +
			"they are named in their office and need no account.",
		Retention: "As long as the area: fælles-skabere and contact persons for as long as they are that.",
		Ends:      "Those who have SUPPORT change the contact persons and end the work of a fælles-skaber; erasure ends the latter.",
		Kept: "Contact persons, because their entry does not say which account is theirs, if they have one: whoever does not want to be named any more tells those " +
			"who have SUPPORT, who take the entry out.",
		Export: s.exportAreas, Erase: s.erase,
	}}
}

// areaRecord is an area in the export of its fælles-skaber.
type areaRecord struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	You  string `json:"you"`
}

func (s *Service) exportAreas(ctx context.Context, personID string, keep func(record any) error) error {
	list, err := s.BuiltBy(ctx, personID)
	if err != nil {
		return err
	}
	for _, a := range list {
		if err := keep(areaRecord{ID: a.ID, Name: a.Name, You: "COMMUNITY_BUILDER"}); err != nil {
			return err
		}
	}
	return nil
}

// erase takes a fælles-skaber out of all their areas.
func (s *Service) erase(ctx context.Context, personID string) (left bool, err error) {
	return privacy.Each[*Area]{
		Find: func(ctx context.Context, except []string) ([]*Area, error) {
			list, err := s.BuiltBy(ctx, personID)
			return slices.DeleteFunc(list, func(a *Area) bool { return slices.Contains(except, a.ID) }), err
		},
		ID:    func(a *Area) string { return a.ID },
		Erase: func(ctx context.Context, a *Area) error { return s.store.removeBuilder(ctx, a.ID, personID) },
	}.Do(ctx)
}
