package audit

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// exportPage is how many entries are read at a time.
const exportPage = 500

func (s store) export(ctx context.Context, personID string, keep func(record any) error) error {
	after := ""
	for {
		list, err := mongodb.All[Entry](ctx, "export audit entries", s.db.Collection(collection),
			bson.D{{Key: "people", Value: personID}, {Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}}},
			options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(exportPage))
		if err != nil {
			return err
		}
		for _, e := range list {
			if err := keep(e.record(personID)); err != nil {
				return err
			}
			after = e.ID
		}
		if len(list) < exportPage {
			return nil
		}
	}
}

func (s store) purge(ctx context.Context, before time.Time) error {
	return mongodb.RemoveAll(ctx, "purge audit entries", s.db.Collection(collection), bson.D{{Key: "at", Value: bson.D{{Key: "$lt", Value: before}}}})
}
