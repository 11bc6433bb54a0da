package event

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// own writes a date that was changed by itself; ok is false if it is not as it was when it was read.
func (s store) own(ctx context.Context, c *changed) (ok bool, err error) {
	filter := bson.D{{Key: "_id", Value: c.ID}, {Key: "synced", Value: c.before.Synced}, mongodb.AtVersion("ownVersion", c.before.OwnVersion)}
	res, err := s.db.Collection(occurrences).UpdateOne(ctx, filter, bson.D{{Key: "$set", Value: c.set()}})
	if err != nil {
		return false, mongodb.Translate("change a date by itself", err)
	}
	return res.MatchedCount == 1, nil
}
