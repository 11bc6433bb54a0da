package gqlhttp

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

const (
	// writeTimeout is how long a slow reader may take for one message.
	writeTimeout = 10 * time.Second
	// beatEvery is how often a quiet connection is tried, so that proxies keep it
	// and one that is dead is noticed.
	beatEvery = 20 * time.Second
)

// payload is one answer of a stream as JSON. Its errors are complete.
func payload(response *graphql.Response) []byte {
	out := struct {
		Errors     gqlerror.List   `json:"errors,omitempty"`
		Data       json.RawMessage `json:"data"`
		Extensions map[string]any  `json:"extensions,omitempty"`
	}{response.Errors, response.Data, response.Extensions}
	if len(out.Data) == 0 {
		out.Data = json.RawMessage("null")
	}
	raw, err := json.Marshal(out)
	if err != nil {
		// Only an extension that is not JSON gets here.
		return []byte(`{"errors":[{"message":"internal","extensions":{"code":"INTERNAL"}}],"data":null}`)
	}
	return raw
}

// stream carries out an operation and hands each of its answers to emit, until
// there are no more, ctx ends, or emit fails. Queries and mutations have one.
// Returns the errors of a request that is refused.
func (h *handler) stream(ctx context.Context, params *graphql.RawParams, emit func([]byte) error) (refused gqlerror.List) {
	start := time.Now()
	entry := &logEntry{}
	defer func() {
		if p := recover(); p != nil {
			refused = h.internal(ctx, h.options.Recover(ctx, p))
		}
		refused = complete(refused, RequestIDFrom(ctx))
		if len(refused) > 0 {
			entry.errors = refused
		}
		h.log(ctx, entry, time.Since(start))
	}()
	send := func(response *graphql.Response) error {
		response.Errors = complete(response.Errors, RequestIDFrom(ctx))
		entry.errors = response.Errors
		return emit(payload(response))
	}
	ctx = graphql.StartOperationTrace(ctx)
	exec, op, errs := h.prepare(ctx, params, entry)
	if len(errs) > 0 {
		return errs
	}
	if op.Operation.Operation != ast.Subscription {
		_ = send(h.execute(ctx, exec, op).response) // a client that went away is no failure of ours
		return nil
	}
	next, opCtx := exec.DispatchOperation(ctx, op)
	for ctx.Err() == nil {
		response := next(opCtx)
		if response == nil || send(response) != nil {
			return nil
		}
	}
	return nil
}

// live is the context of what a caller follows: it ends with their sign-in.
func (h *handler) live(ctx context.Context) (context.Context, context.CancelFunc) {
	if until := h.options.Until(ctx); !until.IsZero() {
		return context.WithDeadline(ctx, until)
	}
	return context.WithCancel(ctx)
}

func noStore(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
}
