package booking

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// came counts the people of things who came, with their guests.
func (s store) came(ctx context.Context, bookableIDs []string) (map[string]int, error) {
	came := map[string]int{}
	if len(bookableIDs) == 0 {
		return came, nil
	}
	sums, err := mongodb.Sums[struct {
		ID     string `bson:"_id"`
		N      int    `bson:"n"`
		Guests int    `bson:"guests"`
	}](ctx, "count who came", s.bookings().Collection, bson.A{
		bson.D{{Key: "$match", Value: bson.D{{Key: "bookableId", Value: bson.D{{Key: "$in", Value: bookableIDs}}}, {Key: "state", Value: Attended}}}},
		bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$bookableId"}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}},
			{Key: "guests", Value: bson.D{{Key: "$sum", Value: "$guests"}}}}}},
	})
	for _, sum := range sums {
		came[sum.ID] = sum.N + sum.Guests
	}
	return came, err
}
