package gqlhttp

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"faellesskab/internal/fault"
)

type handler struct {
	options Options
	// The two executors differ in whether errors suggest names from the schema. A caller
	// who may not introspect must not learn the schema by guessing either.
	open, closed *executor.Executor
	values       *values
	known        *queryCache
}

// New makes the handler for the GraphQL endpoint.
func New(o Options) http.Handler {
	h := newHandler(o.withDefaults())
	return RequestID(h.acrossOrigins(h))
}

func newHandler(o Options) *handler {
	h := &handler{options: o, values: newValues(o), known: newQueryCache(func(ctx context.Context) bool { return o.Viewer(ctx) == "" })}
	limiter := &limiter{options: o, known: h.known}
	h.open = h.executor(limiter, true)
	h.closed = h.executor(limiter, false)
	return h
}

func (h *handler) executor(l *limiter, suggest bool) *executor.Executor {
	e := executor.New(h.options.Schema)
	e.SetErrorPresenter(h.options.ErrorPresenter)
	e.SetRecoverFunc(h.options.Recover)
	e.SetQueryCache(h.known)
	e.SetParserTokenLimit(h.options.Limits.Tokens)
	e.SetDisableSuggestion(!suggest)
	e.SetDefaultRulesFn(h.validationRules(suggest))
	e.Use(l)
	for _, around := range h.options.Around {
		e.AroundOperations(around)
	}
	for _, around := range h.options.RootFields {
		e.AroundRootFields(around)
	}
	return e
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	entry, takes := logEntry{start: time.Now()}, negotiate(r.Header)
	ctx := graphql.StartOperationTrace(r.Context())
	leave, no := h.options.Admit(ctx, UseRequest)
	if no != nil {
		h.send(ctx, w, r, h.tooMany(ctx, no), &entry)
		return
	}
	defer leave()
	switch {
	case isSocket(r):
		h.serveSocket(w, r)
		return
	case takes.takesNothing():
		h.send(ctx, w, r, requestErrors(http.StatusNotAcceptable, h.fail(ctx, fault.Invalid("", "request.accept"))), &entry)
		return
	case takes.events:
		h.serveEvents(w, r)
		return
	}
	a := h.answer(ctx, w, r, takes, &entry)
	if a.follow != nil {
		h.streamEvents(w, r, a.follow)
		return
	}
	h.send(ctx, w, r, a, &entry)
}

func (h *handler) send(ctx context.Context, w http.ResponseWriter, r *http.Request, a answer, entry *logEntry) {
	a.response.Errors = complete(a.response.Errors, RequestIDFrom(ctx))
	if err := a.write(w, responseType(r)); err != nil {
		// Only an extension that is not JSON causes this. Nothing has been written yet.
		a = requestErrors(http.StatusInternalServerError, complete(h.internal(ctx, err), RequestIDFrom(ctx)))
		_ = a.write(w, typeJSON)
	}
	entry.errors = a.response.Errors
	h.log(ctx, entry, time.Since(entry.start))
}

// answer executes the request. It catches panics outside of resolvers.
func (h *handler) answer(ctx context.Context, w http.ResponseWriter, r *http.Request, takes accepted, entry *logEntry) (a answer) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			panic(p)
		default:
			a = requestErrors(http.StatusInternalServerError, h.internal(ctx, h.options.Recover(ctx, p)))
		}
	}()
	params, no := readRequest(w, r, h.options.Limits.Body)
	if no != nil {
		return requestErrors(no.status, h.refused(ctx, no))
	}
	exec, op, errs := h.prepare(ctx, params, entry)
	if len(errs) > 0 {
		return requestErrors(requestErrorStatus(r), errs)
	}
	if r.Method == http.MethodGet && op.Operation.Operation == ast.Mutation {
		return h.notByGet(ctx)
	}
	if op.Operation.Operation == ast.Subscription {
		if takes.stream {
			return answer{follow: params}
		}
		return requestErrors(requestErrorStatus(r), h.fail(ctx, fault.Invalid("", "request.subscription")))
	}
	return h.execute(ctx, exec, op)
}

