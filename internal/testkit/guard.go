package testkit

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"faellesskab/internal/mongodb"
)

// guard checks every query of a test.
type guard struct {
	indexes map[string][]mongodb.Index // by collection
	allowed []string
	shards  Shards

	mu     sync.Mutex
	seen   map[string]bool // shapes
	served map[string]bool // indexes that have served a query, by name
	bad    []string        // what is wrong with shapes
	shapes []asked         // one example of each shape that is served
}

// asked is a query as it was sent.
type asked struct {
	collection   string
	filter, sort bson.Raw
	command      bson.Raw // the command that asks it
	list         string   // "updates" or "deletes", if it is one of several statements
	statement    bson.Raw // the statement
}

func newGuard(s setup) *guard {
	g := &guard{indexes: map[string][]mongodb.Index{}, allowed: s.allowed, shards: s.shards, seen: map[string]bool{}, served: map[string]bool{}}
	for _, i := range slices.Concat(s.indexes, s.declared) {
		g.indexes[i.Collection] = append(g.indexes[i.Collection], i)
	}
	return g
}

func (g *guard) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(ctx context.Context, e *event.CommandStartedEvent) {
		if mongodb.ScanAllowed(ctx) {
			return
		}
		if e.CommandName == "insert" {
			g.complain(g.shards.misplaced(e.Command)...)
		}
		for _, q := range queries(e.CommandName, e.Command) {
			g.look(q)
		}
	}}
}

// complain notes what is wrong, each thing once.
func (g *guard) complain(about ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, complaint := range about {
		if !slices.Contains(g.bad, complaint) {
			g.bad = append(g.bad, complaint)
		}
	}
}

func (g *guard) look(q asked) {
	if slices.Contains(g.allowed, q.collection) {
		return
	}
	shape := q.shape()
	seen := fmt.Sprint(shape, q.isSingle())
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.seen[seen] {
		return
	}
	g.seen[seen] = true
	found := read(q.filter, q.sort)
	if complaint := g.shards.misaimed(q, found); complaint != "" {
		g.bad = append(g.bad, shape+": "+complaint)
	}
	if complaint := found.arbitrary(q); complaint != "" {
		g.bad = append(g.bad, shape+": "+complaint)
	}
	if !g.serves(q.collection, found) {
		g.bad = append(g.bad, "no declared index serves "+shape)
		return
	}
	g.shapes = append(g.shapes, q.clone())
}

// serves reports whether a declared index serves the query. Each branch of an $or needs an index of
// its own. A unique index that pins down one document is always enough.
func (g *guard) serves(collection string, q query) bool {
	isServed := q.servedByID()
	if q.equal["_id"] || q.oneOf["_id"] {
		return true
	}
	if q.hasOr && !isServed {
		return !slices.ContainsFunc(q.or, func(branch bson.Raw) bool {
			return !g.serves(collection, q.with(branch))
		})
	}
	// A walk over all documents by their ids needs no index, but one that narrows it serves it better.
	for _, i := range g.indexes[collection] {
		if q.isWithin(i) && (q.servedBy(i.Keys) || i.Unique && q.pins(i.Keys)) {
			isServed, g.served[nameOf(i)] = true, true
		}
	}
	return isServed
}

// isWithin reports whether an index holds all that the query can find, also if it leaves documents
// out: then the query compares a field that these do not have.
func (q query) isWithin(i mongodb.Index) bool {
	if i.Having != "" {
		return q.compares(i.Having)
	}
	return !i.Sparse || slices.ContainsFunc(i.Keys, func(key bson.E) bool { return q.compares(key.Key) })
}

// compares reports whether the query compares a field with something else than null, which is the
// same as nothing.
func (q query) compares(field string) bool {
	return !q.nulls[field] && (q.equal[field] || q.oneOf[field] || slices.Contains(q.ranges, field))
}

// pins reports whether the query compares every field of the index with one value.
func (q query) pins(index bson.D) bool {
	return !slices.ContainsFunc(index, func(key bson.E) bool { return !q.equal[key.Key] })
}

// report fails the test for each query with which something is wrong.
func (g *guard) report(t testing.TB) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, complaint := range g.bad {
		t.Errorf("testkit: %s", complaint)
	}
	g.bad = nil
	noteServed(t, g.served)
}

// queries are the questions inside a command.
func queries(name string, command bson.Raw) []asked {
	collection, _ := command.Lookup(name).StringValueOK()
	if collection == "" {
		return nil
	}
	q := asked{collection: collection, command: command}
	switch name {
	case "find":
		q.filter, q.sort = document(command, "filter"), document(command, "sort")
	case "count":
		q.filter = document(command, "query")
	case "distinct":
		q.filter = document(command, "query")
		if key, ok := command.Lookup("key").StringValueOK(); ok && len(elements(q.filter)) == 0 {
			q.sort, _ = bson.Marshal(bson.D{{Key: key, Value: 1}})
		}
	case "findAndModify", "findandmodify":
		q.filter, q.sort = document(command, "query"), document(command, "sort")
	case "aggregate":
		q.filter, q.sort = leading(documents(command.Lookup("pipeline")))
	case "update":
		return each(q, "updates")
	case "delete":
		return each(q, "deletes")
	default:
		return nil
	}
	return []asked{q}
}

// each are the queries in the list of an update or a delete.
func each(q asked, list string) []asked {
	var all []asked
	for _, statement := range documents(q.command.Lookup(list)) {
		one := q
		one.filter = document(statement, "q")
		one.list, one.statement = list, statement
		all = append(all, one)
	}
	return all
}

// leading joins the $match stages at the beginning of a pipeline, and the $sort that follows them.
func leading(pipeline []bson.Raw) (filter, sort bson.Raw) {
	var matches bson.A
	for _, stage := range pipeline {
		if match := document(stage, "$match"); match != nil {
			matches = append(matches, match)
			continue
		}
		sort = document(stage, "$sort")
		break
	}
	if len(matches) > 0 {
		filter, _ = bson.Marshal(bson.D{{Key: "$and", Value: matches}})
	}
	return filter, sort
}

func document(doc bson.Raw, key string) bson.Raw {
	value, _ := doc.Lookup(key).DocumentOK()
	return value
}

// shape is the query without its values, for people to read.
func (q asked) shape() string {
	var b strings.Builder
	name, _ := q.command.IndexErr(0)
	fmt.Fprintf(&b, "%s %s %s", name.Key(), q.collection, outline(q.filter))
	if len(elements(q.sort)) > 0 {
		fmt.Fprintf(&b, " sorted by %s", q.sort)
	}
	return b.String()
}

// outline replaces the values in a filter by question marks.
func outline(filter bson.Raw) string {
	var parts []string
	for _, e := range elements(filter) {
		value := "?"
		switch docs := documents(e.Value()); {
		case len(docs) > 0 && strings.HasPrefix(e.Key(), "$"):
			var branches []string
			for _, doc := range docs {
				branches = append(branches, outline(doc))
			}
			value = "[" + strings.Join(branches, ", ") + "]"
		default:
			if _, ok := operators(e.Value()); ok {
				value = outline(e.Value().Document())
			}
		}
		parts = append(parts, e.Key()+": "+value)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// clone copies the memory that the driver will reuse.
func (q asked) clone() asked {
	q.filter, q.sort = slices.Clone(q.filter), slices.Clone(q.sort)
	q.command, q.statement = slices.Clone(q.command), slices.Clone(q.statement)
	return q
}
