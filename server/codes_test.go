package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"faellesskab/internal/fault"
	"faellesskab/schema"
)

// Descriptions say which codes a root field answers. These checks hold every answer of the tests that go
// through them against the description of its field, so that a code that somebody can get is named.

// named is a handler whose answers are checked.
func named(t testing.TB, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		codesAreNamed(t, sent, answer.Body.Bytes())
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		if _, err := w.Write(answer.Body.Bytes()); err != nil {
			t.Error(err)
		}
	})
}

// codesAreNamed checks that the descriptions of the root fields of a request name the codes in its answer.
func codesAreNamed(t testing.TB, sent, answer []byte) {
	t.Helper()
	var request struct{ Query string }
	var got struct{ Errors []problem }
	if json.Unmarshal(sent, &request) != nil || json.Unmarshal(answer, &got) != nil || len(got.Errors) == 0 {
		return
	}
	document, err := parser.ParseQuery(&ast.Source{Input: request.Query})
	if err != nil {
		return // the server refuses it too
	}
	for _, e := range got.Errors {
		if len(e.Path) != 1 {
			continue
		}
		for _, op := range document.Operations {
			if f := rootField(op, e.Path[0]); f != nil && !namesCode(f, fault.Code(e.Extensions.Code)) {
				t.Errorf("%s answers %s (%s), which its description does not name", f.Name, e.Extensions.Code, e.Message)
			}
		}
	}
}

// rootField is the field of an operation that is answered under a name.
func rootField(op *ast.OperationDefinition, name any) *ast.FieldDefinition {
	root := map[ast.Operation]*ast.Definition{ast.Query: schema.MustLoad().Query, ast.Mutation: schema.MustLoad().Mutation}[op.Operation]
	for _, s := range op.SelectionSet {
		if f, ok := s.(*ast.Field); ok && root != nil && f.Alias == name {
			return root.Fields.ForName(f.Name)
		}
	}
	return nil
}

var codeWord = regexp.MustCompile(`[A-Z]+(_[A-Z]+)*`)

// namesCode reports whether a field, or the type of its root for all of its fields, names a code. That the account is
// banned is of every field; what else is FORBIDDEN is of the field.
func namesCode(f *ast.FieldDefinition, code fault.Code) bool {
	ofAll := []fault.Code{fault.CodeUnauthenticated, fault.CodeBadID, fault.CodeBadUserInput, fault.CodeRateLimited, fault.CodeIdempotencyKeyReused,
		fault.CodeUnavailable, fault.CodeInternal, fault.CodeQueryTooCostly}
	return slices.Contains(ofAll, code) || slices.Contains(codeWord.FindAllString(f.Description, -1), string(code))
}
