package event

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
)

// nextDate is the next date of a group that starts after now, in the order of starts, behind
// the date with the given start and id (empty: from the beginning); nil if there is none.
func (s store) nextDate(ctx context.Context, groupID string, now, start time.Time, dateID string) (*Occurrence, error) {
	filter := bson.D{{Key: "groupId", Value: groupID}, {Key: "startsAt", Value: bson.D{{Key: "$gt", Value: now}}}}
	if dateID != "" {
		filter = append(filter, bson.E{Key: "$and", Value: bson.A{mongodb.After("startsAt", false, start, dateID)}})
	}
	o, err := mongodb.One[Occurrence]("next date of a group", s.db.Collection(occurrences).FindOne(ctx, filter,
		options.FindOne().SetSort(mongodb.KeysetSort("startsAt", false))))
	if fault.Is(err, fault.KindNotFound) {
		return nil, nil //nolint:nilnil // nil says that there is none
	}
	return o, err
}
