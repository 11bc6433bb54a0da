package audit

import (
	"context"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/id"
	"faellesskab/internal/mongodb"
)

const collection = "audit_entries"

type store struct{ db *mongodb.DB }

// indexes are the collection's indexes.
func indexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: collection, Keys: bson.D{{Key: "subject", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}}},
		{Collection: collection, Keys: bson.D{{Key: "people", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: collection, Keys: bson.D{{Key: "at", Value: 1}}},
	}
}

func (s store) insert(ctx context.Context, e Entry) error {
	e.People = id.PeopleIn(append(slices.Collect(maps.Values(e.Details)), e.Actor, e.Subject)...)
	_, err := s.db.Collection(collection).InsertOne(ctx, e)
	if mongodb.IsDuplicate(err) {
		return nil
	}
	return mongodb.Translate("insert audit entry", err)
}

func (s store) of(ctx context.Context, subject string) ([]Entry, error) {
	return mongodb.All[Entry](ctx, "find audit entries", s.db.Collection(collection), bson.D{{Key: "subject", Value: subject}},
		options.Find().SetSort(mongodb.KeysetSort("at", true)).SetLimit(50))
}
