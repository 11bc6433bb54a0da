package gqlhttp

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"faellesskab/internal/fault"
)

func TestRefusesWhatIsNoGraphQLRequest(t *testing.T) {
	for name, c := range map[string]struct {
		body   string
		status int
		key    string
	}{
		"empty body":         {"", 400, "request.query.empty"},
		"blank body":         {" \n", 400, "request.query.empty"},
		"no query":           {`{"variables":{}}`, 400, "request.query.empty"},
		"null query":         {`{"query":null}`, 400, "request.query.empty"},
		"empty query":        {`{"query":" "}`, 400, "request.query.empty"},
		"only a comment":     {`{"query":"# hello"}`, 400, "request.query.empty"},
		"broken JSON":        {`{"query":"{echo}"`, 400, "request.json.invalid"},
		"two values":         {`{"query":"{echo}"}{}`, 400, "request.json.invalid"},
		"a string":           {`"{echo}"`, 400, "request.json.invalid"},
		"null":               {`null`, 400, "request.json.invalid"},
		"query a number":     {`{"query":7}`, 400, "request.json.invalid"},
		"variables a list":   {`{"query":"{echo}","variables":[]}`, 400, "request.json.invalid"},
		"name a number":      {`{"query":"{echo}","operationName":1}`, 400, "request.json.invalid"},
		"extensions a text":  {`{"query":"{echo}","extensions":"x"}`, 400, "request.json.invalid"},
		"batch":              {` [{"query":"{echo}"}]`, 400, "request.batch"},
		"half a pair":        {`{"query":"{echo}","variables":{"a":"\ud800"}}`, 400, "request.text.invalid"},
		"half a pair inside": {`{"query":"{echo(text:\"\\uD800\")}"}`, 400, "request.text.invalid"},
		"bad UTF-8":          {"{\"query\":\"{echo}\",\"variables\":{\"a\":\"\xff\"}}", 400, "request.text.invalid"},
		"several operations": {`{"query":"query A{echo} query B{echo}"}`, 400, "request.operation.ambiguous"},
		"unknown operation":  {`{"query":"query A{echo}","operationName":"B"}`, 400, "request.operation.unknown"},
		"subscription":       {`{"query":"subscription{ticks}"}`, 400, "request.subscription"},
		"too large":          {strings.Repeat("x", 64<<10+1), 413, "request.body.too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer()
			got := s.post(t, c.body)
			if got.status != c.status || got.key() != c.key || got.code() != "BAD_USER_INPUT" {
				t.Errorf("got %d %s %s, want %d %s", got.status, got.key(), got.code(), c.status, c.key)
			}
			if s.calls != 0 || got.Data != nil {
				t.Error("it was executed, or has data")
			}
		})
	}
}

func TestAnswersNeverQuoteABrokenBody(t *testing.T) {
	got := newServer().post(t, `{"query":"{echo}","token":"hunter2"`)
	if strings.Contains(got.body, "hunter2") {
		t.Errorf("the body came back: %s", got.body)
	}
}

// counted is a body without a known length that counts what was read of it.
type counted struct{ read int }

func (c *counted) Read(p []byte) (int, error) { c.read += len(p); return len(p), nil }
func (c *counted) Close() error               { return nil }

func TestReadsNoMoreThanTheLimit(t *testing.T) {
	for _, length := range []int64{-1, 1 << 20} {
		body := &counted{}
		r := request("")
		r.Body, r.ContentLength = body, length
		got := newServer().send(t, r)
		if got.status != 413 || body.read > 2*(64<<10) {
			t.Errorf("length %d: %d after reading %d bytes", length, got.status, body.read)
		}
		if length > 0 && body.read > 0 {
			t.Errorf("read %d bytes of a body that said how long it is", body.read)
		}
	}
	full := `{"query":"{echo}","variables":{"a":"` + strings.Repeat("a", 64<<10-39) + `"}}`
	if got := newServer().post(t, full); len(full) != 64<<10 || got.status != 200 {
		t.Errorf("a body of %d bytes: %d %s", len(full), got.status, got.key())
	}
}

