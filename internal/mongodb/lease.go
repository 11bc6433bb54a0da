package mongodb

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
)

// ErrFenced says that a lease has ended and another worker has taken over.
var ErrFenced = errors.New("another worker has taken over")

// Lease is what a worker holds while it works on a document, which embeds it
// inline. Fence rises with each claim, so that a worker that slept past its lease
// is refused when it wakes.
type Lease struct {
	Owner string    `bson:"owner"`
	Until time.Time `bson:"leaseUntil"`
	Fence int       `bson:"fence"`
}

// Claim takes the first document that fits due, in the order of sort, and that
// nobody holds. It is held for that long, by the database's time. Returns
// NotFound if there is none.
func Claim[T any](ctx context.Context, db *DB, c *mongo.Collection, owner string, hold time.Duration, due, sort bson.D) (*T, error) {
	now := db.Now()
	filter := append(bson.D{{Key: "leaseUntil", Value: bson.D{{Key: "$lt", Value: now}}}}, due...)
	return One[T]("claim from "+c.Name(), c.FindOneAndUpdate(ctx, filter,
		bson.D{
			{Key: "$set", Value: bson.D{{Key: "owner", Value: owner}, {Key: "leaseUntil", Value: now.Add(hold)}}},
			{Key: "$inc", Value: bson.D{{Key: "fence", Value: 1}}},
		},
		options.FindOneAndUpdate().SetReturnDocument(options.After).SetSort(sort)))
}

// Keep writes fields of a document that is held and holds it on for that long,
// or lets go of it if hold is zero. Returns ErrFenced if another worker has taken
// it.
func (l *Lease) Keep(ctx context.Context, db *DB, c *mongo.Collection, docID string, hold time.Duration, fields bson.D) error {
	l.Until = time.Time{}
	if hold > 0 {
		l.Until = db.Now().Add(hold)
	}
	res, err := c.UpdateOne(ctx, bson.D{{Key: "_id", Value: docID}, {Key: "fence", Value: l.Fence}},
		bson.D{{Key: "$set", Value: append(fields, bson.E{Key: "leaseUntil", Value: l.Until})}})
	if err != nil {
		return Translate("save to "+c.Name(), err)
	}
	if res.MatchedCount == 0 {
		return ErrFenced
	}
	return nil
}

// IfAny turns NotFound into nil: no work is not an error.
func IfAny[T any](doc *T, err error) (*T, error) {
	if fault.Is(err, fault.KindNotFound) {
		return nil, nil //nolint:nilnil // no work is not an error, and nothing else to return
	}
	return doc, err
}
