package idempotency

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// eraseAtOnce is how many records one call erases.
const eraseAtOnce = 500

// ofPerson fits the records of a person's calls: their ids begin with the person's.
func ofPerson(personID string) bson.D {
	return bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: personID + ":"}, {Key: "$lt", Value: personID + ";"}}}}
}

func byID() *options.FindOptionsBuilder {
	return options.Find().SetSort(bson.D{{Key: "_id", Value: 1}})
}

// What is sealed can be read by nobody but the person's phone, so the person gets to read
// what there is, and when it goes.
func (s store) export(ctx context.Context, personID string, keep func(r any) error) error {
	list, err := mongodb.All[record](ctx, "export outcomes", s.db.Collection(collection), ofPerson(personID), byID())
	if err != nil {
		return err
	}
	for _, r := range list {
		if err := keep(map[string]any{"operation": r.Operation, "startedAt": r.StartedAt.UTC(), "expiresAt": r.ExpiresAt.UTC()}); err != nil {
			return err
		}
	}
	return nil
}

func (s store) erase(ctx context.Context, personID string) (left bool, err error) {
	list, err := mongodb.All[record](ctx, "find outcomes of a person", s.db.Collection(collection), ofPerson(personID),
		byID().SetLimit(eraseAtOnce).SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil || len(list) == 0 {
		return false, err
	}
	ids := make(bson.A, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	_, err = s.db.Collection(collection).DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
	return len(list) == eraseAtOnce, mongodb.Translate("erase outcomes", err)
}
