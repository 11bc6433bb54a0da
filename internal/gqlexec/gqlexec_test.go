package gqlexec

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

func written(m graphql.Marshaler) string {
	var out bytes.Buffer
	m.MarshalGQL(&out)
	return out.String()
}

// FuzzText compares texts with those that gqlgen writes.
func FuzzText(f *testing.F) {
	for _, text := range []string{"", "Sommerfest på vejen", "a\"b\\c\t\r\n\x00\x1f\x7f", "👨‍👩‍👧  ", "\xff\xc3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set := NewFieldSet(make([]graphql.CollectedField, 1))
		set.Text(0, text)
		if got, want := written(set.Values[0]), written(graphql.MarshalString(text)); got != want {
			t.Errorf("%q is written as %s, want %s", text, got, want)
		}
	})
}

// Values are written as gqlgen writes them, also to a writer that is no buffer.
func TestLeaves(t *testing.T) {
	t.Parallel()
	set := NewFieldSet(make([]graphql.CollectedField, 2))
	at := time.Date(2027, 3, 28, 1, 30, 0, 120_000_000, time.FixedZone("", 7200))
	for _, is := range []time.Time{at, at.UTC()} {
		if !set.Time(0, is) || written(set.Values[0]) != written(graphql.MarshalTime(is)) {
			t.Errorf("%s is written as %s", is, written(set.Values[0]))
		}
	}
	if set.Time(1, time.Time{}) || set.Values[1] != nil {
		t.Error("no time is an instant")
	}
	set.Int(1, -1<<63)
	if got := written(set.Values[1]); got != "-9223372036854775808" {
		t.Errorf("the least number is written as %s", got)
	}
	for _, list := range [][]ast.Operation{nil, {}, {ast.Query}, {ast.Query, "\""}} {
		all := make(graphql.Array, len(list))
		for i, text := range list {
			all[i] = graphql.MarshalString(string(text))
		}
		if got := written(Texts(list)); got != written(all) {
			t.Errorf("%q are written as %s", list, got)
		}
	}
	var plain struct{ bytes.Buffer }
	Texts([]string{"a"}).MarshalGQL(&plain)
	if plain.String() != `["a"]` {
		t.Errorf("another writer gets %s", plain.String())
	}
}

// operation is an operation of a document, and a context to execute it in.
func operation(t *testing.T, document string, variables map[string]any) (context.Context, *Operation) {
	t.Helper()
	s := gqlparser.MustLoadSchema(&ast.Source{Input: "type Query { a: Query b: String! list: [Query!]! }"})
	doc, errs := gqlparser.LoadQueryWithRules(s, document, rules.NewDefaultRules())
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	oc := &graphql.OperationContext{Doc: doc, Operation: doc.Operations[0], Variables: variables, RecoverFunc: func(_ context.Context, p any) error {
		return errors.New("panic: " + p.(string))
	}}
	ctx := graphql.WithResponseContext(t.Context(), graphql.DefaultErrorPresenter, oc.RecoverFunc)
	return graphql.WithOperationContext(ctx, oc), NewOperation(oc)
}

func resolve(ctx context.Context, op *Operation, field graphql.CollectedField, nonNull bool, resolver func(ctx context.Context) (any, error)) graphql.Marshaler {
	return ResolveField(ctx, op, field, Place{Object: "Query"}, Field[string]{Resolve: resolver, NonNull: nonNull,
		Marshal: func(_ context.Context, _ ast.SelectionSet, v string) graphql.Marshaler {
			return graphql.MarshalString(v)
		}})
}

// A field that fails is null, and its error has its path, also below elements of lists.
func TestFieldsThatFail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		nonNull  bool
		resolver func(ctx context.Context) (any, error)
		want     string
	}{
		"error":            {false, func(context.Context) (any, error) { return "", errors.New("no") }, "input: x[1].y no"},
		"null":             {false, func(context.Context) (any, error) { return nil, nil }, ""},
		"null, not so":     {true, func(context.Context) (any, error) { return nil, nil }, "input: x[1].y cannot return null for non-null field Query.b (String!): the model struct field was nil and the field has no resolver"},
		"panic":            {true, func(context.Context) (any, error) { panic("oh") }, "input: x[1].y panic: oh"},
		"of another type":  {true, func(context.Context) (any, error) { return 1, nil }, "input: x[1].y unexpected type int from middleware/directive chain, should be string"},
		"value with error": {true, func(context.Context) (any, error) { return "v", errors.New("no") }, "input: x[1].y no"},
	} {
		ctx, op := operation(t, "{ x: list { y: b } }", nil)
		fields := op.CollectFields(op.Operation.SelectionSet, []string{"Query"})
		below := op.CollectFields(fields[0].Selections, []string{"Query"})
		var got graphql.Marshaler
		ResolveField(ctx, op, fields[0], Place{Object: "Query"}, Field[[]string]{Resolve: func(context.Context) (any, error) { return []string{"", ""}, nil },
			Marshal: func(ctx context.Context, _ ast.SelectionSet, v []string) graphql.Marshaler {
				return MarshalSlice(ctx, op, len(v), func(ctx context.Context, i int) graphql.Marshaler {
					if i == 1 {
						got = resolve(ctx, op, below[0], c.nonNull, c.resolver)
					}
					return graphql.Null
				})
			}})
		if got != graphql.Null {
			t.Errorf("%s: the field is %v", name, got)
		}
		if said := strings.TrimSpace(errorsOf(ctx)); said != c.want {
			t.Errorf("%s: reported is %q, want %q", name, said, c.want)
		}
	}
}

