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

// beatEvery is how often something is sent on a quiet connection, so that proxies keep it open and
// a dead connection is noticed.
const beatEvery = 20 * time.Second

// payload is one answer of a stream as JSON. An executed operation has data, even if it is null,
// and a refused request has none. The errors must be complete.
func (a answer) payload() []byte {
	out := struct {
		Errors     gqlerror.List   `json:"errors,omitempty"`
		Data       json.RawMessage `json:"data,omitempty"`
		Extensions map[string]any  `json:"extensions,omitempty"`
	}{a.response.Errors, nil, a.response.Extensions}
	if a.executed {
		out.Data = a.response.Data
		if len(out.Data) == 0 {
			out.Data = json.RawMessage("null")
		}
	}
	raw, err := json.Marshal(out)
	if err != nil {
		// Only an extension that is not JSON causes this.
		return []byte(`{"errors":[{"message":"internal","extensions":{"code":"INTERNAL"}}]}`)
	}
	return raw
}

// stream is an operation whose answers are sent one after the other. Queries and
// mutations have one.
type stream struct {
	h     *handler
	ctx   context.Context
	emit  func([]byte) error
	end   func(refused gqlerror.List, unwelcome bool)
	start time.Time
	entry logEntry

	next      graphql.ResponseHandler // the next answer of a subscription
	opCtx     context.Context
	refused   gqlerror.List
	unwelcome bool
}

// stream executes an operation for the caller as they are now, and hands each answer to emit,
// until there are no more, ctx ends, or emit fails. Then it calls end with the errors of a refused
// request, and whether it was refused because the caller is no longer welcome. It may return
// before that.
func (h *handler) stream(ctx context.Context, params *graphql.RawParams, emit func([]byte) error, end func(gqlerror.List, bool)) {
	s := &stream{h: h, ctx: ctx, emit: emit, end: end, start: time.Now()}
	if s.safely(func() bool { return s.begin(params) }) {
		afresh(func() bool { return s.safely(s.answer) }, s.finish)
		return
	}
	s.finish()
}

// safely does a step. A panic ends the stream.
func (s *stream) safely(do func() bool) (goOn bool) {
	defer func() {
		if p := recover(); p != nil {
			s.refused, goOn = s.h.internal(s.ctx, s.h.options.Recover(s.ctx, p)), false
		}
	}()
	return do()
}

// begin executes a query or mutation, or starts a subscription, for which it returns true.
func (s *stream) begin(params *graphql.RawParams) bool {
	now, err := s.h.options.Renew(s.ctx)
	if err != nil {
		s.refuse(err)
		return false
	}
	s.ctx = graphql.StartOperationTrace(now)
	exec, op, errs := s.h.prepare(s.ctx, params, &s.entry)
	if len(errs) > 0 {
		s.refused = errs
		return false
	}
	if op.Operation.Operation != ast.Subscription {
		_ = s.send(s.h.execute(s.ctx, exec, op).response) // if the client has gone, that is no failure of the server
		return false
	}
	s.next, s.opCtx = exec.DispatchOperation(s.ctx, op)
	return true
}

// answer waits for an answer of a subscription and sends it; false if it was the last one.
func (s *stream) answer() bool {
	response := s.next(s.opCtx)
	if response != nil {
		return s.send(response) == nil && s.ctx.Err() == nil
	}
	if s.ctx.Err() != nil {
		return false
	}
	// The subscription may have ended because its viewer is no longer welcome.
	if _, err := s.h.options.Renew(s.ctx); err != nil {
		s.refuse(err)
	}
	return false
}

// refuse ends the operation because of its caller. If the caller has gone meanwhile, they could not
// be looked up, and that is no failure.
func (s *stream) refuse(err error) {
	if s.ctx.Err() == nil {
		s.refused, s.unwelcome = s.h.internal(s.ctx, err), isUnwelcome(err)
	}
}

func (s *stream) send(response *graphql.Response) error {
	response.Errors = complete(response.Errors, RequestIDFrom(s.ctx))
	s.entry.errors = response.Errors
	return s.emit(answer{response: response, executed: true}.payload())
}

func (s *stream) finish() {
	refused := complete(s.refused, RequestIDFrom(s.ctx))
	if len(refused) > 0 {
		s.entry.errors = refused
	}
	s.h.log(s.ctx, &s.entry, time.Since(s.start))
	s.end(refused, s.unwelcome)
}

func isUnwelcome(err error) bool {
	return fault.Is(err, fault.KindForbidden) || fault.Is(err, fault.KindUnauthenticated)
}

// live is the context of a caller's subscription. It ends with their sign-in.
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
