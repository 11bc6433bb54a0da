package gqlhttp

import (
	"context"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"faellesskab/internal/fault"
)

const byHash = `"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38"}}`

// whispering renders every refusal in the reader's language.
func whispering(o *Options) {
	o.Fail = func(context.Context, *fault.Error) *gqlerror.Error {
		return &gqlerror.Error{Message: "på dansk", Extensions: map[string]any{"code": "BAD_USER_INPUT"}}
	}
}

// A client that sends only a document's hash gets exactly the answer that it expects, over each
// transport.
func TestADocumentByItsHashIsNotSupported(t *testing.T) {
	t.Parallel()
	const code, text = "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported"
	for name, body := range map[string]string{
		"no query":    `{"operationName":"A","variables":{},` + byHash + `}`,
		"null query":  `{"query":null,` + byHash + `}`,
		"empty query": `{"query":"",` + byHash + `}`,
		"blank query": `{"query":" \n",` + byHash + `}`,
		"urql's":      `{"query":"","variables":{},"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x","miss":true}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(whispering)
			for _, accept := range []string{"", typeJSON, typeResponse, typeEvents} {
				r := request(body)
				r.Header.Set("Accept", accept)
				if got := s.send(t, r); got.status != 200 || got.key() != text || got.code() != code || got.Data != nil || len(got.Errors) != 1 {
					t.Errorf("Accept %q: %d %s", accept, got.status, got.body)
				}
			}
			c := dial(t, s)
			c.greets()
			c.say(`{"id":"a","type":"subscribe","payload":` + body + `}`)
			c.hears(said("a", "error", `[{"extensions":{"code":"`+code+`"},"message":"`+text+`"}]`))
			if s.calls != 0 {
				t.Error("it was carried out")
			}
		})
	}
	t.Run("GET", func(t *testing.T) {
		t.Parallel()
		q := url.Values{"extensions": {strings.TrimPrefix(byHash, `"extensions":`)}, "variables": {"{}"}}
		got := newServer(whispering).send(t, httptest.NewRequest("GET", "/graphql?"+q.Encode(), nil))
		if got.status != 200 || got.key() != text || got.code() != code {
			t.Errorf("%d %s", got.status, got.body)
		}
	})
}

// If the text comes with the hash, there is nothing to look up. Without either there is no
// request.
func TestADocumentWithItsHashIsCarriedOut(t *testing.T) {
	t.Parallel()
	s := newServer()
	if got := s.post(t, `{"query":"{echo(text:\"hej\")}",`+byHash+`}`); string(got.Data) != `{"echo":"hej"}` {
		t.Errorf("%d %s", got.status, got.body)
	}
	q := url.Values{"query": {`{echo(text:"hej")}`}, "extensions": {strings.TrimPrefix(byHash, `"extensions":`)}}
	if got := s.send(t, httptest.NewRequest("GET", "/graphql?"+q.Encode(), nil)); string(got.Data) != `{"echo":"hej"}` {
		t.Errorf("%d %s", got.status, got.body)
	}
	c := dial(t, s)
	c.greets()
	c.say(`{"id":"a","type":"subscribe","payload":{"query":"{echo(text:\"hej\")}",` + byHash + `}}`)
	c.hears(said("a", "next", `{"data":{"echo":"hej"}}`))
	for _, body := range []string{`{"extensions":{"persistedQuery":null}}`, `{"extensions":{}}`, `{"extensions":{"other":{}}}`} {
		if got := s.post(t, body); got.status != 400 || got.key() != "request.query.empty" {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
}
