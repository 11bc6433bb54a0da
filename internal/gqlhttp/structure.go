package gqlhttp

import (
	"math"

	"github.com/vektah/gqlparser/v2/ast"
)

// structure is what can be measured of a document without a schema. Code that walks the document
// afterwards may rely on its bounds.
type structure struct {
	operations         []operation
	depth              int
	introspectionDepth int
	introspects        bool
	aliases            int
	directives         int
	valueDepth         int // lists and input objects nested within each other
	comparisons        int // see comparisons.go
	steps              int // nodes looked at: the work of the pass itself
}

type operation struct {
	name       string
	rootFields int
}

// shape is what a selection set adds to the field or fragment that holds it.
type shape struct {
	height              int // fields nested within each other
	introspectionHeight int // the same, below __schema and __type
	width               int // fields at its top, fragments expanded
}

// measure walks the document once. It walks each fragment where it meets it first and remembers it,
// so that a chain of n fragments that spread each other twice costs n steps and not 2^n.
func measure(doc *ast.QueryDocument) structure {
	m := measurer{
		byName: make(map[string]*ast.FragmentDefinition, len(doc.Fragments)),
		known:  make(map[*ast.FragmentDefinition]shape, len(doc.Fragments)),
		pairs:  newComparer(),
	}
	for _, f := range doc.Fragments {
		if _, ok := m.byName[f.Name]; !ok {
			m.byName[f.Name] = f
		}
	}
	for _, op := range doc.Operations {
		m.directives(op.Directives)
		for _, v := range op.VariableDefinitions {
			m.directives(v.Directives)
			m.value(v.DefaultValue, 0)
		}
		s := m.selectionSet(op.SelectionSet, place{})
		m.keep(s)
		m.found.operations = append(m.found.operations, operation{name: op.Name, rootFields: s.width})
	}
	for _, f := range doc.Fragments {
		// Fragments that an operation reaches are measured there, since those of an
		// introspection query may be deeper.
		if _, reached := m.known[f]; !reached {
			m.keep(m.fragment(f))
		}
	}
	m.found.comparisons = m.pairs.estimate(doc)
	return m.found
}

type measurer struct {
	byName map[string]*ast.FragmentDefinition
	known  map[*ast.FragmentDefinition]shape
	pairs  comparer
	found  structure
}

func (m *measurer) keep(s shape) {
	m.found.depth = max(m.found.depth, s.height)
	m.found.introspectionDepth = max(m.found.introspectionDepth, s.introspectionHeight)
}

func (m *measurer) selectionSet(set ast.SelectionSet, at place) shape {
	var sum shape
	at.levels++
	for _, sel := range set {
		m.found.steps++
		var s shape
		switch sel := sel.(type) {
		case *ast.Field:
			s = m.field(sel, at)
		case *ast.InlineFragment:
			m.directives(sel.Directives)
			inside := at
			inside.inline++
			s = m.selectionSet(sel.SelectionSet, inside)
		case *ast.FragmentSpread:
			m.directives(sel.Directives)
			m.pairs.count(spreads, at)
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

func (m *measurer) field(f *ast.Field, at place) shape {
	m.directives(f.Directives)
	m.arguments(f.Arguments)
	m.pairs.count(f.Alias, at)
	if f.Alias != f.Name {
		m.found.aliases++
	}
	below := m.selectionSet(f.SelectionSet, at)
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
	m.directives(f.Directives)
	s := m.selectionSet(f.SelectionSet, place{fragment: f})
	m.known[f] = s
	return s
}

func (m *measurer) directives(list ast.DirectiveList) {
	m.found.directives += len(list)
	for _, d := range list {
		m.found.steps++
		m.arguments(d.Arguments)
	}
}

func (m *measurer) arguments(list ast.ArgumentList) {
	for _, a := range list {
		m.value(a.Value, 0)
	}
}

func (m *measurer) value(v *ast.Value, depth int) {
	if v == nil {
		return
	}
	m.found.steps++
	if v.Kind == ast.ListValue || v.Kind == ast.ObjectValue {
		depth++
		m.found.valueDepth = max(m.found.valueDepth, depth)
	}
	for _, child := range v.Children {
		m.value(child.Value, depth)
	}
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
