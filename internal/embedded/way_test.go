package embedded

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Whatever names its documents is asked for by one id at a time, which is all that the
// database has an index for, and the write comes last.
func TestEachDocumentIsAskedForByItsID(t *testing.T) {
	t.Parallel()
	d := func(key string, value any) bson.D { return bson.D{{Key: key, Value: value}} }
	in, version := d("_id", d("$in", bson.A{"a", "b", "c"})), bson.D{{Key: "_id", Value: "a"}, {Key: "version", Value: 3}}
	set := d("$set", d("n", 1))
	for _, c := range []struct {
		name    string
		command bson.D
		asks    []string // the commands; none if it goes as it is
	}{
		{"one by id", d("filter", d("_id", "a")), nil},
		{"by another field", d("filter", d("n", 1)), nil},
		{"several", d("filter", in), []string{"find", "find", "find"}},
		{"several that fit", d("filter", append(in, bson.E{Key: "n", Value: 1})), []string{"aggregate", "aggregate", "aggregate"}},
		{"one that fits", d("filter", version), []string{"aggregate"}},
		{"several in order", bson.D{{Key: "filter", Value: in}, {Key: "sort", Value: d("n", 1)}}, nil},
		{"update", d("updates", bson.A{bson.D{{Key: "q", Value: version}, {Key: "u", Value: set}}}), []string{"aggregate", "update"}},
		{"update several", d("updates", bson.A{bson.D{{Key: "q", Value: in}, {Key: "u", Value: set}, {Key: "multi", Value: true}}}), []string{"update"}},
		{"upsert", d("updates", bson.A{bson.D{{Key: "q", Value: version}, {Key: "u", Value: set}, {Key: "upsert", Value: true}}}), nil},
		{"remove", d("deletes", bson.A{bson.D{{Key: "q", Value: version}, {Key: "limit", Value: 1}}}), []string{"aggregate", "delete"}},
		{"modify", bson.D{{Key: "query", Value: version}, {Key: "update", Value: set}}, []string{"aggregate", "findAndModify"}},
		{"count", d("pipeline", bson.A{d("$match", version), d("$group", d("_id", 1))}), []string{"aggregate"}},
	} {
		first := map[string]string{"filter": "find", "updates": "update", "deletes": "delete", "query": "findAndModify", "pipeline": "aggregate"}[c.command[0].Key]
		message, err := request(append(d(first, "things"), append(c.command, bson.E{Key: "$db", Value: "x"})...))
		if err != nil {
			t.Fatal(err)
		}
		asked := askedBy(t, c.name, wayOf(message))
		if len(asked) != len(c.asks) {
			t.Errorf("%s: asks %v, want %v", c.name, asked, c.asks)
			continue
		}
		for i, command := range asked {
			if command[0].Key != c.asks[i] {
				t.Errorf("%s: asks %v, want %v", c.name, asked, c.asks)
			}
			for _, filter := range filtersOf(command) {
				if keys, err := filter.Elements(); err != nil || len(keys) != 1 || keys[0].Key() != "_id" || keys[0].Value().Type != bson.TypeString {
					t.Errorf("%s: asks by %s, not by one id", c.name, filter)
				}
			}
		}
	}
}

// askedBy is what a way asks a database that has whatever it is asked for.
func askedBy(t *testing.T, name string, w way) (asked []bson.D) {
	t.Helper()
	if w == nil {
		return nil
	}
	_, err := w(&turn{exchange: func(message []byte) ([]byte, error) {
		command, ok := readCommand(message)
		if !ok {
			t.Fatalf("%s: asks what is no command", name)
		}
		asked = append(asked, command)
		return reply(requestID(message), bson.D{{Key: "ok", Value: 1.0}, {Key: "cursor", Value: bson.D{{Key: "firstBatch", Value: bson.A{bson.D{}}}}}})
	}})
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return asked
}

// filtersOf are what the database looks up in a command.
func filtersOf(command bson.D) (filters []bson.Raw) {
	whole, err := bson.Marshal(command)
	if err != nil {
		return nil
	}
	at := func(path ...string) {
		if doc, ok := bson.Raw(whole).Lookup(path...).DocumentOK(); ok {
			filters = append(filters, doc)
		}
	}
	at("filter")
	at("query")
	at("pipeline", "0", "$match")
	for _, n := range []string{"0", "1", "2"} {
		at("updates", n, "q")
		at("deletes", n, "q")
	}
	return filters
}
