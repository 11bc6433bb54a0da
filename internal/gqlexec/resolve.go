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

// Field says how a field is resolved.
type Field[T any] struct {
	// Describe makes gqlgen's description of a field with arguments, in place of Place. It has reported its
	// error.
	Describe func(ctx context.Context, field graphql.CollectedField) (*graphql.FieldContext, error)
	Resolve  func(ctx context.Context) (any, error)
	// Directives go around Resolve. They may put something into the context, for it and for all that is below.
	Directives func(ctx context.Context, next graphql.Resolver) graphql.Resolver
	Marshal    func(ctx context.Context, selections ast.SelectionSet, v T) graphql.Marshaler // makes of the value what is written
	NonNull    bool
}

// ResolveField resolves a field without directives and makes of it what is written, as gqlgen's function of
// that name does. It hands the functions of the field on to nobody, so that making them costs nothing. at is
// given by itself because it is kept: in f it would have the functions kept too.
func ResolveField[T any](ctx context.Context, op *Operation, field graphql.CollectedField, at Place, f Field[T]) (result graphql.Marshaler) {
	c := within(ctx, op)
	if !c.describe(ctx, field, at, f.Describe) {
		return graphql.Null
	}
	defer func() {
		if p := recover(); p != nil {
			op.Error(c, op.Recover(c, p))
			result = graphql.Null
		}
	}()
	v, err := resolved(c, f.Resolve)
	return finish(c, c, v, err, f)
}

// ResolveDirected is ResolveField for a field with directives.
func ResolveDirected[T any](ctx context.Context, op *Operation, field graphql.CollectedField, at Place, f Field[T]) (result graphql.Marshaler) {
	c := within(ctx, op)
	if !c.describe(ctx, field, at, f.Describe) {
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
		return f.Directives(c, func(ctx context.Context) (any, error) {
			in = ctx
			return f.Resolve(ctx)
		})(c)
	})
	return finish(in, c, v, err, f)
}

// describe says in the context which field it is; false if its arguments are wrong, which is reported.
func (c *fieldContext) describe(ctx context.Context, field graphql.CollectedField, at Place, describe func(context.Context, graphql.CollectedField) (*graphql.FieldContext, error)) bool {
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
func finish[T any](in context.Context, c *fieldContext, v any, err error, f Field[T]) graphql.Marshaler {
	switch of := v.(type) {
	case nil:
		if err == nil && f.NonNull {
			graphql.AddInvalidNullError(in, "")
		}
	case T:
		if err == nil {
			c.is.Result = v
			return f.Marshal(in, c.is.Field.Selections, of)
		}
	default:
		if err == nil {
			var wanted T
			graphql.AddErrorf(in, `unexpected type %T from middleware/directive chain, should be %T`, v, wanted)
		}
	}
	if err != nil {
		c.op.Error(in, graphql.AddFieldLocationToError(in, err))
	}
	return graphql.Null
}
