package area

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// removeBuilder removes a fælles-skaber from an area. It raises the version, so that edits based on an
// older version are refused.
func (s store) removeBuilder(ctx context.Context, areaID, personID string) error {
	_, err := s.db.Collection(collection).UpdateOne(ctx, bson.D{{Key: "_id", Value: areaID}, {Key: "communityBuilderIds", Value: personID}},
		bson.D{{Key: "$pull", Value: bson.D{{Key: "communityBuilderIds", Value: personID}}}, {Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}})
	return mongodb.Translate("remove fælles-skaber", err)
}
