package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/community/communitytest"
	"faellesskab/internal/config"
	"faellesskab/internal/testkit"
)

// startProduction starts a production server on a database of the test, with a local endpoint
// for keys. It returns one issuer whose tokens the server takes, and one whose tokens it refuses.
func startProduction(t *testing.T) (h *harness, ours, foreign *auth.DevIssuer) {
	t.Helper()
	ours, foreign = newIssuer(t), newIssuer(t)
	keys := httptest.NewServer(ours.JWKS())
	t.Cleanup(keys.Close)
	cfg, err := config.Load([]string{"-addr", "127.0.0.1:0"}, []string{
		"FIREBASE_PROJECT_ID=" + auth.DevProjectID, // the project of the issuer's tokens
		"GOOGLE_APPLICATION_CREDENTIALS=" + serviceAccount(t),
		"FIREBASE_JWKS_URL=" + keys.URL,
		"MONGODB_URI=mongodb://not-used.example",
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	app, err := Start(ctx, Setup{Config: cfg, Log: slog.New(slog.DiscardHandler), Stdout: io.Discard,
		DB: testkit.DB(t, communitytest.Watched()...)})
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- app.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("stop the server: %v", err)
		}
	})
	return &harness{t: t, app: app, url: app.URL(), tokens: map[string]string{}}, ours, foreign
}

func newIssuer(t *testing.T) *auth.DevIssuer {
	t.Helper()
	key, err := auth.NewDevKey()
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := auth.NewDevIssuer(clock.System{}, key)
	if err != nil {
		t.Fatal(err)
	}
	return issuer
}

