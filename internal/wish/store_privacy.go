package wish

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// erase removes some wishes of a person.
func (s store) erase(ctx context.Context, personID string) (left bool, err error) {
	_, left, err = mongodb.RemovePage(ctx, "erase wishes", s.db.Collection(collection), bson.D{{Key: "personId", Value: personID}})
	return left, err
}

func (s store) walkPerson(personID string) mongodb.Walk[Wish] {
	return mongodb.Walk[Wish]{Op: "walk wishes of a person", Collection: s.db.Collection(collection), Filter: bson.D{{Key: "personId", Value: personID}},
		SortKey: "wishedAt", Position: func(w *Wish) (any, string) { return w.WishedAt, w.ID }}
}
