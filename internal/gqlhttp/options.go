package gqlhttp

import (
	"context"
	"log/slog"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"faellesskab/internal/fault"
)

// Options configure a handler. Schema is required.
type Options struct {
	Schema graphql.ExecutableSchema
	Limits Limits // zero fields take the value of DefaultLimits

	// Scalars read the values of the schema's own scalars, of which each needs a reader.
	// The error is a fault whose text says what such a value looks like.
	Scalars map[string]func(value any) error

	// Introspection says whether this caller may read the schema; nil is never.
	Introspection func(ctx context.Context) bool

	// ErrorPresenter turns a resolver's error into an answer. Request errors do
	// not pass it; they are rendered by Fail.
	ErrorPresenter graphql.ErrorPresenterFunc

	// Recover turns a panic into an error. It must not show the panic's value.
	Recover graphql.RecoverFunc

	// Fail renders a refusal of this package in the reader's language. Nil
	// renders the key, which suits tests.
	Fail func(ctx context.Context, err *fault.Error) *gqlerror.Error

	// Around wraps each operation, the first one outermost, within its deadline.
	Around []graphql.OperationMiddleware
	// RootFields wraps each root field, the first one outermost. It is where a field that
	// nobody has declared open is refused.
	RootFields []graphql.RootFieldMiddleware

	QueryTimeout    time.Duration // zero: 5 s
	MutationTimeout time.Duration // zero: 10 s
	WriteTimeout    time.Duration // how long a slow client may take for one message of a subscription; zero: 10 s

	// SignIn puts the viewer of a token ("Bearer …") into a socket's context. Nil
	// refuses tokens.
	SignIn func(ctx context.Context, authorization string) (context.Context, error)
	// Renew reads the caller of a live connection anew: before each operation, and when a
	// subscription has ended by itself. What they may do can change while a socket is open.
	// A caller who is no longer welcome (Forbidden, Unauthenticated) loses the connection.
	// Nil keeps the caller as they signed in.
	Renew func(ctx context.Context) (context.Context, error)
	// Until is when the caller's sign-in ends, and with it their live connections; zero, or
	// nil, is never.
	Until func(ctx context.Context) time.Time
	// Stopping ends all live connections when it ends. Nil is never.
	Stopping context.Context

	// Origins are the origins (https://app.example.org) of other sites whose pages may call.
	// Cookies and the like are never asked for: callers show a token. Empty is none.
	Origins []string

	// Admit counts what a caller has under way, until leave is called, and refuses
	// more than their share. Nil admits all.
	Admit func(ctx context.Context, what Use) (leave func(), no *fault.Error)

	Logger *slog.Logger // nil: slog.Default()

	// Viewer names the viewer in the log, by a hash; nil or "" is nobody.
	Viewer func(ctx context.Context) string
}

// Use is a kind of use of the server, which is counted.
type Use int

// These are counted: a request; a socket or stream, as long as it is open, by its address; and the
// same by its person, once that is known.
const (
	UseRequest Use = iota
	UseOpen
	UseOpenByViewer
)

// Limits bound a document that nobody has vetted.
type Limits struct {
	Body               int64 // bytes of a request's body, and of a GET's query string
	Tokens             int   // lexical tokens of a document
	Depth              int   // fields nested within each other
	IntrospectionDepth int   // the same below __schema and __type
	Aliases            int   // as written in the document, fragments included
	RootFields         int   // of one operation, fragments expanded
	Directives         int   // as written in the document
	Cost               int   // objects an operation may ask for; see cost.go
	PageSize           int   // how many items a list with an argument "first" returns without it
	ListSize           int   // how many items a list without "first" is taken to have
	Comparisons        int   // pairs that validation may compare; see comparisons.go
}

// DefaultLimits are the limits the API promises. Standard introspection queries
// nest types 13 to 16 deep.
var DefaultLimits = Limits{
	Body:               64 << 10,
	Tokens:             1000,
	Depth:              10,
	IntrospectionDepth: 20,
	Aliases:            15,
	RootFields:         10,
	Directives:         20,
	Cost:               5000,
	PageSize:           20,
	ListSize:           10,
	Comparisons:        50_000,
}

// The deadlines of operations and messages.
const (
	DefaultQueryTimeout    = 5 * time.Second
	DefaultMutationTimeout = 10 * time.Second
	defaultWriteTimeout    = 10 * time.Second
)

func (o Options) withDefaults() Options {
	o.Limits = o.Limits.withDefaults()
	if o.QueryTimeout <= 0 {
		o.QueryTimeout = DefaultQueryTimeout
	}
	if o.MutationTimeout <= 0 {
		o.MutationTimeout = DefaultMutationTimeout
	}
	if o.WriteTimeout <= 0 {
		o.WriteTimeout = defaultWriteTimeout
	}
	if o.Introspection == nil {
		o.Introspection = func(context.Context) bool { return false }
	}
	if o.ErrorPresenter == nil {
		o.ErrorPresenter = graphql.DefaultErrorPresenter
	}
	if o.Recover == nil {
		o.Recover = func(context.Context, any) error { return &fault.Error{Key: "internal"} }
	}
	if o.Fail == nil {
		o.Fail = failByKey
	}
	if o.SignIn == nil {
		o.SignIn = func(ctx context.Context, _ string) (context.Context, error) {
			return ctx, fault.Unauthenticated("auth.token.invalid")
		}
	}
	if o.Renew == nil {
		o.Renew = func(ctx context.Context) (context.Context, error) { return ctx, nil }
	}
	if o.Until == nil {
		o.Until = func(context.Context) time.Time { return time.Time{} }
	}
	if o.Admit == nil {
		o.Admit = func(context.Context, Use) (func(), *fault.Error) { return func() {}, nil }
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Viewer == nil {
		o.Viewer = func(context.Context) string { return "" }
	}
	return o
}

// onStop calls f when the server stops, unless the caller leaves before.
func (o Options) onStop(f func()) (leave func() bool) {
	if o.Stopping == nil {
		return func() bool { return true }
	}
	return context.AfterFunc(o.Stopping, f)
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits
	if l.Body <= 0 {
		l.Body = d.Body
	}
	for _, f := range []struct{ have, take *int }{
		{&l.Tokens, &d.Tokens}, {&l.Depth, &d.Depth}, {&l.IntrospectionDepth, &d.IntrospectionDepth},
		{&l.Aliases, &d.Aliases}, {&l.RootFields, &d.RootFields}, {&l.Directives, &d.Directives},
		{&l.Cost, &d.Cost}, {&l.PageSize, &d.PageSize}, {&l.ListSize, &d.ListSize},
		{&l.Comparisons, &d.Comparisons},
	} {
		if *f.have <= 0 {
			*f.have = *f.take
		}
	}
	return l
}

func failByKey(_ context.Context, err *fault.Error) *gqlerror.Error {
	extensions := map[string]any{"code": string(err.PublicCode())}
	if err.Field != "" {
		extensions["field"] = err.Field
	}
	return &gqlerror.Error{Err: err, Message: err.Key, Extensions: extensions}
}
