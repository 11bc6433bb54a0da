package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/config"
	"faellesskab/internal/demo"
	"faellesskab/internal/push"
	"faellesskab/internal/push/fcmsim"
)

// tokenLife is how long a development token is valid.
const tokenLife = 24 * time.Hour

// development is a signing key of our own and a simulator for Firebase Cloud
// Messaging, with the conveniences at /dev.
func (a *App) development(ctx context.Context) (*outside, error) {
	issuer, err := auth.NewDevIssuer(a.db.DB)
	if err != nil {
		return nil, err
	}
	sim := a.setup.Simulator
	if sim == nil {
		sim = fcmsim.New(fcmsim.Options{Clock: a.db.DB, OnPush: fcmsim.Print(a.setup.Stdout)})
	}
	endpoint := a.cfg.FCMEndpoint
	if endpoint == "" {
		url, stop, err := fcmsim.Start(context.WithoutCancel(ctx), sim)
		if err != nil {
			return nil, err
		}
		a.close = append(a.close, func() error { stop(); return nil })
		endpoint = url
	}
	sender, err := push.NewFCM(context.WithoutCancel(ctx), push.Options{ProjectID: auth.DevProjectID, Endpoint: endpoint,
		InsecureEndpoint: true, Clock: a.db.DB})
	if err != nil {
		return nil, err
	}
	a.close = append(a.close, func() error { sender.Close(); return nil })
	mux := http.NewServeMux()
	mux.Handle("GET /dev/jwks", issuer.JWKS())
	mux.HandleFunc("GET /dev/tokens", func(w http.ResponseWriter, _ *http.Request) { writeTokens(w, issuer) })
	mux.HandleFunc("GET /dev/phones", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, sim.Pushes()) })
	return &outside{verifier: issuer.Verifier(), sender: sender, dev: onlyNamed(mux, a.cfg.AllowUnsafeDevelopment)}, nil
}

type devToken struct {
	Persona     string      `json:"persona"`
	DisplayName string      `json:"displayName"`
	Roles       []auth.Role `json:"roles"`
	Token       string      `json:"token"`
}

func writeTokens(w http.ResponseWriter, issuer *auth.DevIssuer) {
	list := make([]devToken, len(demo.Personas))
	for i, p := range demo.Personas {
		token, err := issuer.Issue(p.UID(), p.DisplayName, tokenLife)
		if err != nil {
			http.Error(w, "the token could not be signed", http.StatusInternalServerError)
			return
		}
		list[i] = devToken{Persona: p.Name, DisplayName: p.DisplayName, Roles: append([]auth.Role{auth.RoleResident}, p.Roles...), Token: token}
	}
	writeJSON(w, list)
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	// The status has been sent with the first byte, so an error cannot be reported.
	_ = encoder.Encode(v)
}

// greet says where the server listens, which database it uses, and what to try first.
func (a *App) greet(stdout io.Writer) {
	fmt.Fprintf(stdout, "Fællesskab listens on %s\n  GraphQL    %s/graphql\n  database   %s\n", a.URL(), a.URL(), a.db.says)
	if a.cfg.Mode() == config.Production {
		fmt.Fprintf(stdout, "  production, Firebase project %s\n", a.cfg.FirebaseProjectID)
		return
	}
	fmt.Fprintf(stdout, `  GraphiQL   %[1]s/
  sign in    %[1]s/dev/tokens  (tokens of made-up people)
  pushes     %[1]s/dev/phones  (and printed here)

DEVELOPMENT SERVER, NOT FOR PRODUCTION: it signs its own tokens and gives them to anyone who asks.

Try first:
  TOKEN=$(curl -s %[1]s/dev/tokens | python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["token"])')
  curl -s %[1]s/graphql -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
    -d '{"query":"{ viewer { person { displayName homeArea { name } } } groups(first: 5) { edges { node { id name kind } } } }"}'

`, a.URL())
}
