package part_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/dead"
	"faellesskab/internal/job"
	"faellesskab/internal/part"
)

type (
	poll   struct{ ID string }
	answer struct{ ID string }
)

func (*poll) IsNode()   {}
func (*answer) IsNode() {}

type shelf struct{ dead.Shelf }

func (shelf) Retry(context.Context, string) error { return nil }

func load[V any](context.Context, []string) (map[string]V, error) { return nil, nil }

// What two nouns bring, or one brings half, keeps the program from starting, and is
// named.
func TestPartsThatDoNotGoTogetherAreRefused(t *testing.T) {
	t.Parallel()
	node := part.NodeOf("pol", load[*poll])
	lookup := part.LookupOf(load[*poll])
	purge := job.Job{Name: "old polls", Every: time.Hour, Run: func(context.Context) error { return nil }}
	letters := []dead.Source{shelf{dead.Shelf{Of: "poll"}}}
	whole := part.Part{Nodes: []part.Node{node}, Lookups: []part.Lookup{lookup}, Jobs: []job.Job{purge}, Letters: letters}
	if err := part.Check([]part.Part{whole, {}}); err != nil {
		t.Errorf("a part alone: %v", err)
	}
	for name, row := range map[string]struct {
		other part.Part
		want  string
	}{
		"a prefix":           {part.Part{Nodes: []part.Node{part.NodeOf("pol", load[*answer])}}, `"pol"`},
		"a type":             {part.Part{Nodes: []part.Node{part.NodeOf("ans", load[*poll])}}, "*part_test.poll"},
		"a lookup":           {part.Part{Lookups: []part.Lookup{lookup}}, "*part_test.poll"},
		"a job":              {part.Part{Jobs: []job.Job{purge}}, `"old polls"`},
		"letters":            {part.Part{Letters: letters}, `"poll"`},
		"no prefix":          {part.Part{Nodes: []part.Node{part.NodeOf("", load[*answer])}}, "no prefix"},
		"a job without time": {part.Part{Jobs: []job.Job{{Name: "always", Run: purge.Run}}}, `"always"`},
	} {
		if err := part.Check([]part.Part{whole, row.other}); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want it to name %s", name, err, row.want)
		}
	}
}
