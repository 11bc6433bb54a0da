package mongodb_test

import (
	"fmt"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/testkit"
)

// Hundreds of documents that are read to the end come with one command, unless the caller asks for other batches.
func TestWhatIsReadToTheEndComesAtOnce(t *testing.T) {
	t.Parallel()
	type thing struct {
		ID string `bson:"_id"`
		Of string `bson:"of"`
	}
	counter := &testkit.Counter{}
	db := testkit.DB(t, testkit.WithCounter(counter), testkit.WithIndexes([]mongodb.Index{{Collection: "things", Keys: bson.D{{Key: "of", Value: 1}}}}))
	const many = 500
	docs := make([]thing, many)
	for i := range docs {
		docs[i] = thing{ID: fmt.Sprint(i), Of: "bo"}
	}
	things := db.Collection("things")
	if _, err := things.InsertMany(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	of := bson.D{{Key: "of", Value: "bo"}}
	check := func(how string, want []string, found int, err error) {
		t.Helper()
		if got := counter.Commands(); err != nil || found != many || !slices.Equal(got, want) {
			t.Errorf("%s: %d documents with %v, want %d with %v; %v", how, found, got, many, want, err)
		}
		counter.Reset()
	}
	counter.Reset()
	list, err := mongodb.All[thing](t.Context(), "find things", things, of)
	check("all", []string{"find"}, len(list), err)
	saved, damaged, err := mongodb.Salvage[thing](t.Context(), "find things", things, of)
	if check("salvaged", []string{"find"}, len(saved), err); damaged != nil {
		t.Error(damaged)
	}
	list, err = mongodb.All[thing](t.Context(), "find things", things, of, options.Find().SetBatchSize(300))
	check("in batches of 300", []string{"find", "getMore"}, len(list), err)
}
