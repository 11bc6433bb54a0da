package gqlexec

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// plan is what the parts of an object are, at one place of an operation.
type plan struct {
	stages []int                     // how many parts begin together, one stage after the other
	fields map[*ast.Field]*fieldPlan // two fields may have one name; see markRepeated
}

// fieldPlan is what is below a part, by the type of the object to which it leads.
type fieldPlan struct {
	byObject map[string]*plan
}

// plan makes the plan of an object with these selections, or finds the one that was made before.
func (c *Parts) plan(op *Operation, object string, sel ast.SelectionSet) *plan {
	of, d := c.of(object), op.document
	key := selectionOf(sel, of.satisfies)
	d.mu.RLock()
	p := d.plans[key]
	d.mu.RUnlock()
	if p == nil {
		p = c.newPlan(op, object, sel)
		d.mu.Lock()
		d.plans[key] = p
		d.mu.Unlock()
	}
	return p
}

func (c *Parts) newPlan(op *Operation, object string, sel ast.SelectionSet) *plan {
	p, together := &plan{fields: map[*ast.Field]*fieldPlan{}}, 0
	for _, f := range op.CollectFields(sel, c.of(object).satisfies) {
		below := c.fieldPlan(op, object, f)
		if below == nil {
			continue
		}
		p.fields[f.Field] = below
		if c.HasResolver(object, f.Name) {
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
func (c *Parts) fieldPlan(op *Operation, object string, f graphql.CollectedField) *fieldPlan {
	is, p := c.HasResolver(object, f.Name), &fieldPlan{byObject: map[string]*plan{}}
	for _, possible := range c.of(object).leads[f.Name] {
		below := c.plan(op, possible, f.Selections)
		p.byObject[possible] = below
		is = is || len(below.stages) > 0
	}
	if !is {
		return nil
	}
	return p
}
