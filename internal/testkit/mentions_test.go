package testkit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/testkit"
)

func TestMentionsAreFoundWhereverTheyStand(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	for _, doc := range []bson.D{
		{{Key: "_id", Value: "a"}, {Key: "by", Value: "per_1"}, {Key: "title", Value: "Hej Rikke!"}, {Key: "n", Value: 1}},
		{{Key: "_id", Value: "per_1:x"}, {Key: "seats", Value: bson.D{{Key: "per_1", Value: bson.D{{Key: "who", Value: "per_1"}}}}}},
		{{Key: "_id", Value: "c"}, {Key: "list", Value: bson.A{"per_2", bson.D{{Key: "who", Value: `{"ID":"per_1"}`}}, "per_1", "per_1"}}},
		{{Key: "_id", Value: "d"}, {Key: "raw", Value: []byte("…per_1…")}, {Key: "empty", Value: nil}},
		{{Key: "_id", Value: "e"}, {Key: "by", Value: "per_2"}},
	} {
		if _, err := db.Collection("things").InsertOne(t.Context(), doc); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string][]string{"things": {"a by", "a title", "c list", "c list.who", "d raw", "per_1:x _id", "per_1:x seats.per_1", "per_1:x seats.per_1.who"}}
	if diff := cmp.Diff(want, testkit.MentionsAnywhere(t, db, "per_1", "rikke")); diff != "" {
		t.Errorf("mentions (-want +got):\n%s", diff)
	}
	if found := testkit.MentionsAnywhere(t, db, "per_3"); len(found) > 0 {
		t.Errorf("of nobody: %v", found)
	}
}
