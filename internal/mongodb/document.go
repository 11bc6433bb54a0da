package mongodb

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Ref names a document.
type Ref struct{ Collection, ID string }

// Except is a filter that leaves out the documents with some ids.
func Except(filter bson.D, ids []string) bson.D {
	if len(ids) == 0 {
		return filter
	}
	return append(slices.Clone(filter), bson.E{Key: "_id", Value: bson.D{{Key: "$nin", Value: ids}}})
}

// everything are the options of a query all of whose documents are read. MongoDB's first batch has 101 documents, so that
// more would take a second command.
var everything = options.Find().SetBatchSize(1000)

// All decodes all documents that a query finds. op names the operation in errors,
// which are those of Translate.
func All[T any](ctx context.Context, op string, c *mongo.Collection, filter bson.D, opts ...options.Lister[options.FindOptions]) ([]T, error) {
	cur, err := c.Find(ctx, filter, append([]options.Lister[options.FindOptions]{everything}, opts...)...)
	if err != nil {
		return nil, Translate(op, err)
	}
	return rest[T](ctx, op, cur)
}

// Sums decodes all documents that a pipeline makes. op names the operation in errors, which are
// those of Translate.
func Sums[T any](ctx context.Context, op string, c *mongo.Collection, pipeline bson.A) ([]T, error) {
	cur, err := c.Aggregate(ctx, pipeline)
	if err != nil {
		return nil, Translate(op, err)
	}
	return rest[T](ctx, op, cur)
}

// rest decodes the documents that a cursor still has, and closes it. It is what mongo.Cursor.All does,
// which makes a buffer of 4 KB for each document.
func rest[T any](ctx context.Context, op string, cur *mongo.Cursor) (list []T, err error) {
	defer func() { _ = cur.Close(context.WithoutCancel(ctx)) }() // everything is read, or the error is returned
	for cur.Next(ctx) {
		if list == nil {
			list = make([]T, 0, 1+cur.RemainingBatchLength())
		}
		list = append(list, *new(T))
		if err := Decode(cur.Current, &list[len(list)-1]); err != nil {
			return nil, Translate(op, err)
		}
	}
	if err := cur.Err(); err != nil {
		return nil, Translate(op, err)
	}
	return list, nil
}

// One decodes the document of a single result. Returns NotFound if there is
// none.
func One[T any](op string, res *mongo.SingleResult) (*T, error) {
	raw, err := res.Raw()
	if err != nil {
		return nil, Translate(op, err)
	}
	var doc T
	if err := Decode(raw, &doc); err != nil {
		return nil, Translate(op, err)
	}
	return &doc, nil
}

// Get decodes the document with that id. Returns NotFound if there is none.
func Get[T any](ctx context.Context, op string, c *mongo.Collection, id string) (*T, error) {
	return One[T](op, c.FindOne(ctx, bson.D{{Key: "_id", Value: id}}))
}

// maxIn is how many ids one query asks for.
const maxIn = 500

// ByIDs decodes the documents with those ids, and leaves out ids without a document.
// idOf tells a document's id.
func ByIDs[T any](ctx context.Context, op string, c *mongo.Collection, ids []string, idOf func(*T) string) (map[string]*T, error) {
	return OwnedByIDs(ctx, op, Owned{Collection: c}, ids, idOf)
}

// UpdateVersion is Owned.UpdateVersion of documents that have no owner.
func UpdateVersion(ctx context.Context, c *mongo.Collection, id string, version int, update bson.D) error {
	return Owned{Collection: c}.UpdateVersion(ctx, id, version, update)
}

// AtVersion fits a document with that version in a field. Documents without the field have the
// version 0.
func AtVersion(field string, version int) bson.E {
	if version == 0 {
		return bson.E{Key: field, Value: bson.D{{Key: "$in", Value: bson.A{0, nil}}}}
	}
	return bson.E{Key: field, Value: version}
}
