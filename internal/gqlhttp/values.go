package gqlhttp

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"

	"faellesskab/internal/fault"
)

// values checks that every value in a request is one of its type, so that nothing else reaches a
// resolver. It reads our own scalars once, so that a malformed one is the request's fault. Its
// faults are Invalid, with the path of the argument ("filter.from").
type values struct {
	schema  *ast.Schema
	scalars map[string]func(value any) error
}

// newValues panics if the schema has a scalar without a reader.
func newValues(o Options) *values {
	c := &values{schema: o.Schema.Schema(), scalars: o.Scalars}
	for name, def := range c.schema.Types {
		if def.Kind == ast.Scalar && builtIn[name] == nil && c.scalars[name] == nil {
			panic("gqlhttp: nobody reads the scalar " + name)
		}
	}
	return c
}

// check finds what is wrong with the variables, or with the places in which they stand.
func (c *values) check(op *ast.OperationDefinition, given, coerced map[string]any) *fault.Error {
	if m := c.variables(op, given); m != nil {
		return m
	}
	return c.nulls(op, coerced)
}

// explain finds the variable that gqlparser refused; nil if it refused something else.
func (c *values) explain(op *ast.OperationDefinition, given map[string]any, refused *gqlerror.Error) *fault.Error {
	if op == nil || variablePath(refused.Path) == "" {
		return nil
	}
	return c.variables(op, given)
}

// nulls finds a variable that is null in a place where null may not stand. A document may use a
// nullable variable where there is a default, since the variable can be left out. But gqlparser
// also lets null through there.
func (c *values) nulls(op *ast.OperationDefinition, variables map[string]any) *fault.Error {
	var found *fault.Error
	arguments(op, func(arg *ast.ArgumentDefinition, v *ast.Value) bool {
		found = c.null(arg.Type, v, arg.Name, variables, false)
		return found == nil
	})
	return found
}

func (c *values) null(t *ast.Type, v *ast.Value, path string, variables map[string]any, inList bool) *fault.Error {
	switch {
	case v.Kind == ast.Variable:
		value, isGiven := variables[v.Raw]
		// In a list a variable that is not given counts as null.
		if t.NonNull && value == nil && (isGiven || inList) {
			return fault.Invalid(path, "value.null")
		}
	case v.Kind == ast.ListValue && t.Elem != nil:
		for i, child := range v.Children {
			if m := c.null(t.Elem, child.Value, path+"."+strconv.Itoa(i), variables, true); m != nil {
				return m
			}
		}
	case t.Elem != nil:
		return c.null(t.Elem, v, path, variables, inList)
	case v.Kind == ast.ObjectValue:
		for _, child := range v.Children {
			f := c.schema.Types[t.NamedType].Fields.ForName(child.Name)
			if m := c.null(f.Type, child.Value, path+"."+child.Name, variables, false); m != nil {
				return m
			}
		}
	}
	return nil
}

// literals is a rule of validation that checks each literal and names its argument and what it must
// be. gqlparser's own rule says neither, and does not check our own scalars.
func (c *values) literals(observers *core.Events, addError core.AddErrFunc) {
	check := func(t *ast.Type, v *ast.Value, path string) {
		c.literal(t, v, path, func(v *ast.Value, wrong *fault.Error) {
			addError(core.At(v.Position), func(err *gqlerror.Error) { err.Err = wrong })
		})
	}
	arguments := func(defs ast.ArgumentDefinitionList, args ast.ArgumentList) {
		for _, arg := range args {
			if def := defs.ForName(arg.Name); def != nil {
				check(def.Type, arg.Value, arg.Name)
			}
		}
	}
	observers.OnField(func(_ *core.Walker, f *ast.Field) {
		if f.Definition != nil {
			arguments(f.Definition.Arguments, f.Arguments)
		}
	})
	observers.OnDirective(func(_ *core.Walker, d *ast.Directive) {
		if d.Definition != nil {
			arguments(d.Definition.Arguments, d.Arguments)
		}
	})
	observers.OnVariable(func(_ *core.Walker, v *ast.VariableDefinition) {
		if v.DefaultValue != nil && v.Definition != nil {
			check(v.Type, v.DefaultValue, v.Variable)
		}
	})
}

func (c *values) literal(t *ast.Type, v *ast.Value, path string, report func(*ast.Value, *fault.Error)) {
	switch {
	case v.Kind == ast.Variable:
		return
	case v.Kind == ast.NullValue:
		if t.NonNull {
			report(v, fault.Invalid(path, "value.null"))
		}
		return
	case t.Elem != nil && v.Kind == ast.ListValue:
		for i, child := range v.Children {
			c.literal(t.Elem, child.Value, path+"."+strconv.Itoa(i), report)
		}
		return
	case t.Elem != nil:
		c.literal(t.Elem, v, path, report)
		return
	}
	switch def := c.schema.Types[t.NamedType]; {
	case def == nil:
	case def.Kind != ast.InputObject:
		if wrong := c.leaf(def, written(def, v), path); wrong != nil {
			report(v, wrong)
		}
	case v.Kind != ast.ObjectValue:
		report(v, fault.Invalid(path, "variable.bad"))
	default:
		for _, child := range v.Children {
			if f := def.Fields.ForName(child.Name); f != nil {
				c.literal(f.Type, child.Value, path+"."+child.Name, report)
			}
		}
	}
}

// positionOf is the path to the first place in an argument where a variable stands; the variable's
// own name if it stands nowhere.
func positionOf(op *ast.OperationDefinition, variable string) string {
	path := variable
	arguments(op, func(arg *ast.ArgumentDefinition, v *ast.Value) bool {
		if at, ok := within(v, variable); ok {
			path = strings.Join(append([]string{arg.Name}, at...), ".")
			return false
		}
		return true
	})
	return path
}

// within is the way from a value to a variable in it.
func within(v *ast.Value, variable string) ([]string, bool) {
	if v.Kind == ast.Variable {
		return nil, v.Raw == variable
	}
	for i, child := range v.Children {
		if at, ok := within(child.Value, variable); ok {
			name := child.Name
			if v.Kind == ast.ListValue {
				name = strconv.Itoa(i)
			}
			return append([]string{name}, at...), true
		}
	}
	return nil, false
}
