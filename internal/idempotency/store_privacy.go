package idempotency

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// eraseAtOnce is how many records one call erases.
const eraseAtOnce = 500

// ofPerson is a filter for the records of a person's calls, whose ids begin with the person's id.
func ofPerson(personID string) bson.D {
	return bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: personID + ":"}, {Key: "$lt", Value: personID + ";"}}}}
}

func byID() *options.FindOptionsBuilder {
	return options.Find().SetSort(bson.D{{Key: "_id", Value: 1}})
}

// export tells the person which records there are, and when they are removed. Sealed outcomes can be read
// only by the person's phone.
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
