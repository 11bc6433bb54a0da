package mongodb

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
)

// ErrFenced says that a lease has ended and another worker has taken over.
var ErrFenced = errors.New("another worker has taken over")

// Lease is a worker's claim on a document that it works on; the document embeds it
// inline. Fence rises with each claim, so that a worker that has slept past its lease
// is refused when it wakes.
type Lease struct {
	Owner string    `bson:"owner"`
	Until time.Time `bson:"leaseUntil"`
	Fence int       `bson:"fence"`
}

// Wanted says which document a worker wants to work on: the first that fits Due, in
// the order of Sort.
type Wanted struct {
	Owner     string        // names the worker's process
	Hold      time.Duration // how long the document is held, by the database's time
	Due, Sort bson.D
}

// Claim takes the wanted document among those that no worker holds. Returns NotFound
// if there is none.
func Claim[T any](ctx context.Context, db *DB, collection string, w Wanted) (*T, error) {
	now, c := db.Now(), db.Collection(collection)
	filter := append(bson.D{{Key: "leaseUntil", Value: bson.D{{Key: "$lt", Value: now}}}}, w.Due...)
	return One[T]("claim from "+c.Name(), c.FindOneAndUpdate(ctx, filter,
		bson.D{
			{Key: "$set", Value: bson.D{{Key: "owner", Value: w.Owner}, {Key: "leaseUntil", Value: now.Add(w.Hold)}}},
			{Key: "$inc", Value: bson.D{{Key: "fence", Value: 1}}},
		},
		options.FindOneAndUpdate().SetReturnDocument(options.After).SetSort(w.Sort)))
}

// Keep writes fields of a document that the worker holds, and extends its hold by that
// long, or ends it if hold is zero. Returns ErrFenced if another worker has taken the
// document.
func (l *Lease) Keep(ctx context.Context, db *DB, doc Ref, hold time.Duration, fields bson.D) error {
	l.Until = time.Time{}
	if hold > 0 {
		l.Until = db.Now().Add(hold)
	}
	res, err := db.Collection(doc.Collection).UpdateOne(ctx, bson.D{{Key: "_id", Value: doc.ID}, {Key: "fence", Value: l.Fence}},
		bson.D{{Key: "$set", Value: append(fields, bson.E{Key: "leaseUntil", Value: l.Until})}})
	if err != nil {
		return Translate("save to "+doc.Collection, err)
	}
	if res.MatchedCount == 0 {
		return ErrFenced
	}
	return nil
}

// IfAny turns NotFound into nil, since it is no error if there is no work.
func IfAny[T any](doc *T, err error) (*T, error) {
	if fault.Is(err, fault.KindNotFound) {
		return nil, nil //nolint:nilnil // no work is no error, and there is nothing else to return
	}
	return doc, err
}
