package mongodb

import (
	"context"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"faellesskab/internal/fault"
)

// Owned is a collection whose documents have an owner, such as the person of a notice or the
// group of a membership. A document's id is the owner's id and a key, joined by a colon, and
// the field By has the owner's id too: it is the shard key. A filter that names the owner is
// answered by one server of a sharded cluster, and an id alone by all of them; some commands
// are refused without it. The methods take ids and make filters that name both.
type Owned struct {
	*mongo.Collection
	By string // empty: the documents have no owner, and their ids are enough
}

// Owned is a collection whose documents have their owner in the field by.
func (db *DB) Owned(collection, by string) Owned { return Owned{db.Collection(collection), by} }

// ownerOf is the id of the owner in a document's id.
func ownerOf(id string) string {
	owner, _, _ := strings.Cut(id, ":")
	return owner
}

// One fits the document with that id.
func (o Owned) One(id string) bson.D {
	byID := bson.E{Key: "_id", Value: id}
	if o.By == "" {
		return bson.D{byID}
	}
	return bson.D{{Key: o.By, Value: ownerOf(id)}, byID}
}

// Any fits the documents with those ids.
func (o Owned) Any(ids []string) bson.D {
	byID := bson.E{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}
	if o.By == "" {
		return bson.D{byID}
	}
	owners := make([]string, len(ids))
	for i, id := range ids {
		owners[i] = ownerOf(id)
	}
	slices.Sort(owners)
	owners = slices.Compact(owners)
	if len(owners) == 1 {
		return bson.D{{Key: o.By, Value: owners[0]}, byID}
	}
	return bson.D{{Key: o.By, Value: bson.D{{Key: "$in", Value: owners}}}, byID}
}

// GetOwned is Get of a document that has an owner. Returns NotFound if there is none.
func GetOwned[T any](ctx context.Context, op string, o Owned, id string) (*T, error) {
	return One[T](op, o.FindOne(ctx, o.One(id)))
}

// OwnedByIDs is ByIDs of documents that have owners.
func OwnedByIDs[T any](ctx context.Context, op string, o Owned, ids []string, idOf func(*T) string) (map[string]*T, error) {
	found := make(map[string]*T, len(ids))
	for some := range slices.Chunk(ids, maxIn) {
		list, err := All[*T](ctx, op, o.Collection, o.Any(some))
		if err != nil {
			return nil, err
		}
		for _, doc := range list {
			found[idOf(doc)] = doc
		}
	}
	return found, nil
}

// UpdateVersion updates a document that carries a version, if the stored version is
// the given one. Returns VERSION_CONFLICT otherwise.
func (o Owned) UpdateVersion(ctx context.Context, id string, version int, update bson.D) error {
	res, err := o.UpdateOne(ctx, append(o.One(id), bson.E{Key: "version", Value: version}), update)
	if err != nil {
		return Translate("update "+o.Name(), err)
	}
	if res.MatchedCount == 0 {
		return fault.VersionConflict()
	}
	return nil
}
