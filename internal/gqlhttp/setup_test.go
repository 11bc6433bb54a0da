package gqlhttp

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"faellesskab/internal/fault"
)

// stub executes the test schema. It answers with fixed data and remembers its calls.
type stub struct {
	mu       sync.Mutex // a socket may have several operations under way at once
	calls    int
	closed   bool // the last operation was not allowed to introspect
	deadline func(context.Context)
	ticks    chan string   // the answers of the subscription
	hold     chan struct{} // if set, a subscription that was ended stops only when it is closed
	asked    chan struct{} // gets a value when the subscription is asked for an answer
	ended    chan struct{} // gets a value when the subscription was ended
}

func (s *stub) Schema() *ast.Schema { return testSchema }

func (s *stub) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (s *stub) Exec(ctx context.Context) graphql.ResponseHandler {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.deadline != nil {
		s.deadline(ctx)
	}
	op := graphql.GetOperationContext(ctx)
	s.closed = op.DisableIntrospection
	if op.Operation.Operation == ast.Subscription {
		return func(ctx context.Context) *graphql.Response {
			if s.hold != nil {
				s.asked <- struct{}{}
			}
			select {
			case tick, ok := <-s.ticks:
				if !ok {
					return nil
				}
				return &graphql.Response{Data: json.RawMessage(`{"ticks":"` + tick + `"}`)}
			case <-ctx.Done():
				if s.hold != nil {
					s.ended <- struct{}{}
					<-s.hold
				}
				return nil
			}
		}
	}
	return graphql.OneShot(s.run(ctx, op))
}

func (s *stub) run(ctx context.Context, op *graphql.OperationContext) *graphql.Response {
	field, _ := op.Operation.SelectionSet[0].(*ast.Field)
	switch {
	case field == nil:
	case field.Name == "boom":
		return &graphql.Response{
			Data:   json.RawMessage(`{"boom":null}`),
			Errors: gqlerror.List{failByKey(ctx, fault.NotFound("thing.missing"))},
		}
	case field.Name == "panic":
		panic("secret")
	case field.Name == "slow":
		<-ctx.Done()
		return &graphql.Response{Data: json.RawMessage(`{"slow":null}`)}
	case field.Name == "echo":
		text, _ := json.Marshal(field.ArgumentMap(op.Variables)["text"])
		return &graphql.Response{Data: json.RawMessage(`{"echo":` + string(text) + `}`)}
	}
	return &graphql.Response{Data: json.RawMessage(`{}`)}
}

type server struct {
	http.Handler
	*stub
	log *bytes.Buffer
}

func newServer(change ...func(*Options)) *server {
	s := &server{stub: &stub{ticks: make(chan string)}, log: &bytes.Buffer{}}
	o := Options{Schema: s.stub, Logger: slog.New(slog.NewJSONHandler(s.log, nil))}
	for _, c := range change {
		c(&o)
	}
	s.Handler = New(o)
	return s
}

// stopSlowly makes subscriptions that were ended stop only when they are released.
func (s *stub) stopSlowly() (release func()) {
	hold := make(chan struct{})
	s.hold, s.asked, s.ended = hold, make(chan struct{}, 200), make(chan struct{}, 100)
	return sync.OnceFunc(func() { close(hold) })
}

func mayIntrospect(o *Options) { o.Introspection = func(context.Context) bool { return true } }

type result struct {
	status int
	header http.Header
	body   string
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Locations  []any          `json:"locations"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
}

// key is the first error's message, which is the fault's key where no renderer
// is set.
func (r result) key() string {
	if len(r.Errors) == 0 {
		return ""
	}
	return r.Errors[0].Message
}

func (r result) code() string {
	if len(r.Errors) == 0 {
		return ""
	}
	code, _ := r.Errors[0].Extensions["code"].(string)
	return code
}

func (s *server) send(t testing.TB, r *http.Request) result {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	res := result{status: w.Code, header: w.Header(), body: w.Body.String()}
	if err := json.Unmarshal(w.Body.Bytes(), &res); err != nil {
		t.Fatalf("the answer is not JSON: %v: %.200s", err, w.Body.String())
	}
	for _, e := range res.Errors {
		if e.Extensions["code"] == nil || e.Extensions["requestId"] != w.Header().Get("X-Request-Id") {
			t.Errorf("an error without code or request id: %v", e)
		}
	}
	return res
}

func request(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", typeResponse)
	return r
}

func (s *server) post(t testing.TB, body string) result {
	t.Helper()
	return s.send(t, request(body))
}

func (s *server) query(t testing.TB, query string, variables ...string) result {
	t.Helper()
	text, _ := json.Marshal(query)
	body := `{"query":` + string(text)
	if len(variables) > 0 {
		body += `,"variables":` + variables[0]
	}
	return s.post(t, body+"}")
}
