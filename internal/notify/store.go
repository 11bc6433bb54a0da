package notify

import (
	"context"
	"slices"

	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/page"
)

const (
	jobs    = "notify_jobs"
	chunks  = "notify_chunks"
	notices = "notices"
)

type store struct{ db *mongodb.DB }

// Indexes are the collections' indexes. On a sharded cluster the shard key of
// notices is {personId: hashed}.
func Indexes() []mongodb.Index {
	by := func(collection string, keys bson.D) mongodb.Index {
		return mongodb.Index{Collection: collection, Keys: keys}
	}
	return append(slices.Concat(summaryIndexes(), gateIndexes(), ledgerIndexes()),
		by(jobs, bson.D{{Key: "state", Value: 1}, {Key: "rank", Value: 1}, {Key: "createdAt", Value: 1}, {Key: "leaseUntil", Value: 1}}),
		by(jobs, bson.D{{Key: "state", Value: 1}, {Key: "createdAt", Value: 1}}),
		by(chunks, bson.D{{Key: "state", Value: 1}, {Key: "rank", Value: 1}, {Key: "createdAt", Value: 1}, {Key: "leaseUntil", Value: 1}, {Key: "notBefore", Value: 1}}),
		by(chunks, bson.D{{Key: "state", Value: 1}, {Key: "createdAt", Value: 1}}),
		by(chunks, bson.D{{Key: "job", Value: 1}, {Key: "state", Value: 1}}),
		by(notices, bson.D{{Key: "cause", Value: 1}, {Key: "openedAt", Value: 1}}),
		by(notices, bson.D{{Key: "personId", Value: 1}, {Key: "hidden", Value: 1}, {Key: "createdAt", Value: -1}, {Key: "_id", Value: -1}}),
		by(notices, bson.D{{Key: "personId", Value: 1}, {Key: "hidden", Value: 1}, {Key: "unread", Value: 1}}),
		by(notices, bson.D{{Key: "hidden", Value: 1}, {Key: "createdAt", Value: 1}}),
	)
}

// addJob queues a cause; one that is there already is a success.
func (s store) addJob(ctx context.Context, c Cause) error {
	_, err := s.db.Collection(jobs).InsertOne(ctx, job{Cause: c, State: stateQueued, CreatedAt: s.db.Now()})
	if mongodb.IsDuplicate(err) {
		return nil
	}
	return mongodb.Translate("add notify job", err)
}

func (s store) job(ctx context.Context, key string) (*job, error) {
	return mongodb.Get[job](ctx, "get notify job", s.db.Collection(jobs), key)
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
	return j.Keep(ctx, s.db, s.db.Collection(jobs), j.Key, hold, bson.D{{Key: "state", Value: j.State}, {Key: "audience", Value: j.Audience},
		{Key: "after", Value: j.After}, {Key: "counts", Value: j.Counts}, {Key: "dropped", Value: j.Dropped},
		{Key: "pages", Value: j.Pages}, {Key: "rank", Value: j.Rank}, {Key: "cleanFence", Value: j.CleanFence},
		{Key: "tries", Value: j.Tries}, {Key: "begun", Value: 0}})
}

// stopJob stops a job and its chunks. Their fences rise, so that whoever works on
// one is refused at the next checkpoint.
func (s store) stopJob(ctx context.Context, key, why string) error {
	stop := func(more ...bson.E) bson.D {
		set := append(bson.D{{Key: "state", Value: stateStopped}}, more...)
		return bson.D{{Key: "$set", Value: set}, {Key: "$inc", Value: bson.D{{Key: "fence", Value: 1}}}}
	}
	// The job first: a chunk that is added after asks for its job before it sends.
	// A job that has been expanded is stopped too, for its chunks.
	_, err := s.db.Collection(jobs).UpdateOne(ctx, bson.D{{Key: "_id", Value: key}, {Key: "state", Value: bson.D{{Key: "$in", Value: bson.A{stateQueued, stateDone, stateDead}}}}},
		stop(bson.E{Key: "stoppedBecause", Value: why}))
	if err != nil {
		return mongodb.Translate("stop notify job", err)
	}
	_, err = s.db.Collection(chunks).UpdateMany(ctx, bson.D{{Key: "job", Value: key}, {Key: "state", Value: stateQueued}}, stop())
	return mongodb.Translate("stop notify chunks", err)
}

