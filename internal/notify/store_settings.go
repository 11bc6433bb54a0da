package notify

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

const settings = "notify_settings"

// settingsByIDs are the settings of people, by id; who never touched them is
// missing, and the zero value holds for them. What of them is damaged is left out.
func (s store) settingsByIDs(ctx context.Context, ids []string) (list map[string]Settings, damaged, err error) {
	found, damaged, err := mongodb.SalvageByIDs(ctx, "find settings", s.db.Collection(settings), ids, func(s *Settings) string { return s.PersonID })
	list = make(map[string]Settings, len(found))
	for personID, s := range found {
		list[personID] = *s
	}
	return list, damaged, err
}

// settings are a person's settings; the defaults, of version 0, of who never
// touched them.
func (s store) settings(ctx context.Context, personID string) (*Settings, error) {
	found, err := mongodb.Get[Settings](ctx, "get settings", s.db.Collection(settings), personID)
	if fault.Is(err, fault.KindNotFound) {
		return &Settings{PersonID: personID}, nil
	}
	return found, err
}

// saveSettings writes changed settings, whose version has been raised by one.
// Returns VERSION_CONFLICT if somebody else has changed them meanwhile.
func (s store) saveSettings(ctx context.Context, changed *Settings, b outbox.Batch) error {
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
		{Key: "quietFrom", Value: changed.QuietFrom}, {Key: "quietUntil", Value: changed.QuietUntil},
		{Key: "pushes", Value: changed.Pushes}, {Key: "summaryTime", Value: changed.SummaryTime}, {Key: "offsets", Value: changed.Offsets},
		{Key: "mutedThreads", Value: changed.MutedThreads}, {Key: "stopped", Value: changed.Stopped}, {Key: "version", Value: changed.Version},
	}
	return mongodb.UpdateVersion(ctx, "update settings", s.db.Collection(settings), changed.PersonID, changed.Version-1,
		outbox.Stamp(bson.D{{Key: "$set", Value: set}}, b))
}

// putSettings stores settings as they are.
func (s store) putSettings(ctx context.Context, list []Settings) error {
	_, err := s.db.Collection(settings).InsertMany(ctx, list)
	return mongodb.Translate("put settings", err)
}

const ledger = "notice_ledger"

func ledgerIndexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: ledger, Keys: bson.D{{Key: "personId", Value: 1}, {Key: "subject", Value: 1}, {Key: "at", Value: 1}}},
		{Collection: ledger, Keys: bson.D{{Key: "at", Value: 1}}},
		{Collection: notices, Keys: bson.D{{Key: "personId", Value: 1}, {Key: "subject", Value: 1}, {Key: "createdAt", Value: 1}}},
	}
}

// maxLedger is how many lines of each sort are given, the newest.
const maxLedger = 250

// noticesAbout are a person's notices of a subject, hidden ones too.
func (s store) noticesAbout(ctx context.Context, personID, subjectID string, since time.Time) ([]*Notice, error) {
	list, err := mongodb.All[*Notice](ctx, "find notices about", s.db.Collection(notices),
		bson.D{{Key: "personId", Value: personID}, {Key: "subject", Value: subjectID}, {Key: "createdAt", Value: bson.D{{Key: "$gte", Value: since}}}, knownKinds()},
		options.Find().SetSort(bson.D{{Key: "createdAt", Value: -1}}).SetLimit(maxLedger))
	slices.Reverse(list)
	return list, err
}

// handovers are the ledger's lines about a person and a subject.
func (s store) handovers(ctx context.Context, personID, subjectID string, since time.Time) ([]Handover, error) {
	list, err := mongodb.All[Handover](ctx, "read the ledger", s.db.Collection(ledger),
		bson.D{{Key: "personId", Value: personID}, {Key: "subject", Value: subjectID}, {Key: "at", Value: bson.D{{Key: "$gte", Value: since}}}},
		options.Find().SetSort(bson.D{{Key: "at", Value: -1}}).SetLimit(maxLedger))
	slices.Reverse(list)
	return list, err
}

// removeHandovers forgets the ledger before an instant.
func (s store) removeHandovers(ctx context.Context, before time.Time) error {
	return mongodb.RemoveAll(ctx, "purge the ledger", s.db.Collection(ledger), bson.D{{Key: "at", Value: bson.D{{Key: "$lt", Value: before}}}})
}

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
