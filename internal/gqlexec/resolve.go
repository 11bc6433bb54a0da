package gqlexec

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Place says which field of which type is resolved, if the field has no arguments.
type Place struct {
	Object     string
	IsMethod   bool
	IsResolver bool
}

// Describe makes gqlgen's description of a field, with its arguments. Its error is reported already.
type Describe = func(ctx context.Context, field graphql.CollectedField) (*graphql.FieldContext, error)

// Marshal makes of a value what is written.
type Marshal[T any] = func(ctx context.Context, selections ast.SelectionSet, v T) graphql.Marshaler

// ResolveField resolves a field and makes of it what is written, as gqlgen's function of that name does. It
// hands its functions on to nobody, so that they cost nothing.
func ResolveField[T any](
	ctx context.Context,
	op *Operation,
	field graphql.CollectedField,
	at Place,
	describe Describe, // nil: the field has no arguments
	resolver func(ctx context.Context) (any, error),
	marshal Marshal[T],
	nonNull bool,
) (result graphql.Marshaler) {
	c := within(ctx, op)
	if !c.describe(ctx, field, at, describe) {
		return graphql.Null
	}
	defer func() {
		if p := recover(); p != nil {
			op.Error(c, op.Recover(c, p))
			result = graphql.Null
		}
	}()
	v, err := resolved(c, resolver)
	return finish(c, c, v, err, marshal, nonNull)
}

// ResolveDirected is ResolveField for a field with directives, which may put something into the context for
// the resolver and for all that is below.
func ResolveDirected[T any](
	ctx context.Context,
	op *Operation,
	field graphql.CollectedField,
	at Place,
	describe Describe,
	resolver func(ctx context.Context) (any, error),
	directives func(ctx context.Context, next graphql.Resolver) graphql.Resolver,
	marshal Marshal[T],
	nonNull bool,
) (result graphql.Marshaler) {
	c := within(ctx, op)
	if !c.describe(ctx, field, at, describe) {
		return graphql.Null
	}
	in := context.Context(c)
	defer func() {
		if p := recover(); p != nil {
			op.Error(in, op.Recover(in, p))
			result = graphql.Null
		}
	}()
	v, err := resolved(c, func(context.Context) (any, error) {
		return directives(c, func(ctx context.Context) (any, error) {
			in = ctx
			return resolver(ctx)
		})(c)
	})
	return finish(in, c, v, err, marshal, nonNull)
}

// describe says in the context which field it is; false if its arguments are wrong, which is reported.
func (c *fieldContext) describe(ctx context.Context, field graphql.CollectedField, at Place, describe Describe) bool {
	if describe == nil {
		c.is.Object, c.is.Field, c.is.IsMethod, c.is.IsResolver = at.Object, field, at.IsMethod, at.IsResolver
		return true
	}
	fc, err := describe(ctx, field)
	if err != nil {
		return false
	}
	fc.Parent = c.is.Parent
	c.is = *fc
	return true
}

// resolved calls the resolver of a field and counts the parts of the operation that come of it.
func resolved(c *fieldContext, resolver func(ctx context.Context) (any, error)) (v any, err error) {
	plan, of := c.plan()
	if plan == nil {
		return resolver(c)
	}
	var begun begun
	defer func() { c.count.end(of, begun) }()
	if v, err = resolver(c); err == nil {
		begun = c.begin(plan, of, v)
	}
	return v, err
}

// finish makes of a field's value what is written, and reports what is wrong with it.
func finish[T any](in context.Context, c *fieldContext, v any, err error, marshal Marshal[T], nonNull bool) graphql.Marshaler {
	switch of := v.(type) {
	case nil:
		if err == nil && nonNull {
			graphql.AddInvalidNullError(in, "")
		}
	case T:
		if err == nil {
			c.is.Result = v
			return marshal(in, c.is.Field.Selections, of)
		}
	default:
		if err == nil {
			var wanted T
			c.op.Errorf(in, `unexpected type %T from middleware/directive chain, should be %T`, v, wanted)
		}
	}
	if err != nil {
		c.op.Error(in, graphql.AddFieldLocationToError(in, err))
	}
	return graphql.Null
}
