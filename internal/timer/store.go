package timer

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/id"
	"faellesskab/internal/mongodb"
)

const timers = "timers"

type store struct{ db *mongodb.DB }

// Indexes are the collection's indexes. A sharded cluster leaves timers on one server, since
// a claim is one command that asks for the state.
func Indexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: timers, Keys: bson.D{{Key: "kind", Value: 1}, {Key: "at", Value: 1}, {Key: "_id", Value: 1}, {Key: "leaseUntil", Value: 1}}},
		{Collection: timers, Keys: bson.D{{Key: "people", Value: 1}, {Key: "at", Value: 1}}},
	}
}

func (s store) insert(ctx context.Context, t Timer) error {
	t.People = id.PeopleIn(t.Key, t.Args)
	_, err := s.db.Collection(timers).InsertOne(ctx, t)
	if mongodb.IsDuplicate(err) {
		return nil
	}
	return mongodb.Translate("set timer", err)
}

// claim takes the timer of these kinds that has been due the longest; nil if there is
// none.
func (s store) claim(ctx context.Context, owner string, kinds []string) (*Timer, error) {
	return mongodb.IfAny(mongodb.Claim[Timer](ctx, s.db, timers, mongodb.Wanted{Owner: owner, Hold: hold,
		Due:  bson.D{{Key: "kind", Value: bson.D{{Key: "$in", Value: kinds}}}, {Key: "at", Value: bson.D{{Key: "$lte", Value: s.db.Now()}}}},
		Sort: mongodb.KeysetSort("at", false)}))
}

// next is the timer of these kinds that is due first; nil if there is none.
func (s store) next(ctx context.Context, kinds []string) (*Timer, error) {
	return mongodb.IfAny(mongodb.One[Timer]("find next timer", s.db.Collection(timers).FindOne(ctx,
		bson.D{{Key: "kind", Value: bson.D{{Key: "$in", Value: kinds}}}},
		options.FindOne().SetSort(mongodb.KeysetSort("at", false)).SetProjection(bson.D{{Key: "at", Value: 1}}))))
}

// remove deletes a timer that has been carried out, unless another worker has taken
// it over meanwhile. Then that worker removes it.
func (s store) remove(ctx context.Context, t *Timer) error {
	_, err := s.db.Collection(timers).DeleteOne(ctx, bson.D{{Key: "_id", Value: t.Key}, {Key: "fence", Value: t.Fence}})
	return mongodb.Translate("remove timer", err)
}

// putOff lets go of a timer that failed and makes it due at another instant.
// Returns ErrFenced if another worker has taken it over.
func (s store) putOff(ctx context.Context, t *Timer, at time.Time) error {
	return t.Keep(ctx, s.db, mongodb.Ref{Collection: timers, ID: t.Key}, 0,
		bson.D{{Key: "at", Value: at}, {Key: "failures", Value: t.Failures}, {Key: "error", Value: t.Error}})
}
