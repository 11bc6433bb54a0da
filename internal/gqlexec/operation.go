package gqlexec

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Operation is what the fields of one operation have in common.
type Operation struct {
	*graphql.OperationContext

	document *document
}

// NewOperation makes it; oc is nil where the generated code executes nothing.
func NewOperation(oc *graphql.OperationContext) *Operation {
	op := &Operation{OperationContext: oc}
	if oc != nil {
		op.document = documentOf(oc)
	}
	return op
}

// CollectFields are the fields of a selection for an object that is of these types. Nobody may change them.
func (op *Operation) CollectFields(selections ast.SelectionSet, satisfies []string) []graphql.CollectedField {
	return op.document.collect(op.OperationContext, selections, satisfies)
}
