package gqlhttp

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"faellesskab/internal/fault"
)

// beatEvery is how often a quiet connection is tried, so that proxies keep it and
// one that is dead is noticed.
const beatEvery = 20 * time.Second

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

// stream carries out an operation for the caller as they are now, and hands each
// of its answers to emit, until there are no more, ctx ends, or emit fails.
// Queries and mutations have one. Returns the errors of a request that is
// refused, and whether it is because the caller is not welcome any more.
func (h *handler) stream(ctx context.Context, params *graphql.RawParams, emit func([]byte) error) (refused gqlerror.List, unwelcome bool) {
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
	now, err := h.options.Renew(ctx)
	if err != nil {
		return h.internal(ctx, err), isUnwelcome(err)
	}
	ctx = graphql.StartOperationTrace(now)
	exec, op, errs := h.prepare(ctx, params, entry)
	if len(errs) > 0 {
		return errs, false
	}
	if op.Operation.Operation != ast.Subscription {
		_ = send(h.execute(ctx, exec, op).response) // a client that went away is no failure of ours
		return nil, false
	}
	next, opCtx := exec.DispatchOperation(ctx, op)
	for ctx.Err() == nil {
		response := next(opCtx)
		if response == nil {
			break
		}
		if send(response) != nil {
			return nil, false
		}
	}
	if ctx.Err() != nil {
		return nil, false
	}
	// A subscription also ends because its viewer may not look any more.
	if _, err := h.options.Renew(ctx); err != nil {
		return h.internal(ctx, err), isUnwelcome(err)
	}
	return nil, false
}

func isUnwelcome(err error) bool {
	return fault.Is(err, fault.KindForbidden) || fault.Is(err, fault.KindUnauthenticated)
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
