package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
)

// inTurn is the order in which work is taken up.
var inTurn = bson.D{{Key: "rank", Value: 1}, {Key: "createdAt", Value: 1}, {Key: "_id", Value: 1}}

const (
	// turnsAtOnce is how many items one look reads to find one that can be taken up.
	turnsAtOnce = 20
	// maxTurns bounds the number of looks, for when other workers were quicker or a
	// newer version has queued items that this one does not understand.
	maxTurns = 50
)

// turn is the part of a job or a chunk that is read before it is taken up.
type turn struct {
	Job          string `bson:"job"` // the job of a chunk
	notify.Cause `bson:",inline"`

	damaged error // why the item could not be read
}

// claimJob takes up the job whose turn it is; nil if there is none.
func (s store) claimJob(ctx context.Context, owner string, understands func(*notify.Cause) bool) (*job, error) {
	due := bson.D{{Key: "state", Value: stateQueued}}
	return claim[job](ctx, s, claimant{jobs, owner}, due, func(t *turn) (bool, error) { return understands(&t.Cause), nil })
}

// claimChunk takes up the chunk whose turn it is; nil if there is none.
func (s store) claimChunk(ctx context.Context, owner string, urgentOnly bool, understands func(*notify.Cause) bool) (*chunk, error) {
	due := bson.D{{Key: "state", Value: stateQueued}, {Key: "notBefore", Value: bson.D{{Key: "$lte", Value: s.db.Now()}}}}
	if urgentOnly {
		due = append(due, bson.E{Key: "rank", Value: bson.D{{Key: "$lte", Value: 0}}})
	}
	return claim[chunk](ctx, s, claimant{chunks, owner}, due, func(t *turn) (bool, error) {
		j, err := s.job(ctx, t.Job)
		if fault.Is(err, fault.KindNotFound) {
			return true, nil // the worker that takes it up then fails, and says so
		}
		return err == nil && understands(&j.Cause), err
	})
}

// claimant is a process that takes up items of a collection.
type claimant struct{ collection, owner string }

// claim takes up the first item that is due and that no worker holds. It looks first and
// then takes exactly what it has seen, so that items it does not understand stay
// untouched. An item that cannot be read does not hide the others; it is the error if
// there are no others.
func claim[T any](ctx context.Context, s store, by claimant, due bson.D, understands func(*turn) (bool, error)) (*T, error) {
	seen := bson.A{}
	var damaged error
	for range maxTurns {
		now := s.db.Now()
		free := append(bson.D{{Key: "leaseUntil", Value: bson.D{{Key: "$lt", Value: now}}}}, due...)
		list, err := s.turns(ctx, by.collection, free, seen)
		if err != nil {
			return nil, err
		}
		for _, t := range list {
			seen = append(seen, t.Key)
			ok, err := t.damaged == nil, t.damaged
			if ok {
				ok, err = understands(t)
			}
			var item *T
			if ok && err == nil {
				item, err = take[T](ctx, s, by, append(bson.D{{Key: "_id", Value: t.Key}}, free...), now)
			}
			switch {
			case item != nil && err == nil, fault.Is(err, fault.KindUnavailable), ctx.Err() != nil:
				return item, err
			case err != nil && !fault.Is(err, fault.KindNotFound):
				damaged = errors.Join(damaged, fmt.Errorf("%s in %s: %w", t.Key, by.collection, err))
			}
		}
		if len(list) < turnsAtOnce {
			break
		}
	}
	return nil, damaged
}

// turns are the next free items, without those seen before.
func (s store) turns(ctx context.Context, collection string, free bson.D, seen bson.A) ([]*turn, error) {
	// Items of other kinds are left to a newer version. Chunks of older versions have no
	// kind.
	look := append(bson.D{mongodb.KnownOnly("kind", s.kinds.Names())}, free...)
	if len(seen) > 0 {
		look = append(look, bson.E{Key: "_id", Value: bson.D{{Key: "$nin", Value: seen}}})
	}
	found, err := mongodb.All[bson.Raw](ctx, "look for work in "+collection, s.db.Collection(collection), look,
		options.Find().SetSort(inTurn).SetLimit(turnsAtOnce).SetProjection(turnFields))
	list := make([]*turn, len(found))
	for i, raw := range found {
		list[i] = &turn{}
		if err := mongodb.Decode(raw, list[i]); err != nil {
			docID, _ := raw.Lookup("_id").StringValueOK()
			list[i] = &turn{Cause: notify.Cause{Key: docID}, damaged: err}
		}
	}
	return list, err
}

