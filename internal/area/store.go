package area

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

const collection = "areas"

type store struct{ db *mongodb.DB }

// indexes are the collection's indexes.
func indexes() []mongodb.Index {
	return []mongodb.Index{{Collection: collection, Keys: bson.D{{Key: "sortName", Value: 1}, {Key: "_id", Value: 1}}}}
}

func (s store) list(ctx context.Context) ([]*Area, error) {
	return mongodb.All[*Area](ctx, "list areas", s.db.Collection(collection), bson.D{},
		options.Find().SetSort(mongodb.KeysetSort("sortName", false)))
}

func (s store) get(ctx context.Context, areaID string) (*Area, error) {
	return mongodb.Get[Area](ctx, "get area", s.db.Collection(collection), areaID)
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Area, error) {
	return mongodb.ByIDs(ctx, "find areas", s.db.Collection(collection), ids, func(a *Area) string { return a.ID })
}

func (s store) insert(ctx context.Context, a *Area) error {
	_, err := s.db.Collection(collection).InsertOne(ctx, a)
	return mongodb.Translate("insert area", err)
}

// update writes what staff can change, if the stored version is the one before.
func (s store) update(ctx context.Context, a *Area, b outbox.Batch) error {
	set := bson.D{{Key: "contacts", Value: a.Contacts}, {Key: "communityBuilderIds", Value: a.CommunityBuilderIDs},
		{Key: "version", Value: a.Version}}
	return mongodb.UpdateVersion(ctx, s.db.Collection(collection), a.ID, a.Version-1,
		outbox.Stamp(bson.D{{Key: "$set", Value: set}}, b))
}
