package testkit

import (
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/event"

	"faellesskab/internal/mongodb"
)

// A sharded cluster aims what names the shard key. The rest is refused, or asks every server.
func TestGuardKnowsWhatAClusterCanAim(t *testing.T) {
	t.Parallel()
	shards := Shards{
		"owned": {Key: "owner", AskAll: map[string]string{"about": "people are found everywhere"}},
		"byId":  {Key: "_id", AskAll: map[string]string{"_id": "all are walked"}},
	}
	for _, c := range []struct {
		command, complaint string
	}{
		{`{"find": "owned", "filter": {"owner": "a", "_id": "a:1"}}`, ""},
		{`{"find": "owned", "filter": {"owner": {"$in": ["a", "b"]}, "_id": {"$in": ["a:1", "b:1"]}}}`, ""},
		{`{"find": "owned", "filter": {"about": "x"}}`, ""},
		{`{"find": "owned", "filter": {}, "sort": {"about": 1, "_id": 1}}`, ""},
		{`{"find": "owned", "filter": {"$or": [{"owner": "a"}, {"owner": "b"}]}}`, ""},
		{`{"find": "owned", "filter": {"$or": [{"owner": "a"}, {"_id": "b:1"}]}}`, "asks all servers"},
		{`{"find": "owned", "filter": {"owner": {"$gt": "a"}}}`, "asks all servers"},
		{`{"find": "owned", "filter": {"_id": "a:1"}}`, "asks all servers"},
		{`{"aggregate": "owned", "pipeline": [{"$match": {"_id": {"$in": ["a:1"]}}}]}`, "asks all servers"},
		{`{"update": "owned", "updates": [{"q": {"_id": "a:1", "owner": "a"}}]}`, ""},
		{`{"update": "owned", "updates": [{"q": {"_id": "a:1"}}]}`, "to write one document"},
		{`{"update": "owned", "updates": [{"q": {"about": "x"}}]}`, "to write one document"},
		{`{"update": "owned", "updates": [{"q": {"owner": {"$in": ["a", "b"]}}}]}`, "to write one document"},
		{`{"update": "owned", "updates": [{"q": {"owner": {"$in": ["a", "b"]}}, "multi": true}]}`, ""},
		{`{"update": "owned", "updates": [{"q": {"about": "x"}, "multi": true}]}`, ""},
		{`{"update": "owned", "updates": [{"q": {"_id": {"$in": ["a:1"]}}, "multi": true}]}`, "asks all servers"},
		{`{"delete": "owned", "deletes": [{"q": {"_id": "a:1"}, "limit": 1}]}`, "to write one document"},
		{`{"delete": "owned", "deletes": [{"q": {"about": "x"}, "limit": 0}]}`, ""},
		{`{"findAndModify": "owned", "query": {"_id": "a:1"}}`, "to write one document"},
		{`{"findAndModify": "owned", "query": {"owner": "a", "about": "x"}}`, ""},
		{`{"findAndModify": "byId", "query": {"state": 1}, "sort": {"_id": 1}}`, "to write one document"},
		{`{"findAndModify": "byId", "query": {"_id": "a", "state": 1}}`, ""},
		{`{"find": "byId", "filter": {"_id": {"$gt": "a"}}, "sort": {"_id": 1}}`, ""},
		{`{"find": "byId", "filter": {"state": 1}}`, "asks all servers"},
		{`{"find": "whole", "filter": {"state": 1}}`, ""},
		{`{"findAndModify": "whole", "query": {"state": 1}}`, ""},
		{`{"insert": "owned", "documents": [{"_id": "a:1", "owner": "a"}]}`, ""},
		{`{"insert": "owned", "documents": [{"_id": "a:1", "owner": "b"}]}`, "must begin with the shard key"},
		{`{"insert": "owned", "documents": [{"_id": "a:1"}]}`, "must begin with the shard key"},
		{`{"insert": "byId", "documents": [{"_id": "a"}]}`, ""},
	} {
		g := newGuard(setup{shards: shards, indexes: []mongodb.Index{
			{Collection: "owned", Keys: keys("owner", 1, "about", 1)}, {Collection: "owned", Keys: keys("about", 1, "_id", 1)},
			{Collection: "byId", Keys: keys("state", 1, "_id", 1)}, {Collection: "whole", Keys: keys("state", 1)},
		}})
		command := parse(t, c.command)
		name, _ := command.IndexErr(0)
		g.monitor().Started(t.Context(), &event.CommandStartedEvent{CommandName: name.Key(), Command: command})
		if got := strings.Join(g.bad, "\n"); (got == "") != (c.complaint == "") || !strings.Contains(got, c.complaint) {
			t.Errorf("%s: %q, want %q", c.command, got, c.complaint)
		}
	}
}
