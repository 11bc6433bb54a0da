package group

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

// empty takes everything out of a group that is deleted, if it has the version before. Leaders are named no
// more, whose memberships end by the walk that follows.
func (s store) empty(ctx context.Context, g *Group, b outbox.Batch) error {
	set := bson.D{
		{Key: "name", Value: g.Name}, {Key: "sortName", Value: g.SortName}, {Key: "nameKey", Value: g.NameKey}, {Key: "description", Value: g.Description},
		{Key: "visibility", Value: g.Visibility}, {Key: "joinPolicy", Value: g.JoinPolicy}, {Key: "listing", Value: g.Listing},
		{Key: "facets", Value: g.Facets}, {Key: "version", Value: g.Version}, {Key: "leaderIds", Value: []string{}},
	}
	return mongodb.UpdateVersion(ctx, s.db.Collection(groups), g.ID, g.Version-1, outbox.Stamp(bson.D{
		{Key: "$set", Value: set}, {Key: "$unset", Value: bson.D{{Key: "naming", Value: ""}, {Key: "renamed", Value: ""}, {Key: "roles", Value: ""}, {Key: "areaId", Value: ""}}},
		{Key: "$inc", Value: bson.D{{Key: "leadersVersion", Value: 1}}},
	}, b))
}
