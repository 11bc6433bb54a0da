package testkit

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/embedded"
	"faellesskab/internal/mongodb"
)

// Snapshot is everything a database holds, to look at or to put back. A test that tries one thing in
// many ways can start each time from the same state.
type Snapshot struct {
	held map[string]*held // by collection; those that hold nothing are left out
	copy *embedded.Copy   // nil if the database cannot be copied
}

// held is what a collection holds.
type held struct {
	raw  []bson.Raw
	docs []map[string]any // decoded; nil until they are asked for
}

// Keep takes a snapshot only to put it back. It is quicker than Take, and its documents may not be
// readable.
func Keep(t testing.TB, db *mongodb.DB) Snapshot {
	t.Helper()
	if c := copyOf(t, db); c != nil {
		return Snapshot{copy: c}
	}
	return Take(t, db)
}

// Take reads everything the database holds.
func Take(t testing.TB, db *mongodb.DB) Snapshot {
	t.Helper()
	return Snapshot{}.Next(t, db)
}

// Next is Take for a state that followed this one. If it is known which collections have changed, it
// reads only these.
func (s Snapshot) Next(t testing.TB, db *mongodb.DB) Snapshot {
	t.Helper()
	ctx := mongodb.AllowScan(t.Context())
	next := Snapshot{held: map[string]*held{}, copy: copyOf(t, db)}
	var names []string
	switch {
	case next.copy == nil:
		names = collectionsOf(ctx, t, db)
	case s.copy == nil || s.held == nil:
		names = next.copy.Collections()
	default:
		names = next.copy.Changed(s.copy)
		for name, h := range s.held {
			if !slices.Contains(names, name) {
				next.held[name] = h
			}
		}
	}
	for _, name := range names {
		docs, err := mongodb.All[bson.Raw](ctx, "take a snapshot", db.Collection(name), bson.D{})
		if err != nil {
			t.Fatalf("testkit: read %s: %v", name, err)
		}
		if len(docs) > 0 {
			next.held[name] = &held{raw: docs}
		}
	}
	return next
}

// copyOf copies a database; nil if it cannot be copied.
func copyOf(t testing.TB, db *mongodb.DB) *embedded.Copy {
	t.Helper()
	at := theServers(t).with(db.Name())
	if at.local == nil {
		return nil
	}
	c, err := at.local.Copy(t.Context(), db.Name())
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	return c
}

// Restore makes the database hold what the snapshot holds and nothing else.
// Indexes stay.
func (s Snapshot) Restore(t testing.TB, db *mongodb.DB) {
	t.Helper()
	if s.copy != nil {
		if err := theServers(t).with(db.Name()).local.PutBack(t.Context(), db.Name(), s.copy); err != nil {
			t.Fatalf("testkit: %v", err)
		}
		return
	}
	ctx := mongodb.AllowScan(t.Context())
	for _, name := range collectionsOf(ctx, t, db) {
		if err := db.Collection(name).FindOne(ctx, bson.D{}, options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err(); errors.Is(err, mongo.ErrNoDocuments) {
			continue // looking first is quicker, since a deletion waits for the disk
		}
		if _, err := db.Collection(name).DeleteMany(ctx, bson.D{}); err != nil {
			t.Fatalf("testkit: empty %s: %v", name, err)
		}
	}
	for name, h := range s.held {
		if _, err := db.Collection(name).InsertMany(ctx, h.raw); err != nil {
			t.Fatalf("testkit: fill %s: %v", name, err)
		}
	}
}

// Docs are the documents of a collection as plain values: maps, slices,
// strings, numbers, and instants as time.Time. They are decoded once, and not to be changed.
func (s Snapshot) Docs(t testing.TB, collection string) []map[string]any {
	t.Helper()
	s.mustBeTaken()
	h := s.held[collection]
	if h == nil {
		return nil
	}
	if h.docs == nil {
		for _, raw := range h.raw {
			var doc bson.M
			if err := bson.Unmarshal(raw, &doc); err != nil {
				t.Fatalf("testkit: decode from %s: %v", collection, err)
			}
			h.docs = append(h.docs, plain(doc).(map[string]any))
		}
	}
	return h.docs
}

// mustBeTaken panics for a snapshot that was only kept: a test that looks at it would see nothing, and
// prove nothing.
func (s Snapshot) mustBeTaken() {
	if s.held == nil {
		panic("testkit: a snapshot that was kept is looked at; take it")
	}
}

// Shares reports whether a collection is known to hold the same in both snapshots.
func (s Snapshot) Shares(other Snapshot, collection string) bool {
	return s.held[collection] != nil && s.held[collection] == other.held[collection]
}

// IsSame reports whether both hold the same. A snapshot that was never taken holds
// nothing that could be the same.
func (s Snapshot) IsSame(other Snapshot) bool {
	switch {
	case s.held == nil || other.held == nil:
		return false
	case s.copy != nil && other.copy != nil:
		return len(s.copy.Changed(other.copy)) == 0
	}
	return maps.EqualFunc(s.held, other.held, func(a, b *held) bool {
		return a == b || slices.EqualFunc(a.raw, b.raw, func(x, y bson.Raw) bool { return bytes.Equal(x, y) })
	})
}

// Collections are the names of the collections that hold anything.
func (s Snapshot) Collections() []string {
	s.mustBeTaken()
	return slices.Collect(maps.Keys(s.held))
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
