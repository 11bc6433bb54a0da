package embedded_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/embedded"
)

// field is {key: value}.
func field(key string, value any) bson.D { return bson.D{{Key: key, Value: value}} }

// A document is found by its id without reading the others, also in a collection that existed
// before this package made its index.
func TestIDReachesAnIndex(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	old, db := connect(t, s, false), connect(t, s, true)
	for name, maker := range map[string]*mongo.Database{"old": old, "new": db} {
		insertMany(t, maker.Collection(name))
		if err := db.Collection(name).FindOne(t.Context(), field("_id", "a")).Err(); err != nil {
			t.Fatal(err)
		}
		if plan := planOf(t, s, name, field("_id", "a")); !strings.Contains(plan, "SEARCH") {
			t.Errorf("%s: %s", name, plan)
		}
	}
	// A dropped database takes its file along; its name can be used again.
	if err := db.Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	insertMany(t, db.Collection("new"))
	if plan := planOf(t, s, "new", field("_id", "a")); !strings.Contains(plan, "SEARCH") {
		t.Errorf("made again: %s", plan)
	}
}

// insertMany stores so many documents that an index is worth it, one with the id "a".
func insertMany(t *testing.T, c *mongo.Collection) {
	t.Helper()
	docs := []any{field("_id", "a")}
	for i := range 99 {
		docs = append(docs, field("_id", fmt.Sprint(i)))
	}
	if _, err := c.InsertMany(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
}

// planOf is SQLite's plan for a filter. It uses a connection of its own, since an open one
// remembers old plans.
func planOf(t *testing.T, s *embedded.Server, collection string, filter bson.D) string {
	t.Helper()
	db := connect(t, s, true)
	for range 2 {
		if err := db.Collection(collection).FindOne(t.Context(), filter).Err(); err != nil {
			t.Fatal(err)
		}
	}
	plan, err := db.RunCommand(t.Context(), field("explain", bson.D{{Key: "find", Value: collection}, {Key: "filter", Value: filter}})).Raw()
	if err != nil {
		t.Fatal(err)
	}
	return plan.Lookup("queryPlanner").String()
}

// Commands that name their documents are carried out in other ways than they are written. For
// every question, the answer and the stored documents are the same as without that.
func TestCommandsByIDGiveTheSameAnswers(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	here, there := connect(t, s, true).Client().Database("here"), connect(t, s, false).Client().Database("there")
	for seed := range uint64(6) {
		name := fmt.Sprint("c", seed)
		a, b := &asker{t, here.Collection(name)}, &asker{t, there.Collection(name)}
		for _, key := range []string{"who", "tags", "in.v", "due"} {
			if _, err := a.c.Indexes().CreateOne(t.Context(), mongo.IndexModel{Keys: field(key, 1)}); err != nil {
				t.Fatal(err)
			}
		}
		var docs []any
		for i := range 120 {
			docs = append(docs, bson.D{{Key: "_id", Value: fmt.Sprint("id", i)}, {Key: "n", Value: i % 4}, {Key: "who", Value: fmt.Sprint("p", i%9)},
				{Key: "tags", Value: bson.A{"x", fmt.Sprint("t", i%2+i%3)}}, {Key: "in", Value: bson.D{{Key: "v", Value: i % 2}, {Key: "w", Value: "a"}}}, {Key: "at", Value: time.UnixMilli(int64(1_700_000_000_000 + i%13*1000))}})
		}
		for _, x := range []*asker{a, b} {
			if _, err := x.c.InsertMany(t.Context(), docs); err != nil {
				t.Fatal(err)
			}
		}
		for step := range 60 {
			chance := func() *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(step))) } //nolint:gosec // a test's chance
			ask := (*asker).ask
			if step < 8 {
				ask = (*asker).page // works as long as every document has a time
			}
			question, got := ask(a, chance())
			_, want := ask(b, chance())
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("seed %d, step %d, %s: (-directly +by id)\n%s", seed, step, question, diff)
			}
		}
		if diff := cmp.Diff(b.all(), a.all()); diff != "" {
			t.Fatalf("seed %d: what is stored differs (-directly +by id)\n%s", seed, diff)
		}
	}
}

// asker asks a collection at random.
type asker struct {
	t *testing.T
	c *mongo.Collection
}

