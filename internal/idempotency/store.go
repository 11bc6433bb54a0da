package idempotency

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

const collection = "idempotency_keys"

type record struct {
	ID        string    `bson:"_id"` // see recordID
	Operation string    `bson:"operation"`
	Hash      string    `bson:"hash"`
	StartedAt time.Time `bson:"startedAt"`
	Outcome   string    `bson:"outcome,omitempty"` // sealed JSON; empty while under way
	ExpiresAt time.Time `bson:"expiresAt"`
}

type store struct{ db *mongodb.DB }

// Indexes are the collection's indexes.
func Indexes() []mongodb.Index {
	expire := time.Duration(0)
	return []mongodb.Index{{Collection: collection, Keys: bson.D{{Key: "expiresAt", Value: 1}}, ExpireAfter: &expire}}
}

// start writes the record of a call; false if there is one already.
func (s store) start(ctx context.Context, recordID, operation, hash string) (bool, error) {
	now := s.db.Now()
	_, err := s.db.Collection(collection).InsertOne(ctx, record{
		ID: recordID, Operation: operation, Hash: hash, StartedAt: now, ExpiresAt: now.Add(Retention),
	})
	if mongodb.IsDuplicate(err) {
		return s.restart(ctx, recordID, operation, hash, now)
	}
	return err == nil, mongodb.Translate("start idempotent call", err)
}

// restart takes a record whose time has passed and which no purge has removed yet.
func (s store) restart(ctx context.Context, recordID, operation, hash string, now time.Time) (bool, error) {
	res, err := s.db.Collection(collection).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: recordID}, {Key: "expiresAt", Value: bson.D{{Key: "$lt", Value: now}}}},
		bson.D{
			{Key: "$set", Value: bson.D{{Key: "operation", Value: operation}, {Key: "hash", Value: hash},
				{Key: "startedAt", Value: now}, {Key: "expiresAt", Value: now.Add(Retention)}}},
			{Key: "$unset", Value: bson.D{{Key: "outcome", Value: ""}}},
		})
	if err != nil {
		return false, mongodb.Translate("restart idempotent call", err)
	}
	return res.MatchedCount == 1, nil
}

func (s store) get(ctx context.Context, recordID string) (record, error) {
	var r record
	err := s.db.Collection(collection).FindOne(ctx, bson.D{{Key: "_id", Value: recordID}}).Decode(&r)
	return r, mongodb.Translate("read idempotency key", err)
}

func (s store) takeOver(ctx context.Context, r record) (bool, error) {
	res, err := s.db.Collection(collection).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: r.ID}, {Key: "startedAt", Value: r.StartedAt}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "startedAt", Value: s.db.Now()}}}})
	if err != nil {
		return false, mongodb.Translate("take over idempotent call", err)
	}
	return res.MatchedCount == 1, nil
}

func (s store) finish(ctx context.Context, recordID, outcome string) error {
	_, err := s.db.Collection(collection).UpdateOne(ctx, bson.D{{Key: "_id", Value: recordID}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "outcome", Value: outcome}}}})
	return mongodb.Translate("store outcome", err)
}

func (s store) forget(ctx context.Context, recordID string) error {
	_, err := s.db.Collection(collection).DeleteOne(ctx, bson.D{{Key: "_id", Value: recordID}})
	return mongodb.Translate("forget idempotency key", err)
}

func (s store) purge(ctx context.Context) error {
	_, err := s.db.Collection(collection).DeleteMany(ctx,
		bson.D{{Key: "expiresAt", Value: bson.D{{Key: "$lt", Value: s.db.Now()}}}})
	return mongodb.Translate("purge idempotency keys", err)
}
