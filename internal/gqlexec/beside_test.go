package gqlexec

import (
	"context"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/crew"
	"faellesskab/internal/loader"
)

// Elements of lists, and fields that are resolved beside others, are done by the crew of the operation if its
// parts are counted: they may all wait for each other, and a panic makes only its field or element null.
func TestFieldsAndElementsBesideOthers(t *testing.T) {
	t.Parallel()
	c := &crew.Crew{}
	defer c.Close()
	for range 3 { // the first time by new goroutines
		got, said, byCrew := answerBeside(t, c)
		if want := `[{"b":"0 b","c":"0 c"},{"b":"1 b","c":null},null,{"b":"3 b","c":"3 c"}]`; got != want {
			t.Errorf("the answer is %s, want %s", got, want)
		}
		if want := "input: list[1] panic: oh\ninput: list[2] panic: ah"; said != want {
			t.Errorf("reported is %q, want %q", said, want)
		}
		if byCrew != 5 { // and one is done by whoever asks
			t.Errorf("the crew has done %d fields, want 5", byCrew)
		}
	}
}

// answerBeside answers a list of four objects with two fields each, the third of which panics.
func answerBeside(t *testing.T, c *crew.Crew) (got, said string, byCrew int) {
	t.Helper()
	ctx, op := operation(t, "{ list { b c: b } }", nil)
	s := gqlparser.MustLoadSchema(&ast.Source{Input: "type Query { b: String! list: [Query!]! }"})
	count := NewCount(NewParts(s, map[string]bool{"Query.b": true}), loader.NewPace(1, time.Hour, func() {}).With(c))
	ctx = WithCount(ctx, func() *Count { return count })
	list := op.CollectFields(op.Operation.SelectionSet, []string{"Query"})[0]
	below := op.CollectFields(list.Selections, []string{"Query"})

	var all sync.WaitGroup
	all.Add(6)
	var mu sync.Mutex
	element := func(ctx context.Context, i int) graphql.Marshaler {
		if i == 2 {
			all.Wait()
			panic("ah")
		}
		if i == 3 { // as a directive does
			ctx = context.WithValue(ctx, ownKey{}, ctx.(*fieldContext))
		}
		set := NewFieldSet(below)
		for j, field := range below {
			set.ResolveConcurrently(j, false, func(context.Context) graphql.Marshaler {
				all.Done()
				all.Wait()
				mu.Lock()
				byCrew += strings.Count(stack(), "crew.(*Crew).work(")
				mu.Unlock()
				if i == 1 && j == 1 {
					panic("oh")
				}
				return graphql.MarshalString(strconv.Itoa(i) + " " + field.Alias)
			})
		}
		set.Dispatch(ctx, op)
		return set
	}
	is := ResolveField(ctx, op, list, Place{Object: "Query"}, Field[[]string]{Resolve: func(context.Context) (any, error) { return make([]string, 4), nil },
		Marshal: func(ctx context.Context, _ ast.SelectionSet, v []string) graphql.Marshaler {
			return MarshalSlice(ctx, op, len(v), element)
		}})
	errs := strings.Split(errorsOf(ctx), "\n")
	slices.Sort(errs)
	return written(is), strings.Join(errs, "\n"), byCrew
}

// stack says in which functions the caller is.
func stack() string {
	room := make([]byte, 1<<16)
	return string(room[:runtime.Stack(room, false)])
}