// serviceAccount writes a file like one that Firebase hands out.
func serviceAccount(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": auth.DevProjectID, "private_key_id": "1",
		"private_key":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"client_email": "push@example.iam.gserviceaccount.com", "client_id": "1",
		"token_uri": "http://127.0.0.1:1/token",
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "account.json")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestProductionHasNoConveniences(t *testing.T) {
	t.Parallel()
	h, ours, foreign := startProduction(t)
	for path, want := range map[string]int{
		"/livez": 200, "/readyz": 200,
		"/": 404, "/dev/tokens": 404, "/dev/phones": 404, "/dev/phones/phone-1/screen": 404, "/dev/jwks": 404, "/dev/": 404, "/graphiql": 404, "/graphiql/start.js": 404, "/dev/clock": 404, "/dev/tokens/resident-1": 404,
	} {
		if status, body, err := fetch(h.url + path); err != nil || status != want {
			t.Errorf("%s: status %d, want %d (%v): %.100s", path, status, want, err, body)
		}
	}
	for name, issuer := range map[string]*auth.DevIssuer{"resident": ours, "staff": ours, "admin": ours, "stranger": foreign} {
		token, err := issuer.Issue("uid-"+name, "Navn", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		h.tokens[name] = token
	}
	for name, role := range map[string]auth.Role{"staff": auth.RoleStaff, "admin": auth.RoleAdmin} {
		if _, err := h.app.People.GrantRoleAsOperator(t.Context(), "uid-"+name, role); err != nil {
			t.Fatal(err)
		}
	}
	if first, again := h.personID("resident"), h.personID("resident"); first != again {
		t.Errorf("signed in as %s, and then as %s", first, again)
	}
	if got := h.do("stranger", `{ areas { id } }`, nil); got.code() != "UNAUTHENTICATED" {
		t.Errorf("a token signed with another key was answered with %+v", got)
	}
	if n := len(h.must("", `{ areas { id } }`, nil).Data["areas"].([]any)); n != 18 {
		t.Errorf("there are %d areas", n)
	}
	if n := len(h.must("", `{ groups(filter: {kind: HOUSING}) { edges { cursor } } }`, nil).at("groups", "edges").([]any)); n != 0 {
		t.Errorf("there are %d demo groups", n)
	}
	schema := `{ __schema { queryType { name } } }`
	for persona, code := range map[string]string{"": "FORBIDDEN", "resident": "FORBIDDEN", "staff": "FORBIDDEN", "admin": ""} {
		if got := h.do(persona, schema, nil); got.code() != code {
			t.Errorf("the schema for %q: %+v, want %q", persona, got, code)
		}
	}
	if got := h.do("", `{ areaz { id } }`, nil); got.code() != "BAD_USER_INPUT" || strings.Contains(got.Errors[0].Message, "Did you mean") {
		t.Errorf("the schema can be guessed: %+v", got.Errors)
	}
}

var personIDs = regexp.MustCompile(`per_[0-9a-z]{26}`)

// The first admin comes from the command line; from then on roles are granted
// in the app.
func TestFirstAdminComesFromTheCommandLine(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("PATH", "")
	for _, bad := range [][]string{
		{"grant-role"},
		{"grant-role", "-uid", "x", "-role", "KING"},
		{"grant-role", "-uid", "x", "-role", "RESIDENT", "-data", folder},
		{"grant-role", "-colour", "red"},
		{"grant-role", "-uid", strings.Repeat("x", 200), "-data", folder},
	} {
		if code, stderr := runOnce(t, bad...); code == 0 || stderr == "" {
			t.Errorf("%v ended with %d: %s", bad, code, stderr)
		}
	}
	if code, stderr := runOnce(t, "grant-role", "-uid", "typo", "-data", folder); code != 1 || !strings.Contains(stderr, "typo") || !strings.Contains(stderr, "-create") {
		t.Errorf("grant-role to nobody ended with %d: %s", code, stderr)
	}
	code, out := runOnce(t, "grant-role", "-uid", "demo-resident-1", "-role", "ADMIN", "-data", folder, "-create")
	made := personIDs.FindString(out)
	if code != 0 || made == "" || !strings.Contains(out, "ADMIN") || !strings.Contains(out, "created") {
		t.Fatalf("grant-role ended with %d: %s", code, out)
	}
	for _, flags := range [][]string{nil, {"-create"}} {
		code, out = runOnce(t, append([]string{"grant-role", "-uid", "demo-resident-1", "-role", "STAFF", "-data", folder}, flags...)...)
		if code != 0 || !strings.Contains(out, made) || !strings.Contains(out, "STAFF") || strings.Contains(out, "created") {
			t.Errorf("grant-role to a person who is there ended with %d: %s", code, out)
		}
	}
	if code, stderr := runOnce(t, "grant-role", "-uid", "typo", "-data", folder); code != 1 {
		t.Errorf("the refused one was made: %d: %s", code, stderr)
	}
	p := startProgram(t, "-data", folder)
	if got := p.personID("resident-1"); got != made {
		t.Errorf("signed in as %s, and the command made %s", got, made)
	}
	other := p.personID("resident-2")
	grant := `mutation ($p: ID!) { grantRole(input: {personId: $p, role: STAFF}) { person { roles } } }`
	if got := p.do("resident-2", grant, vars{"p": other}); got.code() != "FORBIDDEN" {
		t.Errorf("somebody else granted a role: %+v", got)
	}
	if roles, _ := p.must("resident-1", grant, vars{"p": other}).at("grantRole", "person", "roles").([]any); len(roles) != 2 || roles[1] != "STAFF" {
		t.Errorf("the roles are %v", roles)
	}
	if code, stderr := runOnce(t, "grant-role", "-uid", "x", "-data", folder); code != 1 || !strings.Contains(stderr, "in use by another server") {
		t.Errorf("grant-role beside a running server ended with %d: %s", code, stderr)
	}
	p.stopped()
}

// A server that is not ready yet, or is stopping, says that it should get no calls.
func TestReadinessBeforeAndAfter(t *testing.T) {
	t.Parallel()
	app, err := Start(t.Context(), Setup{Config: developmentConfig(t), Log: slog.New(slog.DiscardHandler), Stdout: io.Discard,
		DB: testkit.DB(t, communitytest.Watched()...), NoDemo: true})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(path string) int {
		w := httptest.NewRecorder()
		app.http.Handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		return w.Code
	}
	if got := ask("/readyz"); got != http.StatusServiceUnavailable {
		t.Errorf("before it runs: %d", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- app.Run(ctx) }()
	for ask("/readyz") != http.StatusOK {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if ready, live := ask("/readyz"), ask("/livez"); ready != http.StatusServiceUnavailable || live != http.StatusOK {
		t.Errorf("after the stop: ready %d, live %d", ready, live)
	}
}

func developmentConfig(t *testing.T) config.Config {
	t.Helper()
	cfg, err := config.Load([]string{"-addr", "127.0.0.1:0"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}
