package event

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// ended are published dates that have ended between two instants, in the order of their starts.
func (s store) ended(ctx context.Context, from, to time.Time, last *Occurrence, limit int) ([]*Occurrence, error) {
	filter := bson.D{{Key: "state", Value: StatePublished}, {Key: "startsAt", Value: bson.D{{Key: "$gt", Value: from.Add(-longest)}, {Key: "$lt", Value: to}}},
		{Key: "endsAt", Value: bson.D{{Key: "$gt", Value: from}, {Key: "$lte", Value: to}}}}
	if last != nil {
		filter = append(filter, bson.E{Key: "$and", Value: bson.A{mongodb.After("startsAt", false, last.StartsAt, last.ID)}})
	}
	return mongodb.All[*Occurrence](ctx, "find ended dates", s.db.Collection(occurrences), filter,
		options.Find().SetSort(mongodb.KeysetSort("startsAt", false)).SetLimit(int64(limit)).SetProjection(bson.D{{Key: "words", Value: 0},
			{Key: "facets", Value: 0}, {Key: "rollCalls", Value: 0}, {Key: "released", Value: 0}, {Key: "admitted", Value: 0}, {Key: "effects", Value: 0}}))
}
