package inbox

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/outbox"
)

const settings = "notify_settings"

// SettingsOf are the settings of people, by id. People who never changed theirs are
// missing, and the zero value holds for them. Damaged fields are left out.
func (s store) SettingsOf(ctx context.Context, ids []string) (list map[string]notify.Settings, damaged, err error) {
	found, damaged, err := mongodb.SalvageByIDs(ctx, "find settings", s.db.Collection(settings), ids, func(s *notify.Settings) string { return s.PersonID })
	list = make(map[string]notify.Settings, len(found))
	for personID, s := range found {
		list[personID] = *s
	}
	return list, damaged, err
}

// settings are a person's settings, or the defaults with version 0 if they never
// changed them.
func (s store) settings(ctx context.Context, personID string) (*notify.Settings, error) {
	found, err := mongodb.Get[notify.Settings](ctx, "get settings", s.db.Collection(settings), personID)
	if fault.Is(err, fault.KindNotFound) {
		return &notify.Settings{PersonID: personID}, nil
	}
	return found, err
}

// saveSettings writes changed settings, whose version has been raised by one.
// Returns VERSION_CONFLICT if somebody else has changed them meanwhile.
func (s store) saveSettings(ctx context.Context, changed *notify.Settings, b outbox.Batch) error {
	if changed.Version == 1 {
		changed.Pending = b.Pending()
		_, err := s.db.Collection(settings).InsertOne(ctx, changed)
		if mongodb.IsDuplicate(err) {
			return fault.VersionConflict()
		}
		return mongodb.Translate("insert settings", err)
	}
	set := bson.D{
		{Key: "pushOff", Value: changed.PushOff}, {Key: "kinds", Value: changed.Kinds}, {Key: "zone", Value: changed.Zone},
		{Key: "quietFrom", Value: changed.QuietFrom}, {Key: "quietUntil", Value: changed.QuietUntil}, {Key: "quietDays", Value: changed.QuietDays},
		{Key: "pushes", Value: changed.Pushes}, {Key: "summaryTime", Value: changed.SummaryTime}, {Key: "offsets", Value: changed.Offsets},
		{Key: "mutedThreads", Value: changed.MutedThreads}, {Key: "stopped", Value: changed.Stopped}, {Key: "version", Value: changed.Version},
	}
	return mongodb.UpdateVersion(ctx, s.db.Collection(settings), changed.PersonID, changed.Version-1,
		outbox.Stamp(bson.D{{Key: "$set", Value: set}}, b))
}

// putSettings stores settings unchecked.
func (s store) putSettings(ctx context.Context, list []notify.Settings) error {
	_, err := s.db.Collection(settings).InsertMany(ctx, list)
	return mongodb.Translate("put settings", err)
}
