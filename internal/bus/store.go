package bus

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

type store struct{ db *mongodb.DB }

// resumeToken is where a change stream broke off; nil: from now.
type resumeToken = bson.Raw

// follow reads the changes of some collections until ctx ends or the stream
// breaks, and tells where it was. A token that is no longer known is dropped:
// then what lay between is found by the listeners' own looks.
func (s store) follow(ctx context.Context, collections []string, from resumeToken, tell func(collection, id string)) (resumeToken, error) {
	pipeline := mongo.Pipeline{
		{{Key: "$match", Value: bson.D{
			{Key: "operationType", Value: bson.D{{Key: "$in", Value: bson.A{"insert", "update", "replace"}}}},
			{Key: "ns.coll", Value: bson.D{{Key: "$in", Value: collections}}},
		}}},
		{{Key: "$project", Value: bson.D{{Key: "documentKey", Value: 1}, {Key: "ns", Value: 1}}}},
	}
	opts := options.ChangeStream()
	if from != nil {
		opts.SetResumeAfter(from)
	}
	stream, err := s.db.Watch(ctx, pipeline, opts)
	if err != nil {
		return nil, mongodb.Translate("open change stream", err)
	}
	defer func() { _ = stream.Close(context.WithoutCancel(ctx)) }()
	for stream.Next(ctx) {
		var change struct {
			NS          struct{ Coll string } `bson:"ns"`
			DocumentKey struct {
				ID string `bson:"_id"`
			} `bson:"documentKey"`
		}
		if err := stream.Decode(&change); err == nil {
			tell(change.NS.Coll, change.DocumentKey.ID)
		}
	}
	return stream.ResumeToken(), mongodb.Translate("follow change stream", stream.Err())
}