func TestRefusesOtherContentTypes(t *testing.T) {
	for _, contentType := range []string{
		"", "text/plain", "application/graphql", "multipart/form-data; boundary=x",
		"application/x-www-form-urlencoded", "application/json; charset=latin1",
	} {
		r := request(`{"query":"{echo}"}`)
		r.Header.Set("Content-Type", contentType)
		if got := newServer().send(t, r); got.status != 415 || got.key() != "request.content_type" {
			t.Errorf("%q: %d %s", contentType, got.status, got.key())
		}
	}
	r := request(`{"query":"{echo}"}`)
	r.Header.Set("Content-Type", "application/json; charset=UTF-8")
	r.Header.Set("Content-Encoding", "Identity")
	if got := newServer().send(t, r); got.status != 200 {
		t.Errorf("UTF-8, as it is: %d %s", got.status, got.key())
	}
}

func TestGet(t *testing.T) {
	get := func(values url.Values) *http.Request {
		return httptest.NewRequest(http.MethodGet, "/graphql?"+values.Encode(), nil)
	}
	s := newServer()
	got := s.send(t, get(url.Values{"query": {"query($a:String){echo(text:$a)}"}, "variables": {`{"a":"hej"}`}}))
	if got.status != 200 || string(got.Data) != `{"echo":"hej"}` {
		t.Errorf("query: %d %s", got.status, got.body)
	}
	s = newServer()
	got = s.send(t, get(url.Values{"query": {`mutation{rename(input:{name:"x"}){id}}`}}))
	if got.status != 405 || got.key() != "request.method" || got.header.Get("Allow") == "" || s.calls != 0 {
		t.Errorf("mutation: %d %s, %d calls", got.status, got.key(), s.calls)
	}
	if got = newServer().send(t, get(url.Values{})); got.status != 400 || got.key() != "request.query.empty" {
		t.Errorf("no query: %d %s", got.status, got.key())
	}
	got = newServer().send(t, get(url.Values{"query": {"{echo}"}, "variables": {`{"a":"\ud800"}`}}))
	if got.status != 400 || got.key() != "request.text.invalid" {
		t.Errorf("half a pair: %d %s", got.status, got.key())
	}
	got = newServer().send(t, get(url.Values{"query": {strings.Repeat("x", 70_000)}}))
	if got.status != 414 || got.key() != "request.body.too_large" {
		t.Errorf("too long: %d %s", got.status, got.key())
	}
	if got = newServer().send(t, httptest.NewRequest(http.MethodPut, "/", nil)); got.status != 405 {
		t.Errorf("PUT: %d", got.status)
	}
}

func TestStatusFollowsAccept(t *testing.T) {
	for _, c := range []struct {
		accept, contentType string
		status              int
	}{
		{"", typeJSON, 200},
		{"*/*", typeJSON, 200},
		{"application/json", typeJSON, 200},
		{typeResponse, typeResponse, 400},
		{"text/html, " + typeResponse + ", */*", typeResponse, 400},
		{typeResponse + ";q=0, application/json", typeJSON, 200},
	} {
		r := request(`{"query":"{nope}"}`)
		r.Header.Set("Accept", c.accept)
		got := newServer().send(t, r)
		if got.status != c.status || got.header.Get("Content-Type") != c.contentType+"; charset=utf-8" {
			t.Errorf("%q: %d %s", c.accept, got.status, got.header.Get("Content-Type"))
		}
		if got.code() != "BAD_USER_INPUT" || len(got.Errors[0].Locations) == 0 || strings.Contains(got.body, "data") {
			t.Errorf("%q: %s", c.accept, got.body)
		}
	}
}

func TestExecutes(t *testing.T) {
	s := newServer()
	if got := s.query(t, `query($a:String){echo(text:$a)}`, `{"a":"\ud83d\ude00"}`); string(got.Data) != `{"echo":"😀"}` || got.status != 200 {
		t.Errorf("echo: %d %s", got.status, got.body)
	}
	if got := s.query(t, `{boom}`); got.status != 200 || got.code() != "NOT_FOUND" || string(got.Data) != `{"boom":null}` {
		t.Errorf("a resolver's error: %d %s", got.status, got.body)
	}
	if got := s.query(t, `{panic}`); got.status != 500 || got.code() != "INTERNAL" || strings.Contains(got.body, "secret") {
		t.Errorf("a panic: %d %s", got.status, got.body)
	}
	got := s.query(t, `mutation($input:RenameInput!){rename(input:$input){id}}`, `{"input":{"name":null,"tags":[]}}`)
	if got.code() != "BAD_USER_INPUT" || got.Errors[0].Extensions["field"] != "input.name" || got.status != 400 {
		t.Errorf("a wrong variable: %d %s", got.status, got.body)
	}
}

func TestDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer()
		start := time.Now()
		got := s.query(t, `{slow}`)
		if took := time.Since(start); took != 5*time.Second || got.code() != "UNAVAILABLE" || got.key() != "request.timeout" {
			t.Errorf("a slow query: %v %s", took, got.body)
		}
		var left time.Duration
		s.deadline = func(ctx context.Context) {
			at, _ := ctx.Deadline()
			left = time.Until(at)
		}
		s.query(t, `mutation{rename(input:{name:"x"}){id}}`)
		if left != 10*time.Second {
			t.Errorf("a mutation has %v", left)
		}
	})
}

func TestRefusesOtherSites(t *testing.T) {
	r := request(`{"query":"{echo}"}`)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	s := newServer()
	if got := s.send(t, r); got.status != 403 || got.key() != "request.cross_origin" || got.code() != "FORBIDDEN" || s.calls != 0 {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestAroundIsInOrderAndInsideTheDeadline(t *testing.T) {
	var order []string
	around := func(name string) graphql.OperationMiddleware {
		return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
			if _, ok := ctx.Deadline(); !ok {
				t.Error("no deadline")
			}
			order = append(order, name)
			return next(ctx)
		}
	}
	newServer(func(o *Options) { o.Around = []graphql.OperationMiddleware{around("a"), around("b")} }).query(t, "{echo}")
	if strings.Join(order, "") != "ab" {
		t.Error(order)
	}
}

func TestLogsOneLineWithoutVariables(t *testing.T) {
	s := newServer(func(o *Options) { o.Viewer = func(context.Context) string { return "hash" } })
	s.query(t, `query Hello($a:String){boom echo(text:$a)}`, `{"a":"private"}`)
	line := s.log.String()
	for _, want := range []string{
		`"operation":"Hello"`, `"type":"query"`, `"code":"NOT_FOUND"`, `"errors":1`, `"viewer":"hash"`, `"request_id":"`, `"duration":`,
	} {
		if !strings.Contains(line, want) {
			t.Errorf("%s is missing in %s", want, line)
		}
	}
	if strings.Count(line, "\n") != 1 || strings.Contains(line, "private") {
		t.Error(line)
	}
}

func TestRequestID(t *testing.T) {
	for sent, kept := range map[string]bool{
		"abcdefgh": true, "A-1-b-2-c": true, strings.Repeat("a", 64): true,
		"": false, "short": false, strings.Repeat("a", 65): false, "abc defgh": false, "abcdefgh\n": false, "æøåæøåæøå": false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header["X-Request-Id"] = []string{sent}
		w := httptest.NewRecorder()
		var seen string
		inner := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = RequestIDFrom(r.Context()) })
		RequestID(RequestID(inner)).ServeHTTP(w, r)
		if (seen == sent) != kept || !isRequestID(seen) || w.Header().Get("X-Request-Id") != seen {
			t.Errorf("%q became %q", sent, seen)
		}
	}
}

// A caller with too much under way learns from the header, too, when to come again.
func TestRefusedCallersLearnWhenToComeAgain(t *testing.T) {
	t.Parallel()
	full := func(context.Context, Use) (func(), *fault.Error) {
		return nil, fault.Exhausted("request.busy", 6500*time.Millisecond)
	}
	s := newServer(func(o *Options) { o.Admit = full })
	if res := s.query(t, "{ echo }"); res.status != http.StatusTooManyRequests || res.header.Get("Retry-After") != "7" {
		t.Errorf("%d, Retry-After %q", res.status, res.header.Get("Retry-After"))
	}
	if res := newServer().query(t, "{ boom }"); res.header.Get("Retry-After") != "" {
		t.Errorf("an answer says Retry-After %q", res.header.Get("Retry-After"))
	}
}
