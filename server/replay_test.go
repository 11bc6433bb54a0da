package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/testkit"
)

// leaks are the secrets that an answer tells.
func (w *accessWorld) leaks(r reply, of []string) []string {
	w.t.Helper()
	text, err := json.Marshal(vars{"data": r.Data, "errors": r.Errors})
	if err != nil {
		w.t.Fatal(err)
	}
	var told []string
	for _, s := range of {
		if id, ok := w.ids[s]; ok {
			s = id
		}
		if strings.Contains(string(text), s) {
			told = append(told, s)
		}
	}
	return told
}

// replayed are all operations of the matrix, and further ones.
func replayed() []accessCall {
	return slices.Concat(accessCalls(), rowsOf(func(n noun) []accessCall { return n.sentAgain }))
}

// underKey is the document with a clientMutationId, which queries do not take.
func (c accessCall) underKey(key string) string {
	if !strings.HasPrefix(c.document, "mutation") {
		return c.document
	}
	return strings.Replace(c.document, "(input: {", `(input: {clientMutationId: "`+key+`", `, 1)
}

// TestReplayWithAnothersToken sends everything that a member sends once more as somebody else,
// word for word and under the same clientMutationId. It must neither tell nor change anything of
// the member's.
func TestReplayWithAnothersToken(t *testing.T) {
	t.Parallel()
	w := newAccessWorld(t)
	secrets := rowsOf(func(n noun) []string { return n.secrets })
	for i, c := range replayed() {
		if c.field() == "registerDevice" {
			continue // an installation moves to the person who signs in on it, as it should
		}
		document := c.underKey(crashKey(fmt.Sprint("replay ", i)))
		w.putBack()
		plain := w.do("resident-2", c.document, w.variables(c.document)).code()
		w.putBack()
		w.do("resident-1", document, w.variables(document))
		before := w.belongings(w.settledAfter(w.state))
		for _, thief := range []string{"resident-2", ""} {
			r := w.do(thief, document, w.variables(document))
			if told := w.leaks(r, secrets); len(told) > 0 {
				t.Errorf("%s: sent again by %q it tells %v: %v %v", c.name, thief, told, r.Data, r.Errors)
			}
			if thief != "" && r.code() != plain {
				t.Errorf("%s: under the member's key another gets %q, without it %q", c.name, r.code(), plain)
			}
		}
		if diff := cmp.Diff(before, w.belongings(w.settledAfter(w.state))); diff != "" {
			t.Errorf("%s: sent again by others it changes what is the member's:\n%s", c.name, diff)
		}
	}
}

// belongings is everything in the database that belongs to the member.
func (w *accessWorld) belongings(s testkit.Snapshot) map[string]any {
	w.t.Helper()
	mine := map[string]any{}
	for _, name := range s.Collections() {
		for _, doc := range s.Docs(w.t, name) {
			docID := fmt.Sprint(doc["_id"])
			if docID == w.ids["member"] || doc["personId"] == w.ids["member"] || strings.HasPrefix(docID, w.ids["member"]+":") {
				mine[name+" "+docID] = doc
			}
		}
	}
	if len(mine) == 0 {
		w.t.Fatal("nothing is the member's: this proves nothing")
	}
	return mine
}
