package poll

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

const collection = "polls"

type store struct{ db *mongodb.DB }

func indexes() []mongodb.Index {
	return []mongodb.Index{{Collection: collection, Keys: bson.D{{Key: "asker", Value: 1}}}}
}

func (s store) insert(ctx context.Context, p *Poll) error {
	_, err := s.db.Collection(collection).InsertOne(ctx, p)
	return mongodb.Translate("insert poll", err)
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Poll, error) {
	return mongodb.ByIDs(ctx, "find polls", s.db.Collection(collection), ids, func(p *Poll) string { return p.ID })
}

func (s store) export(ctx context.Context, personID string, keep func(record any) error) error {
	asked, err := mongodb.All[Poll](ctx, "export polls", s.db.Collection(collection), bson.D{{Key: "asker", Value: personID}})
	for _, p := range asked {
		if err := keep(map[string]any{"id": p.ID, "question": p.Question}); err != nil {
			return err
		}
	}
	return err
}

func (s store) erase(ctx context.Context, personID string) (left bool, err error) {
	_, err = s.db.Collection(collection).UpdateMany(ctx, bson.D{{Key: "asker", Value: personID}}, bson.D{{Key: "$set", Value: bson.D{{Key: "asker", Value: ""}}}})
	return false, mongodb.Translate("erase polls", err)
}
