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
	return append(summaryIndexes(),
		by(jobs, bson.D{{Key: "state", Value: 1}, {Key: "createdAt", Value: 1}, {Key: "leaseUntil", Value: 1}}),
		by(chunks, bson.D{{Key: "state", Value: 1}, {Key: "createdAt", Value: 1}, {Key: "leaseUntil", Value: 1}, {Key: "notBefore", Value: 1}}),
		by(notices, bson.D{{Key: "personId", Value: 1}, {Key: "hidden", Value: 1}, {Key: "createdAt", Value: -1}, {Key: "_id", Value: -1}}),
		by(notices, bson.D{{Key: "personId", Value: 1}, {Key: "hidden", Value: 1}, {Key: "unread", Value: 1}}),
	)
}

// addJob hands a cause in; one that is there already is a success.
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

func claim[T any](ctx context.Context, s store, collection, owner string, due ...bson.E) (*T, error) {
	return mongodb.IfAny(mongodb.Claim[T](ctx, s.db, s.db.Collection(collection), owner, leaseTime,
		append(bson.D{{Key: "state", Value: stateQueued}}, due...), bson.D{{Key: "createdAt", Value: 1}}))
}

func (s store) claimJob(ctx context.Context, owner string) (*job, error) {
	return claim[job](ctx, s, jobs, owner)
}

func (s store) claimChunk(ctx context.Context, owner string) (*chunk, error) {
	return claim[chunk](ctx, s, chunks, owner, bson.E{Key: "notBefore", Value: bson.D{{Key: "$lte", Value: s.db.Now()}}})
}

func (s store) saveJob(ctx context.Context, j *job) error {
	return j.Keep(ctx, s.db, s.db.Collection(jobs), j.Key, leaseTime, bson.D{{Key: "state", Value: j.State}, {Key: "audience", Value: j.Audience},
		{Key: "after", Value: j.After}, {Key: "counts", Value: j.Counts}, {Key: "dropped", Value: j.Dropped}})
}

func (s store) saveChunk(ctx context.Context, c *chunk) error {
	hold := leaseTime
	if c.letGo {
		hold = 0
	}
	return c.Keep(ctx, s.db, s.db.Collection(chunks), c.ID, hold, bson.D{{Key: "state", Value: c.State}, {Key: "after", Value: c.After},
		{Key: "retry", Value: c.Retry}, {Key: "only", Value: c.Only}, {Key: "attempt", Value: c.Attempt},
		{Key: "notBefore", Value: c.NotBefore}, {Key: "sent", Value: c.Sent}, {Key: "gone", Value: c.Gone}, {Key: "failed", Value: c.Failed}})
}

// chunkID names the page of the audience that is being expanded.
func (j *job) chunkID() string { return j.Key + ":" + strconv.Itoa(j.Audience) + ":" + j.After }

// addChunk queues people of a page; notBefore is zero for now. A page that is done
// again finds its chunk; who is new in it gets a chunk of their own.
func (s store) addChunk(ctx context.Context, j *job, chunkID string, notBefore time.Time, people []string) error {
	now := s.db.Now()
	c := chunk{ID: chunkID, Job: j.Key, People: people, State: stateQueued, CreatedAt: now, NotBefore: now}
	if !notBefore.IsZero() {
		c.ID, c.NotBefore = chunkID+":"+strconv.FormatInt(notBefore.Unix(), 10), notBefore
	}
	for {
		_, err := s.db.Collection(chunks).InsertOne(ctx, c)
		if !mongodb.IsDuplicate(err) {
			return mongodb.Translate("add notify chunk", err)
		}
		known, err := mongodb.Get[chunk](ctx, "get notify chunk", s.db.Collection(chunks), c.ID)
		if err != nil {
			return err
		}
		c.People = slices.DeleteFunc(slices.Clone(c.People), func(p string) bool { return slices.Contains(known.People, p) })
		if len(c.People) == 0 {
			return nil
		}
		c.ID += ":" + strconv.Itoa(j.Fence)
	}
}

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
	_, err := s.db.Collection(notices).UpdateOne(ctx, bson.D{{Key: "_id", Value: noticeID}},
		bson.D{{Key: "$addToSet", Value: bson.D{{Key: "reasons", Value: bson.D{{Key: "$each", Value: reasons}}}}}})
	return mongodb.Translate("add reasons", err)
}

func (s store) noticesByIDs(ctx context.Context, ids []string) (map[string]*Notice, error) {
	return mongodb.ByIDs(ctx, "find notices", s.db.Collection(notices), ids, func(n *Notice) string { return n.ID })
}

func (s store) notices(ctx context.Context, personID string, pos page.Position, after time.Time, limit int) ([]*Notice, error) {
	filter := bson.D{{Key: "personId", Value: personID}, {Key: "hidden", Value: false}}
	if !pos.IsStart() {
		filter = append(filter, mongodb.After("createdAt", true, after, pos.ID)...)
	}
	return mongodb.All[*Notice](ctx, "list notices", s.db.Collection(notices), filter,
		options.Find().SetSort(mongodb.KeysetSort("createdAt", true)).SetLimit(int64(limit)))
}

func (s store) countUnread(ctx context.Context, personID string, limit int) (int, error) {
	n, err := s.db.Collection(notices).CountDocuments(ctx,
		bson.D{{Key: "personId", Value: personID}, {Key: "hidden", Value: false}, {Key: "unread", Value: true}},
		options.Count().SetLimit(int64(limit)))
	return int(n), mongodb.Translate("count unread notices", err)
}

func (s store) markRead(ctx context.Context, personID string, ids []string) error {
	_, err := s.db.Collection(notices).UpdateMany(ctx,
		bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "personId", Value: personID}, {Key: "unread", Value: true}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "unread", Value: false}, {Key: "readAt", Value: s.db.Now()}}}})
	return mongodb.Translate("mark notices read", err)
}

// removeDone removes what was finished and is older than an instant.
func (s store) removeDone(ctx context.Context, before time.Time) error {
	for _, collection := range []string{chunks, jobs} {
		_, err := s.db.Collection(collection).DeleteMany(ctx,
			bson.D{{Key: "state", Value: stateDone}, {Key: "createdAt", Value: bson.D{{Key: "$lt", Value: before}}}})
		if err != nil {
			return mongodb.Translate("purge "+collection, err)
		}
	}
	return nil
}
