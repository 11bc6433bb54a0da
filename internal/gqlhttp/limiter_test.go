package gqlhttp

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/99designs/gqlgen/graphql/introspection"
)

func TestStructureLimits(t *testing.T) {
	nest := func(n int) string {
		return "{viewer" + strings.Repeat("{friend", n-2) + "{id}" + strings.Repeat("}", n-1)
	}
	repeat := func(head string, n int, item func(int) string, tail string) string {
		var b strings.Builder
		b.WriteString(head)
		for i := range n {
			b.WriteString(item(i))
		}
		return b.String() + tail
	}
	alias := func(i int) string { return fmt.Sprintf("a%d:name ", i) }
	for _, c := range []struct {
		name, most, over, key string
	}{
		{"depth", nest(10), nest(11), "query.depth"},
		{"depth through fragments", "{viewer{...F}}fragment F on Person" + nest(10)[len("{viewer"):len(nest(10))-1],
			"{viewer{friend{...F}}}fragment F on Person" + nest(10)[len("{viewer"):len(nest(10))-1], "query.depth"},
		{"aliases", repeat("{viewer{", 15, alias, "}}"), repeat("{viewer{", 16, alias, "}}"), "query.aliases"},
		{"root fields", strings.Repeat("{echo ", 1) + strings.Repeat("echo ", 9) + "}", "{" + strings.Repeat("echo ", 11) + "}", "query.root_fields"},
		{"root fields in fragments", "{...A ...A}fragment A on Query{" + strings.Repeat("echo ", 5) + "}",
			"{...A ...A}fragment A on Query{" + strings.Repeat("echo ", 6) + "}", "query.root_fields"},
		{"directives", "{viewer{" + strings.Repeat("...@include(if:true){id}", 20) + "}}",
			"{viewer{" + strings.Repeat("...@include(if:true){id}", 21) + "}}", "query.directives"},
		{"tokens", "{viewer{" + strings.Repeat("name ", 150) + "}}", "{viewer{" + strings.Repeat("id ", 1000) + "}}", "query.tokens"},
		{"nested input", `{groups(filter:` + strings.Repeat("{and:", 9) + "{}" + strings.Repeat("}", 9) + "){totalCount}}",
			`{groups(filter:` + strings.Repeat("{and:", 10) + "{}" + strings.Repeat("}", 10) + "){totalCount}}", "query.depth"},
		{"comparisons", "{viewer{" + strings.Repeat("name ", 200) + "}}", "{viewer{" + strings.Repeat("name ", 300) + "}}", "query.too_costly"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer()
			if got := s.query(t, c.most); got.status != 200 {
				t.Errorf("at the limit: %s", got.body)
			}
			if got := s.query(t, c.over); got.code() != "QUERY_TOO_COSTLY" || got.key() != c.key || got.status != 400 {
				t.Errorf("over the limit: %d %s", got.status, got.body)
			}
			if s.calls != 1 {
				t.Errorf("%d were executed", s.calls)
			}
		})
	}
}

func TestCost(t *testing.T) {
	for _, c := range []struct {
		name, query string
		variables   map[string]any
		want        int
	}{
		{"scalars are free", `{echo}`, nil, 0},
		{"an object", `{viewer{id name}}`, nil, 1},
		{"a list without first", `{viewer{friends{id}}}`, nil, 1 + 10},
		{"a list of a known length", `{viewer{dates{id}}}`, nil, 1 + 50},
		{"such lists within each other", `{viewer{dates{friend{dates{id}}}}}`, nil, 1 + 50*(1+1+50)},
		{"objects by their ids", `{nodes(ids:["a","b","c"]){...on Person{friend{id}}}}`, nil, 3 * 2},
		{"objects by ids of a variable", `query($ids:[ID!]!){nodes(ids:$ids){id}}`, map[string]any{"ids": []any{"a", "b"}}, 2},
		{"a list with first", `{search(text:"x",first:3){...on Person{id}}}`, nil, 3},
		{"first from the schema", `{search(text:"x"){__typename ...on Person{friend{id}}}}`, nil, 5 * 2},
		{"a connection", `{groups(first:4){edges{node{name}} totalCount}}`, nil, 1 + 4*2},
		{"nodes", `{groups(first:4){nodes{name}}}`, nil, 1 + 4},
		{"pageInfo is once", `{groups(first:50){nodes{name} pageInfo{endCursor}}}`, nil, 1 + 50 + 1},
		{"without first", `{groups{nodes{name}}}`, nil, 1 + 20},
		{"a variable", `query($n:Int){groups(first:$n){nodes{name}}}`, map[string]any{"n": int64(7)}, 1 + 7},
		{"a variable's default", `query($n:Int=9){groups(first:$n){nodes{name}}}`, nil, 1 + 9},
		{"no variable", `query($n:Int){groups(first:$n){nodes{name}}}`, nil, 1 + 20},
		{"null", `{groups(first:null){nodes{name}}}`, nil, 1 + 20},
		{"negative", `{groups(first:-5){nodes{name}}}`, nil, 1 + 20},
		{"nested", `{groups(first:10){nodes{members(first:5){nodes{id}}}}}`, nil, 1 + 10*(1+1+5)},
		{"a fragment twice", `{...F ...F}fragment F on Query{viewer{id}}`, nil, 2},
		{"a fragment of a connection", `{groups(first:3){...F}}fragment F on GroupConnection{...G}fragment G on GroupConnection{nodes{id}}`, nil, 1 + 3},
		{"introspection", `{__schema{types{name}}}`, nil, 100},
		{"huge", `{groups(first:2147483647){nodes{members(first:2147483647){nodes{groups(first:2147483647){nodes{id}}}}}}}`, nil, math.MaxInt},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := parser.ParseQuery(&ast.Source{Input: c.query})
			if err != nil {
				t.Fatal(err)
			}
			if errs := validator.ValidateWithRules(testSchema, doc, testRules(true)()); len(errs) > 0 {
				t.Fatal(errs)
			}
			variables, err := validator.VariableValues(testSchema, doc.Operations[0], c.variables)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := operationCost(testSchema, DefaultLimits, doc.Operations[0], variables); got != c.want {
				t.Errorf("costs %d, want %d", got, c.want)
			}
		})
	}
}

