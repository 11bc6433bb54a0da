package resolvers

import (
	"context"
	"path"
	"reflect"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/loader"
)

// count follows the parts of one operation, so that its pace knows how many are at work.
//
// The fields of an object do not all begin together: those without a resolver are worked off one after
// the other, each with everything below it, and only then the others begin, side by side. So a field
// that stands behind one which still waits for a read is not at work, and must not be waited for.
type count struct {
	pace *loader.Pace

	mu sync.Mutex
	at map[place]*branch
}

// place is where the fields of an object stand: below a field, and if that is a list, at an index.
type place struct {
	field *graphql.FieldContext
	index int
}

// branch is an object, or a field with objects, below which parts are at work.
type branch struct {
	parent *branch
	open   int   // parts, or objects, that are not done with all that is below them
	later  []int // how many parts begin together when none is open
	plan   *plan
}

func newCount(pace *loader.Pace) *count { return &count{pace: pace, at: map[place]*branch{}} }

// root counts the parts of an operation at its root, which begin together.
func (c *Parts) root(op *graphql.OperationContext, object string) int {
	n := 0
	for _, parts := range c.plan(op, object, op.Operation.SelectionSet).stages {
		n += parts
	}
	return n
}

// Count follows the parts of an operation: a part that is done leaves those below it, and the last of
// them those that come after it.
func (c *Parts) Count(ctx context.Context, next graphql.Resolver) (any, error) {
	field := graphql.GetFieldContext(ctx)
	if !c.mayLoad(field) {
		return next(ctx)
	}
	now := loaders(ctx).count
	of, plans := now.planOf(c, graphql.GetOperationContext(ctx), field)
	if plans == nil {
		return next(ctx)
	}
	below := []*branch{}
	defer func() { now.end(of, below) }()
	v, err := next(ctx)
	if err == nil {
		below = now.begin(c, field, plans, of, v)
	}
	return v, err
}

// mayLoad reports whether a field has a resolver, or leads to objects.
func (c *Parts) mayLoad(field *graphql.FieldContext) bool {
	of := c.types[field.Object]
	return of.resolved[field.Field.Name] || len(of.leads[field.Field.Name]) > 0
}

// planOf is the object whose part the field is, nil at the root, and what is below the field; nil
// if the field is no part.
func (n *count) planOf(c *Parts, op *graphql.OperationContext, field *graphql.FieldContext) (*branch, *fieldPlan) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if of := n.at[placeOf(field.Parent)]; of != nil {
		return of, of.plan.fields[field.Field.Alias]
	}
	return nil, c.fieldPlan(op, field.Object, field.Field)
}

// placeOf is the place of the fields with this parent.
func placeOf(parent *graphql.FieldContext) place {
	at := place{field: parent}
	for at.field != nil && at.field.Index != nil {
		at = place{field: at.field.Parent, index: *at.field.Index}
	}
	return at
}

// begin notes the objects of a field's value below which there are parts.
func (n *count) begin(c *Parts, field *graphql.FieldContext, plans *fieldPlan, of *branch, v any) []*branch {
	n.mu.Lock()
	defer n.mu.Unlock()
	var below []*branch
	all := &branch{parent: of}
	eachObject(reflect.ValueOf(v), field.Field.Definition.Type, 0, func(index int, goType reflect.Type) {
		object := field.Field.Definition.Type.Name()
		if _, ok := c.types[object]; !ok { // an interface or union
			object = c.objectOf(path.Base(goType.PkgPath()), goType.Name())
		}
		p := plans.byObject[object]
		if p == nil || len(p.stages) == 0 {
			return
		}
		all.open++
		b := &branch{parent: all, open: p.stages[0], later: p.stages[1:], plan: p}
		n.at[place{field, index}] = b
		below = append(below, b)
	})
	return below
}

// end notes that the resolver of a part of an object has returned, and has left these objects.
func (n *count) end(of *branch, below []*branch) {
	n.mu.Lock()
	begun := 0
	for _, b := range below {
		begun += b.open
	}
	if len(below) == 0 {
		begun = of.next()
	}
	n.mu.Unlock()
	n.pace.Add(begun - 1)
}

// next notes that one of the parts, or objects, of a branch is done with all that is below it. It
// returns how many parts begin therefore.
func (b *branch) next() int {
	for ; b != nil; b = b.parent {
		if b.open--; b.open > 0 {
			return 0
		}
		if len(b.later) > 0 {
			b.open, b.later = b.later[0], b.later[1:]
			return b.open
		}
	}
	return 0
}

// eachObject calls found with the Go type of each object, other than null, of a value of a type, and
// with its index if the value is a list.
func eachObject(v reflect.Value, t *ast.Type, index int, found func(index int, goType reflect.Type)) {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	switch {
	case !v.IsValid():
	case t.Elem == nil:
		found(index, v.Type())
	default:
		for i := range v.Len() {
			eachObject(v.Index(i), t.Elem, i, found)
		}
	}
}
