package event

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
)

// nextDate is the date at which a walk goes on: the first behind the one where it is, in the order of starts, that starts
// after now. Nil if there is none.
func (s store) nextDate(ctx context.Context, w *accessWalk, now time.Time) (*Occurrence, error) {
	filter := bson.D{{Key: "startsAt", Value: bson.D{{Key: "$gt", Value: now}}}}
	if w.ID != "" {
		filter = append(filter, bson.E{Key: "$and", Value: bson.A{mongodb.After("startsAt", false, w.Start, w.ID)}})
	}
	if w.EventID != "" {
		filter = append(bson.D{{Key: "eventId", Value: w.EventID}}, filter...)
	} else {
		filter = hostedBy(filter, "groupId", "coGroupIds", w.GroupID)
	}
	o, err := mongodb.One[Occurrence]("next date of a group", s.db.Collection(occurrences).FindOne(ctx, filter,
		options.FindOne().SetSort(mongodb.KeysetSort("startsAt", false))))
	if fault.Is(err, fault.KindNotFound) {
		return nil, nil //nolint:nilnil // nil says that there is none
	}
	return o, err
}
