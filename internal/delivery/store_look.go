package delivery

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// lookIndexes hold the jobs that are looked at, and no others.
func lookIndexes() []mongodb.Index {
	return []mongodb.Index{{Collection: jobs, Keys: bson.D{{Key: "lookAt", Value: 1}, {Key: "_id", Value: 1}}, Sparse: true}}
}

// lookFields are the fields of a job by which it is looked at.
var lookFields = bson.D{{Key: "kind", Value: 1}, {Key: "subject", Value: 1}, {Key: "args", Value: 1}, {Key: "expiresAt", Value: 1}, {Key: "audiences.kind", Value: 1},
	{Key: "again", Value: 1}, {Key: "state", Value: 1}, {Key: "createdAt", Value: 1}, {Key: "lookAt", Value: 1}}

// dueLooks are the jobs that are to be looked at by now, the longest due first.
func (s store) dueLooks(ctx context.Context, now time.Time) ([]*job, error) {
	return s.looks(ctx, bson.D{{Key: "$lte", Value: now}}, looksAtOnce)
}

// allLooks are the jobs that are looked at now or later.
func (s store) allLooks(ctx context.Context) ([]*job, error) {
	return s.looks(ctx, bson.D{{Key: "$gt", Value: time.Time{}}}, 0)
}

func (s store) looks(ctx context.Context, at bson.D, most int64) ([]*job, error) {
	return mongodb.All[*job](ctx, "find news to look at", s.db.Collection(jobs), bson.D{{Key: "lookAt", Value: at}},
		options.Find().SetSort(mongodb.KeysetSort("lookAt", false)).SetLimit(most).SetProjection(lookFields))
}

// setLooks sets when jobs are looked at next, by that instant. Under the zero time are those that are looked at no more.
func (s store) setLooks(ctx context.Context, next map[time.Time][]string) error {
	for at, keys := range next {
		change := bson.D{{Key: "$set", Value: bson.D{{Key: "lookAt", Value: at}}}}
		if at.IsZero() {
			change = bson.D{{Key: "$unset", Value: bson.D{{Key: "lookAt", Value: ""}}}}
		}
		_, err := s.db.Collection(jobs).UpdateMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: keys}}}}, change)
		if err != nil {
			return mongodb.Translate("set when news is looked at", err)
		}
	}
	return nil
}

// eachChunkOf hands out the people of each chunk of a job.
func (s store) eachChunkOf(ctx context.Context, key string, do func(people []string) error) error {
	list, err := mongodb.All[*chunk](ctx, "find chunks", s.db.Collection(chunks), bson.D{{Key: "job", Value: key}},
		options.Find().SetProjection(bson.D{{Key: "people", Value: 1}}))
	if err != nil {
		return err
	}
	for _, c := range list {
		if err := do(c.People); err != nil {
			return err
		}
	}
	return nil
}

// askRecalls asks for the recall of one notice of each of these people.
func (s store) askRecalls(ctx context.Context, people []string, noticeOf func(personID string) string) error {
	now := s.db.Now()
	list := make([]recall, 0, len(people))
	for _, personID := range people {
		if personID != "" { // they were erased
			list = append(list, recall{PersonID: personID, Notices: []string{noticeOf(personID)}, AskedAt: now, DueAt: now.Add(recallAfter)})
		}
	}
	if len(list) == 0 {
		return nil
	}
	_, err := s.db.Collection(recalls).InsertMany(ctx, list, options.InsertMany().SetOrdered(false))
	if err == nil {
		return nil
	}
	known, ok := mongodb.Duplicates(err)
	if !ok {
		return mongodb.Translate("ask for recalls", err)
	}
	for _, i := range known {
		if err := s.askRecall(ctx, list[i].PersonID, list[i].Notices); err != nil {
			return err
		}
	}
	return nil
}
