package person

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// withTerms are people whose names have all of these terms, in the order of their ids.
func (s store) withTerms(ctx context.Context, terms []string, limit int) ([]*Person, error) {
	return mongodb.All[*Person](ctx, "search people", s.db.Collection(collection),
		bson.D{{Key: "nameTerms", Value: bson.D{{Key: "$all", Value: terms}}}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit)))
}
