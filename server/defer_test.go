package main

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Introspection shows no directive that the server does not support, and a request that uses
// one is refused on each transport.
func TestWhatTheServerCannotDoIsNotOffered(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	var names []string
	for _, d := range h.must("", `{ __schema { directives { name } } }`, nil).at("__schema", "directives").([]any) {
		names = append(names, d.(map[string]any)["name"].(string))
	}
	slices.Sort(names)
	want := []string{"authenticated", "can", "deprecated", "holds", "include", "oneOf", "public", "skip", "specifiedBy"}
	if !slices.Equal(names, want) {
		t.Errorf("directives %v, want %v", names, want)
	}
	for name, document := range map[string]string{
		"@defer, inline":       `{ areas { ... @defer { name } } }`,
		"@defer, labelled":     `{ areas { id ... @defer(if: true, label: "x") { name } } }`,
		"@defer, a fragment":   `{ areas { ...F @defer } } fragment F on Area { name }`,
		"@defer, switched off": `{ areas { ... @defer(if: false) { name } } }`,
		"@stream":              `{ areas @stream(initialCount: 1) { name } }`,
	} {
		refused := `Unknown directive "` + name[:strings.IndexAny(name+",", ",")] + `".`
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if r := h.do("", document, nil); len(r.Errors) == 0 || r.Errors[0].Message != refused || r.code() != "BAD_USER_INPUT" || r.Data != nil {
				t.Errorf("HTTP answers %+v", r)
			}
			if got := h.sse(document); !strings.Contains(got, jsonOf(refused)) || strings.Contains(got, `"data"`) {
				t.Errorf("a stream answers %s", got)
			}
			m := h.follow("resident-1", document, nil).hear()
			if list, _ := m["payload"].([]any); m["type"] != "error" || len(list) != 1 || valueAt(list[0], "message") != refused {
				t.Errorf("a socket answers %v", m)
			}
		})
	}
}

func jsonOf(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// sse is the whole answer of a stream of server-sent events.
func (h *harness) sse(document string) string { return h.sseFrom("", document) }

func (h *harness) sseFrom(forwarded, document string) string {
	h.t.Helper()
	req, err := http.NewRequest(http.MethodPost, h.url+"/graphql", strings.NewReader(`{"query":`+jsonOf(document)+`}`)) //nolint:noctx // the test's own server
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	if forwarded != "" {
		req.Header.Set("X-Forwarded-For", forwarded)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return string(said)
}
