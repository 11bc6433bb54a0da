package embedded_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"faellesskab/internal/embedded"
)

// all are the documents of a collection, in the order in which they come.
func all(t *testing.T, c *mongo.Collection) (docs []bson.D) {
	t.Helper()
	cursor, err := c.Find(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	if err := cursor.All(t.Context(), &docs); err != nil {
		t.Fatal(err)
	}
	return docs
}

// must returns a value, and fails the test on the error that comes with it.
func must[V any](v V, err error) func(*testing.T) V {
	return func(t *testing.T) V {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// copied is a database with two collections, and its copy.
func copied(t *testing.T) (*embedded.Server, *mongo.Database, *embedded.Copy) {
	t.Helper()
	s := open(t, "")
	db := connect(t, s, true)
	must(db.Collection("a").Indexes().CreateOne(t.Context(), mongo.IndexModel{Keys: field("who", 1)}))(t)
	insertMany(t, db.Collection("a"))
	must(db.Collection("b").InsertOne(t.Context(), bson.D{{Key: "_id", Value: "x"}, {Key: "n", Value: 1}}))(t)
	return s, db, must(s.Copy(t.Context(), db.Name()))(t)
}

func TestACopyIsPutBack(t *testing.T) {
	t.Parallel()
	s, db, before := copied(t)
	a, b := db.Collection("a"), db.Collection("b")
	wantA, wantB := all(t, a), all(t, b)
	must(a.UpdateOne(t.Context(), field("_id", "a"), field("$set", field("n", 2))))(t)
	must(a.DeleteOne(t.Context(), field("_id", "7")))(t)
	must(a.InsertOne(t.Context(), field("_id", "more")))(t)
	must(b.DeleteOne(t.Context(), field("_id", "x")))(t)
	must(db.Collection("c").InsertOne(t.Context(), field("_id", "y")))(t)

	after := must(s.Copy(t.Context(), db.Name()))(t)
	if got := after.Changed(before); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("changed are %v", got)
	}
	if got := after.Collections(); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("something is in %v", got)
	}
	if err := s.PutBack(t.Context(), db.Name(), before); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]bson.D{wantA, wantB, nil}, [][]bson.D{all(t, a), all(t, b), all(t, db.Collection("c"))}); diff != "" {
		t.Errorf("what was put back differs (-want +got):\n%s", diff)
	}
	// Documents are found by their indexes, and unique indexes hold again.
	if err := a.FindOne(t.Context(), field("_id", "7")).Err(); err != nil {
		t.Error(err)
	}
	if _, err := b.InsertOne(t.Context(), field("_id", "x")); !mongo.IsDuplicateKeyError(err) {
		t.Errorf("a second x: %v", err)
	}
	if now := must(s.Copy(t.Context(), db.Name()))(t); len(now.Changed(before)) > 0 || len(before.Changed(now)) > 0 {
		t.Errorf("changed are %v", now.Changed(before))
	}
}

func TestACopyIsNotPutBackWhereThingsAreOtherwise(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(ctx context.Context, db *mongo.Database) error{
		"an index more": func(ctx context.Context, db *mongo.Database) error {
			_, err := db.Collection("b").Indexes().CreateOne(ctx, mongo.IndexModel{Keys: field("n", 1)})
			return err
		},
		"an index less": func(ctx context.Context, db *mongo.Database) error {
			return db.Collection("a").Indexes().DropOne(ctx, "who_1")
		},
		"a collection less":  func(ctx context.Context, db *mongo.Database) error { return db.Collection("b").Drop(ctx) },
		"no database at all": func(ctx context.Context, db *mongo.Database) error { return db.Drop(ctx) },
	} {
		s, db, before := copied(t)
		if err := change(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		held := len(all(t, db.Collection("a")))
		if err := s.PutBack(t.Context(), db.Name(), before); !errors.Is(err, embedded.ErrChanged) {
			t.Errorf("%s: %v", name, err)
		}
		if got := len(all(t, db.Collection("a"))); got != held {
			t.Errorf("%s: %d documents, before %d", name, got, held)
		}
	}
}

// A database that nobody has written to is empty, and can be copied.
func TestACopyOfNothing(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	nothing := must(s.Copy(t.Context(), "nobody"))(t)
	if err := s.PutBack(t.Context(), "nobody", nothing); err != nil || len(nothing.Collections()) > 0 {
		t.Errorf("%v, %v", nothing.Collections(), err)
	}
}
