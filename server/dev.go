package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/config"
	"faellesskab/internal/push"
	"faellesskab/internal/push/fcmsim"
)

// development signs its own tokens and has a simulator for Firebase Cloud
// Messaging, with the conveniences at /dev.
func (a *App) development(ctx context.Context) (*outside, error) {
	issuer, verifier, key, err := a.devSignIn(ctx)
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
	tokens := &devTokens{app: a, issuer: issuer}
	mux := http.NewServeMux()
	mux.Handle("GET /dev/jwks", issuer.JWKS())
	mux.HandleFunc("GET /dev/tokens", tokens.list)
	mux.HandleFunc("GET /dev/tokens/{persona}", tokens.one)
	mux.HandleFunc("GET /dev/phones", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, sim.Pushes()) })
	mux.HandleFunc("GET /dev/phones/{device}/screen", showScreen(sim))
	mux.HandleFunc("GET /dev/clock", a.tellTime)
	named := isHere
	if a.cfg.AllowUnsafeDevelopment {
		named = isInside
	}
	ring, err := a.certificateKeys(ctx)
	return &outside{verifier: verifier, sender: sender, dev: onlyNamed(ownPagesOnly(mux), named), secrets: a.secrets(key), ring: ring}, err
}

// ownPagesOnly keeps browsers from handing an answer to a page of another origin as a script or a
// picture.
func ownPagesOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// showScreen writes what stands on a phone's screen now, and how it came to be so.
func showScreen(sim *fcmsim.Simulator) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		device := r.PathValue("device")
		screen, ok := sim.Screen(device)
		if ok {
			writeJSON(w, screen)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		writeJSON(w, map[string]string{"error": fmt.Sprintf("No push has come to the device %q. /dev/phones lists the pushes that have come, with their devices.", device)})
	}
}

// tellTime writes which time of day it is in Copenhagen, or will be ?in=2m from now, and with &date the
// date before it. People type such times into their settings, and no command tells them on every machine.
func (a *App) tellTime(w http.ResponseWriter, r *http.Request) {
	in := r.FormValue("in")
	ahead, err := time.ParseDuration(cmp.Or(in, "0s"))
	if err != nil {
		answer(w, http.StatusBadRequest, fmt.Sprintf("%q is no length of time: write it like 2m, 1h30m or -1m", in))
		return
	}
	local := string(clock.LocalOf(a.db.Now().Add(ahead), clock.Copenhagen))
	if !r.Form.Has("date") {
		local = local[11:16]
	}
	answer(w, http.StatusOK, local)
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
	emulator := ""
	if project := a.cfg.EmulatorProjectID(); project != "" {
		emulator = fmt.Sprintf("It also takes the sign-ins of Firebase's Auth emulator at %s for the project %s, which nobody has signed.\n",
			a.cfg.FirebaseAuthEmulatorHost, project)
	}
	fmt.Fprintf(stdout, `  GraphiQL   %[1]s/
  sign in    %[1]s/dev/tokens  (tokens of made-up people)
  pushes     %[1]s/dev/phones  (and printed here; a line for each call with LOG_LEVEL=info)

DEVELOPMENT SERVER, NOT FOR PRODUCTION: it signs its own tokens and gives them to anyone who asks.
%[2]s
Try first:
  TOKEN=$(curl -s %[1]s/dev/tokens/resident-1)
  curl -s %[1]s/graphql -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
    -d '{"query":"{ viewer { person { displayName homeArea { name } } } groups(first: 5) { edges { node { id name kind } } } }"}'

`, a.URL(), emulator)
}
