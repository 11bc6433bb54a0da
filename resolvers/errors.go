package resolvers

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
)

// Present turns an error into what a client sees: the safe text in the viewer's language, the
// code and the input's field. An error that is no fault is logged here, once, and shown as
// INTERNAL.
func (r *Resolver) Present(ctx context.Context, err error) *gqlerror.Error {
	var problems fault.Problems
	if errors.As(err, &problems) && len(problems) > 0 {
		// The returned error is added last, so the last problem is returned and they stay in
		// their order.
		last := len(problems) - 1
		for _, p := range problems[:last] {
			graphql.AddError(ctx, p)
		}
		return Fail(ctx, problems[last])
	}
	var shown *gqlerror.Error
	isShown := errors.As(err, &shown)
	var f *fault.Error
	if errors.As(err, &f) {
		if f.Kind == fault.KindInternal || f.Kind == fault.KindUnavailable {
			r.Log.WarnContext(ctx, "operation failed", "path", graphql.GetPath(ctx).String(), "error", err)
		}
		if isShown && f.Field == "" && f.Kind == fault.KindInvalid {
			at := *f
			at.Field = inputPath(shown.Path)
			f = &at
		}
		return Fail(ctx, f)
	}
	if isShown && shown.Err == nil {
		// gqlgen reports an input that it could not read.
		extend(shown, fault.CodeBadUserInput, inputPath(shown.Path))
		return shown
	}
	if fault.KindOf(err) == fault.KindUnavailable {
		return Fail(ctx, fault.Unavailable("request.timeout", err))
	}
	if !errors.Is(err, context.Canceled) {
		r.Log.ErrorContext(ctx, "operation failed", "path", graphql.GetPath(ctx).String(), "error", err)
	}
	return Fail(ctx, &fault.Error{Kind: fault.KindInternal, Key: "internal"})
}

// Fail is a fault as a client sees it.
func Fail(ctx context.Context, f *fault.Error) *gqlerror.Error {
	text := i18n.Translate(auth.LanguageOf(ctx, nil), f.Key, f.Args)
	e := &gqlerror.Error{Message: text, Path: graphql.GetPath(ctx), Err: f}
	extend(e, f.PublicCode(), f.Field)
	if f.RetryAfter > 0 {
		e.Extensions["retryAfter"] = int(math.Ceil(f.RetryAfter.Seconds()))
	}
	return e
}

func extend(e *gqlerror.Error, code fault.Code, field string) {
	if e.Extensions == nil {
		e.Extensions = map[string]any{}
	}
	e.Extensions["code"] = string(code)
	if field != "" {
		e.Extensions["field"] = field
	}
}

// inputPath is the part of an error's path that lies in the input, behind the root field.
func inputPath(path ast.Path) string {
	var parts []string
	for i, element := range path {
		switch v := element.(type) {
		case ast.PathName:
			if i > 0 {
				parts = append(parts, string(v))
			}
		case ast.PathIndex:
			parts = append(parts, fmt.Sprint(int(v)))
		}
	}
	return strings.Join(parts, ".")
}

// Recover turns a panic into an error and logs it with its operation.
func (r *Resolver) Recover(ctx context.Context, p any) error {
	return fmt.Errorf("panic in %s: %v", graphql.GetPath(ctx).String(), p)
}
