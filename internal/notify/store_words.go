package notify

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// saveWords gives notices other words and another end.
func (s store) saveWords(ctx context.Context, ids []string, words map[string]string, expiresAt *time.Time) error {
	set := bson.D{{Key: "data", Value: words}}
	if expiresAt != nil {
		set = append(set, bson.E{Key: "expiresAt", Value: expiresAt})
	}
	_, err := s.db.Collection(notices).UpdateMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}},
		bson.D{{Key: "$set", Value: set}})
	return mongodb.Translate("reword notices", err)
}
