package mongodb_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// Filters name the owner beside the id, once each, and nothing else if there is no owner.
func TestFiltersNameTheOwner(t *testing.T) {
	t.Parallel()
	o, plain := mongodb.Owned{By: "personId"}, mongodb.Owned{}
	several := bson.E{Key: "_id", Value: bson.D{{Key: "$in", Value: []string{"b:1:x", "a:2", "b:3"}}}}
	for name, c := range map[string]struct{ got, want bson.D }{
		"one":             {o.One("a:1:x"), bson.D{{Key: "personId", Value: "a"}, {Key: "_id", Value: "a:1:x"}}},
		"one, unowned":    {plain.One("a:1"), bson.D{{Key: "_id", Value: "a:1"}}},
		"of one owner":    {o.Any([]string{"a:1"}), bson.D{{Key: "personId", Value: "a"}, {Key: "_id", Value: bson.D{{Key: "$in", Value: []string{"a:1"}}}}}},
		"of two owners":   {o.Any([]string{"b:1:x", "a:2", "b:3"}), bson.D{{Key: "personId", Value: bson.D{{Key: "$in", Value: []string{"a", "b"}}}}, several}},
		"many, unowned":   {plain.Any([]string{"b:1:x", "a:2", "b:3"}), bson.D{several}},
		"one, no owner":   {o.One(""), bson.D{{Key: "personId", Value: ""}, {Key: "_id", Value: ""}}},
		"an id of no one": {o.One("a"), bson.D{{Key: "personId", Value: "a"}, {Key: "_id", Value: "a"}}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
