package gqlhttp

import "github.com/vektah/gqlparser/v2/ast"

// Validation compares fields of the same response name, and fragments that are spread side by
// side, in pairs: once for each selection set around them, including inline fragments. The
// content of a fragment is compared again for each operation, and its inline fragments for each
// fragment. A thousand tokens can cause tens of millions of comparisons, so an upper bound of
// their number is computed before.

// tally counts the fields of one response name, or all spreads.
type tally struct {
	n      int
	levels int // the sum of how many selection sets are around each
	inline int // the sum of how many inline fragments are around each
}

type place struct {
	levels, inline int
	fragment       *ast.FragmentDefinition // nil in an operation
}

type response struct {
	fragment *ast.FragmentDefinition
	name     string
}

// comparer collects the tallies while the document is measured.
type comparer struct {
	everywhere map[string]*tally
	fragments  map[response]*tally
}

// spreads is the name under which all spreads are counted; no field has it.
const spreads = "..."

func newComparer() comparer {
	return comparer{everywhere: map[string]*tally{}, fragments: map[response]*tally{}}
}

func (c comparer) count(name string, at place) {
	countIn(c.everywhere, name, at)
	if at.fragment != nil {
		countIn(c.fragments, response{at.fragment, name}, at)
	}
}

func countIn[K comparable](tallies map[K]*tally, key K, at place) {
	t := tallies[key]
	if t == nil {
		t = &tally{}
		tallies[key] = t
	}
	t.n++
	t.levels += at.levels
	t.inline += at.inline
}

func (c comparer) estimate(doc *ast.QueryDocument) int {
	sum := 0
	for _, t := range c.everywhere {
		sum = add(sum, multiply(t.n-1, t.levels)/2)
	}
	others := max(0, len(doc.Operations)-1)
	for _, t := range c.fragments {
		again := add(multiply(others, t.levels), multiply(len(doc.Fragments), t.inline))
		sum = add(sum, multiply(t.n-1, again)/2)
	}
	return sum
}
