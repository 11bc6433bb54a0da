package mongodb_test

import (
	"errors"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
	"faellesskab/internal/testkit"
)

// A walk visits every document once, even if many have the same value, and ends where it is
// told to.
func TestAWalkComesToEveryDocumentOnce(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, testkit.WithIndexes([]mongodb.Index{
		{Collection: "things", Keys: bson.D{{Key: "of", Value: 1}, {Key: "n", Value: 1}, {Key: "_id", Value: 1}}},
		{Collection: "things", Keys: bson.D{{Key: "of", Value: 1}, {Key: "_id", Value: 1}}},
	}))
	type thing struct {
		ID string `bson:"_id"`
		Of string `bson:"of"`
		N  int    `bson:"n"`
	}
	const many = 250
	var docs []thing
	for i := range many {
		docs = append(docs, thing{ID: string(rune('a'+i%26)) + string(rune('a'+i/26)), Of: "bo", N: i % 2})
	}
	docs = append(docs, thing{ID: "other", Of: "anna"})
	if _, err := db.Collection("things").InsertMany(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	for _, sortKey := range []string{"n", "_id"} {
		walk := mongodb.Walk[thing]{Op: "walk", Collection: db.Collection("things"), Filter: bson.D{{Key: "of", Value: "bo"}}, SortKey: sortKey,
			Position: func(doc *thing) (any, string) { return doc.N, doc.ID }}
		seen := map[string]int{}
		err := walk.Each(t.Context(), func(doc *thing) error {
			seen[doc.ID]++
			return nil
		})
		if err != nil || len(seen) != many || seen["other"] > 0 {
			t.Errorf("by %s: %d of %d, %v", sortKey, len(seen), many, err)
		}
		for docID, n := range seen {
			if n > 1 {
				t.Errorf("by %s: %s %d times", sortKey, docID, n)
			}
		}
		enough, looked := errors.New("enough"), 0
		err = walk.Each(t.Context(), func(*thing) error {
			looked++
			return enough
		})
		if !errors.Is(err, enough) || looked != 1 {
			t.Errorf("by %s: a walk that is ended goes on to %d, %v", sortKey, looked, err)
		}
	}
}
