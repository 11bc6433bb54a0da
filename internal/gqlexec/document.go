package gqlexec

import (
	"runtime"
	"slices"
	"sync"
	"weak"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// document remembers what is the same in all operations of a document: which fields its selections have, and
// which of them are parts in the sense of loader.Pace. A document in which variables decide whether a field
// is there has one of these for each operation.
type document struct {
	mu        sync.RWMutex
	collected map[selection][]graphql.CollectedField
	plans     map[selection]*plan
}

// selection is a selection set of a document, for objects of a type. Documents are not changed once they are
// parsed, so that the first element says which it is.
type selection struct {
	first *ast.Selection
	size  int
	of    *string // the first of the types that the object satisfies
}

// documents are the documents that are in use somewhere, by themselves.
var documents sync.Map // weak.Pointer[ast.QueryDocument] → *document

func newDocument() *document {
	return &document{collected: map[selection][]graphql.CollectedField{}, plans: map[selection]*plan{}}
}

func documentOf(oc *graphql.OperationContext) *document {
	if oc.Doc == nil {
		return newDocument()
	}
	key := weak.Make(oc.Doc)
	if known, ok := documents.Load(key); ok {
		if d, shared := known.(*document); shared && d != nil {
			return d
		}
		return newDocument()
	}
	var d *document // nil: not to be shared
	if !isConditional(oc.Doc) {
		d = newDocument()
	}
	if _, known := documents.LoadOrStore(key, d); !known {
		runtime.AddCleanup(oc.Doc, func(key weak.Pointer[ast.QueryDocument]) { documents.Delete(key) }, key)
	}
	return documentOf(oc)
}

// isConditional reports whether variables decide which fields a document has.
func isConditional(doc *ast.QueryDocument) bool {
	for _, op := range doc.Operations {
		if hasCondition(op.SelectionSet) {
			return true
		}
	}
	for _, f := range doc.Fragments {
		if hasCondition(f.SelectionSet) {
			return true
		}
	}
	return false
}

func hasCondition(selections ast.SelectionSet) bool {
	for _, s := range selections {
		var directives ast.DirectiveList
		var below ast.SelectionSet
		switch s := s.(type) {
		case *ast.Field:
			directives, below = s.Directives, s.SelectionSet
		case *ast.InlineFragment:
			directives, below = s.Directives, s.SelectionSet
		case *ast.FragmentSpread:
			directives = s.Directives
		}
		if len(directives) > 0 || hasCondition(below) {
			return true
		}
	}
	return false
}

func selectionOf(selections ast.SelectionSet, satisfies []string) (s selection) {
	if len(selections) > 0 {
		s.first, s.size = &selections[0], len(selections)
	}
	if len(satisfies) > 0 {
		s.of = &satisfies[0]
	}
	return s
}

func (d *document) collect(oc *graphql.OperationContext, selections ast.SelectionSet, satisfies []string) []graphql.CollectedField {
	key := selectionOf(selections, satisfies)
	d.mu.RLock()
	fields, ok := d.collected[key]
	d.mu.RUnlock()
	if ok {
		return fields
	}
	fields = markRepeated(graphql.CollectFields(oc, selections, satisfies))
	if cap(fields) > 2*len(fields) { // gqlgen makes room for each selection, though most are of other types
		fields = append(make([]graphql.CollectedField, 0, len(fields)), fields...)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if known, ok := d.collected[key]; ok {
		return known
	}
	d.collected[key] = fields
	return fields
}

// markRepeated marks the fields whose name an earlier one of the same object has. There are such: gqlgen does not merge
// __typename of a union with that of its member, nor the fields of two interfaces that do not implement each other. It
// resolves both and writes the first.
//
// The mark is IsNonDeferrable, which is true for all others, since @defer is refused.
func markRepeated(fields []graphql.CollectedField) []graphql.CollectedField {
	seen, isCopy := make(map[string]bool, len(fields)), false
	for i, f := range fields {
		if seen[f.Alias] {
			if !isCopy {
				fields, isCopy = slices.Clone(fields), true // gqlgen keeps its own for the operation
			}
			fields[i].IsNonDeferrable = false
		}
		seen[f.Alias] = true
	}
	return fields
}
