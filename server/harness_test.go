package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/community/communitytest"
	"faellesskab/internal/config"
	"faellesskab/internal/demo"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/push/fcmsim"
	"faellesskab/internal/testkit"
	"faellesskab/resolvers"
)

// harness is a server under test: the whole program over HTTP, on port 0 of loopback, with a
// database of its own and a simulator that the test can question.
type harness struct {
	t      testing.TB
	app    *App
	url    string
	phones *fcmsim.Simulator
	tokens map[string]string
	people map[string]string // the ids of the personas who have been signed up
}

// harnessOption changes how the server is started.
type harnessOption func(*Setup)

// withDB runs the server on a database the test has opened.
func withDB(db *mongodb.DB) harnessOption { return func(s *Setup) { s.DB = db } }

// withoutDemo leaves out the demo data, but not the areas and their lokalforums.
func withoutDemo() harnessOption { return func(s *Setup) { s.NoDemo = true } }

// withKeptViewers keeps viewers for a moment, as in production.
func withKeptViewers() harnessOption { return func(s *Setup) { s.FreshViewers = false } }

// newHarness starts a server that stops with the test.
func newHarness(t testing.TB, options ...harnessOption) *harness {
	t.Helper()
	h := &harness{t: t, phones: fcmsim.New(fcmsim.Options{}), tokens: map[string]string{}, people: map[string]string{}}
	cfg, err := config.Load([]string{"-addr", "127.0.0.1:0"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg.SecretKeys = "the secret of all servers under test, in every run"
	setup := Setup{Config: cfg, Log: slog.New(countedRightly{slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}), t}), Stdout: io.Discard, Simulator: h.phones, FreshViewers: true}
	for _, o := range options {
		o(&setup)
	}
	if setup.DB == nil {
		setup.DB = testkit.DB(t, communitytest.Watched()...)
	}
	ctx, cancel := context.WithCancel(context.Background())
	h.app, err = Start(ctx, setup)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	h.url = h.app.URL()
	done := make(chan error, 1)
	go func() { done <- h.app.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("stop the server: %v", err)
		}
	})
	h.readTokens()
	return h
}

// countedRightly fails the test if the parts of an operation were counted wrongly; see gqlexec.Parts.
type countedRightly struct {
	slog.Handler

	t testing.TB
}

func (c countedRightly) Handle(ctx context.Context, r slog.Record) error {
	if r.Message == resolvers.CountedWrongly {
		c.t.Error(r.Message)
	}
	return c.Handler.Handle(ctx, r)
}

// ahead is a clock ahead of the machine's.
type ahead struct{ by time.Duration }

func (a ahead) Now() time.Time { return clock.System{}.Now().Add(a.by) }

// putForward puts the server's clock forward.
func (h *harness) putForward(by time.Duration) { h.app.DB.SetClock(ahead{by}) }

func (h *harness) readTokens() {
	h.t.Helper()
	var list []devToken
	h.get("/dev/tokens", &list)
	for _, token := range list {
		h.tokens[token.Persona] = token.Token
	}
}

func (h *harness) get(path string, into any) {
	h.t.Helper()
	res, err := http.Get(h.url + path) //nolint:noctx // the test's own server
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		h.t.Fatalf("GET %s: %v", path, err)
	}
}

// problem is one entry of errors.
type problem struct {
	Message    string
	Path       []any
	Extensions struct {
		Code       string
		Field      string
		RetryAfter int
		RequestID  string
	}
}

// reply is a GraphQL answer.
type reply struct {
	Status int
	Data   map[string]any
	Errors []problem
}

// code is the code of the first error; empty if there is none.
func (r reply) code() string {
	if len(r.Errors) == 0 {
		return ""
	}
	return r.Errors[0].Extensions.Code
}

// at digs into the data: at("event", "group", "id").
func (r reply) at(path ...any) any {
	var v any = r.Data
	for _, p := range path {
		switch key := p.(type) {
		case string:
			m, ok := v.(map[string]any)
			if !ok {
				return nil
			}
			v = m[key]
		case int:
			l, ok := v.([]any)
			if !ok || key >= len(l) {
				return nil
			}
			v = l[key]
		}
	}
	return v
}

// text is at for strings; empty if there is none.
func (r reply) text(path ...any) string {
	s, _ := r.at(path...).(string)
	return s
}

// vars are the variables of a document.
type vars = map[string]any

// do sends a document as a persona; "" is anonymous.
func (h *harness) do(persona, document string, variables vars) reply {
	h.t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		h.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, h.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if persona != "" {
		token, ok := h.tokens[persona]
		if !ok {
			h.t.Fatalf("no persona %q", persona)
		}
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	r := reply{Status: res.StatusCode}
	if err := json.NewDecoder(res.Body).Decode(&r); err != nil {
		h.t.Fatalf("decode the answer (%s): %v", res.Status, err)
	}
	return r
}

// must is do, and fails the test on any error.
func (h *harness) must(persona, document string, variables vars) reply {
	h.t.Helper()
	r := h.do(persona, document, variables)
	if len(r.Errors) > 0 {
		h.t.Fatalf("%s: %s\nanswered %+v", persona, document, r.Errors)
	}
	return r
}

// personID is the id of a persona.
func (h *harness) personID(persona string) string {
	return h.must(persona, `{ viewer { person { id } } }`, nil).text("viewer", "person", "id")
}

// waitForPush waits until a device has got a push with that title.
func (h *harness) waitForPush(device, title string) fcmsim.Push {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for n := 1; ; n++ {
		for _, p := range h.phones.Pushes() {
			if p.Device == device && p.Title == title {
				return p
			}
		}
		if err := h.phones.WaitFor(ctx, n); err != nil {
			h.t.Fatalf("no push %q on %s; the phones got %+v", title, device, h.phones.Pushes())
		}
	}
}

// signUpPersonas makes the demo people and their roles without the demo data.
func (h *harness) signUpPersonas() {
	h.t.Helper()
	var settings []notify.Settings
	for _, p := range demo.Personas {
		h.people[p.Name] = h.personID(p.Name)
		settings = append(settings, demo.AtAnyHour(h.people[p.Name]))
		for _, role := range p.Roles {
			if _, err := h.app.People.GrantRoleAsOperator(context.Background(), p.UID(), role); err != nil {
				h.t.Fatal(err)
			}
		}
	}
	if err := h.app.Settings.Put(context.Background(), settings); err != nil {
		h.t.Fatal(err)
	}
}
