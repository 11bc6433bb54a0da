package testkit

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"faellesskab/internal/mongodb"
)

// recorder is a test that keeps its complaints and its cleanups.
type recorder struct {
	testing.TB
	complaints []string
	cleanups   []func()
}

func (r *recorder) Helper()          {}
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Errorf(format string, args ...any) {
	r.complaints = append(r.complaints, fmt.Sprintf(format, args...))
}

func (r *recorder) end() {
	for len(r.cleanups) > 0 {
		last := len(r.cleanups) - 1
		f := r.cleanups[last]
		r.cleanups = r.cleanups[:last]
		f()
	}
}

func TestGuardFailsTheTestForEachKindOfCommand(t *testing.T) {
	t.Parallel()
	indexes := []mongodb.Index{
		{Collection: "c", Keys: keys("a", 1)},
		{Collection: "c", Keys: keys("slug", 1), Unique: true},
	}
	set := keys("$set", keys("z", 1))
	for name, do := range map[string]func(context.Context, *mongo.Collection, bson.D) error{
		"find": func(ctx context.Context, c *mongo.Collection, f bson.D) error { _, err := c.Find(ctx, f); return err },
		"update": func(ctx context.Context, c *mongo.Collection, f bson.D) error {
			_, err := c.UpdateMany(ctx, f, set)
			return err
		},
		"delete": func(ctx context.Context, c *mongo.Collection, f bson.D) error {
			_, err := c.DeleteOne(ctx, f)
			return err
		},
		"findAndModify": func(ctx context.Context, c *mongo.Collection, f bson.D) error {
			if err := c.FindOneAndUpdate(ctx, f, set).Err(); err != mongo.ErrNoDocuments {
				return err
			}
			return nil
		},
		"aggregate": func(ctx context.Context, c *mongo.Collection, f bson.D) error {
			_, err := c.CountDocuments(ctx, f)
			return err
		},
		"distinct": func(ctx context.Context, c *mongo.Collection, f bson.D) error {
			_ = c.Distinct(ctx, "b", f) // the guard sees it, even though the embedded database refuses its maxTimeMS
			return nil
		},
		"count": func(ctx context.Context, c *mongo.Collection, f bson.D) error {
			return c.Database().RunCommand(ctx, keys("count", c.Name(), "query", f)).Err()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range []struct {
				collection string
				filter     bson.D
				isServed   bool
			}{
				{"c", keys("a", 1), true},
				{"c", keys("_id", 1, "q", 1), true},
				{"c", keys("slug", "x", "q", 1), true},
				{"c", keys("$or", bson.A{keys("a", 1), keys("slug", 2)}), true},
				{"other", keys("_id", 1), true},
				{"exempt", keys("q", 1), true},
				{"c", keys("q", "secret"), false},
				{"c", keys("$or", bson.A{keys("a", 1), keys("q", 2)}), false},
				{"other", keys("a", 1), false},
			} {
				r := &recorder{TB: t}
				db := DB(r, WithIndexes(indexes), WithoutGuard("exempt"))
				if err := do(t.Context(), db.Collection(c.collection), c.filter); err != nil {
					t.Fatalf("%v: %v", c.filter, err)
				}
				if err := do(mongodb.AllowScan(t.Context()), db.Collection("allowed"), keys("q", 1)); err != nil {
					t.Fatal(err)
				}
				r.end()
				if (len(r.complaints) == 0) != c.isServed {
					t.Errorf("%s %v: %q", c.collection, c.filter, r.complaints)
				}
				for _, complaint := range r.complaints {
					if !strings.Contains(complaint, name+" "+c.collection) || strings.Contains(complaint, "secret") {
						t.Errorf("the complaint reads: %s", complaint)
					}
				}
			}
		})
	}
}

