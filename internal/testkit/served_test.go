package testkit

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/event"

	"faellesskab/internal/mongodb"
)

// An index that no query needs is idle, also if it is one of several that could serve.
func TestIdleIndexesAreFound(t *testing.T) {
	t.Parallel()
	indexes := []mongodb.Index{
		{Collection: "c", Keys: keys("a", 1)}, {Collection: "c", Keys: keys("a", 1, "b", 1)}, {Collection: "c", Keys: keys("b", 1)},
		{Collection: "c", Keys: keys("d", 1)}, {Collection: "other", Keys: keys("a", 1)}, {Collection: "c", Keys: keys("e", 1, "_id", 1)},
	}
	g := newGuard(setup{indexes: indexes})
	for _, filter := range []string{`{"a": 1}`, `{"$or": [{"d": 1}, {"_id": 2}]}`, `{"z": 1}`, `{"e": 1, "_id": {"$gt": 1}}, "sort": {"_id": 1}`} {
		g.monitor().Started(t.Context(), &event.CommandStartedEvent{CommandName: "find", Command: parse(t, `{"find": "c", "filter": `+filter+`}`)})
	}
	served := strings.Join(slices.Collect(maps.Keys(g.served)), "\n")
	want := []string{nameOf(indexes[2]), nameOf(indexes[4])}
	if got := idle(indexes, served); !slices.Equal(got, want) {
		t.Errorf("idle are %q, want %q", got, want)
	}
}
