package certificate

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
)

func ofPerson(personID string) bson.D { return bson.D{{Key: "personId", Value: personID}} }

func (s store) walkPerson(personID string) mongodb.Walk[Certificate] {
	return mongodb.Walk[Certificate]{Op: "walk certificates of a person", Collection: s.db.Collection(collection), Filter: ofPerson(personID),
		SortKey: "issuedAt", Position: func(c *Certificate) (any, string) { return c.IssuedAt, c.ID }}
}

// eraseHolder takes a person from their certificates, and what staff have written of them. Whoever changes one meanwhile is refused by its version.
func (s store) eraseHolder(ctx context.Context, personID string, now time.Time) (left bool, err error) {
	_, err = s.db.Collection(collection).UpdateMany(ctx, ofPerson(personID), bson.D{
		{Key: "$set", Value: bson.D{{Key: "personId", Value: ""}, {Key: "holder", Value: ""}, {Key: "erasedAt", Value: now}}},
		{Key: "$unset", Value: bson.D{{Key: "revokedReason", Value: ""}}},
		{Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}})
	return false, mongodb.Translate("erase holder of certificates", err)
}

func (s store) eraseName(ctx context.Context, personID string) (left bool, err error) {
	_, err = s.db.Collection(names).DeleteOne(ctx, bson.D{{Key: "_id", Value: personID}})
	return false, mongodb.Translate("erase name on certificates", err)
}

func (s store) exportName(ctx context.Context, personID string, keep func(record any) error) error {
	w, err := mongodb.Get[Wanted](ctx, "get name on certificates", s.db.Collection(names), personID)
	if err != nil {
		return fault.UnlessNotFound(err)
	}
	return keep(map[string]any{"name": w.Name})
}
