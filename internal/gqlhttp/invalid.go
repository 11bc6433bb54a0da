package gqlhttp

import (
	"context"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"faellesskab/internal/fault"
)

// A hostile document can be wrong in a thousand places; a developer mends a few
// at a time.
const (
	maxErrors  = 10
	maxMessage = 500
)

// present renders the errors of parsing, validation and variables. Their
// messages are for developers and stay in English; refusals of the limiter are
// rendered already.
func (h *handler) present(ctx context.Context, errs gqlerror.List) gqlerror.List {
	if len(errs) > maxErrors {
		errs = errs[:maxErrors]
	}
	out := make(gqlerror.List, len(errs))
	for i, err := range errs {
		if !isDeveloperError(err) {
			out[i] = err
			continue
		}
		one := *h.options.Fail(ctx, fault.Invalid(variablePath(err.Path), "query.invalid").Because(err))
		one.Message = shorten(err.Message)
		one.Locations = err.Locations
		out[i] = &one
	}
	return out
}

// variablePath names the variable that a value was wrong for, as a client
// writes it: "input.name". gqlparser puts "variable" before it.
func variablePath(path ast.Path) string {
	if len(path) < 2 || path[0] != ast.PathName("variable") {
		return ""
	}
	parts := make([]string, 0, len(path)-1)
	for _, p := range path[1:] {
		parts = append(parts, fmt.Sprint(p))
	}
	return strings.Join(parts, ".")
}

func shorten(message string) string {
	if len(message) <= maxMessage {
		return message
	}
	return strings.ToValidUTF8(message[:maxMessage], "") + "…"
}

// rulesWithoutSuggestions are the standard rules. The executor swaps two of
// them itself; these three also quote the schema's names, at the price of
// comparing each wrong name with all of them.
func rulesWithoutSuggestions() *rules.Rules {
	r := rules.NewDefaultRules()
	for _, silent := range []core.Rule{
		rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
	} {
		r.RemoveRule(strings.TrimSuffix(silent.Name, "WithoutSuggestions"))
		r.AddRule(silent.Name, silent.RuleFunc)
	}
	return r
}
