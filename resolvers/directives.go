package resolvers

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"faellesskab/graph"
	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
)

// Directives answer only whether this kind of person may call a field at all. The services say
// whether a person may touch an object. now is the clock by which grants end, and changed is called
// after each mutation that was done.
func Directives(now func() time.Time, changed func(ctx context.Context)) graph.DirectiveRoot {
	call := func(ctx context.Context, next graphql.Resolver) (any, error) {
		result, err := next(ctx)
		if err == nil && isMutation(ctx) {
			changed(ctx)
		}
		return result, err
	}
	return graph.DirectiveRoot{
		Public: func(ctx context.Context, _ any, next graphql.Resolver) (any, error) { return next(ctx) },
		Authenticated: func(ctx context.Context, _ any, next graphql.Resolver) (any, error) {
			if _, err := auth.Require(ctx); err != nil {
				return nil, err
			}
			return call(ctx, next)
		},
		Can: func(ctx context.Context, _ any, next graphql.Resolver, capability *auth.Capability, anyOf []auth.Capability) (any, error) {
			if capability != nil {
				anyOf = append(slices.Clone(anyOf), *capability)
			}
			if _, err := auth.RequireCapability(ctx, now(), anyOf...); err != nil {
				return nil, err
			}
			return call(ctx, next)
		},
	}
}

var accessDirectives = []string{"public", "authenticated", "can"}

// DenyByDefault refuses a root field that does not say who may call it.
func DenyByDefault(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	field := graphql.GetRootFieldContext(ctx).Field
	if strings.HasPrefix(field.Name, "__") {
		return next(ctx)
	}
	for _, name := range accessDirectives {
		if field.Definition.Directives.ForName(name) != nil {
			return next(ctx)
		}
	}
	graphql.AddError(ctx, fault.Forbidden("auth.undeclared"))
	return graphql.Null
}

// RefuseFailedSignIn answers every operation of a caller with a bad token, or who is banned, with
// the reason.
func (r *Resolver) RefuseFailedSignIn(failure func(ctx context.Context) error) graphql.OperationMiddleware {
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		if err := failure(ctx); err != nil {
			return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{r.Present(ctx, err)}})
		}
		return next(ctx)
	}
}