func TestGuardLooksAtSortAndPipeline(t *testing.T) {
	t.Parallel()
	g := newGuard(setup{indexes: []mongodb.Index{{Collection: "c", Keys: keys("a", 1, "b", 1, "_id", 1)}}})
	for _, c := range []struct {
		command  string
		isServed bool
	}{
		{`{"find": "c", "filter": {"a": 1}, "sort": {"b": 1, "_id": 1}}`, true},
		{`{"find": "c", "filter": {"a": 1}, "sort": {"b": 1}}`, false}, // equals come in any order
		{`{"findAndModify": "c", "query": {"a": 1}, "sort": {"b": 1}}`, false},
		{`{"aggregate": "c", "pipeline": [{"$match": {"a": 1}}, {"$sort": {"b": 1}}]}`, false},
		{`{"find": "c", "filter": {"a": 1, "b": 1}, "sort": {"b": 1}}`, true}, // all are equal
		{`{"find": "c", "filter": {"a": 2}, "sort": {"d": 1}}`, false},
		{`{"find": "c"}`, false},
		{`{"aggregate": "c", "pipeline": [{"$match": {"a": 1}}, {"$match": {"b": 2}}, {"$group": {"_id": "$z"}}]}`, true},
		{`{"aggregate": "c", "pipeline": [{"$match": {"a": 1}}, {"$sort": {"e": 1}}]}`, false},
		{`{"aggregate": "c", "pipeline": [{"$group": {"_id": "$z"}}, {"$match": {"a": 1}}]}`, false},
		{`{"distinct": "c", "key": "a"}`, true},
		{`{"distinct": "c", "key": "z"}`, false},
		{`{"update": "c", "updates": [{"q": {"a": 7}}, {"q": {"y": 1}}]}`, false},
		{`{"aggregate": 1, "pipeline": []}`, true},
		{`{"insert": "c", "documents": [{"a": 1}]}`, true},
	} {
		command := parse(t, c.command)
		name, _ := command.IndexErr(0)
		g.monitor().Started(t.Context(), &event.CommandStartedEvent{CommandName: name.Key(), Command: command})
		if (len(g.bad) == 0) != c.isServed {
			t.Errorf("%s: %q", c.command, g.bad)
		}
		g.bad = nil
	}
}

func TestJudgeReadsPlans(t *testing.T) {
	t.Parallel()
	find := asked{command: parse(t, `{"find": "c"}`)}
	for plan, want := range map[string]int{
		`{"queryPlanner": {"winningPlan": {"stage": "FETCH", "inputStage": {"stage": "IXSCAN"}}}, "executionStats": {"nReturned": 10, "totalDocsExamined": 11}}`:       0,
		`{"queryPlanner": {"winningPlan": {"stage": "COLLSCAN"}, "rejectedPlans": []}, "executionStats": {"nReturned": 0, "totalDocsExamined": 9}}`:                    1,
		`{"queryPlanner": {"winningPlan": {"stage": "SORT", "inputStages": [{"stage": "COLLSCAN"}]}}, "executionStats": {"nReturned": 1, "totalDocsExamined": 29}}`:    3,
		`{"queryPlanner": {"winningPlan": {"stage": "SORT"}, "rejectedPlans": [{"stage": "SORT_MERGE"}]}, "executionStats": {"nReturned": 4, "totalDocsExamined": 9}}`: 0,
		`{"queryPlanner": {"winningPlan": {"stage": "SORT"}, "rejectedPlans": [{"stage": "SORT"}]}, "executionStats": {"nReturned": 4, "totalDocsExamined": 9}}`:       1,
		`{"queryPlanner": {"winningPlan": {"stage": "IXSCAN"}, "rejectedPlans": [{"stage": "SORT"}]}, "executionStats": {"nReturned": 0, "totalDocsExamined": 1}}`:     0,
		`{"stages": [{"$cursor": {"queryPlanner": {"winningPlan": {"queryPlan": {"stage": "COLLSCAN"}}}}}]}`:                                                           1,
	} {
		if got := find.judge(parse(t, plan)); len(got) != want {
			t.Errorf("%s: %q", plan, got)
		}
	}
	count := asked{command: parse(t, `{"aggregate": "c"}`)}
	if got := count.judge(parse(t, `{"queryPlanner": {"winningPlan": {"stage": "IXSCAN"}}, "executionStats": {"nReturned": 1, "totalDocsExamined": 99}}`)); len(got) > 0 {
		t.Errorf("a count: %q", got)
	}
}

func TestCounterCounts(t *testing.T) {
	t.Parallel()
	var counter Counter
	db := DB(t, WithCounter(&counter))
	c := db.Collection("c")
	if err := db.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if _, err := c.InsertOne(t.Context(), keys("_id", i)); err != nil {
			t.Fatal(err)
		}
	}
	cursor, err := c.Find(mongodb.AllowScan(t.Context()), bson.D{}, batchOf(2))
	if err != nil {
		t.Fatal(err)
	}
	var all []bson.D
	if err := cursor.All(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(counter.Commands(), " "); got != "insert insert insert find getMore" || counter.Count() != 5 {
		t.Errorf("%d: %s", counter.Count(), got)
	}
	counter.Reset()
	if counter.Count() != 0 {
		t.Error("reset does not")
	}
}
