package main

import (
	"context"
	"net"
	"net/http"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/gqlhttp"
	"faellesskab/internal/i18n"
)

func (a *App) newHTTPServer(ctx context.Context, o *outside) *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", a.health.live)
	mux.HandleFunc("GET /readyz", a.health.serves)
	mux.Handle("/graphql", a.signIn(o.verifier, a.newGraphQL()))
	if o.dev != nil {
		mux.Handle("GET /dev/", o.dev)
		mux.Handle("GET /{$}", gqlhttp.GraphiQL("/graphql"))
	}
	base := context.WithoutCancel(ctx)
	return &http.Server{
		Handler:           gqlhttp.RequestID(mux),
		BaseContext:       func(net.Listener) context.Context { return base },
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		IdleTimeout:       120 * time.Second,
	}
}

type signInErrorKey struct{}

// signIn finds out who is calling. A call without a token is anonymous; one with
// a token that does not hold is answered with the reason, not treated as
// anonymous.
func (a *App) signIn(verifier auth.Verifier, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := auth.WithLanguage(r.Context(), i18n.Match(r.Header.Get("Accept-Language")))
		if token, ok := auth.BearerToken(r); ok {
			viewer, err := a.viewer(ctx, verifier, token)
			if err != nil {
				ctx = context.WithValue(ctx, signInErrorKey{}, err)
			} else {
				ctx = auth.WithViewer(ctx, viewer)
			}
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (a *App) viewer(ctx context.Context, verifier auth.Verifier, token string) (auth.Viewer, error) {
	claims, err := verifier.Verify(ctx, token)
	if err != nil {
		return auth.Viewer{}, err
	}
	p, err := a.People.SignIn(ctx, claims, auth.LanguageOf(ctx, nil))
	if err != nil {
		return auth.Viewer{}, err
	}
	return p.Viewer(), nil
}
