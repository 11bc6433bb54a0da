package gqlhttp

import (
	"fmt"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
)

// Measured is what the limits count of a document with one operation.
type Measured struct{ Depth, Aliases, RootFields, Cost int }

// Measure counts for those who write documents down what the limits will count when they are sent.
// Returns why a document or its variables are not valid.
func Measure(s *ast.Schema, query string, variables map[string]any) (Measured, error) {
	doc, errs := gqlparser.LoadQueryWithRules(s, query, nil)
	if len(errs) > 0 {
		return Measured{}, fmt.Errorf("validate: %w", errs)
	}
	values, err := validator.VariableValues(s, doc.Operations[0], variables)
	if err != nil {
		return Measured{}, fmt.Errorf("read the variables: %w", err)
	}
	found := measure(doc)
	cost, _ := operationCost(s, DefaultLimits, doc.Operations[0], values)
	return Measured{Depth: found.depth, Aliases: found.aliases, RootFields: found.operations[0].rootFields, Cost: cost}, nil
}
