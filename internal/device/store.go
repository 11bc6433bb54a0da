package device

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
)

const collection = "devices"

type store struct{ db *mongodb.DB }

// Indexes are the collection's indexes. On a sharded cluster the shard key is
// {_id: hashed}: a device moves to another person, and a shard key should not
// change.
func Indexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: collection, Keys: bson.D{{Key: "personId", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: collection, Keys: bson.D{{Key: "lastSeenAt", Value: 1}}},
	}
}

func (s store) put(ctx context.Context, d *Device) error {
	_, err := s.db.Collection(collection).ReplaceOne(ctx, bson.D{{Key: "_id", Value: d.ID}}, d, options.Replace().SetUpsert(true))
	return mongodb.Translate("put device", err)
}

// removeUnseen removes devices that have not been seen since an instant.
func (s store) removeUnseen(ctx context.Context, since time.Time) error {
	_, err := s.db.Collection(collection).DeleteMany(ctx, bson.D{{Key: "lastSeenAt", Value: bson.D{{Key: "$lt", Value: since}}}})
	return mongodb.Translate("prune devices", err)
}

func (s store) putAll(ctx context.Context, devices []*Device) error {
	_, err := s.db.Collection(collection).InsertMany(ctx, devices, options.InsertMany().SetOrdered(false))
	if _, ok := mongodb.Duplicates(err); ok {
		return nil
	}
	return mongodb.Translate("put devices", err)
}

func (s store) removeOf(ctx context.Context, deviceID, personID string) error {
	res, err := s.db.Collection(collection).DeleteOne(ctx,
		bson.D{{Key: "_id", Value: deviceID}, {Key: "personId", Value: personID}})
	if err != nil {
		return mongodb.Translate("remove device", err)
	}
	if res.DeletedCount == 0 {
		return fault.NotFound("device.not_found")
	}
	return nil
}

func (s store) remove(ctx context.Context, deviceID string) error {
	_, err := s.db.Collection(collection).DeleteOne(ctx, bson.D{{Key: "_id", Value: deviceID}})
	return mongodb.Translate("remove device", err)
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Device, error) {
	return mongodb.ByIDs(ctx, "find devices", s.db.Collection(collection), ids, func(d *Device) string { return d.ID })
}

func (s store) of(ctx context.Context, personIDs []string) ([]*Device, error) {
	return mongodb.All[*Device](ctx, "find devices of people", s.db.Collection(collection),
		bson.D{{Key: "personId", Value: bson.D{{Key: "$in", Value: personIDs}}}},
		options.Find().SetSort(bson.D{{Key: "personId", Value: 1}, {Key: "_id", Value: 1}}))
}
