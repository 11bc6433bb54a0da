package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"faellesskab/graph"
	"faellesskab/internal/auth"
	"faellesskab/internal/crew"
	"faellesskab/internal/gqlhttp"
	"faellesskab/resolvers"
	"faellesskab/schema"
)

func (a *App) newGraphQL(more ...func(*gqlhttp.Options)) http.Handler {
	s := schema.MustLoad()
	r := &resolvers.Resolver{Community: a.Community, Log: a.log, Parts: resolvers.NewParts(s), Crew: a.newCrew()}
	o := gqlhttp.Options{
		Schema:         graph.NewExecutableSchema(graph.Config{Schema: s, Resolvers: r, Directives: resolvers.Directives(a.DB.Now, r.FollowMutation)}),
		Scalars:        resolvers.Scalars(),
		Introspection:  a.mayIntrospect,
		ErrorPresenter: r.Present,
		Recover:        r.Recover,
		Fail:           resolvers.Fail,
		Around:         []graphql.OperationMiddleware{renewForChanges, r.RefuseFailedSignIn(signInError), r.WithLoaders, resolvers.FollowViewer},
		RootFields:     []graphql.RootFieldMiddleware{resolvers.DenyByDefault, r.WithMutation},
		Logger:         a.log,
		Origins:        a.cfg.Origins(),
		Viewer:         viewerHash,
		Until:          func(ctx context.Context) time.Time { return auth.FromContext(ctx).Until },

		// Where a call to the database may take longer, an operation may too.
		QueryTimeout:    a.DB.Span(gqlhttp.DefaultQueryTimeout),
		MutationTimeout: a.DB.Span(gqlhttp.DefaultMutationTimeout),
	}
	for _, set := range more {
		set(&o)
	}
	return gqlhttp.New(o)
}

// newCrew makes the goroutines of operations, which end with the app.
func (a *App) newCrew() *crew.Crew {
	c := &crew.Crew{}
	a.close = append(a.close, func() error { c.Close(); return nil })
	return c
}

// mayIntrospect reports whether the viewer may read the schema: everyone in development, and
// admins in production.
func (a *App) mayIntrospect(ctx context.Context) bool {
	return a.cfg.IsDevelopment() || auth.FromContext(ctx).Can(auth.CapabilityAdmin, a.DB.Now())
}

func signInError(ctx context.Context) error {
	err, _ := ctx.Value(signInErrorKey{}).(error)
	return err
}

// viewerHash stands for the viewer in the log without naming the person.
func viewerHash(ctx context.Context) string {
	v := auth.FromContext(ctx)
	if v.IsAnonymous() {
		return ""
	}
	sum := sha256.Sum256([]byte(v.PersonID))
	return hex.EncodeToString(sum[:6])
}
