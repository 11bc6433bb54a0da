package delivery

import (
	"context"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/push"
)

// pushGates holds "pause:<platform>" and "quota:<minute>".
const pushGates = "push_gates"

type gateDoc struct {
	ID    string    `bson:"_id"`
	Until time.Time `bson:"until"` // the end of a pause, or when a quota may be removed
	Used  int       `bson:"used"`
}

const pausePrefix = "pause:"

func gateIndexes() []mongodb.Index {
	return []mongodb.Index{{Collection: pushGates, Keys: bson.D{{Key: "until", Value: 1}}}}
}

// pauses are the platforms that rest, each with the end of its pause.
func (s store) pauses(ctx context.Context) (map[push.Platform]time.Time, error) {
	ids := bson.A{}
	for _, p := range []push.Platform{everything, push.PlatformAndroid, push.PlatformIOS, push.PlatformWeb} {
		ids = append(ids, pausePrefix+string(p))
	}
	list, err := mongodb.All[gateDoc](ctx, "find pauses", s.db.Collection(pushGates), bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
	until := map[push.Platform]time.Time{}
	for _, g := range list {
		until[push.Platform(strings.TrimPrefix(g.ID, pausePrefix))] = g.Until
	}
	return until, err
}

// pause lets a platform rest at least until an instant.
func (s store) pause(ctx context.Context, p push.Platform, until time.Time) error {
	_, err := s.db.Collection(pushGates).UpdateOne(ctx, bson.D{{Key: "_id", Value: pausePrefix + string(p)}},
		bson.D{{Key: "$max", Value: bson.D{{Key: "until", Value: until}}}}, options.UpdateOne().SetUpsert(true))
	return mongodb.Translate("pause pushes", err)
}

// takeQuota takes n pushes of a minute's quota and returns how many all replicas have
// taken.
func (s store) takeQuota(ctx context.Context, minute time.Time, n int) (used int, err error) {
	g, err := mongodb.One[gateDoc]("take quota", s.db.Collection(pushGates).FindOneAndUpdate(ctx,
		bson.D{{Key: "_id", Value: "quota:" + minute.UTC().Format(time.RFC3339)}},
		bson.D{{Key: "$inc", Value: bson.D{{Key: "used", Value: n}}}, {Key: "$set", Value: bson.D{{Key: "until", Value: minute.Add(time.Hour)}}}},
		options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)))
	if err != nil {
		return 0, err
	}
	return g.Used, nil
}

// removeGates forgets pauses and quotas that are over.
func (s store) removeGates(ctx context.Context, before time.Time) error {
	_, err := s.db.Collection(pushGates).DeleteMany(ctx, bson.D{{Key: "until", Value: bson.D{{Key: "$lt", Value: before}}}})
	return mongodb.Translate("purge push gates", err)
}
