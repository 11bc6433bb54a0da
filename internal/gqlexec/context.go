package gqlexec

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
)

// fieldContext is the context in which a field that leads to objects is resolved, or an element of a list.
// It is also gqlgen's description of the field, which graphql.GetFieldContext finds in it.
type fieldContext struct {
	context.Context // what does not depend on the field

	op      *Operation
	count   *Count // nil: nobody counts
	parent  *fieldContext
	is      graphql.FieldContext
	index   int
	below   *branch   // the object to which the field leads
	members []*branch // the objects of the list to which the field leads; nil: none of them has parts
}

// ownKey finds the fieldContext in itself.
type ownKey struct{}

// gqlgenKey is the key under which gqlgen keeps a field's description in a context.
var gqlgenKey = func() any {
	probe := &keyProbe{}
	graphql.GetFieldContext(probe)
	return probe.key
}()

// keyProbe remembers what it is asked for.
type keyProbe struct {
	context.Context

	key any
}

// Value finds nothing.
func (p *keyProbe) Value(key any) any {
	p.key = key
	return nil
}

// Value is the field's description, or what the operation has under the key.
func (c *fieldContext) Value(key any) any {
	switch key {
	case gqlgenKey:
		return &c.is
	case any(ownKey{}):
		return c
	}
	return c.Context.Value(key)
}

// within makes the context of a field, or of an element, below ctx.
func within(ctx context.Context, op *Operation) *fieldContext {
	if parent, ok := ctx.(*fieldContext); ok {
		c := &fieldContext{Context: parent.Context, op: op, count: parent.count, parent: parent}
		c.is.Parent = &parent.is
		return c
	}
	c := &fieldContext{Context: ctx, op: op}
	c.is.Parent = graphql.GetFieldContext(ctx)
	if parent, ok := ctx.Value(ownKey{}).(*fieldContext); ok {
		c.count, c.parent = parent.count, parent
	} else if count, ok := ctx.Value(countKey{}).(func() *Count); ok {
		c.count = count()
	}
	return c
}

type countKey struct{}

// WithCount has the parts of an operation, of one of its mutations, or of an answer of a subscription, counted.
func WithCount(ctx context.Context, count func() *Count) context.Context {
	return context.WithValue(ctx, countKey{}, count)
}

// AsksOnly reports whether the operation asks only for these fields of the object to which the field that is
// being resolved leads.
func AsksOnly(ctx context.Context, fields []string) bool {
	c, ok := ctx.Value(ownKey{}).(*fieldContext)
	if !ok {
		return false
	}
	for _, f := range c.op.CollectFields(c.is.Field.Selections, nil) {
		if !slices.Contains(fields, f.Name) {
			return false
		}
	}
	return true
}
