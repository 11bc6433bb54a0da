package mongodb

import (
	"bytes"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

type colour string

func (c colour) IsValid() bool { return c == "RED" }

// A value that its type does not have is not written, wherever in a document it
// stands.
func TestOnlyValuesOfTheirTypeAreWritten(t *testing.T) {
	t.Parallel()
	red, bad, later := colour("RED"), colour(""), colour("BLUE")
	for name, c := range map[string]struct {
		doc  any
		want bool
	}{
		"a value":   {bson.D{{Key: "c", Value: red}}, true},
		"a pointer": {bson.D{{Key: "c", Value: &red}}, true},
		"none":      {struct{ C *colour }{}, true},
		"left out": {struct {
			C colour `bson:"c,omitempty"`
		}{}, true},
		"a list":             {struct{ C []colour }{[]colour{red, red}}, true},
		"of a later version": {bson.D{{Key: "c", Value: later}}, true},
		"empty":              {struct{ C colour }{}, false},
		"in an update":       {bson.D{{Key: "$set", Value: bson.D{{Key: "c", Value: bad}}}}, false},
		"behind a pointer":   {struct{ C *colour }{&bad}, false},
		"in a list":          {bson.M{"c": []colour{red, bad}}, false},
		"in a map":           {map[string]colour{"c": ""}, false},
		"inline": {struct {
			A struct{ C colour } `bson:",inline"`
		}{}, false},
	} {
		var b bytes.Buffer
		e := bson.NewEncoder(bson.NewDocumentWriter(&b))
		e.SetRegistry(registry())
		if err := e.Encode(c.doc); (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
