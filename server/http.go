package main

import (
	"context"
	"net"
	"net/http"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/calendar"
	"faellesskab/internal/certificate"
	"faellesskab/internal/event"
	"faellesskab/internal/fault"
	"faellesskab/internal/gqlhttp"
	"faellesskab/internal/i18n"
	"faellesskab/internal/site"
)

func (a *App) newHTTPServer(ctx context.Context, o *outside) *http.Server {
	base := context.WithoutCancel(ctx)
	stopping, stop := context.WithCancel(base)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", a.health.live)
	mux.HandleFunc("GET /readyz", a.health.serves)
	api := a.callers.proxies.Handler(a.signIn(o.verifier, a.newGraphQL(func(g *gqlhttp.Options) {
		g.SignIn, g.Renew, g.Stopping = a.signInSocket(o.verifier), a.renewViewer, stopping
		g.Admit, g.WriteTimeout = a.callers.admit, a.callers.patience
	})))
	if a.cfg.EmulatorProjectID() != "" {
		// A page that has made its own domain lead here needs no token of ours: it writes one.
		api = onlyNamed(api, isNumbered)
	}
	mux.Handle("/graphql", api)
	pages := a.callers.proxies.Handler(a.signIn(o.verifier, a.pages()))
	for _, path := range []string{calendar.FeedPath, event.PagePath, "/occurrences/", certificate.Path, site.KeysPath} {
		mux.Handle("GET "+path, pages)
	}
	if o.dev != nil {
		mux.Handle("GET /dev/", o.dev)
		mux.Handle("GET /{$}", gqlhttp.GraphiQL())
		mux.Handle("GET /graphiql/", gqlhttp.GraphiQL())
	}
	server := &http.Server{
		Handler:           gqlhttp.RequestID(mux),
		BaseContext:       func(net.Listener) context.Context { return base },
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    headerBytes,
	}
	server.RegisterOnShutdown(stop)
	return server
}

type signInErrorKey struct{}

// signIn finds out who is calling. A call without a token is anonymous. A call with a bad token
// is answered with the reason and not treated as anonymous.
func (a *App) signIn(verifier auth.Verifier, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := auth.WithLanguage(r.Context(), i18n.Match(r.Header.Get("Accept-Language")))
		if token, ok := auth.BearerToken(r); ok {
			signedIn, err := a.recognise(ctx, verifier, token)
			if err != nil {
				ctx = context.WithValue(ctx, signInErrorKey{}, err)
			} else {
				ctx = signedIn
			}
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// viewer is who holds a token, as they are now.
func (a *App) viewer(ctx context.Context, verifier auth.Verifier, token string) (auth.Viewer, error) {
	claims, err := verifier.Verify(ctx, token)
	if err != nil {
		return auth.Viewer{}, err
	}
	return a.behind(ctx, claims)
}

// signInSocket is signIn for a socket, whose first message has the token.
func (a *App) signInSocket(verifier auth.Verifier) func(ctx context.Context, authorization string) (context.Context, error) {
	return func(ctx context.Context, authorization string) (context.Context, error) {
		token, ok := auth.Bearer(authorization)
		if !ok {
			return ctx, fault.Unauthenticated("auth.token.invalid")
		}
		viewer, err := a.viewer(ctx, verifier, token)
		if err != nil {
			return ctx, err
		}
		return withFresh(context.WithValue(ctx, signInErrorKey{}, nil), viewer), nil
	}
}

// renewViewer reads the viewer of an open connection anew, since they may have lost a role or a
// group, or been banned, after signing in. The token is not checked again, but ends the
// connection when it expires.
func (a *App) renewViewer(ctx context.Context) (context.Context, error) {
	before := auth.FromContext(ctx)
	if before.IsAnonymous() {
		return ctx, nil
	}
	v, err := a.People.Viewer(ctx, before.PersonID)
	if err != nil {
		return ctx, err
	}
	v.Until = before.Until
	return withFresh(ctx, v), nil
}
