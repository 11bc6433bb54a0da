package skill

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/page"
)

const collection = "skills"

type store struct{ db *mongodb.DB }

// indexes are the collection's indexes.
func indexes() []mongodb.Index {
	return []mongodb.Index{{Collection: collection, Keys: bson.D{{Key: "sortName", Value: 1}, {Key: "_id", Value: 1}}}}
}

func (s store) insert(ctx context.Context, k *Skill) error {
	_, err := s.db.Collection(collection).InsertOne(ctx, k)
	return mongodb.Translate("insert skill", err)
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Skill, error) {
	return mongodb.ByIDs(ctx, "find skills", s.db.Collection(collection), ids, func(k *Skill) string { return k.ID })
}

func (s store) list(ctx context.Context, k page.Keyset) ([]*Skill, error) {
	filter := bson.D{}
	if !k.IsStart() {
		filter = append(filter, mongodb.After("sortName", false, k.Key, k.ID)...)
	}
	return mongodb.All[*Skill](ctx, "list skills", s.db.Collection(collection), filter,
		options.Find().SetSort(mongodb.KeysetSort("sortName", false)).SetLimit(int64(k.Limit)))
}
