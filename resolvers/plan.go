package resolvers

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// plan is what the parts of an object are, at one place of an operation.
type plan struct {
	stages []int // how many parts begin together, one stage after the other
	fields map[string]*fieldPlan
}

// fieldPlan is what is below a part, by the type of the object to which it leads.
type fieldPlan struct {
	byObject map[string]*plan
}

// plan makes the plan of an object with these selections.
func (c *Parts) plan(op *graphql.OperationContext, object string, sel ast.SelectionSet) *plan {
	p, together := &plan{fields: map[string]*fieldPlan{}}, 0
	for _, f := range graphql.CollectFields(op, sel, c.types[object].satisfies) {
		below := c.fieldPlan(op, object, f)
		if below == nil {
			continue
		}
		p.fields[f.Alias] = below
		if c.types[object].resolved[f.Name] {
			together++
		} else {
			p.stages = append(p.stages, 1)
		}
	}
	if together > 0 {
		p.stages = append(p.stages, together)
	}
	return p
}

// fieldPlan makes the plan of a field; nil if the field is no part: it has no resolver, and neither
// has anything below it.
func (c *Parts) fieldPlan(op *graphql.OperationContext, object string, f graphql.CollectedField) *fieldPlan {
	of := c.types[object]
	is, p := of.resolved[f.Name], &fieldPlan{byObject: map[string]*plan{}}
	for _, possible := range of.leads[f.Name] {
		below := c.plan(op, possible, f.Selections)
		p.byObject[possible] = below
		is = is || len(below.stages) > 0
	}
	if !is {
		return nil
	}
	return p
}
