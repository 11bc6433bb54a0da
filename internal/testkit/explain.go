package testkit

import (
	"context"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/mongodb"
)

// mostExamined is how many documents the database may look at for each one it
// returns.
const mostExamined = 1.1

// explainAll asks a database that can say so how it carried out one example of
// each query of the test, and fails the test for those that read the whole
// collection, sort in memory, or look at more than they return. It runs after
// the test, not within the monitor, where the connection is still in use.
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

// explain asks about a query, without what the driver adds to its command. Of
// several updates only one can be asked about.
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

// judge reads a plan: what is wrong with it, if anything.
func (q asked) judge(plan bson.Raw) (complaints []string) {
	for _, stage := range []struct{ name, complaint string }{
		{"COLLSCAN", "reads the whole collection"},
		{"SORT", "sorts in memory"},
	} {
		if hasStage(plan, stage.name) {
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
	if returned >= 1 && float64(examined) > mostExamined*float64(returned) {
		complaints = append(complaints, "looks at more documents than it returns")
	}
	return complaints
}

// hasStage looks for a stage anywhere in the plan that won; the plans that
// lost may hold what they like.
func hasStage(doc bson.Raw, name string) bool {
	for _, e := range elements(doc) {
		if e.Key() == "rejectedPlans" || e.Key() == "allPlansExecution" || e.Key() == "command" {
			continue
		}
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