var turnFields = bson.D{{Key: "job", Value: 1}, {Key: "kind", Value: 1}, {Key: "subject", Value: 1}, {Key: "audiences.kind", Value: 1}}

// take takes up one item. Returns NotFound if another worker has taken it meanwhile.
func take[T any](ctx context.Context, s store, by claimant, filter bson.D, now time.Time) (*T, error) {
	return mongodb.One[T]("claim from "+by.collection, s.db.Collection(by.collection).FindOneAndUpdate(ctx, filter,
		bson.D{
			{Key: "$set", Value: bson.D{{Key: "owner", Value: by.owner}, {Key: "leaseUntil", Value: now.Add(leaseTime)}}},
			{Key: "$inc", Value: bson.D{{Key: "fence", Value: 1}, {Key: "begun", Value: 1}}},
		},
		options.FindOneAndUpdate().SetReturnDocument(options.After)))
}

// putOff gives back an item that has failed. No worker may take it up before that time
// has passed.
func (s store) putOff(ctx context.Context, it item, wait time.Duration) error {
	lease, t := it.held()
	return s.keep(ctx, it, lease, wait, bson.D{{Key: "tries", Value: t.Tries}, {Key: "error", Value: t.Error}, {Key: "begun", Value: 0}})
}

// putAside gives back an item that has failed too often.
func (s store) putAside(ctx context.Context, it item) error {
	lease, t := it.held()
	return s.keep(ctx, it, lease, 0, bson.D{{Key: "tries", Value: t.Tries}, {Key: "error", Value: t.Error}, {Key: "begun", Value: 0},
		{Key: "state", Value: stateDead}, {Key: "diedAt", Value: t.DiedAt}})
}

// keep writes fields of an item, unless another worker has taken it over.
func (s store) keep(ctx context.Context, it item, lease *mongodb.Lease, hold time.Duration, fields bson.D) error {
	err := lease.Keep(ctx, s.db, mongodb.Ref{Collection: it.collection(), ID: it.docID()}, hold, fields)
	if errors.Is(err, mongodb.ErrFenced) {
		return nil
	}
	return err
}

// deadOnes are the newest items of a collection that were put aside.
func deadOnes[T any](ctx context.Context, s store, collection string, limit int) ([]*T, error) {
	return mongodb.All[*T](ctx, "list what was put aside", s.db.Collection(collection), bson.D{{Key: "state", Value: stateDead}},
		options.Find().SetSort(mongodb.KeysetSort("createdAt", true)).SetLimit(int64(limit)))
}

// revive queues again an item that was put aside. It goes on where it had stopped, so
// that nobody gets a push twice. Returns NotFound if there is none.
func (s store) revive(ctx context.Context, collection, docID string) error {
	now := s.db.Now()
	res, err := s.db.Collection(collection).UpdateOne(ctx, bson.D{{Key: "_id", Value: docID}, {Key: "state", Value: stateDead}},
		bson.D{
			{Key: "$set", Value: bson.D{{Key: "state", Value: stateQueued}, {Key: "tries", Value: 0}, {Key: "begun", Value: 0},
				{Key: "leaseUntil", Value: time.Time{}}, {Key: "notBefore", Value: now}}},
			{Key: "$unset", Value: bson.D{{Key: "diedAt", Value: ""}, {Key: "error", Value: ""}}},
			{Key: "$inc", Value: bson.D{{Key: "fence", Value: 1}}},
		})
	if err != nil {
		return mongodb.Translate("try again what was put aside", err)
	}
	if res.MatchedCount == 0 {
		return fault.NotFound("not_found")
	}
	return nil
}
