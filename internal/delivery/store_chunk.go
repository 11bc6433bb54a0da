package delivery

import (
	"context"
	"slices"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/inbox"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
)

func (s store) saveChunk(ctx context.Context, c *chunk) error {
	hold := leaseTime
	if c.letGo {
		hold = 0
	}
	return c.Keep(ctx, s.db, mongodb.Ref{Collection: chunks, ID: c.ID}, hold, append(bson.D{{Key: "state", Value: c.State}, {Key: "after", Value: c.After},
		{Key: "open", Value: c.Open}, {Key: "retry", Value: c.Retry}, {Key: "resting", Value: c.Resting}, {Key: "suspects", Value: c.Suspects},
		{Key: "only", Value: c.Only}, {Key: "attempt", Value: c.Attempt}, {Key: "notBefore", Value: c.NotBefore},
		{Key: "reached", Value: c.Reached}, {Key: "refused", Value: c.Refused}, {Key: "through", Value: c.Through},
		{Key: "unreadable", Value: c.Unreadable}, {Key: "over", Value: c.IsOver},
		{Key: "tries", Value: c.Tries}, {Key: "begun", Value: 0}}, c.counts()...))
}

// counts are the fields that a report reads.
func (c *chunk) counts() bson.D {
	return bson.D{{Key: "sent", Value: c.Sent}, {Key: "gone", Value: c.Gone}, {Key: "failed", Value: c.Failed},
		{Key: "dead", Value: c.Dead}, {Key: "answers", Value: c.Answers}}
}

// saveStopped records what went out of a chunk whose job was stopped during sending,
// unless another worker has taken the chunk since.
func (s store) saveStopped(ctx context.Context, c *chunk) error {
	_, err := s.db.Collection(chunks).UpdateOne(ctx, bson.D{{Key: "_id", Value: c.ID}, {Key: "state", Value: stateStopped}, {Key: "fence", Value: c.Fence + 1}},
		bson.D{{Key: "$set", Value: c.counts()}})
	return mongodb.Translate("count what a stopped chunk has sent", err)
}

// counted are the fields of a chunk that a report counts.
var counted = bson.D{{Key: "job", Value: 1}, {Key: "state", Value: 1}, {Key: "size", Value: 1}, {Key: "sent", Value: 1}, {Key: "gone", Value: 1},
	{Key: "failed", Value: 1}, {Key: "answers", Value: 1}, {Key: "over", Value: 1}}

// chunksOf are the chunks of a job, without their people and devices.
func (s store) chunksOf(ctx context.Context, keys []string) (map[string][]*chunk, error) {
	list, err := mongodb.All[*chunk](ctx, "find chunks", s.db.Collection(chunks),
		bson.D{{Key: "job", Value: bson.D{{Key: "$in", Value: keys}}}}, options.Find().SetProjection(counted))
	of := map[string][]*chunk{}
	for _, c := range list {
		of[c.Job] = append(of[c.Job], c)
	}
	return of, err
}

// openChunks tells in which of the states QUEUED and DEAD these jobs have chunks.
func (s store) openChunks(ctx context.Context, keys []string) (map[string]map[notify.JobState]bool, error) {
	list, err := mongodb.All[*chunk](ctx, "find open chunks", s.db.Collection(chunks),
		bson.D{{Key: "job", Value: bson.D{{Key: "$in", Value: keys}}}, {Key: "state", Value: bson.D{{Key: "$in", Value: bson.A{stateQueued, stateDead}}}}},
		options.Find().SetProjection(bson.D{{Key: "job", Value: 1}, {Key: "state", Value: 1}}))
	open := map[string]map[notify.JobState]bool{}
	for _, c := range list {
		if open[c.Job] == nil {
			open[c.Job] = map[notify.JobState]bool{}
		}
		open[c.Job][c.State] = true
	}
	return open, err
}

// beingTold are the people of the chunks with these notices that workers hold, who may have got a push of which the ledger
// does not tell yet.
func (s store) beingTold(ctx context.Context, notices []*inbox.Notice) (map[string]bool, error) {
	keys := []string{}
	for _, notice := range notices {
		keys = append(keys, notice.Cause)
	}
	slices.Sort(keys)
	list, err := mongodb.All[*chunk](ctx, "find chunks that are being sent", s.db.Collection(chunks),
		bson.D{{Key: "job", Value: bson.D{{Key: "$in", Value: slices.Compact(keys)}}}, {Key: "state", Value: stateQueued}},
		options.Find().SetProjection(bson.D{{Key: "people", Value: 1}, {Key: "leaseUntil", Value: 1}}))
	are, now := map[string]bool{}, s.db.Now()
	for _, c := range list {
		if !c.Until.After(now) {
			continue
		}
		for _, personID := range c.People {
			are[personID] = true
		}
	}
	return are, err
}

// batch is a number of people of a page who get their push at the same time.
type batch struct {
	NotBefore time.Time // zero: now
	People    []string
	Only      []string // the devices that get it; nil: all
}

// addChunk queues people of a page. If the page is done again, it finds its chunk, and
// people who are new in the page get a chunk of their own.
func (s store) addChunk(ctx context.Context, j *job, chunkID string, b batch) error {
	now := s.db.Now()
	c := chunk{ID: chunkID, Job: j.Key, Kind: j.Kind, People: b.People, Only: b.Only, State: stateQueued, Rank: j.Rank, CreatedAt: now, NotBefore: now}
	if !b.NotBefore.IsZero() {
		c.ID, c.NotBefore = chunkID+":"+strconv.FormatInt(b.NotBefore.Unix(), 10), b.NotBefore
	}
	for {
		c.Size = len(c.People)
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

// removeEnded removes jobs and chunks that are in one of these states and older than an
// instant.
func (s store) removeEnded(ctx context.Context, before time.Time, states ...notify.JobState) error {
	for _, collection := range []string{chunks, jobs} {
		for _, state := range states {
			err := mongodb.RemoveAll(ctx, "purge "+collection, s.db.Collection(collection),
				bson.D{{Key: "state", Value: state}, {Key: "createdAt", Value: bson.D{{Key: "$lt", Value: before}}}})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
