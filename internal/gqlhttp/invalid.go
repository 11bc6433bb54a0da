package gqlhttp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"faellesskab/internal/fault"
	"faellesskab/internal/text"
)

// A hostile document can be wrong in a thousand places, and a developer mends only a few at a
// time.
const (
	maxErrors  = 10
	maxMessage = 500

	literalsRule = "Literals"
)

// present renders the errors of parsing, validation and variables. The messages
// of the first two are for developers and stay in English; refusals of the
// limiter are rendered already.
func (h *handler) present(ctx context.Context, errs gqlerror.List) gqlerror.List {
	errs = withoutEchoes(errs)
	if len(errs) > maxErrors {
		errs = errs[:maxErrors]
	}
	out := make(gqlerror.List, len(errs))
	for i, err := range errs {
		if wrong, ok := errors.AsType[*fault.Error](err); ok && err.Rule == literalsRule {
			out[i] = h.options.Fail(ctx, wrong)
			out[i].Locations = err.Locations
			continue
		}
		if code := codeOf(err); code != errcode.ParseFailed && code != errcode.ValidationFailed {
			out[i] = err
			continue
		}
		if path := variablePath(err.Path); path != "" {
			out[i] = h.options.Fail(ctx, fault.Invalid(path, "variable.bad").Because(err))
			continue
		}
		one := *h.options.Fail(ctx, fault.Invalid("", "query.invalid").Because(err))
		one.Message = text.FitBytes(err.Message, maxMessage)
		one.Locations = err.Locations
		out[i] = &one
	}
	return out
}

// withoutEchoes leaves out gqlparser's errors about literals for which our own rule has a better
// one, and our own errors that occur twice because a fragment is visited twice.
func withoutEchoes(errs gqlerror.List) gqlerror.List {
	said := map[gqlerror.Location]bool{}
	once := slices.DeleteFunc(slices.Clone(errs), func(err *gqlerror.Error) bool {
		if err.Rule != literalsRule || len(err.Locations) == 0 {
			return false
		}
		isEcho := said[err.Locations[0]]
		said[err.Locations[0]] = true
		return isEcho
	})
	return slices.DeleteFunc(once, func(err *gqlerror.Error) bool {
		return strings.HasPrefix(err.Rule, rules.ValuesOfCorrectTypeRule.Name) && len(err.Locations) > 0 && said[err.Locations[0]]
	})
}

// variablePath names the variable with a wrong value as a client writes it: "input.name".
// gqlparser puts "variable" before it.
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

// validationRules are the standard rules, made to stop collecting errors when
// there are enough. Without suggestions no message quotes the schema's names,
// which would cost comparing each wrong name with all of them. The executor
// does the same for the two rules that are missing here.
func (h *handler) validationRules(suggest bool) func() *rules.Rules {
	return func() *rules.Rules {
		standard := rules.NewDefaultRules()
		if !suggest {
			for _, silent := range []core.Rule{
				rules.KnownArgumentNamesRuleWithoutSuggestions,
				rules.KnownTypeNamesRuleWithoutSuggestions,
				rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
			} {
				standard.RemoveRule(strings.TrimSuffix(silent.Name, "WithoutSuggestions"))
				standard.AddRule(silent.Name, silent.RuleFunc)
			}
		}
		standard.AddRule(literalsRule, h.values.literals)
		bounded := rules.NewRules()
		errs := 0
		for name, rule := range standard.GetInner() {
			bounded.AddRule(name, func(observers *core.Events, addError core.AddErrFunc) {
				rule(observers, func(options ...core.ErrorOption) {
					if errs++; errs <= maxErrors {
						addError(options...)
					}
				})
			})
		}
		return bounded
	}
}
