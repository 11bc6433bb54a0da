package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"faellesskab/internal/auth"
	"faellesskab/internal/id"
)

// noTexts are the places that take a String which nobody writes for others to read, each with the reason.
var noTexts = map[string]string{
	"clientMutationId": "a UUID that the phone has made",
	"after":            "a cursor",
	"key":              "the key of a role",
	"code":             "the code of a link",
	"invitationCode":   "the code of a link",
	"planToken":        "the token of a preview",
	"reasonKey":        "the key of a reason",
	"slug":             "the name of an area in an address",
	"value":            "the token of a device",
}

// Every place of the schema that takes a text which people write goes through the one rule for texts: a
// character that nobody may use is refused there.
func TestEveryTextGoesThroughTheRule(t *testing.T) {
	t.Parallel()
	h := newHarness(t, withoutDemo())
	w := &valuesWalk{t: t, schema: loadSchema(t), handler: h.app.newGraphQL()}
	viewer := auth.Viewer{PersonID: id.New(id.Person), Roles: slices.Clone(auth.Roles)}
	texts := 0
	for _, d := range []*ast.Definition{w.schema.Query, w.schema.Mutation, w.schema.Subscription} {
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			for _, a := range f.Arguments {
				for _, s := range w.slots(a.Type, a.Name, false) {
					name := s.path[strings.LastIndex(s.path, ".")+1:]
					if s.typ.NamedType != "String" || noTexts[name] != "" {
						continue
					}
					texts++
					if fields := w.fieldsRefused(viewer, w.document(d, f, s.path, `"Ane`+"\ue000"+`Bo"`, "")); !slices.Contains(fields, s.path) {
						t.Errorf("%s takes a private character at %s: refused were %q", f.Name, s.path, fields)
					}
				}
			}
		}
	}
	if texts < 30 {
		t.Errorf("only %d texts were tried", texts)
	}
}

// fieldsRefused sends a document as a viewer, and returns the places that are BAD_USER_INPUT.
func (w *valuesWalk) fieldsRefused(v auth.Viewer, document string) []string {
	w.t.Helper()
	text, _ := json.Marshal(document) //nolint:errchkjson // a string
	req := httptest.NewRequestWithContext(auth.WithViewer(w.t.Context(), v), http.MethodPost, "/graphql", bytes.NewBufferString(fmt.Sprintf(`{"query":%s}`, text)))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	res := httptest.NewRecorder()
	w.handler.ServeHTTP(res, req)
	var r reply
	if err := json.NewDecoder(res.Body).Decode(&r); err != nil {
		w.t.Fatal(err)
	}
	var fields []string
	for _, e := range r.Errors {
		if e.Extensions.Code == "BAD_USER_INPUT" {
			fields = append(fields, e.Extensions.Field)
		}
	}
	return fields
}
