package timer

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/privacy"
)

// eraseAtOnce is how many timers one call erases.
const eraseAtOnce = 100

// export tells the person the kind of a timer and when it is due. A timer may concern several people, so
// it tells nothing else.
func (s store) export(ctx context.Context, personID string, keep func(record any) error) error {
	list, err := mongodb.All[Timer](ctx, "export timers", s.db.Collection(timers), bson.D{{Key: "people", Value: personID}})
	if err != nil {
		return err
	}
	for _, t := range list {
		if err := keep(map[string]any{"kind": t.Kind, "at": t.At.UTC()}); err != nil {
			return err
		}
	}
	return nil
}

// erase removes timers that mention a person and are due later than an instant.
func (s store) erase(ctx context.Context, personID string, later time.Time) (left bool, err error) {
	list, err := mongodb.All[Timer](ctx, "find timers of a person", s.db.Collection(timers),
		bson.D{{Key: "people", Value: personID}, {Key: "at", Value: bson.D{{Key: "$gt", Value: later}}},
			{Key: "kind", Value: bson.D{{Key: "$ne", Value: privacy.TimerKind}}}},
		options.Find().SetLimit(eraseAtOnce))
	if err != nil || len(list) == 0 {
		return false, err
	}
	keys := make(bson.A, len(list))
	for i, t := range list {
		keys[i] = t.Key
	}
	_, err = s.db.Collection(timers).DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: keys}}}})
	return len(list) == eraseAtOnce, mongodb.Translate("erase timers", err)
}