func TestRefusesACostlyOperation(t *testing.T) {
	s := newServer()
	query := `query($n:Int){groups(first:50){nodes{members(first:$n){nodes{id}}}}}`
	if got := s.query(t, query, `{"n":50}`); got.status != 200 {
		t.Errorf("50 times 50: %s", got.body)
	}
	if got := s.query(t, query, `{"n":100}`); got.code() != "QUERY_TOO_COSTLY" || got.key() != "query.too_costly" {
		t.Errorf("50 times 100: %s", got.body)
	}
	if s.calls != 1 {
		t.Errorf("%d were executed", s.calls)
	}
}

// A large app that is written well may send a screen with thirty cards, each with a fragment of
// its own.
func TestALargeOrdinaryDocumentPasses(t *testing.T) {
	var b strings.Builder
	b.WriteString("query Screen{groups(first:5){edges{node{")
	for i := range 30 {
		fmt.Fprintf(&b, "...Card%d ", i)
	}
	b.WriteString("}}pageInfo{hasNextPage endCursor}}}")
	for i := range 30 {
		fmt.Fprintf(&b, "fragment Card%d on Group{id name owner{id name} events{id title}...on Node{id}}", i)
	}
	if got := newServer().query(t, b.String()); got.status != 200 {
		t.Error(got.body)
	}
}

func TestIntrospection(t *testing.T) {
	s := newServer()
	for _, query := range []string{introspection.Query, `{__type(name:"Person"){name}}`, `{...F}fragment F on Query{__schema{types{name}}}`} {
		if got := s.query(t, query); got.code() != "FORBIDDEN" || got.key() != "introspection.off" {
			t.Errorf("closed: %s", got.body)
		}
	}
	if got := s.query(t, `{__typename}`); got.status != 200 {
		t.Errorf("__typename: %s", got.body)
	}
	if s.calls != 1 || !s.closed {
		t.Errorf("%d were executed, closed: %v", s.calls, s.closed)
	}
	s = newServer(mayIntrospect)
	if got := s.query(t, introspection.Query); got.status != 200 || s.closed {
		t.Errorf("open: %s", got.body)
	}
	deep := `{__type(name:"Person")` + strings.Repeat("{ofType", 20) + "{name}" + strings.Repeat("}", 21)
	if got := s.query(t, deep); got.key() != "query.depth" {
		t.Errorf("deep: %s", got.body)
	}
}

func TestIntrospectionIsDecidedForEachCaller(t *testing.T) {
	allowed := true
	s := newServer(func(o *Options) { o.Introspection = func(context.Context) bool { return allowed } })
	s.query(t, introspection.Query)
	allowed = false
	if got := s.query(t, introspection.Query); got.key() != "introspection.off" || s.calls != 1 {
		t.Errorf("the document was let through from the cache: %s", got.body)
	}
}

func TestSuggestsNamesOnlyToWhoMayIntrospect(t *testing.T) {
	for _, query := range []string{
		`{viewr{id}}`, `{groups(frst:1){totalCount}}`,
		`{viewer}`, `{groups(filter:{are:1}){totalCount}}`,
	} {
		if got := newServer().query(t, query); got.code() != "BAD_USER_INPUT" || strings.Contains(got.body, "Did you mean") {
			t.Errorf("closed: %s", got.body)
		}
		if got := newServer(mayIntrospect).query(t, query); !strings.Contains(got.body, "Did you mean") {
			t.Errorf("open: %s", got.body)
		}
	}
}
