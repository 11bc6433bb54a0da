package gqlhttp

import (
	"context"
	"errors"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"faellesskab/internal/fault"
)

// limiter refuses documents that ask for too much. It checks the structure before validation,
// which would walk the document in costly ways, and the cost after validation, whose types it
// needs.
type limiter struct {
	options Options
	known   *queryCache
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
} = (*limiter)(nil)

func (*limiter) ExtensionName() string                   { return "Limiter" }
func (*limiter) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters checks the document's structure. Its text has been
// checked when the request was read.
func (l *limiter) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	found, ok := l.known.measured(ctx, params.Query)
	if !ok {
		var err *gqlerror.Error
		if found, err = l.parse(ctx, params.Query); err != nil {
			return err
		}
	}
	if err := l.check(ctx, found); err != nil {
		return l.options.Fail(ctx, err)
	}
	if err := choose(found.operations, params.OperationName); err != nil {
		return l.options.Fail(ctx, err)
	}
	return nil
}

func (l *limiter) parse(ctx context.Context, query string) (structure, *gqlerror.Error) {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, l.options.Limits.Tokens)
	if err != nil {
		parseErr, ok := errors.AsType[*gqlerror.Error](err)
		if !ok {
			parseErr = &gqlerror.Error{Err: err, Message: "the document cannot be parsed"}
		}
		if strings.HasPrefix(parseErr.Message, "exceeded token limit") {
			return structure{}, l.options.Fail(ctx, tooCostly("query.tokens", l.options.Limits.Tokens))
		}
		errcode.Set(parseErr, errcode.ParseFailed)
		return structure{}, parseErr
	}
	if len(doc.Operations) == 0 {
		return structure{}, l.options.Fail(ctx, fault.Invalid("", "request.query.empty"))
	}
	return measure(doc), nil
}

// check depends on the caller, because only some may introspect. So a document is measured once
// and checked each time.
func (l *limiter) check(ctx context.Context, s structure) *fault.Error {
	limits := l.options.Limits
	if s.introspects && !l.options.Introspection(ctx) {
		return fault.Forbidden("introspection.off")
	}
	switch {
	case s.depth > limits.Depth:
		return tooCostly("query.depth", limits.Depth)
	case s.introspectionDepth > limits.IntrospectionDepth:
		return tooCostly("query.depth", limits.IntrospectionDepth)
	case s.valueDepth > limits.Depth:
		return tooCostly("query.depth", limits.Depth)
	case s.aliases > limits.Aliases:
		return tooCostly("query.aliases", limits.Aliases)
	case s.directives > limits.Directives:
		return tooCostly("query.directives", limits.Directives)
	case s.comparisons > limits.Comparisons:
		return tooCostly("query.too_costly", limits.Comparisons)
	}
	for _, op := range s.operations {
		if op.rootFields > limits.RootFields {
			return tooCostly("query.root_fields", limits.RootFields)
		}
	}
	return nil
}

// MutateOperationContext prices the operation.
func (l *limiter) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	op.DisableIntrospection = !l.options.Introspection(ctx)
	limits := l.options.Limits
	cost, _ := operationCost(l.options.Schema.Schema(), limits, op.Operation, op.Variables)
	if cost > limits.Cost {
		return l.options.Fail(ctx, tooCostly("query.too_costly", limits.Cost).With("Cost", cost))
	}
	return nil
}

func choose(operations []operation, name string) *fault.Error {
	if name == "" {
		if len(operations) > 1 {
			return fault.Invalid("", "request.operation.ambiguous")
		}
		return nil
	}
	for _, op := range operations {
		if op.name == name {
			return nil
		}
	}
	return fault.Invalid("", "request.operation.unknown")
}

func tooCostly(key string, limit int) *fault.Error {
	return &fault.Error{
		Kind: fault.KindInvalid,
		Code: fault.CodeQueryTooCostly,
		Key:  key,
		Args: fault.Args{"Limit": limit},
	}
}