func (x *asker) ask(chance *rand.Rand) (question string, answer []string) {
	filter := filterBy(chance)
	change := []bson.D{
		field("$inc", field("n", 1)), field("$set", field("who", "p9")), field("$set", field("in.v", 7)),
		field("$push", field("tags", "y")), field("$push", field("due", "b1")), field("$pull", field("due", "b1")), field("$set", field("tags.$[]", "z")), field("$unset", field("in", "")), field("$nothing", field("a", 1)),
	}[chance.IntN(9)]
	ctx := x.t.Context()
	say := func(v any, err error) []string {
		var refused mongo.ServerError
		if errors.As(err, &refused) {
			return []string{fmt.Sprint("refused ", refused.ErrorCodes())}
		}
		return []string{fmt.Sprintf("%+v %v", v, err)}
	}
	switch chance.IntN(10) {
	case 0, 1:
		o, sorted := options.Find(), false
		if chance.IntN(2) == 0 {
			o.SetProjection(field("n", 1))
		}
		if chance.IntN(3) == 0 {
			o.SetSort(bson.D{{Key: "n", Value: -1}, {Key: "_id", Value: 1}}).SetLimit(int64(chance.IntN(4)))
			sorted = true
		}
		list := x.found(filter, o)
		if !sorted {
			slices.Sort(list)
		}
		return fmt.Sprint("find ", filter), list
	case 2:
		return fmt.Sprint("count ", filter), say(x.c.CountDocuments(ctx, filter))
	case 3:
		res, err := x.c.UpdateOne(ctx, filter, change)
		return fmt.Sprint("update one ", filter, change), say(counts(res), err)
	case 4:
		res, err := x.c.UpdateMany(ctx, filter, change)
		return fmt.Sprint("update many ", filter, change), say(counts(res), err)
	case 5:
		if _, is := filter[0].Value.(string); !is || filter[0].Key != "_id" {
			filter = field("_id", "id121") // an id of the database's own making differs
		}
		res, err := x.c.UpdateOne(ctx, filter, change, options.UpdateOne().SetUpsert(true))
		return fmt.Sprint("upsert ", filter, change), say(counts(res), err)
	case 6:
		if chance.IntN(3) > 0 {
			return "nothing", nil
		}
		res, err := x.c.DeleteOne(ctx, filter)
		return fmt.Sprint("delete ", filter), say(res, err)
	case 7:
		var doc bson.D
		err := x.c.FindOneAndUpdate(ctx, filter, change, options.FindOneAndUpdate().SetReturnDocument(options.After).SetSort(field("_id", -1))).Decode(&doc)
		return fmt.Sprint("modify ", filter, change), say(doc, err)
	case 8:
		return x.page(chance)
	default:
		var doc bson.D
		err := x.c.FindOne(ctx, filter, options.FindOne().SetSort(field("_id", 1))).Decode(&doc)
		return fmt.Sprint("find one ", filter), say(doc, err)
	}
}

// page asks for the first documents of a time.
func (x *asker) page(chance *rand.Rand) (question string, answer []string) {
	at := bson.D{{Key: []string{"$gte", "$gt"}[chance.IntN(2)], Value: time.UnixMilli(int64(1_700_000_000_000 + chance.IntN(9)*1000))}}
	if chance.IntN(2) == 0 {
		at = append(at, bson.E{Key: "$lt", Value: time.UnixMilli(1_700_000_011_000)})
	}
	filter := bson.D{{Key: "tags", Value: "x"}, {Key: "n", Value: field("$lt", 3)}, {Key: "at", Value: at}}
	if chance.IntN(2) == 0 {
		filter = append(filter, bson.E{Key: "in.w", Value: "a"})
	}
	sort := [][2]int{{1, 1}, {-1, -1}, {1, -1}}[chance.IntN(3)]
	return fmt.Sprint("page ", filter, sort), x.found(filter, options.Find().SetLimit(int64(1+chance.IntN(6))).
		SetSort(bson.D{{Key: "at", Value: sort[0]}, {Key: "_id", Value: sort[1]}}))
}

func counts(res *mongo.UpdateResult) any {
	if res == nil {
		return nil
	}
	return [3]int64{res.MatchedCount, res.ModifiedCount, res.UpsertedCount}
}

// filterBy is a filter that names documents, some of which are not there.
func filterBy(chance *rand.Rand) bson.D {
	one := func() string { return fmt.Sprint("id", chance.IntN(122)) }
	// In the order they were stored: which of several is changed is the database's choice.
	i, j := chance.IntN(7), 7+chance.IntN(115)
	filter := []bson.D{
		field("_id", one()), field("_id", field("$in", bson.A{fmt.Sprint("id", i), fmt.Sprint("id", i), "id6", fmt.Sprint("id", j)})), field("_id", field("$eq", one())),
		field("_id", field("$in", bson.A{one()})), field("_id", field("$in", bson.A{})), field("_id", field("$in", bson.A{one(), 7})),
		field("_id", bson.D{{Key: "$in", Value: bson.A{"id1", "id2", "id3"}}, {Key: "$gt", Value: "id1"}}), field("_id", field("$ne", one())),
		field("who", fmt.Sprint("p", chance.IntN(10))), field("tags", "t1"), field("who", field("$in", bson.A{"p1", "p9"})),
		field("due", field("$lt", "c")), field("due", field("$lte", "b1")),
		field("due", field("$elemMatch", bson.D{{Key: "$gte", Value: "b"}, {Key: "$lt", Value: "c"}})),
	}[chance.IntN(14)]
	more := []bson.E{
		{Key: "n", Value: field("$lt", 3)}, {Key: "who", Value: "p1"}, {Key: "tags", Value: "t1"}, {Key: "in.v", Value: 1},
		{Key: "$or", Value: bson.A{field("n", 1), field("who", "p2")}}, {Key: "nothing", Value: field("$exists", false)},
	}
	for _, n := range chance.Perm(len(more))[:chance.IntN(3)] {
		if more[n].Key != filter[0].Key { // a key twice is refused
			filter = append(filter, more[n])
		}
	}
	return filter
}

// found is what a find finds: in the order it was asked for, or in any.
func (x *asker) found(filter bson.D, o *options.FindOptionsBuilder) []string {
	cur, err := x.c.Find(x.t.Context(), filter, o)
	if err != nil {
		return []string{"refused"}
	}
	var docs []bson.D
	if err := cur.All(x.t.Context(), &docs); err != nil {
		x.t.Fatal(err)
	}
	list := make([]string, len(docs))
	for i, doc := range docs {
		list[i] = fmt.Sprint(doc)
	}
	return list
}

func (x *asker) all() []string { return x.found(bson.D{}, options.Find().SetSort(field("_id", 1))) }