// chunkID names the page of the audience that is being expanded.
func (j *job) chunkID() string { return j.Key + ":" + strconv.Itoa(j.Audience) + ":" + j.After }

// addNotices keeps notices; those that are there already stay as they are and
// are returned.
func (s store) addNotices(ctx context.Context, list []*Notice) (map[string]*Notice, error) {
	if len(list) == 0 {
		return nil, nil
	}
	_, err := s.db.Collection(notices).InsertMany(ctx, list, options.InsertMany().SetOrdered(false))
	if err == nil {
		return nil, nil
	}
	indexes, ok := mongodb.Duplicates(err)
	if !ok {
		return nil, mongodb.Translate("add notices", err)
	}
	ids := make([]string, len(indexes))
	for i, at := range indexes {
		ids[i] = list[at].ID
	}
	return s.noticesByIDs(ctx, ids)
}

func (s store) addReasons(ctx context.Context, noticeID string, reasons []Reason) error {
	if len(reasons) == 0 {
		return nil
	}
	_, err := s.db.Collection(notices).UpdateOne(ctx, bson.D{{Key: "_id", Value: noticeID}},
		bson.D{{Key: "$addToSet", Value: bson.D{{Key: "reasons", Value: bson.D{{Key: "$each", Value: reasons}}}}}})
	return mongodb.Translate("add reasons", err)
}

func (s store) noticesByIDs(ctx context.Context, ids []string) (map[string]*Notice, error) {
	return mongodb.ByIDs(ctx, "find notices", s.db.Collection(notices), ids, func(n *Notice) string { return n.ID })
}

func (s store) notices(ctx context.Context, personID string, pos page.Position, after time.Time, limit int) ([]*Notice, error) {
	filter := bson.D{{Key: "personId", Value: personID}, {Key: "hidden", Value: false}, knownKinds()}
	if !pos.IsStart() {
		filter = append(filter, mongodb.After("createdAt", true, after, pos.ID)...)
	}
	return mongodb.All[*Notice](ctx, "list notices", s.db.Collection(notices), filter,
		options.Find().SetSort(mongodb.KeysetSort("createdAt", true)).SetLimit(int64(limit)))
}

func (s store) countUnread(ctx context.Context, personID string, limit int) (int, error) {
	n, err := s.db.Collection(notices).CountDocuments(ctx,
		bson.D{{Key: "personId", Value: personID}, {Key: "hidden", Value: false}, {Key: "unread", Value: true}, knownKinds()},
		options.Count().SetLimit(int64(limit)))
	return int(n), mongodb.Translate("count unread notices", err)
}

func (s store) markRead(ctx context.Context, personID string, ids []string) error {
	_, err := s.db.Collection(notices).UpdateMany(ctx,
		bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "personId", Value: personID}, {Key: "unread", Value: true}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "unread", Value: false}, {Key: "readAt", Value: s.db.Now()}}}})
	return mongodb.Translate("mark notices read", err)
}

func (s store) markOpened(ctx context.Context, personID, noticeID string) error {
	if err := s.markRead(ctx, personID, []string{noticeID}); err != nil {
		return err
	}
	_, err := s.db.Collection(notices).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: noticeID}, {Key: "personId", Value: personID}, {Key: "openedAt", Value: nil}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "openedAt", Value: s.db.Now()}}}})
	return mongodb.Translate("mark notice opened", err)
}

// removeNotices removes notices older than an instant.
func (s store) removeNotices(ctx context.Context, hidden bool, before time.Time) error {
	return mongodb.RemoveAll(ctx, "purge notices", s.db.Collection(notices),
		bson.D{{Key: "hidden", Value: hidden}, {Key: "createdAt", Value: bson.D{{Key: "$lt", Value: before}}}})
}
