package main

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/auth"
)

type signInAgainKey struct{}

// recognise is who holds a token, for a request over HTTP. If they were read a moment ago, for another request,
// the context says how to read them anew.
func (a *App) recognise(ctx context.Context, verifier auth.Verifier, token string) (context.Context, error) {
	claims, err := verifier.Verify(ctx, token)
	if err != nil {
		return ctx, err
	}
	if a.setup.FreshViewers {
		v, err := a.behind(ctx, claims)
		return auth.WithViewer(ctx, v), err
	}
	v, isKept, err := a.People.Recognise(ctx, claims, auth.LanguageOf(ctx, nil))
	if err != nil {
		return ctx, err
	}
	v.Until = claims.ExpiresAt
	if isKept {
		ctx = context.WithValue(ctx, signInAgainKey{}, func(ctx context.Context) (auth.Viewer, error) { return a.behind(ctx, claims) })
	}
	return auth.WithViewer(ctx, v), nil
}

// behind is the person behind a token's claims, as they are now.
func (a *App) behind(ctx context.Context, claims auth.Claims) (auth.Viewer, error) {
	p, err := a.People.SignIn(ctx, claims, auth.LanguageOf(ctx, nil))
	if err != nil {
		return auth.Viewer{}, err
	}
	v := p.Viewer()
	v.Until = claims.ExpiresAt
	return v, nil
}

// withFresh puts a viewer who was read just now into the context. Whoever was kept before is forgotten: a socket's
// request may have brought the token of one account, and its first message that of another.
func withFresh(ctx context.Context, v auth.Viewer) context.Context {
	return auth.WithViewer(context.WithValue(ctx, signInAgainKey{}, nil), v)
}

// renewForChanges reads the viewer anew, if they were kept, for whatever changes something or lasts: what a person
// may no longer do must not be done by them, even if another process has taken it from them just now.
func renewForChanges(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	again, isKept := ctx.Value(signInAgainKey{}).(func(context.Context) (auth.Viewer, error))
	if isKept && graphql.GetOperationContext(ctx).Operation.Operation != ast.Query {
		// The answer is in the language that a viewer of unknown language has asked for.
		v, err := again(auth.WithViewer(ctx, auth.Viewer{}))
		if ctx = withFresh(ctx, v); err != nil {
			ctx = context.WithValue(ctx, signInErrorKey{}, err)
		}
	}
	return next(ctx)
}
