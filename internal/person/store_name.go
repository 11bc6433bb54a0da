package person

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// maxNamesakes is how many people of one name a check looks at. Whole names are shared by far fewer.
const maxNamesakes = 500

// namesakes are the people whose name looks like this.
func (s store) namesakes(ctx context.Context, nameKey string) ([]*Person, error) {
	return mongodb.All[*Person](ctx, "find namesakes", s.db.Collection(collection), bson.D{{Key: "nameKey", Value: nameKey}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(maxNamesakes).
			SetProjection(bson.D{{Key: "displayName", Value: 1}, {Key: "roles", Value: 1}, {Key: "admin", Value: 1}, {Key: "capabilities", Value: 1}}))
}
