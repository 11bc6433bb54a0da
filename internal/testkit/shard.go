package testkit

import (
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Shards say how collections would be spread over the servers of a sharded cluster, by name.
// Collections that are not named lie on one server.
type Shards map[string]Shard

// Shard is how one collection would be spread.
type Shard struct {
	// Key is the field of the shard key. If it is not the id, the id begins with its value and
	// a colon.
	Key string
	// AskAll are the fields by which a query asks all servers on purpose, each with the reason.
	AskAll map[string]string
}

// WithShards lets the query guard fail the test for commands that a sharded cluster could not aim
// at the servers they concern, or would refuse.
//
// A command that writes one document must name its shard key: up to version 6 a cluster refuses
// findAndModify and upserts without it, and it asks all servers for other writes. A query, or a
// write of many documents, must name the shard key, or one of the fields for which the collection
// says why all servers are asked. A new document must have its shard key.
func WithShards(s Shards) Option {
	return func(u *setup) { u.shards = s }
}

// misaimed says what is wrong with a query; empty if nothing is.
func (s Shards) misaimed(a asked, q query) string {
	shard, isSharded := s[a.collection]
	switch {
	case !isSharded || aims(q, shard.Key, a.isSingle()):
		return ""
	case a.isSingle():
		return fmt.Sprintf("a sharded cluster needs the shard key %s to write one document", shard.Key)
	case isMeantForAll(q, shard.AskAll):
		return ""
	}
	return fmt.Sprintf("a sharded cluster asks all servers, since it does not name the shard key %s", shard.Key)
}

// aims reports whether a query names the shard key, in each of its branches: one value or, if it
// is not to be single, several.
func aims(q query, key string, single bool) bool {
	if q.equal[key] || q.oneOf[key] && !single {
		return true
	}
	return q.hasOr && !slices.ContainsFunc(q.or, func(branch bson.Raw) bool { return !aims(q.with(branch), key, single) })
}

// isMeantForAll reports whether a query, or one of its branches, compares or sorts by a field for
// which all servers are asked on purpose.
func isMeantForAll(q query, fields map[string]string) bool {
	for field := range fields {
		if q.equal[field] || q.oneOf[field] || slices.Contains(q.ranges, field) ||
			slices.ContainsFunc(q.sort, func(k sortKey) bool { return k.field == field }) {
			return true
		}
	}
	return slices.ContainsFunc(q.or, func(branch bson.Raw) bool { return isMeantForAll(q.with(branch), fields) })
}

// isSingle reports whether the command writes one document.
func (q asked) isSingle() bool {
	name, _ := q.command.IndexErr(0)
	switch name.Key() {
	case "findAndModify", "findandmodify":
		return true
	case "update":
		multi, _ := q.statement.Lookup("multi").BooleanOK()
		return !multi
	case "delete":
		limit, _ := q.statement.Lookup("limit").AsInt64OK()
		return limit == 1
	}
	return false
}

// misplaced says what is wrong with the documents of an insert, each thing once.
func (s Shards) misplaced(command bson.Raw) (complaints []string) {
	collection, _ := command.Lookup("insert").StringValueOK()
	shard, isSharded := s[collection]
	if !isSharded || shard.Key == "_id" {
		return nil
	}
	for _, doc := range documents(command.Lookup("documents")) {
		key, _ := doc.Lookup(shard.Key).StringValueOK()
		id, _ := doc.Lookup("_id").StringValueOK()
		if key == "" || !strings.HasPrefix(id, key+":") {
			complaint := fmt.Sprintf("insert %s: the id must begin with the shard key %s and a colon", collection, shard.Key)
			if !slices.Contains(complaints, complaint) {
				complaints = append(complaints, complaint)
			}
		}
	}
	return complaints
}
