package mongodb

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Salvage is All for work that is done for many people at once and that one damaged
// document must not stop. If a document cannot be decoded, it keeps the fields that
// can. damaged says what could not be read; nil if everything was.
func Salvage[T any](ctx context.Context, op string, c *mongo.Collection, filter bson.D, opts ...options.Lister[options.FindOptions]) (list []*T, damaged, err error) {
	cur, err := c.Find(ctx, filter, append([]options.Lister[options.FindOptions]{everything}, opts...)...)
	if err != nil {
		return nil, nil, Translate(op, err)
	}
	defer func() { _ = cur.Close(ctx) }() // everything is read, or the error is returned
	for cur.Next(ctx) {
		doc := new(T)
		if err := Decode(cur.Current, doc); err != nil {
			doc = new(T)
			damaged = errors.Join(damaged, readable(cur.Current, doc, func() any { return new(T) }))
		}
		list = append(list, doc)
	}
	return list, damaged, Translate(op, cur.Err())
}

// SalvageByIDs is ByIDs that keeps what can be read of damaged documents, as Salvage
// does.
func SalvageByIDs[T any](ctx context.Context, op string, c *mongo.Collection, ids []string, idOf func(*T) string) (found map[string]*T, damaged, err error) {
	found = make(map[string]*T, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), maxIn)
		list, broken, err := Salvage[T](ctx, op, c, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids[:n]}}}})
		if err != nil {
			return nil, nil, err
		}
		damaged = errors.Join(damaged, broken)
		for _, doc := range list {
			found[idOf(doc)] = doc
		}
		ids = ids[n:]
	}
	return found, damaged, nil
}

// readable decodes a document field by field. Its error names the fields that could
// not be decoded, without their values. Each field is tried on another document first,
// because a decoder that fails may leave something behind.
func readable(raw bson.Raw, doc any, another func() any) error {
	elements, err := raw.Elements()
	if err != nil {
		return fmt.Errorf("a document that is none: %w", err)
	}
	var bad []string
	for _, e := range elements {
		one, err := bson.Marshal(bson.D{{Key: e.Key(), Value: e.Value()}})
		if err == nil {
			err = byDriverAlone(one, another())
		}
		if err == nil {
			err = byDriverAlone(one, doc)
		}
		if err != nil {
			bad = append(bad, e.Key())
		}
	}
	return fmt.Errorf("%v: fields %v cannot be read", raw.Lookup("_id"), bad)
}
