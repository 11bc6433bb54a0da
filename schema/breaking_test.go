package schema_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

func TestBreakingNamesTheChange(t *testing.T) {
	const before = `
directive @old on FIELD_DEFINITION
type Query { a(x: Int, y: Int! = 1): Int! b: [Colour!] u: U }
enum Colour { RED GREEN }
union U = One | Two
type One { n: Int } type Two { n: Int }
input In { n: Int, m: Int! }
`
	for name, c := range map[string]struct {
		after string
		want  []string
	}{
		"nothing": {before, nil},
		"only additions": {`
directive @old on FIELD_DEFINITION
directive @new on FIELD_DEFINITION
type Query { a(x: Int, y: Int! = 1, z: Int): Int! b: [Colour!]! u: U c: Int }
enum Colour { RED GREEN BLUE }
union U = One | Two
type One { n: Int! } type Two { n: Int } type Three { n: Int }
input In { n: Int, m: Int, k: Int, l: Int! = 3 }`, nil},
		"everything": {`
type Query { a(x: Int!, z: Int!): Int b: [Colour] u: U }
enum Colour { RED }
union U = One
type One { m: Int }
input In { n: Int!, k: Int! }`, []string{
			"@old is gone",
			"Colour.GREEN is gone",
			"In.k is new and required",
			"In.m is gone",
			"In.n was Int and is Int!",
			"One.n is gone",
			"Query.a was Int! and is Int",
			"Query.a(x:) was Int and is Int!",
			"Query.a(y:) is gone",
			"Query.a(z:) is new and required",
			"Query.b was [Colour!] and is [Colour]",
			"Two is gone",
			"U no longer holds Two",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got := breaking(parse(t, before), parse(t, c.after))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func parse(t *testing.T, sdl string) *ast.Schema {
	t.Helper()
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "test", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