func errorsOf(ctx context.Context) string {
	var all []string
	for _, err := range graphql.GetErrors(ctx) {
		all = append(all, (&gqlerror.Error{Message: err.Message, Path: err.Path}).Error())
	}
	return strings.Join(all, "\n")
}

// What a directive puts into the context is there for the resolver and below, and an element that panics is null alone.
func TestDirectivesAndElements(t *testing.T) {
	t.Parallel()
	type key struct{}
	ctx, op := operation(t, "{ list { b } }", nil)
	fields := op.CollectFields(op.Operation.SelectionSet, []string{"Query"})
	got := ResolveDirected(ctx, op, fields[0], Place{Object: "Query"}, Field[[]string]{Resolve: func(ctx context.Context) (any, error) { return []string{ctx.Value(key{}).(string), "b", "c"}, nil },
		Directives: func(_ context.Context, next graphql.Resolver) graphql.Resolver {
			return func(ctx context.Context) (any, error) { return next(context.WithValue(ctx, key{}, "a")) }
		},
		Marshal: func(ctx context.Context, _ ast.SelectionSet, v []string) graphql.Marshaler {
			return MarshalSlice(ctx, op, len(v), func(ctx context.Context, i int) graphql.Marshaler {
				if i == 1 {
					panic("oh")
				}
				return graphql.MarshalString(v[i] + ctx.Value(key{}).(string))
			})
		}})
	if written(got) != `["aa",null,"ca"]` || errorsOf(ctx) != "input: list[1] panic: oh" {
		t.Errorf("%s, and reported is %q", written(got), errorsOf(ctx))
	}
}

// The fields of a document are collected once, unless variables decide which they are.
func TestFieldsAreCollectedOnce(t *testing.T) {
	t.Parallel()
	names := func(op *Operation) (all []string) {
		for _, f := range op.CollectFields(op.Operation.SelectionSet, nil) {
			all = append(all, f.Alias)
		}
		return all
	}
	_, plain := operation(t, "{ b c: b ...F } fragment F on Query { b d: b }", nil)
	if got := strings.Join(names(plain), " "); got != "b c d" {
		t.Errorf("the fields are %s", got)
	}
	again := NewOperation(plain.OperationContext)
	if &again.CollectFields(again.Operation.SelectionSet, nil)[0] != &plain.CollectFields(plain.Operation.SelectionSet, nil)[0] {
		t.Error("the fields of a document are collected anew")
	}
	_, op := operation(t, "query ($no: Boolean!) { b c: b @skip(if: $no) ... @include(if: $no) { d: b } }", map[string]any{"no": true})
	if got := strings.Join(names(op), " "); got != "b d" {
		t.Errorf("with $no the fields are %s", got)
	}
	other := op.OperationContext
	if got := strings.Join(names(NewOperation(&graphql.OperationContext{Doc: other.Doc, Operation: other.Operation, Variables: map[string]any{"no": false}})), " "); got != "b c" {
		t.Errorf("without $no the fields are %s", got)
	}
}

// A panic in a getter leaves the field to the ordinary way.
func TestOrNot(t *testing.T) {
	t.Parallel()
	put := func(panics bool) (done bool) {
		defer OrNot(&done)
		done = true
		if panics {
			panic("oh")
		}
		return done
	}
	if put(true) || !put(false) {
		t.Error("a getter that panics is done, or one that does not is not")
	}
}

// The functions of a field cost nothing: its context is all that is allocated.
func TestFunctionsOfAFieldAreNotAllocated(t *testing.T) {
	ctx, op := operation(t, "{ b }", nil)
	field, null := op.CollectFields(op.Operation.SelectionSet, []string{"Query"})[0], graphql.Marshaler(graphql.Null)
	if n := testing.AllocsPerRun(100, func() {
		ResolveField(ctx, op, field, Place{Object: "Query"}, Field[*Operation]{
			Resolve: func(context.Context) (any, error) { return op, nil },
			Marshal: func(context.Context, ast.SelectionSet, *Operation) graphql.Marshaler { return null },
		})
	}); n > 1 {
		t.Errorf("a field takes %v allocations", n)
	}
}
