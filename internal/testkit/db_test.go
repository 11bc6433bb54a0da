package testkit_test

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/testkit"
)

var notes = []mongodb.Index{
	{Collection: "notes", Keys: bson.D{{Key: "owner", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}}},
	{Collection: "notes", Keys: bson.D{{Key: "slug", Value: 1}}, Unique: true},
}

func note(id, owner string, at int) bson.D {
	return bson.D{{Key: "_id", Value: id}, {Key: "owner", Value: owner}, {Key: "at", Value: at}, {Key: "slug", Value: id}}
}

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	a, b := testkit.DB(t, testkit.WithIndexes(notes)), testkit.DB(t)
	if _, err := a.Collection("notes").InsertOne(ctx, note("n1", "anna", 1)); err != nil {
		t.Fatal(err)
	}
	err := b.Collection("notes").FindOne(ctx, bson.D{{Key: "_id", Value: "n1"}}).Err()
	if err := mongodb.Translate("find", err); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("the other database answers %v", err)
	}
	if err := testkit.Reopen(t, a).Collection("notes").FindOne(ctx, bson.D{{Key: "_id", Value: "n1"}}).Err(); err != nil {
		t.Errorf("the same database, opened again, answers %v", err)
	}
}

func TestServedQueriesPass(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := testkit.DB(t, testkit.WithIndexes(notes)).Collection("notes")
	for _, id := range []string{"n1", "n2", "n3"} {
		if _, err := c.InsertOne(ctx, note(id, "anna", 1)); err != nil {
			t.Fatal(err)
		}
	}
	filter := append(bson.D{{Key: "owner", Value: "anna"}}, mongodb.After("at", true, 1, "n3")...)
	cursor, err := c.Find(ctx, filter, options.Find().SetSort(mongodb.KeysetSort("at", true)))
	if err != nil {
		t.Fatal(err)
	}
	var page []struct {
		ID string `bson:"_id"`
	}
	if err := cursor.All(ctx, &page); err != nil {
		t.Fatal(err)
	}
	if len(page) != 2 || page[0].ID != "n2" || page[1].ID != "n1" {
		t.Errorf("the page after n3 is %v", page)
	}
	if _, err := c.InsertOne(ctx, bson.D{{Key: "_id", Value: "n4"}, {Key: "slug", Value: "n1"}}); !mongodb.IsDuplicate(err) {
		t.Errorf("a second slug n1 gives %v", err)
	}
}
