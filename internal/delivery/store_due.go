package delivery

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// nextDue is when the first queued job or chunk can be taken up; zero if there is
// none.
func (s store) nextDue(ctx context.Context) (time.Time, error) {
	var first time.Time
	for _, collection := range []string{jobs, chunks} {
		queued, err := mongodb.All[struct {
			Until     time.Time `bson:"leaseUntil"`
			NotBefore time.Time `bson:"notBefore"`
		}](ctx, "find next work", s.db.Collection(collection), bson.D{{Key: "state", Value: stateQueued}},
			options.Find().SetProjection(bson.D{{Key: "leaseUntil", Value: 1}, {Key: "notBefore", Value: 1}}))
		if err != nil {
			return time.Time{}, err
		}
		for _, q := range queued {
			due := q.NotBefore
			if q.Until.After(due) {
				due = q.Until
			}
			if first.IsZero() || due.Before(first) {
				first = due
			}
		}
	}
	return first, nil
}
