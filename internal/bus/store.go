package bus

import (
	"context"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

type store struct{ db *mongodb.DB }

// resumeToken is where a change stream broke off; nil: from now.
type resumeToken = bson.Raw

// These are the server's words for a place in its history from which it cannot go on.
const (
	codeInvalidResumeToken      = 260
	codeChangeStreamFatalError  = 280
	codeChangeStreamHistoryLost = 286
)

// follow implements the type follow. It keeps the place through every failure, except if the
// server no longer knows the place.
func (s store) follow(ctx context.Context, collections []string, from resumeToken, to ears) (resumeToken, error) {
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
		return unlessLost(from, err), mongodb.Translate("open change stream", err)
	}
	defer func() { _ = stream.Close(context.WithoutCancel(ctx)) }()
	if from == nil {
		to.lost()
	}
	err = read(ctx, stream, to)
	// The driver may reuse the memory of its token.
	return unlessLost(slices.Clone(stream.ResumeToken()), err), mongodb.Translate("follow change stream", err)
}

// fullBatch is fewer changes than the server puts into one answer if it has more.
const fullBatch = 100

// changeStream is the part of the driver's change stream that is used here.
type changeStream interface {
	TryNext(ctx context.Context) bool
	Decode(into any) error
	RemainingBatchLength() int
	ID() int64
	Err() error
}

// read reports changes until the stream breaks or ends, or ctx ends.
func read(ctx context.Context, stream changeStream, to ears) error {
	for {
		// This does not call Next, which waits for a change. The connection's time limit for
		// one command would count for the whole wait, so the stream would break whenever
		// nothing is written for a few seconds. TryNext returns each time the server has
		// answered, and the server waits for a change for up to a second.
		for told := 1; stream.TryNext(ctx); told++ {
			var change struct {
				NS          struct{ Coll string } `bson:"ns"`
				DocumentKey struct {
					ID string `bson:"_id"`
				} `bson:"documentKey"`
			}
			if err := stream.Decode(&change); err == nil {
				to.tell(change.NS.Coll, change.DocumentKey.ID)
			}
			if stream.RemainingBatchLength() > 0 {
				continue
			}
			if told < fullBatch { // the server had no more
				to.caughtUp()
			}
			told = 0
		}
		if err := stream.Err(); err != nil || stream.ID() == 0 {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		to.caughtUp()
	}
}

// unlessLost is the token, or nil if the error says that the server cannot go on
// from there.
func unlessLost(token resumeToken, err error) resumeToken {
	var said mongo.ServerError
	if errors.As(err, &said) && slices.ContainsFunc(
		[]int{codeInvalidResumeToken, codeChangeStreamFatalError, codeChangeStreamHistoryLost}, said.HasErrorCode) {
		return nil
	}
	return token
}