// prepare parses, limits and validates a document, in the same way for every transport.
func (h *handler) prepare(ctx context.Context, params *graphql.RawParams, entry *logEntry) (*executor.Executor, *graphql.OperationContext, gqlerror.List) {
	exec := h.closed
	if h.options.Introspection(ctx) {
		exec = h.open
	}
	op, errs := exec.CreateOperationContext(ctx, params)
	if len(errs) > 0 {
		if m := h.values.explain(op.Operation, params.Variables, errs[0]); m != nil {
			return nil, nil, h.fail(ctx, m)
		}
		return nil, nil, h.present(ctx, errs)
	}
	if m := h.values.check(op.Operation, params.Variables, op.Variables); m != nil {
		return nil, nil, h.fail(ctx, m)
	}
	if op.Operation.Operation == ast.Subscription && !h.followsOne(op) {
		return nil, nil, h.fail(ctx, fault.Invalid("", "request.subscription.one"))
	}
	entry.name, entry.kind = op.Operation.Name, op.Operation.Operation
	return exec, op, nil
}

// followsOne reports whether a subscription still has its one field after @skip and @include.
// Validation cannot tell, since it does not know the variables.
func (h *handler) followsOne(op *graphql.OperationContext) bool {
	root := h.options.Schema.Schema().Subscription.Name
	return len(graphql.CollectFields(op, op.Operation.SelectionSet, []string{root})) == 1
}

func (h *handler) execute(ctx context.Context, exec *executor.Executor, op *graphql.OperationContext) answer {
	timeout := h.options.QueryTimeout
	if op.Operation.Operation == ast.Mutation {
		timeout = h.options.MutationTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	next, opCtx := exec.DispatchOperation(ctx, op)
	response := next(opCtx)
	if response == nil {
		// gqlgen answers nothing once the context has ended.
		response = &graphql.Response{Errors: h.fail(ctx, fault.Unavailable("request.timeout", ctx.Err()))}
	}
	return answer{status: http.StatusOK, response: response, executed: true}
}

func (h *handler) fail(ctx context.Context, err *fault.Error) gqlerror.List {
	return gqlerror.List{h.options.Fail(ctx, err)}
}

// changes reports whether the parameters ask for a mutation. Their mistakes are reported
// elsewhere.
func (h *handler) changes(ctx context.Context, params *graphql.RawParams) bool {
	_, op, errs := h.prepare(graphql.StartOperationTrace(ctx), params, &logEntry{})
	return len(errs) == 0 && op.Operation.Operation == ast.Mutation
}

func (h *handler) notByGet(ctx context.Context) answer {
	return requestErrors(http.StatusMethodNotAllowed, h.fail(ctx, fault.Invalid("", "request.method")))
}

// tooMany refuses a request beyond the caller's share. Nothing is wrong with the request, which
// may come again later.
func (h *handler) tooMany(ctx context.Context, no *fault.Error) answer {
	return requestErrors(http.StatusTooManyRequests, h.fail(ctx, no))
}

// holdOpen counts a socket or stream by each of the given uses.
func (h *handler) holdOpen(ctx context.Context, uses ...Use) (leave func(), no *fault.Error) {
	var leaves []func()
	leave = func() {
		for _, l := range leaves {
			l()
		}
	}
	for _, use := range uses {
		l, no := h.options.Admit(ctx, use)
		if no != nil {
			leave()
			return nil, no
		}
		leaves = append(leaves, l)
	}
	return leave, nil
}

// refused renders a request that is no GraphQL request.
func (h *handler) refused(ctx context.Context, no *refusal) gqlerror.List {
	if no.verbatim != nil {
		return gqlerror.List{no.verbatim}
	}
	return h.fail(ctx, no.fault)
}

func (h *handler) internal(ctx context.Context, cause error) gqlerror.List {
	known, ok := errors.AsType[*fault.Error](cause)
	if !ok {
		known = (&fault.Error{Kind: fault.KindInternal, Key: "internal"}).Because(cause)
	}
	return h.fail(ctx, known)
}

// responseType is the content type of a single answer. A client that accepts none of ours gets a
// refusal as application/json.
func responseType(r *http.Request) string {
	if one := negotiate(r.Header).one; one != "" {
		return one
	}
	return typeJSON
}

func requestErrorStatus(r *http.Request) int {
	if responseType(r) == typeResponse {
		return http.StatusBadRequest
	}
	return http.StatusOK
}
