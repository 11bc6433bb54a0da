package embedded

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// A command that names its documents becomes commands with one id each, for which the database has
// an index, and the write comes last.
func TestEachDocumentIsAskedForByItsID(t *testing.T) {
	t.Parallel()
	in, version := d("_id", d("$in", bson.A{"a", "b", "c"})), bson.D{{Key: "_id", Value: "a"}, {Key: "version", Value: 3}}
	set := d("$set", d("n", 1))
	for _, c := range []struct {
		name    string
		command bson.D
		asks    []string // the commands; none if it goes unchanged
	}{
		{"one by id", d("filter", d("_id", "a")), nil},
		{"by another field", d("filter", d("n", 1)), nil},
		{"several", d("filter", in), []string{"find", "find", "find"}},
		{"several that fit", d("filter", append(in, bson.E{Key: "n", Value: 1})), []string{"aggregate", "aggregate", "aggregate"}},
		{"one that fits", d("filter", version), []string{"aggregate"}},
		{"several in order", bson.D{{Key: "filter", Value: in}, {Key: "sort", Value: d("n", 1)}}, []string{"find", "find", "find"}},
		{"update", d("updates", bson.A{bson.D{{Key: "q", Value: version}, {Key: "u", Value: set}}}), []string{"aggregate", "update"}},
		{"update several", d("updates", bson.A{bson.D{{Key: "q", Value: in}, {Key: "u", Value: set}, {Key: "multi", Value: true}}}), []string{"update"}},
		{"update several by id", d("updates", bson.A{bson.D{{Key: "q", Value: version}, {Key: "u", Value: set}}, bson.D{{Key: "q", Value: d("_id", "b")}, {Key: "u", Value: set}}}),
			[]string{"aggregate", "update"}},
		{"update one twice", d("updates", bson.A{bson.D{{Key: "q", Value: version}, {Key: "u", Value: set}}, bson.D{{Key: "q", Value: version}, {Key: "u", Value: set}}}), nil},
		{"update one and any", d("updates", bson.A{bson.D{{Key: "q", Value: version}, {Key: "u", Value: set}}, bson.D{{Key: "q", Value: d("n", 1)}, {Key: "u", Value: set}}}), nil},
		{"remove several by id", d("deletes", bson.A{bson.D{{Key: "q", Value: version}, {Key: "limit", Value: 1}}, bson.D{{Key: "q", Value: append(d("_id", "b"), version[1])}, {Key: "limit", Value: 1}}}),
			[]string{"aggregate", "aggregate", "delete"}},
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

func d(key string, value any) bson.D { return bson.D{{Key: key, Value: value}} }

// askedBy are the commands that a way sends to a database that finds everything.
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
		return reply(requestID(message), bson.D{{Key: "ok", Value: 1.0}, {Key: "cursor", Value: bson.D{{Key: "firstBatch", Value: bson.A{d("_id", "a")}}}}})
	}})
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return asked
}

// filtersOf are the filters in a command.
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

// Documents that fit a filter on an indexed field are looked up in the index, with all documents that
// have a list in that field. Without an index, or with too many documents, nothing is looked up.
func TestIndexesAreAsked(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	client, err := mongo.Connect(options.Client().ApplyURI(s.URI()).SetDialer(s.Dialer()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = client.Disconnect(ctx)
	})
	c := client.Database("x").Collection("things")
	if _, err := c.Indexes().CreateOne(t.Context(), mongo.IndexModel{Keys: bson.D{{Key: "who", Value: 1}, {Key: "n", Value: -1}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Indexes().CreateOne(t.Context(), mongo.IndexModel{Keys: bson.D{{Key: "due", Value: 1}}}); err != nil {
		t.Fatal(err)
	}
	var docs []any
	for i := range 2 * mostCandidates {
		docs = append(docs, bson.D{{Key: "_id", Value: fmt.Sprint("id", i)}, {Key: "who", Value: fmt.Sprint("p", max(i-mostCandidates, 0))}, {Key: "n", Value: i}})
	}
	docs[mostCandidates+8] = append(docs[mostCandidates+8].(bson.D), bson.E{Key: "mark", Value: "x"})
	docs[mostCandidates+9] = append(docs[mostCandidates+9].(bson.D), bson.E{Key: "done", Value: true})
	docs[7] = append(docs[7].(bson.D), bson.E{Key: "due", Value: bson.A{"b"}})
	docs = append(docs, bson.D{{Key: "_id", Value: "list"}, {Key: "who", Value: bson.A{"q", "p7"}}})
	if _, err := c.InsertMany(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	where := target{"x", "things"}
	who := func(values ...string) condition {
		is := condition{field: "who"}
		for _, v := range values {
			is.values = append(is.values, `"`+v+`"`)
		}
		return is
	}
	many := []string{"p0"}
	for i := range mostCandidates {
		many = append(many, fmt.Sprint("p", i))
	}
	for _, q := range []struct {
		is   []condition
		want string
	}{
		{[]condition{{field: "who", values: []string{`"p7"`}}}, "[id307 list] true"},
		{[]condition{{field: "who", values: []string{`"p7"`, `"p8"`}}}, "[id307 id308 list] true"},
		{[]condition{{field: "who", values: []string{`"nobody"`}}}, "[list] true"},
		{[]condition{{field: "who", values: []string{`"p0"`}}}, "[] false"},
		{[]condition{{field: "n", values: []string{`"7"`}}}, "[] false"},
		{[]condition{{field: "who"}}, "[] false"},
		{[]condition{{field: "due"}}, "[id7] true"},
		{[]condition{who("p7", "p8", "p9"), {field: "done", values: []string{"true"}}}, "[id309] true"},
		{[]condition{who("p7", "p8", "p9"), {field: "mark", values: []string{`"x"`}, isNot: true}}, "[id307 id309 list] true"},
		{[]condition{who("p7"), {field: "due"}}, "[] true"},
		{[]condition{{field: "who", values: []string{`"p7"`}, isNot: true}}, "[] false"},
		{[]condition{who(many...)}, "[] false"},
	} {
		ids, ok, err := s.dialer.files.candidates(t.Context(), where, q.is)
		if err != nil {
			t.Fatal(err)
		}
		texts := []string{}
		for _, id := range ids {
			texts = append(texts, id.StringValue())
		}
		if got := fmt.Sprint(texts, ok); got != q.want {
			t.Errorf("%v: %s, want %s", q.is, got, q.want)
		}
	}
	table := s.dialer.files.tables[where]
	var id, parent, unused int
	var plan string
	if err := table.db.QueryRowContext(t.Context(), fmt.Sprintf(`EXPLAIN QUERY PLAN SELECT 1 FROM %q WHERE _ferretdb_sjson->"who" = ?`, table.name), "x").
		Scan(&id, &parent, &unused, &plan); err != nil || !strings.Contains(plan, "USING INDEX") && !strings.Contains(plan, "USING COVERING INDEX") {
		t.Errorf("the index is not asked: %s, %v", plan, err)
	}
}
