package delivery

import (
	"context"
	"slices"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
)

const (
	jobs   = "notify_jobs"
	chunks = "notify_chunks"
)

type store struct {
	db    *mongodb.DB
	kinds *notify.Kinds
}

// indexes are the collections' indexes.
func indexes() []mongodb.Index {
	by := func(collection string, keys bson.D) mongodb.Index {
		return mongodb.Index{Collection: collection, Keys: keys}
	}
	return append(slices.Concat(slotIndexes(), gateIndexes(), recallIndexes(), lookIndexes(), privacyIndexes()),
		by(jobs, bson.D{{Key: "state", Value: 1}, {Key: "rank", Value: 1}, {Key: "createdAt", Value: 1}, {Key: "_id", Value: 1}, {Key: "leaseUntil", Value: 1}}),
		by(jobs, bson.D{{Key: "state", Value: 1}, {Key: "createdAt", Value: 1}, {Key: "_id", Value: 1}}),
		by(chunks, bson.D{{Key: "state", Value: 1}, {Key: "rank", Value: 1}, {Key: "createdAt", Value: 1}, {Key: "_id", Value: 1}, {Key: "leaseUntil", Value: 1}, {Key: "notBefore", Value: 1}}),
		by(chunks, bson.D{{Key: "state", Value: 1}, {Key: "createdAt", Value: 1}, {Key: "_id", Value: 1}}),
		by(chunks, bson.D{{Key: "job", Value: 1}, {Key: "state", Value: 1}}),
	)
}

// addJob queues a cause. If it exists already, nothing happens.
func (s store) addJob(ctx context.Context, c notify.Cause) error {
	j := job{Cause: c, Names: c.Named(), State: stateQueued, CreatedAt: s.db.Now()}
	if s.kinds.Of(c.Kind).Policy.IsUrgent {
		j.Rank = rankUrgent
	}
	_, err := s.db.Collection(jobs).InsertOne(ctx, j)
	if mongodb.IsDuplicate(err) {
		return nil
	}
	return mongodb.Translate("add notify job", err)
}

func (s store) job(ctx context.Context, key string) (*job, error) {
	return mongodb.Get[job](ctx, "get notify job", s.db.Collection(jobs), key)
}

func (s store) jobsOf(ctx context.Context, keys []string) (map[string]*job, error) {
	return mongodb.ByIDs(ctx, "find notify jobs", s.db.Collection(jobs), keys, func(j *job) string { return j.Key })
}

// one is the job or the chunk with that id. Returns NotFound.
func one[T any](ctx context.Context, s store, collection, docID string) (*T, error) {
	return mongodb.Get[T](ctx, "get from "+collection, s.db.Collection(collection), docID)
}

func (s store) saveJob(ctx context.Context, j *job) error {
	hold := leaseTime
	if j.letGo {
		hold = 0
	}
	fields := bson.D{{Key: "state", Value: j.State}, {Key: "audience", Value: j.Audience},
		{Key: "after", Value: j.After}, {Key: "counts", Value: j.Counts}, {Key: "dropped", Value: j.Dropped},
		{Key: "pages", Value: j.Pages}, {Key: "rank", Value: j.Rank}, {Key: "cleanFence", Value: j.CleanFence},
		{Key: "tries", Value: j.Tries}, {Key: "begun", Value: 0}}
	if at := j.nextLook(s.db.Now(), j.ExpiresAt); at != nil && j.LookAt == nil && j.isLookedAt() {
		j.LookAt = at
		fields = append(fields, bson.E{Key: "lookAt", Value: j.LookAt})
	}
	return j.Keep(ctx, s.db, mongodb.Ref{Collection: jobs, ID: j.Key}, hold, fields)
}

// stopJob stops a job and its chunks. Their fences rise, so that a worker that holds one
// is refused at the next checkpoint.
func (s store) stopJob(ctx context.Context, key, why string) error {
	stop := func(more ...bson.E) bson.D {
		set := append(bson.D{{Key: "state", Value: stateStopped}}, more...)
		return bson.D{{Key: "$set", Value: set}, {Key: "$inc", Value: bson.D{{Key: "fence", Value: 1}}}}
	}
	// The job is stopped first, since a chunk that is added later looks at its job
	// before it is sent. A job that has been expanded is stopped too, for the sake of
	// its chunks.
	_, err := s.db.Collection(jobs).UpdateOne(ctx, bson.D{{Key: "_id", Value: key}, {Key: "state", Value: bson.D{{Key: "$in", Value: bson.A{stateQueued, stateDone, stateDead}}}}},
		stop(bson.E{Key: "stoppedBecause", Value: why}))
	if err != nil {
		return mongodb.Translate("stop notify job", err)
	}
	_, err = s.db.Collection(chunks).UpdateMany(ctx, bson.D{{Key: "job", Value: key}, {Key: "state", Value: stateQueued}}, stop())
	return mongodb.Translate("stop notify chunks", err)
}

// chunkID names the page that is being expanded by its number: it stands in the notices
// of all the people of the page, and must not name one of them.
func (j *job) chunkID() string { return j.Key + ":" + strconv.Itoa(j.Pages) }
