package group

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// maxNamesakes is how many groups of one name a check looks at.
const maxNamesakes = 200

// namesakes are the groups whose name looks like this.
func (s store) namesakes(ctx context.Context, nameKey string) ([]*Group, error) {
	return mongodb.All[*Group](ctx, "find groups of a name", s.db.Collection(groups), bson.D{{Key: "nameKey", Value: nameKey}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(maxNamesakes).
			SetProjection(bson.D{{Key: "name", Value: 1}, {Key: "kind", Value: 1}, {Key: "areaId", Value: 1}, {Key: "listing", Value: 1},
				{Key: "archivedAt", Value: 1}, {Key: "visibility", Value: 1}}))
}

// led are groups with their leaders. Whoever leads very many groups is known by the first of them.
func (s store) led(ctx context.Context, filter bson.D) ([]*Group, error) {
	return mongodb.All[*Group](ctx, "find leaders", s.db.Collection(groups), filter,
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(MaxGroups+MaxInvitations).SetProjection(bson.D{{Key: "leaderIds", Value: 1}}))
}

func (s store) leadersOf(ctx context.Context, groupIDs []string) ([]*Group, error) {
	return s.led(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: groupIDs}}}})
}

func (s store) ledByAny(ctx context.Context, personIDs []string) ([]*Group, error) {
	return s.led(ctx, bson.D{{Key: "leaderIds", Value: bson.D{{Key: "$in", Value: personIDs}}}})
}
