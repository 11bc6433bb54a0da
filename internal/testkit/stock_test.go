package testkit_test

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/testkit"
)

// Whatever a test does to its database, the next one finds the declared indexes and
// nothing else.
func TestTheNextTestFindsNothing(t *testing.T) {
	t.Parallel()
	index := []mongodb.Index{{Collection: "letters", Keys: bson.D{{Key: "to", Value: 1}}, Unique: true}}
	names := map[string]bool{}
	for _, leaves := range []func(ctx testing.TB, db *mongodb.DB) error{
		func(testing.TB, *mongodb.DB) error { return nil },
		func(t testing.TB, db *mongodb.DB) error {
			_, err := db.Collection("letters").InsertMany(t.Context(), []bson.D{{{Key: "_id", Value: "l"}, {Key: "to", Value: "bo"}}, {{Key: "_id", Value: "m"}, {Key: "to", Value: "ida"}}})
			return err
		},
		func(t testing.TB, db *mongodb.DB) error {
			_, err := testkit.Reopen(t, db).Collection("others").InsertOne(t.Context(), bson.D{{Key: "_id", Value: "l"}})
			return err
		},
		func(t testing.TB, db *mongodb.DB) error {
			_, err := db.Collection("letters").Indexes().CreateOne(t.Context(), mongo.IndexModel{Keys: bson.D{{Key: "from", Value: 1}}})
			return err
		},
		func(t testing.TB, db *mongodb.DB) error { return db.Collection("letters").Drop(t.Context()) },
		func(t testing.TB, db *mongodb.DB) error { return db.Drop(t.Context()) },
		func(testing.TB, *mongodb.DB) error { return nil },
	} {
		t.Run("", func(t *testing.T) {
			db := testkit.DB(t, testkit.WithIndexes(index))
			names[db.Name()] = true
			if empty, err := db.IsEmpty(t.Context()); err != nil || !empty {
				t.Errorf("empty: %t, %v", empty, err)
			}
			report, err := mongodb.SyncIndexes(t.Context(), db, index)
			if err != nil || len(report.Created)+len(report.Unknown) > 0 {
				t.Errorf("indexes: %+v, %v", report, err)
			}
			if err := leaves(t, db); err != nil {
				t.Error(err)
			}
		})
	}
	t.Logf("%d databases", len(names))
}

// A snapshot is put back, with what came later gone; what has not changed is not read anew.
func TestASnapshotIsPutBack(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, testkit.WithIndexes(notes))
	for _, id := range []string{"n1", "n2"} {
		if _, err := db.Collection("notes").InsertOne(t.Context(), note(id, "anna", 1)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Collection("still").InsertOne(t.Context(), bson.D{{Key: "_id", Value: "s"}}); err != nil {
		t.Fatal(err)
	}
	for name, before := range map[string]testkit.Snapshot{"taken": testkit.Take(t, db), "kept": testkit.Keep(t, db)} {
		for _, write := range []func(c *mongo.Collection) error{
			func(c *mongo.Collection) error {
				_, err := c.UpdateOne(t.Context(), bson.D{{Key: "_id", Value: "n1"}}, bson.D{{Key: "$set", Value: bson.D{{Key: "at", Value: 2}}}})
				return err
			},
			func(c *mongo.Collection) error { _, err := c.InsertOne(t.Context(), note("n3", "bo", 3)); return err },
		} {
			if err := write(db.Collection("notes")); err != nil {
				t.Fatal(err)
			}
		}
		after := before.Next(t, db)
		if got := after.Docs(t, "notes"); len(got) != 3 || got[0]["at"] != 2 {
			t.Errorf("%s: after the writes there are %v", name, got)
		}
		if got := after.Docs(t, "still"); len(got) != 1 || after.Shares(before, "notes") {
			t.Errorf("%s: beside them there is %v", name, got)
		}
		before.Restore(t, db)
		if got := testkit.Take(t, db).Docs(t, "notes"); len(got) != 2 || got[0]["at"] != 1 {
			t.Errorf("%s: put back is %v", name, got)
		}
	}
}
