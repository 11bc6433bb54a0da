package gqlhttp

import (
	"math"

	"github.com/vektah/gqlparser/v2/ast"
)

// structure is what can be told of a document without a schema. Whatever walks
// the document afterwards may rely on it having been bounded.
type structure struct {
	operations         []operation
	depth              int
	introspectionDepth int
	introspects        bool
	aliases            int
	directives         int
	steps              int // nodes looked at: the work of the pass itself
}

type operation struct {
	name       string
	rootFields int
}

// shape is what a selection set adds to whatever holds it.
type shape struct {
	height              int // fields nested within each other
	introspectionHeight int // the same, below __schema and __type
	width               int // fields at its top, fragments expanded
}

// measure walks the document once: each fragment is walked where it is first
// met and remembered, so that a chain of fragments that spread each other
// twice costs what it is long, not 2 to its length.
func measure(doc *ast.QueryDocument) structure {
	m := measurer{
		byName: make(map[string]*ast.FragmentDefinition, len(doc.Fragments)),
		known:  make(map[*ast.FragmentDefinition]shape, len(doc.Fragments)),
	}
	for _, f := range doc.Fragments {
		if _, ok := m.byName[f.Name]; !ok {
			m.byName[f.Name] = f
		}
	}
	for _, op := range doc.Operations {
		m.found.directives += len(op.Directives)
		for _, v := range op.VariableDefinitions {
			m.found.directives += len(v.Directives)
		}
		s := m.selectionSet(op.SelectionSet)
		m.keep(s)
		m.found.operations = append(m.found.operations, operation{name: op.Name, rootFields: s.width})
	}
	for _, f := range doc.Fragments {
		m.keep(m.fragment(f))
	}
	return m.found
}

type measurer struct {
	byName map[string]*ast.FragmentDefinition
	known  map[*ast.FragmentDefinition]shape
	found  structure
}

func (m *measurer) keep(s shape) {
	m.found.depth = max(m.found.depth, s.height)
	m.found.introspectionDepth = max(m.found.introspectionDepth, s.introspectionHeight)
}

func (m *measurer) selectionSet(set ast.SelectionSet) shape {
	var sum shape
	for _, sel := range set {
		m.found.steps++
		var s shape
		switch sel := sel.(type) {
		case *ast.Field:
			s = m.field(sel)
		case *ast.InlineFragment:
			m.found.directives += len(sel.Directives)
			s = m.selectionSet(sel.SelectionSet)
		case *ast.FragmentSpread:
			m.found.directives += len(sel.Directives)
			if f := m.byName[sel.Name]; f != nil {
				s = m.fragment(f)
			}
		}
		sum.height = max(sum.height, s.height)
		sum.introspectionHeight = max(sum.introspectionHeight, s.introspectionHeight)
		sum.width = add(sum.width, s.width)
	}
	return sum
}

func (m *measurer) field(f *ast.Field) shape {
	m.found.directives += len(f.Directives)
	if f.Alias != f.Name {
		m.found.aliases++
	}
	below := m.selectionSet(f.SelectionSet)
	if isIntrospection(f.Name) {
		m.found.introspects = true
		return shape{height: 1, introspectionHeight: max(below.height, below.introspectionHeight), width: 1}
	}
	return shape{height: 1 + below.height, introspectionHeight: below.introspectionHeight, width: 1}
}

// fragment answers for a fragment that is still being walked as if it were
// empty: a cycle ends there, and validation reports it.
func (m *measurer) fragment(f *ast.FragmentDefinition) shape {
	if s, ok := m.known[f]; ok {
		return s
	}
	m.known[f] = shape{}
	m.found.directives += len(f.Directives)
	s := m.selectionSet(f.SelectionSet)
	m.known[f] = s
	return s
}

func isIntrospection(field string) bool { return field == "__schema" || field == "__type" }

// add and multiply stay at the largest number instead of wrapping around. Their
// operands are not negative.
func add(a, b int) int {
	if a > math.MaxInt-b {
		return math.MaxInt
	}
	return a + b
}

func multiply(a, b int) int {
	if a != 0 && b > math.MaxInt/a {
		return math.MaxInt
	}
	return a * b
}
