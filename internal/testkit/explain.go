package testkit

import (
	"context"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// mostExamined is how many documents the database may look at for each one it returns. fewExamined is
// a number that is too small to tell a good plan from a bad one: among as few documents as a test
// has, both end at once, and either may win.
const (
	mostExamined = 1.1
	fewExamined  = 20
)

// explainAll asks the database, if it can explain, how it carried out one example of each query of
// the test. It fails the test for queries that read the whole collection, sort in memory, or look at
// more than they return. It runs after the test, and not within the monitor, where the connection is
// still in use.
func (g *guard) explainAll(t testing.TB, db *mongodb.DB) {
	t.Helper()
	g.mu.Lock()
	shapes := slices.Clone(g.shapes)
	g.mu.Unlock()
	if len(shapes) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(mongodb.AllowScan(context.Background()), 30*time.Second)
	defer cancel()
	able, err := db.Capabilities(ctx)
	if err != nil {
		t.Errorf("testkit: %v", err)
		return
	}
	if !able.Explain {
		return
	}
	for _, q := range shapes {
		plan, err := explain(ctx, db, q)
		if err != nil {
			t.Errorf("testkit: explain %s: %v", q.shape(), err)
			continue
		}
		for _, complaint := range q.judge(plan) {
			t.Errorf("testkit: %s: %s", q.shape(), complaint)
		}
	}
}

// explain asks about a query, without the fields that the driver adds to its command. Of several
// updates it asks about one, since the database explains only one.
func explain(ctx context.Context, db *mongodb.DB, q asked) (bson.Raw, error) {
	var bare bson.D
	for _, e := range elements(q.command) {
		if e.Key() == q.list {
			bare = append(bare, bson.E{Key: e.Key(), Value: bson.A{q.statement}})
			continue
		}
		switch e.Key() {
		case "lsid", "$db", "$clusterTime", "$readPreference", "txnNumber", "maxTimeMS", "writeConcern", "readConcern":
			continue
		}
		bare = append(bare, bson.E{Key: e.Key(), Value: e.Value()})
	}
	return db.Collection("explain").Database().RunCommand(ctx, bson.D{
		{Key: "explain", Value: bare},
		{Key: "verbosity", Value: "executionStats"},
	}).Raw()
}

// judge says what is wrong with a plan, if anything.
func (q asked) judge(plan bson.Raw) (complaints []string) {
	for _, stage := range []struct{ name, complaint string }{
		{"COLLSCAN", "reads the whole collection"},
		{"SORT", "sorts in memory"},
	} {
		if !slices.ContainsFunc(plansOf(plan), func(plan bson.Raw) bool { return !hasStage(plan, stage.name) }) {
			complaints = append(complaints, stage.complaint)
		}
	}
	// A count or an aggregation returns less than it looks at; an update
	// returns nothing.
	name, _ := q.command.IndexErr(0)
	if name.Key() != "find" && name.Key() != "findAndModify" {
		return complaints
	}
	stats := document(plan, "executionStats")
	examined, _ := stats.Lookup("totalDocsExamined").AsInt64OK()
	returned, _ := stats.Lookup("nReturned").AsInt64OK()
	if returned >= 1 && float64(examined) > mostExamined*float64(returned)+fewExamined {
		complaints = append(complaints, "looks at more documents than it returns")
	}
	return complaints
}

// plansOf are the plan that won and those that lost, since the better one may lose among few
// documents.
func plansOf(answer bson.Raw) []bson.Raw {
	var plans []bson.Raw
	for _, e := range elements(answer) {
		switch e.Key() {
		case "winningPlan":
			if plan, ok := e.Value().DocumentOK(); ok {
				plans = append(plans, plan)
			}
			continue
		case "rejectedPlans":
			plans = append(plans, documents(e.Value())...)
			continue
		}
		if inner, ok := e.Value().DocumentOK(); ok {
			plans = append(plans, plansOf(inner)...)
		}
		for _, inner := range documents(e.Value()) {
			plans = append(plans, plansOf(inner)...)
		}
	}
	return plans
}

// hasStage looks for a stage anywhere in a plan.
func hasStage(doc bson.Raw, name string) bool {
	for _, e := range elements(doc) {
		if e.Key() == "stage" {
			if stage, ok := e.Value().StringValueOK(); ok && stage == name {
				return true
			}
		}
		if inner, ok := e.Value().DocumentOK(); ok && hasStage(inner, name) {
			return true
		}
		for _, inner := range documents(e.Value()) {
			if hasStage(inner, name) {
				return true
			}
		}
	}
	return false
}
