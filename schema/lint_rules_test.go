package schema_test

import (
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// Each rule of the lint finds a schema that breaks it. A lint that never complains may look at
// nothing.
func TestLintFinds(t *testing.T) {
	const directives = `
"d" directive @public on FIELD_DEFINITION
"d" directive @authenticated on FIELD_DEFINITION
"d" directive @holds("d" atMost: Int!) on FIELD_DEFINITION
"d" directive @can("d" capability: Capability, "d" anyOf: [Capability!]) on FIELD_DEFINITION
"d" enum Capability { "d" COURSES "d" SUPPORT }
`
	const thing = `
"d" interface Node { "d" id: ID! }
"d" type Thing implements Node { "d" id: ID! }
`
	for name, c := range map[string]struct{ sdl, want string }{
		"no description": {
			`type Query { a: Int @public }`,
			"Query.a: has no description"},
		"bare root": {
			`type Query { "d" a: Int @public }`,
			"Query: has no description"},
		"bare extended root": {
			`"d" type Query { "d" a: Int @public } type Mutation extend type Mutation { "d" b: Int @public }`,
			"Mutation: has no description"},
		"bare input field": {
			`type Query { "d" a("d" in: In): Int @public } "d" input In { b: Int }`,
			"In.b: has no description"},
		"bare directive": {
			`directive @shiny on FIELD_DEFINITION type Query { "d" a: Int @public }`,
			"@shiny: has no description"},
		"bare scalar": {
			`type Query { "d" a: Colour @public } scalar Colour`,
			"Colour: has no description"},
		"bare union": {
			thing + `type Query { "d" a: Either @public } union Either = Thing`,
			"Either: has no description"},
		"blank description": {
			`"d" type Query { " " a: Int @public }`,
			"Query.a: has no description"},
		"bare enum value": {
			`type Query { "d" a: Colour @public } "d" enum Colour { RED }`,
			"Colour.RED: has no description"},
		"bare argument": {
			`type Query { "d" a(b: Int): Int @public }`,
			"Query.a(b:): has no description"},
		"nobody said who": {
			`type Query { "d" a: Int }`,
			"Query.a: carries 0 of @public, @authenticated and @can, want one"},
		"said twice": {
			`type Query { "d" a: Int @public @authenticated }`,
			"Query.a: carries 2 of @public, @authenticated and @can, want one"},
		"what one can do, and nothing": {
			`type Query { "d" a: Int @can }`,
			"Query.a: @can wants capability or anyOf, one of the two"},
		"what one can do, and null": {
			`type Query { "d" a: Int @can(capability: null) }`,
			"Query.a: @can wants capability or anyOf, one of the two"},
		"what one can do, and several": {
			`type Query { "d" a: Int @can(capability: COURSES, anyOf: [COURSES, SUPPORT]) }`,
			"Query.a: @can wants capability or anyOf, one of the two"},
		"several that are one": {
			`type Query { "d" a: Int @can(anyOf: [COURSES]) }`,
			"Query.a: @can(anyOf:) wants several capabilities, each once"},
		"several that are the same": {
			`type Query { "d" a: Int @can(anyOf: [COURSES, COURSES]) }`,
			"Query.a: @can(anyOf:) wants several capabilities, each once"},
		"several that are none": {
			`type Query { "d" a: Int @can(anyOf: []) }`,
			"Query.a: @can(anyOf:) wants several capabilities, each once"},
		"root field that takes the others with it": {
			`type Query { "d" a: Int! @public }`,
			"Query.a: is Int!: a root field can fail alone, so it is nullable"},
		"mutation that hides what was done before": {
			`type Query { "d" a: Int @public } type Mutation { "d" b: BPayload! @public } "d" type BPayload { "d" n: Int }`,
			"Mutation.b: is BPayload!: a root field can fail alone, so it is nullable"},
		"id of another type": {
			`type Query { "d" a("d" thingId: String): Int @public }`,
			"Query.a(thingId:): is String, want ID"},
		"id by another name": {
			`type Query { "d" a("d" thing: ID): Int @public }`,
			"Query.a(thing:): is an ID but not called one"},
		"not a node": {
			`type Query { "d" a: Loner @public } "d" type Loner { "d" id: ID! }`,
			"Loner: has an id but does not implement Node"},
		"list without pages": {
			thing + `type Query { "d" a: ThingConnection @public }
"d" type ThingEdge { "d" node: Thing! "d" cursor: String! } "d" type PageInfo { "d" hasNextPage: Boolean! }
"d" type ThingConnection { "d" edges: [ThingEdge!]! "d" pageInfo: PageInfo! }`,
			"Query.a: does not take first: Int! = 20"},
		"list that takes its object with it": {
			`type Query { "d" a: B @public } "d" type B { "d" c("d" first: Int! = 20 "d" after: String): ThingConnection! }
"d" type ThingConnection { "d" count: Int! }`,
			"B.c: is ThingConnection!, want one connection that may be null: a page has its own query and a cursor that may be bad"},
		"connection without edges": {
			`type Query { "d" a("d" first: Int! = 20 "d" after: String): ThingConnection @public }
"d" type ThingConnection { "d" count: Int! }`,
			"ThingConnection: has no field edges"},
		"list of any size": {
			thing + `type Query { "d" a: [Thing!] @public }`,
			"Query.a: is [Thing!] without first, and @holds(atMost:) does not say how many it holds"},
		"list of any size of several types": {
			thing + `type Query { "d" a: B @public } "d" type B { "d" c: [Node] }`,
			"B.c: is [Node] without first, and @holds(atMost:) does not say how many it holds"},
		"list whose size is said twice": {
			thing + `type Query { "d" a("d" ids: [ID!]!): [Thing] @public @holds(atMost: 3) }`,
			"Query.a: @holds is for a list of objects whose size nothing else says"},
		"size of no list of objects": {
			`type Query { "d" a: [Int!] @public @holds(atMost: 3) }`,
			"Query.a: @holds is for a list of objects whose size nothing else says"},
		"mutation with loose arguments": {
			`type Query { "d" a: Int @public } type Mutation { "d" b("d" n: Int): BPayload @public } "d" type BPayload { "d" n: Int }`,
			"Mutation.b: takes something else than one input"},
		"mutation without a key": {
			`type Query { "d" a: Int @public } type Mutation { "d" b("d" input: BInput!): BPayload @public }
"d" type BPayload { "d" n: Int } "d" input BInput { "d" n: Int }`,
			"BInput: has no clientMutationId: String"},
		"mutation without a payload": {
			`type Query { "d" a: Int @public } type Mutation { "d" b: Int @public }`,
			"Mutation.b: returns Int, want …Payload"},
		"names": {
			`type Query { "d" a_b: Int @public }`,
			"Query.a_b: the name does not match " + camel.String()},
		"deprecated without a day": {
			`type Query { "d" a: Int @public @deprecated(reason: "old") }`,
			`Query.a: @deprecated(reason:) must read "2027-03-01: use startsAt"`},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := gqlparser.LoadSchema(&ast.Source{Name: name, Input: directives + c.sdl})
			if err != nil {
				t.Fatal(err)
			}
			if got := lint(s); !slices.Contains(got, c.want) {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}
