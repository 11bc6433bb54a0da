package timer

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

const timers = "timers"

type store struct{ db *mongodb.DB }

// Indexes are the collection's indexes. A sharded cluster needs no more than
// {_id: hashed}.
func Indexes() []mongodb.Index {
	return []mongodb.Index{{Collection: timers, Keys: bson.D{{Key: "at", Value: 1}, {Key: "leaseUntil", Value: 1}}}}
}

func (s store) insert(ctx context.Context, t Timer) error {
	_, err := s.db.Collection(timers).InsertOne(ctx, t)
	if mongodb.IsDuplicate(err) {
		return nil
	}
	return mongodb.Translate("set timer", err)
}

func (s store) claim(ctx context.Context, owner string) (*Timer, error) {
	return mongodb.IfAny(mongodb.Claim[Timer](ctx, s.db, s.db.Collection(timers), owner, hold,
		bson.D{{Key: "at", Value: bson.D{{Key: "$lte", Value: s.db.Now()}}}}, bson.D{{Key: "at", Value: 1}}))
}

// remove forgets a timer that has been carried out, unless another worker has
// taken it over meanwhile: then it is that worker's to remove.
func (s store) remove(ctx context.Context, t *Timer) error {
	_, err := s.db.Collection(timers).DeleteOne(ctx, bson.D{{Key: "_id", Value: t.Key}, {Key: "fence", Value: t.Fence}})
	return mongodb.Translate("remove timer", err)
}

func (s store) putOff(ctx context.Context, t *Timer, wait time.Duration) error {
	return t.Keep(ctx, s.db, s.db.Collection(timers), t.Key, wait, bson.D{{Key: "failures", Value: t.Failures}})
}
