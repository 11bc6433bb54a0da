package person

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// erased are the ids of people who have been erased, among these.
func (s store) erased(ctx context.Context, ids []string) ([]string, error) {
	found, err := mongodb.All[struct {
		ID string `bson:"_id"`
	}](ctx, "find who was erased", s.db.Collection(collection),
		bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "erasedAt", Value: bson.D{{Key: "$gt", Value: time.Time{}}}}},
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	erased := make([]string, len(found))
	for i, p := range found {
		erased[i] = p.ID
	}
	return erased, err
}
