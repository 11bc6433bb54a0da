package gqlexec

import (
	"context"
	"reflect"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/loader"
)

// Count follows the parts of one operation, so that its pace knows how many are at work.
//
// The fields of an object do not all begin together: those without a resolver are worked off one after
// the other, each with everything below it, and only then the others begin, side by side. So a field
// that stands behind one which still waits for a read is not at work, and must not be waited for.
type Count struct {
	parts *Parts
	pace  *loader.Pace

	mu sync.Mutex // for what is open of all branches
}

// NewCount makes the count of an operation.
func NewCount(parts *Parts, pace *loader.Pace) *Count { return &Count{parts: parts, pace: pace} }

// beginner has fields of an object resolved beside others: the pace of the operation if its parts are counted,
// which has goroutines for it.
func beginner(ctx context.Context) *loader.Pace {
	c, ok := ctx.(*fieldContext)
	if !ok {
		c = within(ctx, nil)
	}
	if c.count == nil {
		return &loader.Pace{}
	}
	return c.count.pace
}

// branch is an object, or a field with objects, below which parts are at work.
type branch struct {
	parent *branch
	open   int   // parts, or objects, that are not done with all that is below them
	later  []int // how many parts begin together when none is open
	plan   *plan
}

// begun is what a part has left to do: how many parts below it begin, and whether there are any.
type begun struct {
	parts int
	any   bool
}

// plan is what is below the field, nil if the field is no part, and the object whose part it is, nil at the
// root.
func (c *fieldContext) plan() (*fieldPlan, *branch) {
	switch {
	case c.count == nil:
		return nil, nil
	case c.parent == nil:
		return c.count.parts.fieldPlan(c.op, c.is.Object, c.is.Field), nil
	case c.parent.below == nil:
		return nil, nil
	}
	of := c.parent.below
	return of.plan.fields[c.is.Field.Field], of
}

// pair is a field with objects, and the first of them, in one piece.
type pair struct{ all, first branch }

// begin notes the objects of a field's value below which there are parts.
func (c *fieldContext) begin(plans *fieldPlan, of *branch, v any) (is begun) {
	t, parts := c.is.Field.Definition.Type, c.count.parts
	var both *pair
	eachObject(reflect.ValueOf(v), t, 0, 0, func(index, length int, goType reflect.Type) {
		p := plans.byObject[parts.objectAt(t.Name(), goType)]
		if p == nil || len(p.stages) == 0 {
			return
		}
		var b *branch
		if both == nil {
			both = &pair{all: branch{parent: of}}
			b = &both.first
		} else {
			b = &branch{}
		}
		both.all.open++
		*b = branch{parent: &both.all, open: p.stages[0], later: p.stages[1:], plan: p}
		is.any = true
		is.parts += b.open
		c.note(b, index, length, t)
	})
	return is
}

// note notes an object to which the field leads.
func (c *fieldContext) note(b *branch, index, length int, t *ast.Type) {
	if t.Elem == nil {
		c.below = b
		return
	}
	if c.members == nil {
		c.members = make([]*branch, length)
	}
	c.members[index] = b
}

// end notes that the resolver of a part of an object has returned, and what it has left to do.
func (n *Count) end(of *branch, is begun) {
	more := is.parts
	if !is.any {
		n.mu.Lock()
		more = of.next()
		n.mu.Unlock()
	}
	n.pace.Add(more - 1)
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
// with its index if the value is a list, and the list's length.
func eachObject(v reflect.Value, t *ast.Type, index, length int, found func(index, length int, goType reflect.Type)) {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	switch {
	case !v.IsValid():
	case t.Elem == nil:
		found(index, length, v.Type())
	default:
		for i := range v.Len() {
			eachObject(v.Index(i), t.Elem, i, v.Len(), found)
		}
	}
}
