package gqlexec

import (
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// A name that is selected through a union and through one of its members, or through two interfaces, stands in the
// object once, as gqlgen writes it.
func TestEachNameIsWrittenOnce(t *testing.T) {
	t.Parallel()
	s := gqlparser.MustLoadSchema(&ast.Source{Input: "type Query { any: Any a: A } union Any = T interface A { x: Int } interface B { x: Int } type T implements A & B { x: Int y: Int }"})
	types := []string{"T", "A", "B", "Any"}
	for _, below := range []string{
		"any { __typename ... on T { __typename x } ... on A { y: x __typename } }",
		"a { ... on A { x } ... on B { x } ... on T { x } }",
	} {
		doc, errs := gqlparser.LoadQueryWithRules(s, "{ "+below+" }", rules.NewDefaultRules())
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		oc := &graphql.OperationContext{Doc: doc, Operation: doc.Operations[0]}
		op := NewOperation(oc)
		selections := doc.Operations[0].SelectionSet[0].(*ast.Field).SelectionSet
		theirs := graphql.NewFieldSet(graphql.CollectFields(oc, selections, types))
		fields := op.CollectFields(selections, types)
		ours := NewFieldSet(fields)
		for i := range theirs.Values {
			theirs.Values[i] = graphql.MarshalInt(i)
		}
		for i := range ours.Values {
			ours.Int(i, int64(i))
		}
		if got, want := written(ours), written(theirs); got != want {
			t.Errorf("%s is written as %s, want %s", below, got, want)
		}
	}
}

// Two fields of an object that have one name, because gqlgen does not merge them, are two parts, each with what is below
// it.
func TestFieldsWithOneNameAreTwoParts(t *testing.T) {
	t.Parallel()
	s := gqlparser.MustLoadSchema(&ast.Source{Input: "type Query { t: T u: T } interface A { x: Query } interface B { x: Query } type T implements A & B { x: Query }"})
	doc, errs := gqlparser.LoadQueryWithRules(s, "{ t { ... on A { x { t { x { __typename } } } } ... on B { x { u { x { __typename } } } } } }", rules.NewDefaultRules())
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	op := NewOperation(&graphql.OperationContext{Doc: doc, Operation: doc.Operations[0]})
	parts := NewParts(s, map[string]bool{"Query.t": true, "T.x": true})
	p := parts.plan(op, "T", doc.Operations[0].SelectionSet[0].(*ast.Field).SelectionSet)
	if len(p.stages) != 1 || p.stages[0] != 2 || len(p.fields) != 2 {
		t.Errorf("there are stages %v of %d fields", p.stages, len(p.fields))
	}
	for f, below := range p.fields {
		name := f.SelectionSet[0].(*ast.Field).Name
		if got := below.byObject["Query"].stages; len(got) != 1 {
			t.Errorf("below %s there are stages %v", name, got)
		}
	}
}

// What is kept of a document takes no room for what was not selected: a place that may be of many types, of which
// each has its own fields, would else be kept as a whole for each type.
func TestFieldsAreKeptWithoutRoom(t *testing.T) {
	t.Parallel()
	_, op := operation(t, "{ "+strings.Repeat("b ", 100)+"}", nil)
	if got := cap(op.CollectFields(op.Operation.SelectionSet, nil)); got > 2 {
		t.Errorf("one field is kept with room for %d", got)
	}
}
