package group

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
)

func namingPath(personID string) string { return "naming." + personID }

// nameLeader adds a leader whose membership does not say so yet.
func (s store) nameLeader(ctx context.Context, g *Group, personID string, b outbox.Batch) error {
	return s.setLeaders(ctx, "name leader", g, outbox.Stamp(bson.D{
		{Key: "$addToSet", Value: bson.D{{Key: "leaderIds", Value: personID}}},
		{Key: "$set", Value: bson.D{{Key: namingPath(personID), Value: b.ID}}},
		{Key: "$inc", Value: bson.D{{Key: "leadersVersion", Value: 1}}},
	}, b))
}

// removeLeader takes a leader away.
func (s store) removeLeader(ctx context.Context, g *Group, personID string, b outbox.Batch) error {
	return s.setLeaders(ctx, "remove leader", g, outbox.Stamp(bson.D{
		{Key: "$pull", Value: bson.D{{Key: "leaderIds", Value: personID}}},
		{Key: "$unset", Value: bson.D{{Key: namingPath(personID), Value: ""}}},
		{Key: "$inc", Value: bson.D{{Key: "leadersVersion", Value: 1}}},
	}, b))
}

// setLeaders changes the leaders. Returns VERSION_CONFLICT if they are no longer those
// that were read.
func (s store) setLeaders(ctx context.Context, op string, g *Group, update bson.D) error {
	res, err := s.db.Collection(groups).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: g.ID}, {Key: "leadersVersion", Value: g.LeadersVersion}}, update)
	if err != nil {
		return mongodb.Translate(op, err)
	}
	if res.MatchedCount == 0 {
		return fault.VersionConflict()
	}
	return nil
}
