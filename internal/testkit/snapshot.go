package testkit

import (
	"context"
	"errors"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
)

// Snapshot is everything a database holds, to look at or to put back: a test
// that tries one thing in many ways starts each time from the same state.
type Snapshot struct{ raw map[string][]bson.Raw }

// Take reads everything the database holds.
func Take(t testing.TB, db *mongodb.DB) Snapshot {
	t.Helper()
	ctx := mongodb.AllowScan(t.Context())
	s := Snapshot{raw: map[string][]bson.Raw{}}
	for _, name := range collectionsOf(ctx, t, db) {
		docs, err := mongodb.All[bson.Raw](ctx, "take a snapshot", db.Collection(name), bson.D{})
		if err != nil {
			t.Fatalf("testkit: read %s: %v", name, err)
		}
		if len(docs) > 0 {
			s.raw[name] = docs
		}
	}
	return s
}

// Restore makes the database hold what the snapshot holds and nothing else.
// Indexes stay.
func (s Snapshot) Restore(t testing.TB, db *mongodb.DB) {
	t.Helper()
	ctx := mongodb.AllowScan(t.Context())
	for _, name := range collectionsOf(ctx, t, db) {
		if err := db.Collection(name).FindOne(ctx, bson.D{}, options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err(); errors.Is(err, mongo.ErrNoDocuments) {
			continue // a deletion waits for the disks, a look does not
		}
		if _, err := db.Collection(name).DeleteMany(ctx, bson.D{}); err != nil {
			t.Fatalf("testkit: empty %s: %v", name, err)
		}
	}
	for name, docs := range s.raw {
		if _, err := db.Collection(name).InsertMany(ctx, docs); err != nil {
			t.Fatalf("testkit: fill %s: %v", name, err)
		}
	}
}

// Docs are the documents of a collection as plain values: maps, slices,
// strings, numbers, and instants as time.Time.
func (s Snapshot) Docs(t testing.TB, collection string) []map[string]any {
	t.Helper()
	list := make([]map[string]any, len(s.raw[collection]))
	for i, raw := range s.raw[collection] {
		var doc bson.M
		if err := bson.Unmarshal(raw, &doc); err != nil {
			t.Fatalf("testkit: decode from %s: %v", collection, err)
		}
		list[i] = plain(doc).(map[string]any)
	}
	return list
}

// Collections are the names of the collections that hold anything.
func (s Snapshot) Collections() []string {
	names := make([]string, 0, len(s.raw))
	for name := range s.raw {
		names = append(names, name)
	}
	return names
}

func plain(v any) any {
	switch v := v.(type) {
	case bson.M:
		m := make(map[string]any, len(v))
		for key, value := range v {
			m[key] = plain(value)
		}
		return m
	case bson.D:
		m := make(map[string]any, len(v))
		for _, e := range v {
			m[e.Key] = plain(e.Value)
		}
		return m
	case bson.A:
		list := make([]any, len(v))
		for i, value := range v {
			list[i] = plain(value)
		}
		return list
	case bson.DateTime:
		return v.Time().UTC()
	case int32:
		return int(v)
	case int64:
		return int(v)
	}
	return v
}

func collectionsOf(ctx context.Context, t testing.TB, db *mongodb.DB) []string {
	t.Helper()
	names, err := db.Collection("any").Database().ListCollectionNames(ctx, bson.D{})
	if err != nil {
		t.Fatalf("testkit: list collections: %v", err)
	}
	return names
}
