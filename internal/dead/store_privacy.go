package dead

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/privacy"
)

// eraseAtOnce is how many letters one call erases.
const eraseAtOnce = 100

// export tells the person what was put aside and when. A letter may mention several people, so it tells
// nothing else.
func (s Store) export(ctx context.Context, personID string, keep func(record any) error) error {
	list, err := mongodb.All[Letter](ctx, "export dead letters", s.db.Collection(letters), bson.D{{Key: "people", Value: personID}})
	if err != nil {
		return err
	}
	for _, l := range list {
		if err := keep(map[string]any{"kind": l.Kind, "at": l.At.UTC(), "tries": l.Tries}); err != nil {
			return err
		}
	}
	return nil
}

func (s Store) erase(ctx context.Context, personID string) (left bool, err error) {
	list, err := mongodb.All[Letter](ctx, "find dead letters of a person", s.db.Collection(letters),
		bson.D{{Key: "people", Value: personID}, {Key: "kind", Value: bson.D{{Key: "$ne", Value: privacy.TimerKind}}}},
		options.Find().SetLimit(eraseAtOnce))
	if err != nil || len(list) == 0 {
		return false, err
	}
	ids := make(bson.A, len(list))
	for i, l := range list {
		ids[i] = l.ID
	}
	_, err = s.db.Collection(letters).DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
	return len(list) == eraseAtOnce, mongodb.Translate("erase dead letters", err)
}
