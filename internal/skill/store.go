package skill

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/outbox"
	"faellesskab/internal/page"
)

const collection = "skills"

type store struct{ db *mongodb.DB }

// indexes are the collection's indexes.
func indexes() []mongodb.Index {
	return []mongodb.Index{
		{Collection: collection, Keys: bson.D{{Key: "sortName", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: collection, Keys: bson.D{{Key: "nameKey", Value: 1}}, Unique: true},
	}
}

func (s store) insert(ctx context.Context, k *Skill) error {
	_, err := s.db.Collection(collection).InsertOne(ctx, k)
	return mongodb.Translate("insert skill", err)
}

func (s store) get(ctx context.Context, skillID string) (*Skill, error) {
	return mongodb.Get[Skill](ctx, "get skill", s.db.Collection(collection), skillID)
}

// named is the skill with that Danish name.
func (s store) named(ctx context.Context, nameKey string) (*Skill, error) {
	return mongodb.One[Skill]("find skill by name", s.db.Collection(collection).FindOne(ctx, bson.D{{Key: "nameKey", Value: nameKey}}))
}

// update writes a changed skill, if the stored version is the one before. Returns Conflict if another one has
// the name.
func (s store) update(ctx context.Context, k *Skill, b outbox.Batch) error {
	set := bson.D{{Key: "name", Value: k.Names}, {Key: "nameKey", Value: k.NameKey}, {Key: "sortName", Value: k.SortName},
		{Key: "retired", Value: k.IsRetired}, {Key: "version", Value: k.Version}}
	return mongodb.UpdateVersion(ctx, s.db.Collection(collection), k.ID, k.Version-1, outbox.Stamp(bson.D{{Key: "$set", Value: set}}, b))
}

func (s store) byIDs(ctx context.Context, ids []string) (map[string]*Skill, error) {
	return mongodb.ByIDs(ctx, "find skills", s.db.Collection(collection), ids, func(k *Skill) string { return k.ID })
}

func (s store) list(ctx context.Context, k page.Keyset) ([]*Skill, error) {
	filter := bson.D{{Key: "retired", Value: bson.D{{Key: "$ne", Value: true}}}}
	if !k.IsStart() {
		filter = append(filter, mongodb.After("sortName", false, k.Key, k.ID)...)
	}
	return mongodb.All[*Skill](ctx, "list skills", s.db.Collection(collection), filter,
		options.Find().SetSort(mongodb.KeysetSort("sortName", false)).SetLimit(int64(k.Limit)))
}
