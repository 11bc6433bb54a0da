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
	Owner     string    `bson:"owner"`             // the call that holds the record
	HeldUntil time.Time `bson:"heldUntil"`         // from then on another call may take it
	Outcome   string    `bson:"outcome,omitempty"` // sealed JSON; empty while under way
	ExpiresAt time.Time `bson:"expiresAt"`
}

type store struct{ db *mongodb.DB }

// Indexes are the collection's indexes.
func Indexes() []mongodb.Index {
	expire := time.Duration(0)
	return []mongodb.Index{{Collection: collection, Keys: bson.D{{Key: "expiresAt", Value: 1}}, ExpireAfter: &expire}}
}

// start writes the record of a call, which then holds it; false if there is one already.
func (s store) start(ctx context.Context, h *hold) (bool, error) {
	now := s.db.Now()
	h.until = now.Add(lease)
	_, err := s.db.Collection(collection).InsertOne(ctx, record{ID: h.record, Operation: h.operation, Hash: h.hash,
		StartedAt: now, Owner: h.owner, HeldUntil: h.until, ExpiresAt: now.Add(Retention)})
	if mongodb.IsDuplicate(err) {
		return s.restart(ctx, h, now)
	}
	return err == nil, mongodb.Translate("start idempotent call", err)
}

// restart takes a record whose time has passed and which no purge has removed yet.
func (s store) restart(ctx context.Context, h *hold, now time.Time) (bool, error) {
	res, err := s.db.Collection(collection).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: h.record}, {Key: "expiresAt", Value: bson.D{{Key: "$lt", Value: now}}}},
		bson.D{
			{Key: "$set", Value: bson.D{{Key: "operation", Value: h.operation}, {Key: "hash", Value: h.hash}, {Key: "startedAt", Value: now},
				{Key: "owner", Value: h.owner}, {Key: "heldUntil", Value: h.until}, {Key: "expiresAt", Value: now.Add(Retention)}}},
			{Key: "$unset", Value: bson.D{{Key: "outcome", Value: ""}}},
		})
	if err != nil {
		return false, mongodb.Translate("restart idempotent call", err)
	}
	return res.MatchedCount == 1, nil
}

func (s store) get(ctx context.Context, recordID string) (record, error) {
	r, err := mongodb.Get[record](ctx, "read idempotency key", s.db.Collection(collection), recordID)
	if err != nil {
		return record{}, err
	}
	return *r, nil
}

// takeOver makes the call the holder of the record, unless another was quicker.
func (s store) takeOver(ctx context.Context, r record, h *hold) (bool, error) {
	h.until = s.db.Now().Add(lease)
	res, err := s.db.Collection(collection).UpdateOne(ctx, heldBy(r.ID, r.Owner),
		bson.D{{Key: "$set", Value: bson.D{{Key: "owner", Value: h.owner}, {Key: "heldUntil", Value: h.until}}}})
	if err != nil {
		return false, mongodb.Translate("take over idempotent call", err)
	}
	return res.MatchedCount == 1, nil
}

// heldBy is a filter for a record that a call holds, and which has no outcome yet.
func heldBy(recordID, owner string) bson.D {
	return bson.D{{Key: "_id", Value: recordID}, {Key: "owner", Value: owner}, {Key: "outcome", Value: bson.D{{Key: "$exists", Value: false}}}}
}

// finish stores an outcome, unless there is one, which may have been told already.
func (s store) finish(ctx context.Context, recordID, outcome string) error {
	_, err := s.db.Collection(collection).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: recordID}, {Key: "outcome", Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "outcome", Value: outcome}}}})
	return mongodb.Translate("store outcome", err)
}

// letGo lets another call take the record at once, if the call still holds it.
func (s store) letGo(ctx context.Context, h *hold) error {
	_, err := s.db.Collection(collection).UpdateOne(ctx, heldBy(h.record, h.owner),
		bson.D{{Key: "$set", Value: bson.D{{Key: "heldUntil", Value: s.db.Now()}}}})
	return mongodb.Translate("let go idempotency key", err)
}

// forget removes the record if the call still holds it.
func (s store) forget(ctx context.Context, h *hold) (gone bool, err error) {
	res, err := s.db.Collection(collection).DeleteOne(ctx, heldBy(h.record, h.owner))
	if err != nil {
		return false, mongodb.Translate("forget idempotency key", err)
	}
	return res.DeletedCount == 1, nil
}

func (s store) purge(ctx context.Context) error {
	_, err := s.db.Collection(collection).DeleteMany(ctx,
		bson.D{{Key: "expiresAt", Value: bson.D{{Key: "$lt", Value: s.db.Now()}}}})
	return mongodb.Translate("purge idempotency keys", err)
}
