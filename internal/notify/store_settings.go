package notify

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

const settings = "notify_settings"

// settingsByIDs are the settings of people, by id; who never touched them is
// missing, and the zero value holds for them.
func (s store) settingsByIDs(ctx context.Context, ids []string) (map[string]Settings, error) {
	found, err := mongodb.ByIDs(ctx, "find settings", s.db.Collection(settings), ids, func(s *Settings) string { return s.PersonID })
	list := make(map[string]Settings, len(found))
	for personID, s := range found {
		list[personID] = *s
	}
	return list, err
}

// putSettings stores settings as they are.
func (s store) putSettings(ctx context.Context, list []Settings) error {
	_, err := s.db.Collection(settings).InsertMany(ctx, list)
	return mongodb.Translate("put settings", err)
}

const ledger = "notice_ledger"

// addHandovers appends to the ledger; lines that are there already stay.
func (s store) addHandovers(ctx context.Context, list []Handover) error {
	if len(list) == 0 {
		return nil
	}
	_, err := s.db.Collection(ledger).InsertMany(ctx, list, options.InsertMany().SetOrdered(false))
	if _, ok := mongodb.Duplicates(err); ok {
		return nil
	}
	return mongodb.Translate("add to the ledger", err)
}
