package embedded_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// A command that writes more documents than the database has connections to its file is answered, and says how many it has
// written.
func TestOneCommandWritesManyDocuments(t *testing.T) {
	t.Parallel()
	const many = 260
	c := connect(t, open(t, ""), true).Client().Database("many").Collection("c")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	docs, ids := []any{}, bson.A{}
	for i := range 20 * many {
		docs = append(docs, bson.D{{Key: "_id", Value: fmt.Sprint("id", i)}, {Key: "n", Value: i % 2}})
	}
	if _, err := c.InsertMany(ctx, docs); err != nil {
		t.Fatal(err)
	}
	var updates, deletes []mongo.WriteModel
	for i := range many {
		ids = append(ids, fmt.Sprint("id", i))
		even := bson.D{{Key: "_id", Value: ids[i]}, {Key: "n", Value: 0}}
		updates = append(updates, mongo.NewUpdateOneModel().SetFilter(even).SetUpdate(field("$set", field("m", i))))
		deletes = append(deletes, mongo.NewDeleteOneModel().SetFilter(even))
	}
	some := field("_id", field("$in", ids))
	all, err := c.UpdateMany(ctx, some, field("$set", field("k", 1)))
	if err != nil || all.MatchedCount != many || all.ModifiedCount != many {
		t.Fatalf("all by their ids: %+v, %v", all, err)
	}
	each, err := c.BulkWrite(ctx, updates)
	if err != nil || each.MatchedCount != many/2 || each.ModifiedCount != many/2 {
		t.Fatalf("each by its id: %+v, %v", each, err)
	}
	if each, err = c.BulkWrite(ctx, deletes); err != nil || each.DeletedCount != many/2 {
		t.Fatalf("each is taken out: %+v, %v", each, err)
	}
	if left, err := c.CountDocuments(ctx, some); err != nil || left != many/2 {
		t.Errorf("%d are left, %v", left, err)
	}
}
